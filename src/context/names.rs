//! Caches names from recent listings for completions, per portal and per profile or key.
//!
//! The cache is a convenience and never causes a failure: an old, invalid, too large or untrusted file counts as
//! missing. It holds no secret, and a reader opens no store and queries no portal.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::Context;
use crate::config::{self, Config};
use crate::disk;
use crate::output::{Cell, Rank, Record};
use crate::portal::{Endpoint, cache_name};
use crate::secret::mask;

/// The format version of the file; other versions are ignored.
const VERSION: u32 = 1;

/// Names older than this are not offered.
const OLDEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Unchanged names are written again after this time, to keep them fresh.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// More items would not help anybody who completes a name.
const MOST: usize = 2000;

/// The number of rows whose values are collected: a field with few values shows them early.
const SAMPLED: usize = 200;

/// A field with more values than this is no enumeration.
const MOST_VALUES: usize = 24;

/// Nobody types a longer name.
const LONGEST: usize = 120;

/// The largest file that is read, in bytes: more than the most names and values take.
const LARGEST: u64 = 1024 * 1024;

/// The directory of the sandbox's names.
const SANDBOX: &str = "sandbox";

/// The names in listings of one noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    version: u32,
    pub items: Vec<Named>,
    /// The values of enumeration-like fields, by field.
    pub values: BTreeMap<String, BTreeSet<String>>,
}

/// An item with an id and perhaps a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Names {
    /// Adds a row of a listing.
    pub fn look<R: Record>(&mut self, row: &R) {
        if self.items.len() >= MOST {
            return;
        }
        let text = |name: &str| {
            let column = R::COLUMNS.iter().find(|column| column.name == name)?;
            column.cell(row).values().into_iter().next().filter(|text| is_kept(text))
        };
        let Some(id) = text("id") else { return };
        self.items.push(Named { id, name: text("name") });
        if self.items.len() > SAMPLED {
            return;
        }
        for column in R::COLUMNS.iter().filter(|column| !["id", "name"].contains(&column.name)) {
            let cell = column.cell(row);
            if column.rank != Rank::Profile && matches!(cell, Cell::Text(_) | Cell::Names(_) | Cell::Flag(_)) {
                let values = self.values.entry(column.name.to_owned()).or_default();
                if values.len() <= MOST_VALUES {
                    values.extend(cell.values().into_iter().filter(|text| is_kept(text)));
                }
            }
        }
    }

    /// Merges with the former contents. Unless the listing was complete, former items stay.
    fn over(mut self, before: &Names, is_all: bool) -> Names {
        let names: BTreeMap<&str, &str> =
            before.items.iter().filter_map(|old| Some((&*old.id, old.name.as_deref()?))).collect();
        for item in self.items.iter_mut().filter(|item| item.name.is_none()) {
            // This listing did not request names.
            item.name = names.get(&*item.id).map(|name| (*name).to_owned());
        }
        // A field with as many values as rows is an identifier, not an enumeration.
        let few = |values: &BTreeSet<String>| !values.is_empty() && values.len() <= MOST_VALUES;
        self.values.retain(|_, values| few(values));
        for (field, values) in &before.values {
            match self.values.get_mut(field) {
                Some(_) if is_all => {}
                Some(own) => own.extend(values.iter().cloned()),
                None => drop(self.values.insert(field.clone(), values.clone())),
            }
        }
        self.values.retain(|_, values| few(values));
        if !is_all {
            let known: HashSet<&str> = self.items.iter().map(|item| &*item.id).collect();
            let others: Vec<Named> =
                before.items.iter().filter(|old| !known.contains(&*old.id)).take(MOST).cloned().collect();
            self.items.extend(others);
        }
        self.items.truncate(MOST);
        self.version = VERSION;
        self
    }
}

fn is_kept(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST
}

impl Context {
    /// Saves the names from a listing of a noun. Ignores a failure to write.
    pub fn remember(&self, noun: &str, seen: Names, is_all: bool) {
        let Some(path) = path(&self.config, noun).filter(|_| is_all || !seen.items.is_empty()) else { return };
        let before = load(&path).unwrap_or_default();
        let now = seen.over(&before, is_all);
        if now == before && age(&path).is_some_and(|age| age < FRESH) {
            return;
        }
        save(&path, &now);
    }

    /// Updates the cache after a change of one key.
    pub(super) fn remember_change(&self, id: &str, name: Option<&str>, is_there: bool) {
        let Some(path) = path(&self.config, "keys") else { return };
        let Some(mut names) = load(&path) else { return };
        names.items.retain(|item| item.id != id);
        if is_there {
            names.items.push(Named { id: id.to_owned(), name: name.map(str::to_owned) });
        }
        save(&path, &names);
    }

    /// Deletes the names of a profile: its next key may belong to another organization.
    pub fn forget_names(&self, profile: &str, portal: Option<&str>) {
        let Some(endpoint) = portal.and_then(|url| Endpoint::parse(url).ok()) else { return };
        for noun in ["keys", "devices"] {
            if let Some(directory) = directory(&self.config, &endpoint) {
                let _ = disk::remove(&directory.join(of_profile(&self.config, profile, noun)));
            }
        }
    }
}

/// Returns the names from recent listings of a noun, for the portal and the key of these settings.
pub fn names(config: &Config, noun: &str) -> Option<Names> {
    load(&path(config, noun)?)
}

/// Returns the cache file. The key of a profile is identified by the profile, so that no store has to be opened.
fn path(config: &Config, noun: &str) -> Option<PathBuf> {
    if config.sandbox() {
        return Some(config::cache_dir().ok()?.join("names").join(SANDBOX).join(format!("{noun}.json")));
    }
    let endpoint = Endpoint::parse(&config.portal().ok()??.url).ok()?;
    let name = match &config.api_key {
        Some(key) => format!("{noun}-{}", cache_name(&endpoint, key)),
        None => of_profile(config, &config.profile_name().ok()?, noun),
    };
    Some(directory(config, &endpoint)?.join(name))
}

fn directory(config: &Config, endpoint: &Endpoint) -> Option<PathBuf> {
    Some(config::cache_dir().ok()?.join("names").join(config.as_file_name(&endpoint.base())))
}

fn of_profile(config: &Config, profile: &str, noun: &str) -> String {
    format!("{noun}-of-{}.json", config.as_file_name(profile))
}

fn age(path: &Path) -> Option<Duration> {
    SystemTime::now().duration_since(fs::metadata(path).ok()?.modified().ok()?).ok()
}

fn load(path: &Path) -> Option<Names> {
    if age(path)? > OLDEST {
        return None;
    }
    // Its contents end up on command lines, so an untrusted file is ignored.
    let names: Names = serde_json::from_slice(&disk::read_bytes(path, LARGEST).ok()?).ok()?;
    (names.version == VERSION).then_some(names)
}

/// Saves the names, unless one contains a key or a part of one.
fn save(path: &Path, names: &Names) {
    if let Ok(text) = serde_json::to_string(names)
        && mask(&text) == text
    {
        let _ = disk::replace_unsynced(path, text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, MOST_VALUES, Named, Names, OLDEST, load};
    use std::fs::{self, File};
    use std::time::SystemTime;

    fn names(items: &[(&str, Option<&str>)]) -> Names {
        let items = items.iter().map(|(id, name)| Named { id: (*id).into(), name: name.map(str::to_owned) });
        Names { items: items.collect(), ..Names::default() }
    }

    fn ids(names: &Names) -> Vec<&str> {
        names.items.iter().map(|item| &*item.id).collect()
    }

    #[test]
    fn a_partial_listing_keeps_the_other_names() {
        let before = names(&[("1", Some("a")), ("2", Some("b"))]);
        let part = names(&[("3", Some("c")), ("1", None)]).over(&before, false);
        assert_eq!(ids(&part), ["3", "1", "2"]);
        assert_eq!(part.items[1].name.as_deref(), Some("a"));
        assert_eq!(ids(&names(&[("3", None)]).over(&before, true)), ["3"]);
        assert_eq!(ids(&names(&[]).over(&before, true)), [""; 0]);
    }

    #[test]
    fn the_cache_is_bounded() {
        let many: Vec<(String, Option<&str>)> = (0..MOST + 5).map(|n| (n.to_string(), None)).collect();
        let many: Vec<(&str, Option<&str>)> = many.iter().map(|(id, name)| (&**id, *name)).collect();
        let mut seen = names(&[("x", None)]);
        seen.values.insert("serial".into(), (0..=MOST_VALUES).map(|n| n.to_string()).collect());
        seen.values.insert("status".into(), ["ONLINE".to_owned()].into());
        let kept = seen.over(&names(&many), false);
        assert_eq!(kept.items.len(), MOST);
        assert!(kept.values.keys().eq(["status"]), "{:?}", kept.values);
    }

    #[test]
    fn old_broken_and_foreign_files_are_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        for text in ["", "{", "[]", "{\"version\":99,\"items\":[],\"values\":{}}", "{\"version\":1}"] {
            fs::write(&path, text).unwrap();
            assert_eq!(load(&path), None, "{text}");
        }
        fs::write(&path, "{\"version\":1,\"items\":[{\"id\":\"1\"}],\"values\":{}}").unwrap();
        assert_eq!(ids(&load(&path).unwrap()), ["1"]);
        File::options().write(true).open(&path).unwrap().set_modified(SystemTime::now() - OLDEST - OLDEST).unwrap();
        assert_eq!(load(&path), None);
    }
}
