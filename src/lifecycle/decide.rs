//! Decides what to do so that the keys match a file, from the file, the portal's keys, and what this machine knows of
//! them.
//!
//! It is pure: no requests, no files, no changes. The execution of the steps decides nothing again.

use jiff::SignedDuration;

use super::condition::timestamp;
use super::content::Content;
use super::desired::{Action, Allowed, Desired, Expiry, Situation, Step, UnderWay};
use super::name;
use super::obstacle::{obstacle, way_out};
use super::whereabouts::still_held;
use crate::journal::{Destination, KnownKey, PASSED_ON};
use crate::portal::keys::ApiKey;
use crate::text::is_same;

/// Decides about each key: those of the file in its order, then all others.
pub fn decide(file: &[Desired], situation: &Situation<'_>, allowed: Allowed) -> Vec<Step> {
    let named = file.iter().map(|desired| of_file(desired, situation));
    let is_named = |key: &ApiKey| file.iter().any(|desired| is_called(key, &desired.name));
    let others = situation.keys.iter().filter(|key| !is_named(key));
    named.chain(others.map(|key| of_nobody(key, situation, allowed))).collect()
}

/// Returns true for a key of this name, with or without a rotation nonce.
fn is_called(key: &ApiKey, wanted: &str) -> bool {
    key.name.as_deref().is_some_and(|own| is_same(name::strip_nonce(own), wanted))
}

fn of_file(desired: &Desired, situation: &Situation<'_>) -> Step {
    let (left, keys): (Vec<&ApiKey>, Vec<&ApiKey>) =
        situation.keys.iter().filter(|key| is_called(key, &desired.name)).partition(|key| situation.is_left(key));
    let (action, id, mut reason) = match (situation.rotation_of(&desired.name, &keys), left.as_slice(), keys.as_slice())
    {
        (Some(under_way), _, _) => under_way_on(under_way),
        (None, [left, ..], _) => {
            (Action::Make, Some(left.id.clone()), format!("a run was killed while it made key {}", left.id))
        }
        (None, [], []) => absent(desired, situation),
        (None, [], [key]) => {
            let (action, reason) = present(desired, key, situation);
            (action, Some(key.id.clone()), reason)
        }
        (None, [], several) => {
            let ids: Vec<&str> = several.iter().map(|key| key.id.as_str()).collect();
            (Action::Unknown, None, format!("{} keys have this name: {}", ids.len(), ids.join(", ")))
        }
    };
    let is_new = situation.rotation_of(&desired.name, &keys).is_none();
    let is_known = id.as_ref().is_some_and(|id| situation.known.iter().any(|known| known.id == *id));
    let obstacle = obstacle(action, desired, (id.as_deref(), is_known), situation).filter(|_| is_new);
    if let Some(obstacle) = &obstacle {
        reason = format!("{reason}; {obstacle}");
    }
    let is_in_use = keys.iter().any(|key| situation.in_use.may_be(&key.id));
    if is_in_use && matches!(action, Action::Rotate | Action::Revoke) {
        reason.push_str("; it is, or may be, the key in use");
    }
    Step {
        action,
        name: Some(desired.name.clone()),
        is_in_use,
        id,
        reason,
        owner: desired.owner.clone(),
        is_named: true,
        is_refused: obstacle.is_some(),
    }
}

fn under_way_on(UnderWay { rotation, is_of_file }: &UnderWay) -> (Action, Option<String>, String) {
    let stage = rotation.stage.as_str();
    let (action, way) = match is_of_file {
        true => (Action::Rotate, "it goes on"),
        false => (Action::Unknown, "see `keys rotate --status`"),
    };
    (action, Some(rotation.old_id.clone()), format!("a rotation broke off at `{stage}`: {way}"))
}

/// Decides about a name that no key has.
fn absent(desired: &Desired, situation: &Situation<'_>) -> (Action, Option<String>, String) {
    let ended =
        |known: &&KnownKey| known.is_gone && known.name.as_deref().map(name::strip_nonce) == Some(&*desired.name);
    let expired = match desired.expires {
        None => None,
        Some(Expiry::At(end)) => (situation.now >= end).then(|| format!("it expired at {end}")),
        // Making an expired key again would repeat for ever.
        Some(Expiry::After(age)) => {
            let last = situation.known.iter().filter(ended).map(|known| known.since).max();
            let is_over = last.is_some_and(|since| situation.now.duration_since(since) >= age);
            is_over.then(|| format!("it expired after {}", days(age)))
        }
    };
    match expired {
        Some(reason) => (Action::Nothing, None, reason),
        None => (Action::Make, None, "there is none".to_owned()),
    }
}

/// Decides about a name that one key has.
fn present(desired: &Desired, key: &ApiKey, situation: &Situation<'_>) -> (Action, String) {
    let known = situation.known.iter().find(|known| known.id == key.id && !known.is_gone);
    let age = timestamp(key.created_at.as_ref()).or(known.map(|known| known.since));
    let age = age.map(|made| situation.now.duration_since(made));
    match (desired.expires, age) {
        (Some(Expiry::At(end)), _) if situation.now >= end => return (Action::Revoke, format!("it expired at {end}")),
        (Some(Expiry::After(limit)), Some(age)) if age >= limit => {
            return (Action::Revoke, format!("it expired: {} old, of {}", days(age), days(limit)));
        }
        _ => {}
    }
    if let (Some(limit), Some(age)) = (desired.max_age, age)
        && age >= limit
    {
        return (Action::Rotate, format!("{} old, of {}", days(age), days(limit)));
    }
    let Some(known) = known else {
        return match desired.to.iter().find(|place| place.gives_back()) {
            Some(place) => (Action::Adopt, format!("this machine does not know it; its secret should be at `{place}`")),
            None if age.is_none() && desired.has_limit() => unknown_age(),
            None => (Action::Nothing, "this machine did not make it, and its places cannot be read".to_owned()),
        };
    };
    if let Some(found) = displaced(desired, known, situation) {
        return found;
    }
    match (age, desired.max_age) {
        (None, _) if desired.has_limit() => unknown_age(),
        (Some(age), Some(limit)) => (Action::Nothing, format!("{} old, of {}", days(age), days(limit))),
        _ => (Action::Nothing, "it is there".to_owned()),
    }
}

/// Decides about a key whose secret is not at all its places, or not known to be. What a file holds counts more than
/// what the ledger says of it.
fn displaced(desired: &Desired, known: &KnownKey, situation: &Situation<'_>) -> Option<(Action, String)> {
    let is_noted = |place: &Destination| known.places.contains(&place.to_string());
    let lacks = |place: &&Destination| match situation.content(place) {
        Some(Content::Untrusted(_)) => false,
        Some(content) => !content.is_key(&known.id),
        None => !is_noted(place),
    };
    if let Some(place) = desired.to.iter().find(lacks) {
        return Some((Action::Rotate, format!("its secret is not at `{place}`, and is given only once")));
    }
    let contents = || desired.to.iter().filter_map(|place| Some((place, situation.content(place)?)));
    if let Some((place, content)) = contents().find(|(_, content)| matches!(content, Content::Untrusted(_))) {
        let (is, way_out) = (content.predicate(), way_out(place, content));
        return Some((
            Action::Unknown,
            format!("`{place}` {is}, so nobody can tell whether its secret is there: {way_out}"),
        ));
    }
    let (place, _) = contents().find(|(place, _)| !is_noted(place))?;
    Some((Action::Adopt, format!("its secret is at `{place}`, and this machine knew it from elsewhere")))
}

fn unknown_age() -> (Action, String) {
    (Action::Unknown, "neither the portal nor this machine tells when it was made".to_owned())
}

/// Decides about a key that the file does not name.
fn of_nobody(key: &ApiKey, situation: &Situation<'_>, allowed: Allowed) -> Step {
    let is_in_use = situation.in_use.may_be(&key.id);
    let is_rotated = situation
        .rotations
        .iter()
        .any(|under_way| under_way.rotation.old_id == key.id || under_way.rotation.new_id.as_ref() == Some(&key.id));
    let (action, reason) = if is_in_use && !allowed.lose_access {
        let is = if situation.in_use.id().is_some() { "is" } else { "may be" };
        (Action::Nothing, format!("not in the file; it {is} the key in use"))
    } else if is_rotated {
        (Action::Nothing, "not in the file; a rotation of it is under way".to_owned())
    } else if key.name.as_deref().is_some_and(name::is_of_a_run) {
        (Action::Nothing, "the key of one run; `keys sweep` looks after it".to_owned())
    } else if allowed.prune {
        let places = situation.known.iter().find(|known| known.id == key.id).map(|known| known.places.clone());
        let places: Vec<String> = places.into_iter().flatten().filter(|place| place != PASSED_ON).collect();
        let held = still_held(&places).map_or_else(String::new, |held| format!("; {held}"));
        (Action::Revoke, format!("not in the file{held}"))
    } else {
        (Action::Nothing, "not in the file; `--prune` revokes it".to_owned())
    };
    let (name, id) = (key.name.clone(), Some(key.id.clone()));
    Step { action, name, id, reason, is_in_use, ..Step::default() }
}

impl Situation<'_> {
    fn is_left(&self, key: &ApiKey) -> bool {
        self.left.contains(&key.id)
    }

    /// Returns the rotation of keys of this name; one that was begun for the file comes first.
    fn rotation_of(&self, wanted: &str, keys: &[&ApiKey]) -> Option<&UnderWay> {
        let of_file = |under_way: &&UnderWay| {
            under_way.is_of_file && is_same(name::strip_nonce(&under_way.rotation.name), wanted)
        };
        let of_key = |under_way: &&UnderWay| keys.iter().any(|key| key.id == under_way.rotation.old_id);
        self.rotations.iter().find(of_file).or_else(|| self.rotations.iter().find(of_key))
    }
}

fn days(time: SignedDuration) -> String {
    match time.as_hours() {
        hours @ 24.. => format!("{} d", hours / 24),
        hours => format!("{hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Allowed, Desired, Expiry, Situation, Step, UnderWay, decide};
    use crate::journal::{Destination, KnownKey, Rotation};
    use crate::lifecycle::KeyInUse;
    use crate::lifecycle::content::{Content, Distrust};
    use crate::portal::keys::ApiKey;
    use crate::portal::scalars::DateTime;
    use crate::text::age;
    use jiff::Timestamp;
    use std::time::Duration;

    const FILE: &str = "file:/k";

    fn now() -> Timestamp {
        "2026-11-23T00:00:00Z".parse().unwrap()
    }

    fn ago(days: i64) -> Timestamp {
        now() - jiff::SignedDuration::from_hours(24 * days)
    }

    fn desired(to: &str) -> Desired {
        let to = to.split(' ').map(|place| place.parse().unwrap()).collect();
        let name = "report".to_owned();
        Desired { name, to, max_age: None, expires: None, grace: Duration::ZERO, hook: None, owner: None }
    }

    fn key(id: &str, name: &str, made: Option<Timestamp>) -> ApiKey {
        let (id, name, created_at) = (id.to_owned(), Some(name.to_owned()), made.map(DateTime::At));
        ApiKey { id, name, created_at, last_used_at: None, created_by: None, tells_use: true }
    }

    fn known(id: &str, places: &[&str], since: Timestamp) -> KnownKey {
        KnownKey::of_a_test(id, "report", places, since, false)
    }

    /// A situation with nothing but the key in use.
    #[derive(Default)]
    struct There {
        keys: Vec<ApiKey>,
        known: Vec<KnownKey>,
        rotations: Vec<UnderWay>,
        left: Vec<String>,
        contents: Vec<(Destination, Content)>,
    }

    fn steps(file: &[Desired], there: &There, allowed: Allowed, in_use: &KeyInUse) -> Vec<Step> {
        let There { keys, known, rotations, left, contents } = there;
        let situation = Situation { keys, known, in_use, rotations, left, contents, now: now() };
        decide(file, &situation, allowed)
    }

    fn one(desired: &Desired, there: &There) -> (Action, String) {
        let in_use = KeyInUse::Known("admin".into());
        let step = steps(std::slice::from_ref(desired), there, Allowed::default(), &in_use).remove(0);
        (step.action, step.reason)
    }

    #[test]
    fn what_is_done_with_a_key_of_the_file() {
        let ninety = Desired { max_age: age("90d").ok(), ..desired(FILE) };
        let dated = Desired { expires: Some(Expiry::At(ago(1))), ..desired(FILE) };
        let aged = Desired { expires: age("30d").ok().map(Expiry::After), ..desired(FILE) };
        let there = |made: Option<Timestamp>, known: Vec<KnownKey>| There {
            keys: vec![key("1", "report #abcdefgh", made)],
            known,
            ..There::default()
        };
        let held = |days: i64| vec![known("1", &[FILE], ago(days))];
        let gone = |days: i64| vec![KnownKey::of_a_test("0", "report #abcdefgh", &[FILE], ago(days), true)];
        let program = |wanted: &Desired| Desired { to: desired("command:true").to, ..wanted.clone() };
        let absent = |known: Vec<KnownKey>| There { known, ..There::default() };
        let holding = |content: Content| vec![(desired(FILE).to.remove(0), content)];
        let empty = There { contents: holding(Content::Absent), ..there(Some(ago(3)), held(3)) };
        for (wanted, there, action, reason) in [
            (&desired(FILE), &There::default(), Action::Make, "there is none"),
            (&desired(FILE), &there(Some(ago(3)), held(3)), Action::Nothing, "it is there"),
            (&ninety, &there(Some(ago(3)), held(3)), Action::Nothing, "3 d old, of 90 d"),
            (&ninety, &there(Some(ago(90)), held(3)), Action::Rotate, "90 d old, of 90 d"),
            (&ninety, &there(None, held(91)), Action::Rotate, "91 d old, of 90 d"),
            (&ninety, &there(Some(ago(3)), vec![]), Action::Adopt, "does not know it"),
            (&ninety, &there(Some(ago(99)), vec![]), Action::Rotate, "99 d old"),
            (&program(&ninety), &there(None, vec![]), Action::Unknown, "neither the portal nor this machine"),
            (&program(&ninety), &there(Some(ago(3)), vec![]), Action::Nothing, "cannot be read"),
            (&program(&dated), &there(None, vec![]), Action::Revoke, "it expired at"),
            (&dated, &there(None, held(1)), Action::Revoke, "it expired at"),
            (&dated, &There::default(), Action::Nothing, "it expired at"),
            (&aged, &there(Some(ago(30)), held(1)), Action::Revoke, "30 d old, of 30 d"),
            (&aged, &there(Some(ago(29)), held(99)), Action::Nothing, "it is there"),
            (&aged, &absent(gone(31)), Action::Nothing, "it expired after 30 d"),
            (&aged, &absent(gone(29)), Action::Make, "there is none"),
            (&desired(FILE), &absent(gone(31)), Action::Make, "there is none"),
            (&desired("file:/k command:x"), &there(None, held(1)), Action::Rotate, "not at `command:x`"),
            (&desired(FILE), &empty, Action::Rotate, "not at `file:/k`"),
        ] {
            let (is, told) = one(wanted, there);
            assert!(is == action && told.contains(reason), "{wanted:?} {:?}: {is:?} {told}", there.keys);
        }
    }

    #[test]
    fn what_broke_off_goes_on_and_what_is_not_clear_is_left_alone() {
        let two = || vec![key("1", "report", None), key("2", "report #abcdefgh", None)];
        let rotation = || Rotation {
            old_id: "1".into(),
            name: "report #abcdefgh".into(),
            ..Rotation::begun(String::new(), String::new(), now())
        };
        let under_way = |is_of_file| vec![UnderWay { rotation: rotation(), is_of_file }];
        let left = |id: &str| vec![id.to_owned()];
        for (there, action, reason) in [
            (There { keys: two(), ..There::default() }, Action::Unknown, "2 keys have this name: 1, 2"),
            (There { keys: two(), rotations: under_way(true), ..There::default() }, Action::Rotate, "it goes on"),
            (There { rotations: under_way(true), ..There::default() }, Action::Rotate, "broke off at `generating`"),
            (There { keys: two(), rotations: under_way(false), ..There::default() }, Action::Unknown, "--status"),
            (There { keys: two(), left: left("2"), ..There::default() }, Action::Make, "while it made key 2"),
        ] {
            let (is, told) = one(&desired(FILE), &there);
            assert!(is == action && told.contains(reason), "{is:?} {told}");
        }
    }

    #[test]
    fn what_a_file_holds_counts_more_than_what_was_noted() {
        let (noted, elsewhere) = (vec![known("1", &[FILE], ago(1))], vec![known("1", &["stdout"], ago(1))]);
        let link = Content::Untrusted(Distrust::Other("is a link".into()));
        for (known, content, action, reason) in [
            (&noted, Content::Key("1".into()), Action::Nothing, "it is there"),
            (&elsewhere, Content::Key("1".into()), Action::Adopt, "its secret is at `file:/k`"),
            (&noted, Content::Key("admin".into()), Action::Rotate, "refuses, because `file:/k` has the secret of"),
            (&noted, Content::Key("gone".into()), Action::Rotate, "given only once"),
            (&noted, Content::Stranger, Action::Rotate, "holds no key that this machine knows: move it away"),
            (&noted, Content::NoKey { is_empty: true }, Action::Rotate, "is empty: move it away"),
            (&noted, link.clone(), Action::Unknown, "is a link, so nobody can tell"),
            (&vec![], Content::Stranger, Action::Adopt, "should be at `file:/k`"),
            (&vec![], Content::Absent, Action::Adopt, "is not there: put the secret there"),
            (&vec![], link, Action::Adopt, "refuses, because `file:/k` is a link"),
        ] {
            let keys = vec![key("1", "report", None), key("admin", "admin", None)];
            let contents = vec![(desired(FILE).to.remove(0), content)];
            let there = There { keys, known: known.clone(), contents, ..There::default() };
            let (is, told) = one(&desired(FILE), &there);
            assert!(is == action && told.contains(reason), "{:?}: {is:?} {told}", there.contents);
        }
    }

    #[test]
    fn what_the_file_does_not_name_goes_only_if_that_is_allowed() {
        let keys = ["admin", "other", "job (run abcdefgh)"];
        let there = There { keys: keys.map(|name| key(name, name, None)).into(), ..There::default() };
        let known = KeyInUse::Known("admin".into());
        let unknown = KeyInUse::Unknown { others: vec!["other".into()] };
        use Action::{Nothing, Revoke};
        for (prune, lose_access, in_use, wanted) in [
            (false, false, &known, [Nothing, Nothing, Nothing]),
            (true, false, &known, [Nothing, Revoke, Nothing]),
            (true, true, &known, [Revoke, Revoke, Nothing]),
            (false, true, &known, [Nothing, Nothing, Nothing]),
            (true, false, &unknown, [Nothing, Revoke, Nothing]),
        ] {
            let steps = steps(&[], &there, Allowed { prune, lose_access }, in_use);
            assert_eq!(steps.iter().map(|step| step.action).collect::<Vec<_>>(), wanted, "{steps:?}");
        }
    }

    #[test]
    fn new_keys_come_first_and_the_key_in_use_goes_last() {
        let step = |action, is_named, is_in_use| Step { action, is_in_use, is_named, ..Step::default() };
        let order = [
            step(Action::Make, true, false),
            step(Action::Adopt, true, true),
            step(Action::Rotate, true, false),
            step(Action::Revoke, true, false),
            step(Action::Revoke, false, false),
            step(Action::Rotate, true, true),
            step(Action::Revoke, false, true),
        ];
        let mut sorted: Vec<Step> = order.iter().rev().cloned().collect();
        sorted.sort_by_key(Step::rank);
        assert_eq!(sorted, order);
    }
}
