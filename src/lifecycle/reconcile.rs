//! After a lost answer: whether the portal made a key all the same, whose secret nobody has. The request is never repeated.
//!
//! A key is revoked only if it is certainly ours: its name is one that nobody else would give. What may be another's is
//! named, and left to a person.

use super::inventory::Inventory;
use super::revoke::{RevokeTarget, revoke};
use super::session::{Event, Session};
use crate::error::{Error, Kind};
use crate::portal::Completeness;
use crate::portal::keys::ApiKey;
use crate::text::is_same;
use crate::text::{argument, arguments};

/// What is known of a key whose answer was lost.
#[derive(Clone, Copy)]
pub struct Traces<'t> {
    pub name: Option<&'t str>,
    /// True where nobody else would give that name.
    pub marked: bool,
    /// The keys that were there before; none where that was not seen.
    pub before: Option<&'t [String]>,
}

impl Traces<'_> {
    /// Returns the keys that may be the one.
    pub fn candidates(self, all: Vec<ApiKey>) -> Vec<ApiKey> {
        let Traces { name, marked, before } = self;
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

    /// Returns the one key that nobody else can have made, where it is the only candidate.
    pub fn certain(self, candidates: &[ApiKey]) -> Option<&ApiKey> {
        match candidates {
            [key] if self.marked && self.name.is_some() && key.name.as_deref() == self.name => Some(key),
            _ => None,
        }
    }
}

/// Revokes a key whose secret nobody has. That it is not in the list says more of one that was there before.
pub fn revoke_orphan(session: Session<'_>, id: &str, was_listed: bool) -> Result<(), Error> {
    revoke(session, RevokeTarget { id, name: None, is_in_use: false, was_listed }).into_result()
}

/// Returns true for a refusal of whatever has to do with keys.
fn is_no_power(kind: Kind) -> bool {
    matches!(kind, Kind::Unauthenticated | Kind::Forbidden | Kind::FeatureDisabled | Kind::Unsupported)
}

/// Says what came of a request whose answer was lost.
pub fn reconcile(session: Session<'_>, lost: Error, traces: Traces<'_>) -> Error {
    let which = traces.name.map_or_else(|| "a new one".to_owned(), |name| format!("one named `{name}`"));
    let option = session.options;
    // Whatever came, it did not say what was done.
    let kind = if lost.kind() == Kind::Timeout { Kind::Timeout } else { Kind::Unreachable };
    let Inventory { keys: all, completeness } = match session.issuer.keys() {
        Ok(inventory) => inventory,
        // Who may do neither, or where neither can be done, is told so in the portal's words. They prove nothing.
        Err(error) if error.kind() == lost.kind() && is_no_power(error.kind()) => {
            let hint = format!(
                "Nothing proves that no key was generated: have an Admin look for {which}, and revoke it, for nobody has its secret."
            );
            return lost.not_retryable().hint(hint);
        }
        Err(error) => {
            (session.tell)(Event::Unseen(error.to_string()));
            return unseen(lost, kind, &which, option);
        }
    };
    let found = traces.candidates(all);
    if let Some(ours) = traces.certain(&found) {
        return match revoke_orphan(session, &ours.id, true) {
            Ok(()) => {
                let message = format!("the response was lost; the new key (id {}) was found and revoked", ours.id);
                lost.reclassify(kind, message).replace_hints("Nobody had its secret. It is safe to try again.")
            }
            Err(error) => {
                (session.tell)(Event::OrphanLeft { id: ours.id.clone(), error });
                let message = format!("the answer was lost, and the new key (id {}) is there", ours.id);
                let hint = format!("Nobody has its secret: `optra{option} keys revoke {}`.", argument(&ours.id));
                lost.reclassify(kind, message).not_retryable().replace_hints(hint)
            }
        };
    }
    match found.as_slice() {
        // A key that is not in a part of the list may be in the rest.
        [] if completeness != Completeness::Complete => {
            (session.tell)(Event::Unseen("the portal may not show all keys".to_owned()));
            unseen(lost, kind, &which, option)
        }
        // The portal said why, and there is nothing that contradicts it.
        [] if !lost.is_lost_answer() => lost,
        [] => lost
            .context("the answer was lost, and no new key is there")
            .not_retryable()
            .replace_hints(format!("Look once more for {which} with `optra{option} keys list` before you try again.")),
        several => {
            let (ids, is) = (ids_of(several), if several.len() == 1 { "is" } else { "are" });
            let message = format!("the answer was lost, and {which} {is} there now (id {ids})");
            lost.reclassify(kind, message).not_retryable().replace_hints(format!(
                "If nobody else made it at the same moment, nobody has its secret: `optra{option} keys revoke {}`.",
                arguments_of(several)
            ))
        }
    }
}

/// The ids of keys, to be told.
pub fn ids_of(keys: &[ApiKey]) -> String {
    keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>().join(" ")
}

/// The ids of keys, as a shell takes them.
pub fn arguments_of(keys: &[ApiKey]) -> String {
    arguments(keys.iter().map(|key| key.id.as_str()))
}

/// Says that nobody can tell whether there is a new key.
fn unseen(lost: Error, kind: Kind, which: &str, option: &str) -> Error {
    lost.reclassify(kind, "the portal did not say what it did").not_retryable().replace_hints(format!(
        "The portal may have made the key all the same. Look for {which} with `optra{option} keys list`, and revoke it: \
         nobody has its secret."
    ))
}

#[cfg(test)]
mod tests {
    use super::Traces;
    use crate::portal::keys::ApiKey;

    fn key(id: &str, name: Option<&str>) -> ApiKey {
        let (id, name) = (id.to_owned(), name.map(str::to_owned));
        ApiKey { id, name, created_at: None, last_used_at: None, created_by: None, tells_use: true }
    }

    fn found(name: Option<&str>, marked: bool, before: Option<&[String]>) -> Vec<String> {
        let all = vec![key("1", Some("ci")), key("2", Some("ci")), key("3", None), key("4", Some("other"))];
        Traces { name, marked, before }.candidates(all).into_iter().map(|key| key.id).collect()
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
}
