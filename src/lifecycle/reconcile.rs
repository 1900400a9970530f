//! After a lost answer: finds out whether the portal generated a key whose secret nobody has. It must not repeat the
//! request.
//!
//! A key is revoked only if it is certainly ours, by the nonce in its name. Keys that may be another's are reported,
//! and left to a person.

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
    /// True if the name has a nonce.
    pub marked: bool,
    /// The ids before the request; `None` if they are unknown.
    pub before: Option<&'t [String]>,
}

impl Traces<'_> {
    /// Returns the keys that may be ours.
    pub fn candidates(self, all: Vec<ApiKey>) -> Vec<ApiKey> {
        let Traces { name, marked, before } = self;
        let is_new = |key: &ApiKey| before.is_none_or(|before| !before.contains(&key.id));
        // A portal may accept a name without keeping it.
        let is_nameless = |key: &ApiKey| marked && before.is_some() && key.name.is_none();
        let has_name = |key: &ApiKey, name| key.name.as_deref().is_some_and(|other| is_same(other, name));
        let is_named = |key: &ApiKey| is_nameless(key) || name.is_none_or(|name| has_name(key, name));
        // Without a name and the former ids, any key could be ours.
        if name.is_none() && before.is_none() {
            return Vec::new();
        }
        all.into_iter().filter(|key| is_new(key) && is_named(key)).collect()
    }

    /// Returns the only candidate, if it is certainly ours.
    pub fn certain(self, candidates: &[ApiKey]) -> Option<&ApiKey> {
        match candidates {
            [key] if self.marked && self.name.is_some() && key.name.as_deref() == self.name => Some(key),
            _ => None,
        }
    }
}

/// Revokes a key whose secret nobody has. `was_listed`: its absence from the list proves that it is gone.
pub fn revoke_orphan(session: Session<'_>, id: &str, was_listed: bool) -> Result<(), Error> {
    revoke(session, RevokeTarget { id, name: None, is_in_use: false, was_listed }).into_result()
}

/// Returns true for errors about managing keys at all.
fn is_no_power(kind: Kind) -> bool {
    matches!(kind, Kind::Unauthenticated | Kind::Forbidden | Kind::FeatureDisabled | Kind::Unsupported)
}

/// Returns the error for a request whose answer was lost, after looking for the key.
pub fn reconcile(session: Session<'_>, lost: Error, traces: Traces<'_>) -> Error {
    let which = traces.name.map_or_else(|| "a new one".to_owned(), |name| format!("one named `{name}`"));
    let option = session.options;
    // The error code of the answer does not say what was executed.
    let kind = if lost.kind() == Kind::Timeout { Kind::Timeout } else { Kind::Unreachable };
    let Inventory { keys: all, completeness } = match session.issuer.keys() {
        Ok(inventory) => inventory,
        // If both requests get the same authorization error, report that; it proves nothing.
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
        // A key that is missing from a partial list may be in the rest.
        [] if completeness != Completeness::Complete => {
            (session.tell)(Event::Unseen("the portal may not show all keys".to_owned()));
            unseen(lost, kind, &which, option)
        }
        // The portal gave a reason, and nothing contradicts it.
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

/// Returns the ids of keys, for a message.
pub fn ids_of(keys: &[ApiKey]) -> String {
    keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>().join(" ")
}

/// Returns the ids of keys, quoted for a shell.
pub fn arguments_of(keys: &[ApiKey]) -> String {
    arguments(keys.iter().map(|key| key.id.as_str()))
}

/// Returns the error if nobody can tell whether there is a new key.
fn unseen(lost: Error, kind: Kind, which: &str, option: &str) -> Error {
    lost.reclassify(kind, "the portal did not say what it did").not_retryable().replace_hints(format!(
        "The portal may have made the key all the same. Look for {which} with `optra{option} keys list`, and revoke it: \
         nobody has its secret."
    ))
    .hint_profile_variables()
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
