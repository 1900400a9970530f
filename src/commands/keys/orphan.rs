//! After a lost answer: whether the portal made a key all the same, whose secret nobody has. The request is never repeated.
//!
//! A key is revoked only if it is certainly ours: its name is one that nobody else would give. What may be another's is
//! named, and left to a person.

use crate::commands::search::is_same;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::{self, Doomed, Inventory};
use crate::portal::keys::ApiKey;
use crate::portal::{Completeness, Portal};

/// So many random letters make a name that nobody else gives.
const LETTERS: usize = 8;

/// Letters that cannot be taken for each other.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Between a name and what makes it one that nobody else gives.
const BEFORE_MARK: &str = " #";

/// Returns a name like this one that nobody else gives, in the place of such a mark that it may have.
pub fn marked(name: &str) -> Result<String, Error> {
    Ok(format!("{}{BEFORE_MARK}{}", base(name), mark()?))
}

/// Returns what the key is called that replaces one of this name, and whether nobody else gives that name.
pub fn new_name(wanted: Option<&str>, old: Option<&str>) -> Result<(String, bool), Error> {
    Ok(match (wanted, old) {
        (Some(name), _) => (name.to_owned(), false),
        (None, Some(name)) => (marked(name)?, true),
        (None, None) => (format!("optra-{}", mark()?), true),
    })
}

/// Returns a name without the mark of a rotation.
pub fn base(name: &str) -> &str {
    let is_mark = |mark: &str| mark.len() == LETTERS && mark.bytes().all(|byte| ALPHABET.contains(&byte));
    match name.rsplit_once(BEFORE_MARK) {
        Some((base, mark)) if is_mark(mark) && !base.is_empty() => base,
        _ => name,
    }
}

/// Returns the name by which somebody may mean a key: its own, or its own without the mark of a rotation.
pub fn name_as<'k>(key: &'k ApiKey, word: &str) -> Option<&'k str> {
    let name = key.name.as_deref()?;
    Some(if is_same(base(name), word) { base(name) } else { name })
}

/// Returns a text that nobody else has made.
pub fn mark() -> Result<String, Error> {
    let mut bytes = [0; LETTERS];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Failed, "this machine gives no random numbers").cause(error))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

/// Returns the ids of all keys; none where the portal does not tell, or not of all.
pub fn ids(portal: &Portal) -> Option<Vec<String>> {
    let Inventory { keys, completeness } = Inventory::read(portal).ok()?;
    // What is only on another page would look new afterwards; of one page that may be all, that is not assumed.
    let is_usable = !matches!(completeness, Completeness::Partial(_));
    is_usable.then(|| keys.into_iter().map(|key| key.id).collect())
}

/// Revokes a key whose secret nobody has. That it is not in the list says more of one that was there before.
pub fn revoke(portal: &Portal, id: &str, was_listed: bool, command: &str, cx: &Context) -> Result<(), Error> {
    let ended = lifecycle::revoke(portal, Doomed { id, is_in_use: false, was_listed });
    if let Some(result) = ended.word() {
        cx.note(command, "revoke", &[id], None, result);
    }
    ended.into_result()
}

/// Returns true for a refusal of whatever has to do with keys.
fn is_no_power(kind: Kind) -> bool {
    matches!(kind, Kind::Unauthenticated | Kind::Forbidden | Kind::FeatureDisabled | Kind::Unsupported)
}

/// Returns the keys that may be the one whose answer was lost.
pub fn candidates(all: Vec<ApiKey>, name: Option<&str>, marked: bool, before: Option<&[String]>) -> Vec<ApiKey> {
    let is_new = |key: &ApiKey| before.is_none_or(|before| !before.contains(&key.id));
    // A portal may take a name and keep none.
    let is_nameless = |key: &ApiKey| marked && before.is_some() && key.name.is_none();
    let has_name = |key: &ApiKey, name| key.name.as_deref().is_some_and(|other| is_same(other, name));
    let is_named = |key: &ApiKey| is_nameless(key) || name.is_none_or(|name| has_name(key, name));
    // Without a name and without a look before, any key might be it, which says nothing.
    if name.is_none() && before.is_none() {
        return Vec::new();
    }
    all.into_iter().filter(|key| is_new(key) && is_named(key)).collect()
}

/// Says what came of a request whose answer was lost.
pub fn settle(
    lost: Error,
    name: Option<&str>,
    marked: bool,
    before: Option<&[String]>,
    command: &str,
    portal: &Portal,
    cx: &Context,
) -> Error {
    let which = name.map_or_else(|| "a new one".to_owned(), |name| format!("one named `{name}`"));
    let option = cx.config.chosen_portal();
    // Whatever came, it did not say what was done.
    let kind = if lost.kind() == Kind::Timeout { Kind::Timeout } else { Kind::Unreachable };
    let Inventory { keys: all, completeness } = match Inventory::read(portal) {
        Ok(inventory) => inventory,
        // Who may do neither, or where neither can be done, is told so in the portal's words. It proves nothing.
        Err(error) if error.kind() == lost.kind() && is_no_power(error.kind()) => return lost.not_again(),
        Err(error) => {
            cx.out.warn(format_args!("whether a key was made cannot be seen: {error}"));
            return unseen(lost, kind, &which, &option);
        }
    };
    let found = candidates(all, name, marked, before);
    match found.as_slice() {
        // A key that is not in a part of the list may be in the rest.
        [] if completeness != Completeness::Complete => {
            cx.out.warn("whether a key was made cannot be seen: the portal may not show all keys");
            unseen(lost, kind, &which, &option)
        }
        // The portal said why, and there is nothing that contradicts it.
        [] if !lost.is_lost_answer() => lost,
        [] => lost
            .so("the answer was lost, and no new key is there")
            .not_again()
            .instead(format!("Look once more for {which} with `optra{option} keys list` before you try again.")),
        [ours] if marked && name.is_some() && ours.name.as_deref() == name => {
            match revoke(portal, &ours.id, true, command, cx) {
                Ok(()) => {
                    let message =
                        format!("the answer was lost; the new key (id {}) was found and revoked again", ours.id);
                    lost.within(kind, message).instead("Nobody had its secret. It is safe to try again.")
                }
                Err(error) => {
                    cx.out.warn(format_args!(
                        "the new key (id {}) was found, and could not be revoked: {error}",
                        ours.id
                    ));
                    let message = format!("the answer was lost, and the new key (id {}) is there", ours.id);
                    let hint = format!("Nobody has its secret: `optra{option} keys revoke {}`.", ours.id);
                    lost.within(kind, message).not_again().instead(hint)
                }
            }
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|key| key.id.as_str()).collect();
            let (ids, is) = (ids.join(" "), if several.len() == 1 { "is" } else { "are" });
            let message = format!("the answer was lost, and {which} {is} there now (id {ids})");
            lost.within(kind, message).not_again().instead(format!(
                "If nobody else made it at the same moment, nobody has its secret: `optra{option} keys revoke {ids}`."
            ))
        }
    }
}

/// Says that nobody can tell whether there is a new key.
fn unseen(lost: Error, kind: Kind, which: &str, option: &str) -> Error {
    lost.within(kind, "the portal did not say what it did").not_again().instead(format!(
        "The portal may have made the key all the same. Look for {which} with `optra{option} keys list`, and revoke it: \
         nobody has its secret."
    ))
}

#[cfg(test)]
mod tests {
    use super::{base, candidates, mark, marked};
    use crate::portal::keys::ApiKey;

    fn key(id: &str, name: Option<&str>) -> ApiKey {
        let (id, name) = (id.to_owned(), name.map(str::to_owned));
        ApiKey { id, name, created_at: None, last_used_at: None, created_by: None, tells_use: true }
    }

    fn found(name: Option<&str>, marked: bool, before: Option<&[String]>) -> Vec<String> {
        let all = vec![key("1", Some("ci")), key("2", Some("ci")), key("3", None), key("4", Some("other"))];
        candidates(all, name, marked, before).into_iter().map(|key| key.id).collect()
    }

    #[test]
    fn only_what_is_new_and_of_that_name_may_be_it() {
        let before = ["1".to_owned(), "4".to_owned()];
        assert_eq!(found(Some("ci"), false, Some(&before)), ["2"]);
        assert_eq!(found(Some("ci"), false, None), ["1", "2"]);
        assert_eq!(found(None, false, Some(&before)), ["2", "3"]);
        assert!(found(None, false, None).is_empty() && found(None, true, None).is_empty());
        assert!(found(Some("optra-x"), true, None).is_empty());
    }

    #[test]
    fn marks_differ() {
        let (one, other) = (mark().unwrap(), mark().unwrap());
        assert!(one != other && one.len() == 8 && one.chars().all(|letter| letter.is_ascii_alphanumeric()));
    }

    #[test]
    fn a_mark_is_known_again_and_replaced() {
        let name = marked("ci").unwrap();
        assert!(name.starts_with("ci #") && base(&name) == "ci" && base(&marked(&name).unwrap()) == "ci");
        for plain in ["ci", "build-firmware", "ci #1", "#abcdefgh", " #abcdefgh", "ci #ABCDEFGH"] {
            assert_eq!(base(plain), plain);
        }
    }
}
