//! Where keys are, as far as this machine knows: what the ledger has of them, which profiles use them, and which rotations
//! are about them. It asks no portal.

use std::path::PathBuf;

use serde::Serialize;

use crate::context::Context;
use crate::error::Error;
use crate::journal::{Journal, KnownKey, Ledger, PASSED_ON, Rotation};
use crate::output::{Column, Record, Value};

/// A place that has to do with a key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Whereabout {
    pub key_id: String,
    pub key_name: Option<String>,
    /// `destination`, `profile` or `rotation`
    pub kind: &'static str,
    pub place: Option<String>,
    /// `held` while the secret is there as far as this machine knows, `gone` where the key was revoked from here; for a
    /// rotation its stage
    pub state: String,
}

impl Record for Whereabout {
    const NOUN: (&'static str, &'static str) = ("place", "places");
    const COLUMNS: &'static [Column<Whereabout>] = &[
        Column::whole("keyId", |place| place.key_id.cell()),
        Column::shown("keyName", 1, |place| place.key_name.cell()),
        Column::whole("kind", |place| place.kind.cell()),
        Column::whole("place", |place| place.place.cell()),
        Column::shown("state", 0, |place| place.state.cell()),
    ];
}

/// A profile with a noted key.
struct User {
    profile: String,
    key_id: String,
    /// What the place of the key is called in the ledger.
    place: Option<String>,
}

/// Everything that this machine knows of the keys of one portal.
pub struct Whereabouts {
    known: Vec<KnownKey>,
    profiles: Vec<User>,
    rotations: Vec<(PathBuf, Rotation)>,
}

impl Whereabouts {
    /// Reads what is noted of the keys of a portal, given its API base URL.
    pub fn read(portal: &str, cx: &Context) -> Result<Whereabouts, Error> {
        let directory = cx.config.journal_dir()?;
        let of_portal = |profile: &&crate::config::Profile| profile.portal.as_deref() == Some(portal);
        let profiles = if cx.config.sandbox() { None } else { Some(&cx.config.file()?.profiles) };
        let profiles = profiles.into_iter().flatten().filter(|(_, profile)| of_portal(profile));
        let rotations = Journal::all(&directory)?;
        Ok(Whereabouts {
            known: Ledger::new(&directory, portal.to_owned()).keys()?,
            profiles: profiles
                .filter_map(|(name, profile)| {
                    let place = cx.store(profile).ok().flatten().map(|store| store.place(name));
                    Some(User { profile: name.clone(), key_id: profile.key_id.clone()?, place })
                })
                .collect(),
            rotations: rotations.into_iter().filter(|(_, rotation)| rotation.portal == portal).collect(),
        })
    }

    /// Returns the places that have a key's secret.
    pub fn places(&self, id: &str) -> Vec<String> {
        let mut places: Vec<String> =
            self.known.iter().filter(|key| key.id == id).flat_map(|key| key.places.clone()).collect();
        places.retain(|place| place != PASSED_ON);
        let users = self.profiles.iter().filter(|user| user.key_id == id).filter_map(|user| user.place.clone());
        users.for_each(|place| {
            if !places.contains(&place) {
                places.push(place);
            }
        });
        places
    }

    /// Returns everything that has to do with a key; with all keys, where none is named.
    pub fn of(&self, word: Option<&str>) -> Vec<Whereabout> {
        let is_meant = |id: &str| word.is_none_or(|word| word == id || self.name(id).is_some_and(|name| name == word));
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
                [] => all.push(told(&key.id, "destination", None, state)),
                places => {
                    let place = |place: &String| told(&key.id, "destination", Some(place.clone()), state);
                    all.extend(places.iter().map(place));
                }
            }
        }
        for User { profile, key_id, .. } in self.profiles.iter().filter(|user| is_meant(&user.key_id)) {
            all.push(told(key_id, "profile", Some(profile.clone()), "held"));
        }
        for (path, rotation) in &self.rotations {
            let ids = [Some(&rotation.old_id), rotation.new_id.as_ref()];
            for id in ids.into_iter().flatten().filter(|id| is_meant(id)) {
                all.push(told(id, "rotation", Some(path.display().to_string()), rotation.stage.word()));
            }
        }
        all
    }

    fn name(&self, id: &str) -> Option<String> {
        self.known.iter().find(|key| key.id == id)?.name.clone()
    }
}

/// Says how many places have a key, and which; nothing where none is known.
pub fn still_held(places: &[String]) -> Option<String> {
    match places {
        [] => None,
        [one] => Some(format!("1 place still holds it: {one}")),
        several => Some(format!("{} places still hold it: {}", several.len(), several.join(", "))),
    }
}
