//! Where keys are, as far as this machine knows: from the ledger, the profiles, and unfinished rotations. It sends no
//! request.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::content::Content;
use super::name::strip_nonce;
use crate::journal::{self, Journal, KnownKey, Ledger, PASSED_ON, Rotation};
use crate::text::is_same;

/// A place that concerns a key.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Whereabout {
    pub key_id: String,
    pub key_name: Option<String>,
    /// `destination`, `profile` or `rotation`
    pub kind: &'static str,
    pub place: Option<String>,
    /// `held` while the secret is there as far as this machine knows, `gone` if the key was revoked from here, `missing`
    /// if no place has it any more; for a file that was looked into also `other` if it holds something else, or
    /// `unreadable`; for a rotation its stage
    pub state: String,
}

impl Whereabout {
    /// Looks into a file that should hold the secret.
    pub fn look(&mut self, ledger: &Ledger) -> Result<(), journal::Error> {
        let place = self.place.as_ref().filter(|_| self.kind == "destination" && self.state == "held");
        let Some(Ok(place)) = place.map(|place| place.parse()) else { return Ok(()) };
        let state = match Content::of(&place, Some(ledger))? {
            Some(Content::Absent) => "missing",
            Some(Content::Untrusted(_)) => "unreadable",
            Some(content) if !content.is_key(&self.key_id) => "other",
            _ => return Ok(()),
        };
        state.clone_into(&mut self.state);
        Ok(())
    }
}

/// A profile that has a key.
pub struct User {
    pub profile: String,
    pub key_id: String,
    /// The place of the key, as the ledger names it.
    pub place: Option<String>,
}

/// Everything that this machine knows of the keys of one portal.
pub struct Whereabouts {
    known: Vec<KnownKey>,
    users: Vec<User>,
    rotations: Vec<(PathBuf, Rotation)>,
}

impl Whereabouts {
    /// Reads what `directory` has on the keys of a portal, given by its API base URL, and adds the profiles that use
    /// it.
    pub fn read(directory: &Path, portal: &str, users: Vec<User>) -> Result<Whereabouts, journal::Error> {
        let of_portal = Journal::all(directory)?.into_iter().filter(|(_, rotation)| rotation.portal == portal);
        let (known, rotations) = (Ledger::new(directory, portal.to_owned()).keys()?, of_portal.collect());
        Ok(Whereabouts { known, users, rotations })
    }

    /// Returns the places that hold a key's secret.
    pub fn places(&self, id: &str) -> Vec<String> {
        let mut places: Vec<String> =
            self.known.iter().filter(|key| key.id == id).flat_map(|key| key.places.clone()).collect();
        places.retain(|place| place != PASSED_ON);
        let users = self.users.iter().filter(|user| user.key_id == id).filter_map(|user| user.place.clone());
        users.for_each(|place| {
            if !places.contains(&place) {
                places.push(place);
            }
        });
        places
    }

    /// Returns everything that concerns a key; without `word`, all keys.
    pub fn of(&self, word: Option<&str>) -> Vec<Whereabout> {
        // The name without its rotation nonce means the key, as everywhere else.
        let is_name = |name: &str, word: &str| is_same(name, word) || is_same(strip_nonce(name), word);
        let is_meant =
            |id: &str| word.is_none_or(|word| word == id || self.name(id).is_some_and(|name| is_name(&name, word)));
        let told = |id: &str, kind, place, state: &str| Whereabout {
            key_id: id.to_owned(),
            key_name: self.name(id),
            kind,
            place,
            state: state.to_owned(),
        };
        let mut all = Vec::new();
        for key in self.known.iter().filter(|key| is_meant(&key.id)) {
            let state = if key.is_gone { "gone" } else { "held" };
            match key.places.as_slice() {
                [] => all.push(told(&key.id, "destination", None, if key.is_gone { "gone" } else { "missing" })),
                places => {
                    let place = |place: &String| told(&key.id, "destination", Some(place.clone()), state);
                    all.extend(places.iter().map(place));
                }
            }
        }
        for User { profile, key_id, .. } in self.users.iter().filter(|user| is_meant(&user.key_id)) {
            all.push(told(key_id, "profile", Some(profile.clone()), "held"));
        }
        for (path, rotation) in &self.rotations {
            let ids = [Some(&rotation.old_id), rotation.new_id.as_ref()];
            for id in ids.into_iter().flatten().filter(|id| is_meant(id)) {
                all.push(told(id, "rotation", Some(path.display().to_string()), rotation.stage.as_str()));
            }
        }
        all
    }

    fn name(&self, id: &str) -> Option<String> {
        self.known.iter().find(|key| key.id == id)?.name.clone()
    }
}

/// Says how many places hold a key, and which; `None` without any.
pub fn still_held(places: &[String]) -> Option<String> {
    match places {
        [] => None,
        [one] => Some(format!("1 place still holds it: {one}")),
        several => Some(format!("{} places still hold it: {}", several.len(), several.join(", "))),
    }
}
