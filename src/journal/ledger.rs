//! The ledger: fingerprints of the keys that this machine had, and where their secrets were delivered.
//!
//! A fingerprint is computed from the secret with a random key of this machine; neither the secret nor a bare hash of
//! it is in any file. The file holds lines of JSON, and is append-only.

use std::io::{self, Read};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::{Error, read_lines, unusable};
use crate::disk;
use crate::secret::{self, Mark, Marks, Secret};

/// The place of a secret that was written to stdout: nobody knows where it went from there.
pub const PASSED_ON: &str = "stdout";

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "lowercase")]
enum Note {
    /// This machine had the key.
    Known {
        time: Timestamp,
        portal: String,
        id: String,
        name: Option<String>,
        fingerprint: String,
        /// The length and the rolling hash of the secret, by which `scan` finds it in larger text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measure: Option<(usize, u32)>,
    },
    /// The secret was delivered to a place.
    Put { time: Timestamp, portal: String, id: String, place: String },
    /// The secret was removed from a place.
    Taken { time: Timestamp, portal: String, id: String, place: String },
    /// The key was verified to be revoked.
    Gone { time: Timestamp, portal: String, id: String },
}

/// A key that this machine had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    pub id: String,
    pub name: Option<String>,
    /// The places that still hold its secret, as far as this machine knows.
    pub places: Vec<String>,
    pub since: Timestamp,
    /// True once its secret was delivered anywhere, even if it was removed since.
    has_arrived: bool,
    /// True once it was revoked from here.
    pub is_gone: bool,
    mark: Mark,
}

/// A key to look for.
#[derive(Clone, Debug)]
pub struct SoughtKey {
    /// The API base URL of its portal.
    pub portal: String,
    /// `None` for a key in use whose id is unknown.
    pub id: Option<String>,
    pub name: Option<String>,
    /// The places that should hold it.
    pub places: Vec<String>,
    /// True once it was revoked from here.
    pub is_gone: bool,
}

/// The keys of all portals to look for, and their marks in the same order.
pub struct Sought {
    pub keys: Vec<SoughtKey>,
    marks: Vec<Mark>,
    /// The random key that the marks were computed with.
    key: [u8; 64],
}

impl Sought {
    /// Adds a key, unless it is in the list.
    pub fn add(&mut self, secret: &Secret, portal: String, id: Option<String>) {
        let mark = secret.mark(&self.key);
        let known = self.marks.iter_mut().find(|known| known.fingerprint == mark.fingerprint);
        if let Some(known) = known {
            // Older lines of the ledger have no measure.
            *known = mark;
            return;
        }
        self.marks.push(mark);
        self.keys.push(SoughtKey { portal, id, name: None, places: Vec::new(), is_gone: false });
    }

    /// Returns the marks for the scanner.
    pub fn marks(&self) -> Marks {
        Marks::new(&self.key, &self.marks)
    }
}

#[cfg(test)]
impl KnownKey {
    /// Returns a key that is in no ledger.
    pub fn of_a_test(id: &str, name: &str, places: &[&str], since: Timestamp, is_gone: bool) -> KnownKey {
        KnownKey {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            places: places.iter().map(ToString::to_string).collect(),
            since,
            has_arrived: true,
            is_gone,
            mark: Mark { fingerprint: String::new(), measure: None },
        }
    }
}

/// The ledger of one portal.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    key_path: PathBuf,
    portal: String,
}

impl Ledger {
    /// Takes the directory, which need not exist, and the API base URL of the portal.
    pub fn new(directory: &std::path::Path, portal: String) -> Ledger {
        Ledger { path: directory.join("ledger"), key_path: directory.join("ledger.key"), portal }
    }

    /// Records a key. An id that is the secret itself is not recorded.
    pub fn know(&self, time: Timestamp, secret: &Secret, id: &str, name: Option<&str>) -> Result<(), Error> {
        if !secret.is_not_in(id) {
            return Ok(());
        }
        let Mark { fingerprint, measure } = secret.mark(&self.key()?);
        let (portal, id, name) = (self.portal.clone(), id.to_owned(), name.map(str::to_owned));
        self.add(&Note::Known { time, portal, id, name, fingerprint, measure })
    }

    /// Records that a key's secret was delivered to a place.
    pub fn put(&self, time: Timestamp, id: &str, place: &str) -> Result<(), Error> {
        let (portal, id, place) = (self.portal.clone(), id.to_owned(), place.to_owned());
        self.add(&Note::Put { time, portal, id, place })
    }

    /// Records that a key's secret was removed from a place.
    pub fn taken(&self, time: Timestamp, id: &str, place: &str) -> Result<(), Error> {
        let (portal, id, place) = (self.portal.clone(), id.to_owned(), place.to_owned());
        self.add(&Note::Taken { time, portal, id, place })
    }

    /// Records that a key is gone.
    pub fn gone(&self, time: Timestamp, id: &str) -> Result<(), Error> {
        // Most keys that are revoked here are not in the ledger.
        if !self.keys()?.iter().any(|key| key.id == id) {
            return Ok(());
        }
        self.add(&Note::Gone { time, portal: self.portal.clone(), id: id.to_owned() })
    }

    /// Returns all keys of the portal in the ledger, the oldest first.
    pub fn keys(&self) -> Result<Vec<KnownKey>, Error> {
        Ok(keys(&read_lines(&self.path)?, &self.portal))
    }

    /// Returns the keys of all portals, for a search.
    pub fn sought(&self) -> Result<Sought, Error> {
        let text = read_lines(&self.path)?;
        let mut portals: Vec<String> = notes(&text)
            .filter_map(|note| match note {
                Note::Known { portal, .. } => Some(portal),
                _ => None,
            })
            .collect();
        portals.sort_unstable();
        portals.dedup();
        // Without the random key no fingerprint can be matched. Reading creates no file.
        let Some(key) = self.read_key()? else {
            let key = random().map_err(unusable("use", &self.key_path))?;
            return Ok(Sought { keys: Vec::new(), marks: Vec::new(), key });
        };
        let (mut all, mut marks) = (Vec::new(), Vec::new());
        for portal in portals {
            for KnownKey { id, name, places, is_gone, mark, .. } in keys(&text, &portal) {
                all.push(SoughtKey { portal: portal.clone(), id: Some(id), name, places, is_gone });
                marks.push(mark);
            }
        }
        Ok(Sought { keys: all, marks, key })
    }

    /// Returns true for a key that was never delivered: its run was cut off.
    pub fn never_arrived(&self, id: &str) -> Result<bool, Error> {
        Ok(self.keys()?.iter().any(|key| key.id == id && !key.has_arrived && !key.is_gone))
    }

    /// Returns the id of the key with this secret, and the ids of the keys with other secrets.
    pub fn which(&self, secret: &Secret) -> Result<(Option<String>, Vec<String>), Error> {
        let keys = self.keys()?;
        if keys.is_empty() {
            return Ok((None, Vec::new()));
        }
        let fingerprint = secret.fingerprint(&self.key()?);
        let (own, others): (Vec<KnownKey>, Vec<KnownKey>) =
            keys.into_iter().partition(|key| key.mark.fingerprint == fingerprint);
        Ok((own.into_iter().next_back().map(|key| key.id), others.into_iter().map(|key| key.id).collect()))
    }

    fn add(&self, note: &Note) -> Result<(), Error> {
        let write = || -> io::Result<()> {
            disk::append(&self.path, format!("{}\n", secret::mask_whole(&serde_json::to_string(note)?)).as_bytes())
        };
        write().map_err(unusable("write", &self.path))
    }

    /// Returns the random key of this machine, created on first use.
    fn key(&self) -> Result<[u8; 64], Error> {
        let failed = unusable::<io::Error>("use", &self.key_path);
        if let Some(key) = self.read_key()? {
            return Ok(key);
        }
        let key = random().map_err(&failed)?;
        let make = || {
            disk::make_directory(self.key_path.parent().unwrap_or(std::path::Path::new(".")))?;
            let mut file = disk::Staged::new(&self.key_path)?;
            file.write(&[&key])?;
            match file.put(false) {
                // Another process was faster, and its key counts.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                put => put,
            }
        };
        make().map_err(&failed)?;
        self.read_key()?.ok_or_else(|| failed(io::Error::from(io::ErrorKind::NotFound)))
    }

    fn read_key(&self) -> Result<Option<[u8; 64]>, Error> {
        let failed = unusable("use", &self.key_path);
        let mut file = match disk::open_private(&self.key_path) {
            Err(refused) if refused.is_absent() => return Ok(None),
            opened => opened.map_err(&failed)?,
        };
        let mut key = [0; 64];
        file.read_exact(&mut key).map_err(|error| failed(error.into()))?;
        Ok(Some(key))
    }
}

fn random() -> io::Result<[u8; 64]> {
    let mut key = [0; 64];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    Ok(key)
}

/// Returns the keys of a portal, from the lines of the ledger.
pub(super) fn keys(text: &[u8], own: &str) -> Vec<KnownKey> {
    let mut keys: Vec<KnownKey> = Vec::new();
    for note in notes(text) {
        match note {
            Note::Known { time, portal, id, name, fingerprint, measure } if portal == own => {
                let mark = Mark { fingerprint, measure };
                // A secret belongs to one key, and the latest line about it counts.
                keys.retain(|key| key.id == id || key.mark.fingerprint != mark.fingerprint);
                match keys.iter_mut().find(|key| key.id == id) {
                    Some(key) => (key.name, key.mark) = (name.or(key.name.take()), mark),
                    None => keys.push(KnownKey {
                        id,
                        name,
                        places: Vec::new(),
                        has_arrived: false,
                        since: time,
                        is_gone: false,
                        mark,
                    }),
                }
            }
            Note::Put { portal, id, place, .. } if portal == own => {
                // A place holds one key, except stdout, which holds none.
                if place != PASSED_ON {
                    keys.iter_mut().for_each(|key| key.places.retain(|other| *other != place));
                }
                for key in keys.iter_mut().filter(|key| key.id == id) {
                    key.has_arrived = true;
                    key.places.push(place.clone());
                }
            }
            Note::Taken { portal, id, place, .. } if portal == own => {
                let of_key = keys.iter_mut().filter(|key| key.id == id);
                of_key.for_each(|key| key.places.retain(|other| *other != place));
            }
            Note::Gone { portal, id, .. } if portal == own => {
                keys.iter_mut().filter(|key| key.id == id).for_each(|key| key.is_gone = true);
            }
            _ => {}
        }
    }
    keys
}

fn notes(text: &[u8]) -> impl Iterator<Item = Note> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    // Lines that a crash cut off are ignored.
    lines.filter_map(|line| serde_json::from_slice(line).ok())
}

#[cfg(test)]
mod tests {
    use super::Ledger;
    use crate::secret::Secret;
    use jiff::Timestamp;
    use std::fs;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn a_key_is_known_again_by_its_secret_which_is_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path(), "https://a.example".into());
        let (one, two) = (Secret::new("secret-number-one".into()), Secret::new("secret-number-two".into()));
        assert_eq!(ledger.which(&one).unwrap(), (None, vec![]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "who asks leaves nothing");
        ledger.know(NOW, &one, "1", Some("ci")).unwrap();
        ledger.know(NOW, &two, "2", None).unwrap();
        assert_eq!(ledger.which(&one).unwrap(), (Some("1".into()), vec!["2".into()]));
        assert_eq!(ledger.which(&Secret::new("secret-number-three".into())).unwrap().0, None);
        assert_eq!(Ledger::new(folder.path(), "https://b.example".into()).which(&one).unwrap().0, None);
        for file in fs::read_dir(folder.path()).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("secret-number"));
        }
    }

    #[test]
    fn a_place_holds_one_key_and_a_key_that_is_gone_is_so() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path(), "https://a.example".into());
        for id in ["1", "2"] {
            ledger.know(NOW, &Secret::new(format!("secret-number-{id}")), id, None).unwrap();
            ledger.put(NOW, id, "file:/k").unwrap();
            ledger.put(NOW, id, &format!("keyring:{id}")).unwrap();
        }
        ledger.taken(NOW, "2", "keyring:2").unwrap();
        assert!(!ledger.never_arrived("2").unwrap(), "what was taken away had arrived");
        ledger.know(NOW, &Secret::new("secret-number-4".into()), "4", None).unwrap();
        assert!(ledger.never_arrived("4").unwrap());
        ledger.gone(NOW, "1").unwrap();
        ledger.gone(NOW, "3").unwrap();
        let keys = ledger.keys().unwrap();
        let told: Vec<_> = keys.iter().map(|key| (key.id.as_str(), key.places.join(" "), key.is_gone)).collect();
        assert_eq!(
            told,
            [("1", "keyring:1".to_owned(), true), ("2", "file:/k".to_owned(), false), ("4", String::new(), false)]
        );
    }

    #[test]
    fn a_secret_that_is_its_own_id_is_not_noted() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path(), "https://a.example".into());
        ledger.know(NOW, &Secret::new("the-id-is-the-secret".into()), "the-id-is-the-secret", None).unwrap();
        assert!(ledger.keys().unwrap().is_empty());
    }
}
