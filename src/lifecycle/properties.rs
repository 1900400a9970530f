//! Properties of plans and rotations, for any file content and any state of the world.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::approval::{Signer, people};
use super::choices::Choices;
use super::model::{Run, THEIRS, World};
use super::plan::Plan;
use crate::draw::Draw;
use crate::journal::{Rotation, Stage};
use crate::portal::keys::ApiKey;
use crate::portal::scalars::DateTime;

/// A written plan is parsed to an equal plan, and passes as long as the keys are the same; any other text is parsed or
/// rejected.
pub fn plan(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let keys: Vec<ApiKey> = (0..draw.below(5)).map(|n| key(n, &mut draw)).collect();
    let portal = draw.text(12);
    let plan = Plan::new(&keys, &[], portal.clone(), Timestamp::UNIX_EPOCH, None);
    let text = plan.text();
    let again = Plan::parse(&text);
    assert_eq!(again.as_ref().map(Plan::text), Ok(text));
    let Ok(again) = again else { return };
    let check = |plan: &Plan, keys: &[ApiKey], is_revoked: bool| {
        let found = plan.check(keys, &portal, Timestamp::UNIX_EPOCH, &|_| Ok(is_revoked));
        found.map(|found| (found.keys.len(), found.gone.len())).ok()
    };
    assert_eq!(check(&again, &keys, false), Some((keys.len(), 0)));
    // A changed or missing key must not pass.
    if let Some(first) = keys.first() {
        let mut changed = keys.clone();
        changed[0].name = Some(format!("{}x", first.name.as_deref().unwrap_or_default()));
        assert_eq!(check(&again, &changed, true), None);
        assert_eq!(check(&again, &keys[1..], false), None);
        // One that an earlier attempt revoked is passed over.
        assert_eq!(check(&again, &keys[1..], true), Some((keys.len() - 1, 1)));
    }
    let is_revoked = draw.flag();
    if let Ok(plan) = Plan::parse(&draw.rest()) {
        check(&plan, &keys, is_revoked);
        assert_eq!(Plan::parse(&plan.text()).map(|plan| plan.text()), Ok(plan.text()));
    }
}

/// Whoever shares a name or a key with another is the same person, also by way of a third; nobody is lost, and none counts twice.
pub fn counted_people(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let mut some =
        |of: &[&str]| -> BTreeSet<String> { (0..1 + draw.below(2)).map(|_| draw.pick(of).to_owned()).collect() };
    let mut signer =
        || Signer { names: some(&["a", "b", "c", "d", "e"]), fingerprints: some(&["1", "2", "3", "4", "5"]) };
    let signers: Vec<Signer> = (0..bytes.len() % 7).map(|_| signer()).collect();
    let found = people(signers.clone());
    for (n, person) in found.iter().enumerate() {
        assert!(found[n + 1..].iter().all(|other| !person.is_same(other)), "{found:?}");
    }
    for signer in &signers {
        let holds = |person: &&Signer| {
            person.names.is_superset(&signer.names) && person.fingerprints.is_superset(&signer.fingerprints)
        };
        assert_eq!(found.iter().filter(holds).count(), 1, "{signer:?} of {found:?}");
    }
    // Nobody is joined without a reason: each person is what one of the signers reaches.
    for person in &found {
        let mut reached: Vec<&Signer> = signers.iter().filter(|signer| signer.is_same(person)).take(1).collect();
        while let Some(next) =
            signers.iter().find(|next| !reached.contains(next) && reached.iter().any(|one| one.is_same(next)))
        {
            reached.push(next);
        }
        let names: BTreeSet<String> = reached.iter().flat_map(|signer| signer.names.clone()).collect();
        assert_eq!(person.names, names, "{found:?}");
    }
}

fn key(n: usize, draw: &mut Draw<'_>) -> ApiKey {
    let time = |draw: &mut Draw<'_>| match draw.below(3) {
        0 => None,
        1 => Timestamp::from_millisecond(draw.number()).ok().map(DateTime::At),
        _ => Some(DateTime::Text(draw.text(8))),
    };
    let (name, created_at, last_used_at) = (draw.flag().then(|| draw.text(9)), time(draw), time(draw));
    let id = format!("{}{n}", draw.text(4));
    ApiKey { id, name, created_at, last_used_at, created_by: None, tells_use: draw.flag() }
}

/// Whether the key in use is rotated, and whether the secret goes to a file instead of its own store.
const KINDS: [(bool, bool); 3] = [(true, false), (false, true), (true, true)];

/// A rotation with many faults, resumed and aborted in any order, keeps the invariants of the model.
pub fn rotation(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let ((own, to_file), faults) = (draw.pick(&KINDS), draw.below(9));
    World::new(Choices::given(draw.bytes()), faults, own, to_file).go(faults, own);
}

/// For any stage in the journal, and any state of portal and places, resume and abort both end; no secret of a living
/// key is lost, and neither the last working key nor a foreign key is revoked.
pub fn world(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let (own, to_file) = draw.pick(&KINDS);
    let runs: Vec<Run> = (0..6).map(|_| draw.pick(&[Run::Resume, Run::Abort])).collect();
    let world = World::new(Choices::default(), 0, own, to_file);
    found(&world, own, to_file, &mut draw);
    for run in runs {
        let before = world.state.borrow().clone();
        let ended = world.process(run);
        let after = world.state.borrow().clone();
        let told =
            || format!("{run:?} of {before:?}\nmade {after:?}\n{:?}", ended.as_ref().map_err(ToString::to_string));
        assert!(after.keys.iter().any(|(id, _, _)| id == THEIRS), "a key of others went: {}", told());
        assert!(in_hand(&before).is_empty() || !in_hand(&after).is_empty(), "no working key is left: {}", told());
        let is_lost = |secret: &String| !in_hand(&after).contains(secret);
        let lost = after.keys.iter().filter(|(id, _, secret)| id.starts_with("new-") && is_lost(secret));
        // A key that may be another's is only reported.
        let is_told_apart = |rotation: &Rotation| rotation.marked || rotation.new_id.is_some();
        let is_certain = after.journal.is_none() && before.journal.as_ref().is_some_and(is_told_apart);
        for (id, _, secret) in lost.filter(|_| is_certain) {
            let was_lost =
                before.keys.iter().any(|(_, _, other)| other == secret) && !in_hand(&before).contains(secret);
            assert!(was_lost, "nobody has the secret of {id}: {}", told());
        }
        if ended.is_ok() {
            assert!(after.journal.is_none(), "an end with a journal: {}", told());
        }
    }
}

/// Returns the secrets of living keys that are in a place.
fn in_hand(state: &super::model::State) -> Vec<String> {
    let places = [&state.current, &state.next, &state.file, &state.before];
    let alive = |secret: &&String| state.keys.iter().any(|(_, _, other)| other == *secret);
    places.into_iter().flatten().filter(alive).cloned().collect()
}

/// Puts a rotation, and what may have happened meanwhile, into the world.
fn found(world: &World, own: bool, to_file: bool, draw: &mut Draw<'_>) {
    const STAGES: [Stage; 8] = [
        Stage::Generating,
        Stage::Aborting,
        Stage::Delivering,
        Stage::Delivered,
        Stage::Proven,
        Stage::Waiting,
        Stage::Revoking,
        Stage::Promoting,
    ];
    const NAME: &str = "robot #bcdefghi";
    let mut state = world.state.borrow_mut();
    let before = state.keys.iter().map(|(id, _, _)| id.clone()).collect();
    let stage = draw.pick(&STAGES);
    let new_id = (stage != Stage::Generating && !draw.once_in(4)).then(|| "new-1".to_owned());
    state.journal = Some(Rotation {
        stage,
        old_id: "1".into(),
        own,
        name: NAME.into(),
        marked: draw.flag(),
        before,
        new_id,
        ..Rotation::begun("model".into(), "mark".into(), Timestamp::UNIX_EPOCH)
    });
    state.made = 1;
    let place = |draw: &mut Draw<'_>, of: &[Option<&str>]| draw.pick(of).map(str::to_owned);
    // Before the key is generated, its secret is nowhere.
    let new = (stage != Stage::Generating).then_some("secret-of-new-1");
    if draw.flag() {
        state.keys.push(("new-1".to_owned(), NAME.to_owned(), "secret-of-new-1".to_owned()));
    }
    // At Promoting the old key is gone, at Revoking it may be; somebody else may revoke it at any stage.
    if stage == Stage::Promoting || stage == Stage::Revoking && draw.flag() || draw.once_in(8) {
        state.keys.retain(|(id, _, _)| id != "1");
    }
    if draw.once_in(8) {
        state.keys.retain(|(id, _, _)| id != "admin");
    }
    if own && !to_file && stage == Stage::Promoting {
        state.current = place(draw, &[Some("secret-of-1"), new, None]);
    }
    match to_file {
        // Nobody else writes beside a profile's key.
        false => state.next = place(draw, &[None, new]),
        true => {
            // Only the ledger would know that the file has the old secret again after it had the new one, and there is
            // no ledger here.
            let old = (own || stage < Stage::Delivered).then_some("secret-of-1");
            state.file = place(draw, &[old, new, None, Some("secret-of-no-key")]);
            state.before = place(draw, &[None, Some("secret-of-1"), Some("secret-of-no-key")]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choices, World};

    /// Runs every path, and returns how many there were.
    fn every_way(faults: usize, own: bool, to_file: bool) -> usize {
        let (mut choices, mut ways) = (Choices::default(), 0);
        loop {
            let world = World::new(choices, faults, own, to_file);
            world.go(faults, own);
            ways += 1;
            choices = world.choices.into_inner();
            if !choices.turn() {
                return ways;
            }
        }
    }

    #[test]
    fn a_rotation_in_its_own_store_keeps_its_promises_on_every_way() {
        let ways = every_way(2, true, false);
        assert!(ways > 3_000, "{ways}");
    }

    #[test]
    fn a_rotation_to_a_file_keeps_its_promises_on_every_way() {
        let ways = every_way(2, false, true) + every_way(2, true, true);
        assert!(ways > 6_000, "{ways}");
    }
}
