//! What at the destinations keeps a step of a plan from being executed: `keys apply` overwrites nothing but the secrets
//! of the key itself and of keys that are gone.
//!
//! It is pure. `claim` refuses the same when the step is executed.

use super::content::{Content, Distrust};
use super::desired::{Action, Desired, Situation};
use crate::journal::Destination;

/// Returns what `keys apply` will refuse, and the way out. `own` is the id of the key; `is_known` if the ledger has it.
pub fn obstacle(
    action: Action,
    desired: &Desired,
    (own, is_known): (Option<&str>, bool),
    situation: &Situation<'_>,
) -> Option<String> {
    let is_alive = |id: &String| situation.keys.iter().any(|key| key.id == *id) && !situation.left.contains(id);
    let is_in_the_way = |content: &Content| match (action, content) {
        (Action::Make | Action::Rotate | Action::Adopt, Content::NoKey { .. } | Content::Untrusted(_)) => true,
        (Action::Make | Action::Rotate, Content::Key(id)) => own != Some(id.as_str()) && is_alive(id),
        (Action::Adopt, Content::Key(id)) => own != Some(id.as_str()),
        // The portal is asked whose secret it is, if the ledger does not have the key.
        (Action::Make, Content::Stranger) => true,
        (Action::Rotate, Content::Stranger) => is_known,
        (Action::Adopt, Content::Absent) => true,
        _ => false,
    };
    let mut places = desired.to.iter().filter_map(|place| Some((place, situation.content(place)?)));
    let (place, content) = places.find(|(_, content)| is_in_the_way(content))?;
    Some(format!("`keys apply` refuses, because `{place}` {}: {}", content.predicate(), way_out(place, content)))
}

/// Returns what a person does about it.
pub fn way_out(place: &Destination, content: &Content) -> String {
    match (place, content) {
        (_, Content::Absent) => "put the secret there, or replace the key with `keys rotate`".to_owned(),
        (Destination::File(path), Content::Untrusted(Distrust::Exposed { wanted, .. })) => {
            let path = path.to_string_lossy();
            format!("`chmod {wanted:o} {}`, and consider whether somebody has read it", shell_words::quote(&path))
        }
        _ => "move it away, or name another place in the file".to_owned(),
    }
}
