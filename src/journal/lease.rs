//! Leases of keys for one run: the name of a key, written before the portal is asked for it, and locked while its run
//! lives. So a later run finds the key of a killed run. A lease holds no secret.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::{Error, lock, read, unusable};
use crate::disk::{self, Lock};

/// The version of the file format; other versions are rejected.
const VERSION: u32 = 1;

const FIRST: &str = "run-";
const LAST: &str = ".json";
const LOCK: &str = ".lock";

/// A key that belongs to one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    version: u32,
    pub started: Timestamp,
    pub portal: String,
    /// The requested name, with a nonce.
    pub name: String,
    /// `None` until the portal has told it.
    pub id: Option<String>,
}

impl Lease {
    /// The directory of the leases for one run, in that of the journal.
    pub const OF_RUNS: &str = "runs";

    /// Returns the lease of a key that is about to be requested.
    pub fn new(portal: String, name: String, started: Timestamp) -> Lease {
        Lease { version: VERSION, started, portal, name, id: None }
    }
}

/// A lease that is locked as long as this value lives.
#[derive(Debug)]
pub struct Held {
    pub lease: Lease,
    path: PathBuf,
    _lock: Lock,
}

impl Held {
    /// Writes and locks a lease; `mark` makes its file name unique.
    pub fn begin(directory: &Path, mark: &str, lease: Lease) -> Result<Held, Error> {
        let path = directory.join(format!("{FIRST}{mark}{LAST}"));
        let held = lock(&lock_path(&path), Duration::ZERO, || ())?;
        let held = held.ok_or_else(|| unusable("lock", &path)(io::Error::other("another run has it")))?;
        let held = Held { lease, path, _lock: held };
        held.write()?;
        Ok(held)
    }

    /// Adds the id of the key.
    pub fn note_id(&mut self, id: &str) -> Result<(), Error> {
        self.lease.id = Some(id.to_owned());
        self.write()
    }

    /// Removes the lease: the key is gone, or never existed.
    pub fn end(self) -> Result<(), Error> {
        disk::remove(&self.path).map_err(unusable("remove", &self.path))?;
        let lock = lock_path(&self.path);
        disk::remove(&lock).map(drop).map_err(unusable("remove", &lock))
    }

    /// Returns the leases of a portal whose runs ended without removing them. A lease that cannot be parsed is an
    /// error: it stands for a key.
    pub fn left(directory: &Path, portal: &str) -> Result<Vec<Held>, Error> {
        let mut left = Vec::new();
        for path in files(directory, LAST)? {
            left.extend(abandoned(path, portal)?);
        }
        left.sort_by_key(|held: &Held| held.lease.started);
        Ok(left)
    }

    /// Returns the leases of runs that are alive, for any portal: one portal may have several addresses.
    pub fn alive(directory: &Path) -> Result<Vec<Lease>, Error> {
        let mut alive = Vec::new();
        for path in files(directory, LAST)? {
            let Some(lease) = read_lease(&path)? else { continue };
            match lock(&lock_path(&path), Duration::ZERO, || ())? {
                None => alive.push(lease),
                // Its run ended in the meantime, and looking for its lock has made one anew.
                Some(_lock) if !path.exists() => drop(disk::remove(&lock_path(&path))),
                Some(_) => {}
            }
        }
        Ok(alive)
    }

    /// Removes the locks of runs that were killed before they wrote a lease, and so before they requested a key.
    pub fn remove_unused_locks(directory: &Path, older_than: Duration) -> Result<(), Error> {
        for path in files(directory, LOCK)? {
            // A younger one may be of a run that is about to lock it.
            let age = path.metadata().and_then(|lock| lock.modified()).ok().and_then(|made| made.elapsed().ok());
            if age.is_some_and(|age| age > older_than)
                && let Some(_lock) = lock(&path, Duration::ZERO, || ())?
                && !path.with_extension("json").exists()
            {
                disk::remove(&path).map_err(unusable("remove", &path))?;
            }
        }
        Ok(())
    }

    fn write(&self) -> Result<(), Error> {
        let bytes =
            serde_json::to_vec(&self.lease).map_err(|error| unusable("write", &self.path)(io::Error::from(error)))?;
        disk::replace(&self.path, &bytes).map_err(unusable("write", &self.path))
    }
}

fn abandoned(path: PathBuf, portal: &str) -> Result<Option<Held>, Error> {
    // Read before locking: the lease and the lock of another portal are left alone.
    if read_lease(&path)?.is_none_or(|lease| lease.portal != portal) {
        return Ok(None);
    }
    let Some(lock) = lock(&lock_path(&path), Duration::ZERO, || ())? else { return Ok(None) };
    // Its run may have ended normally in the meantime.
    let Some(lease) = read_lease(&path)? else {
        drop(lock);
        let _ = disk::remove(&lock_path(&path));
        return Ok(None);
    };
    Ok(Some(Held { lease, path, _lock: lock }))
}

/// Returns the files of leases with this ending.
fn files(directory: &Path, ending: &str) -> Result<Vec<PathBuf>, Error> {
    let failed = unusable("read", directory);
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(&failed)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(&failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(FIRST) && name.ends_with(ending) {
            files.push(entry.path());
        }
    }
    Ok(files)
}

fn read_lease(path: &Path) -> Result<Option<Lease>, Error> {
    let failed = unusable::<io::Error>("read", path);
    let Some(bytes) = read(path)? else { return Ok(None) };
    disk::check_document(&bytes, VERSION).map_err(&failed)?;
    serde_json::from_slice(&bytes).map(Some).map_err(|error| failed(error.into()))
}

fn lock_path(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

#[cfg(test)]
mod tests {
    use super::{Held, Lease};
    use jiff::Timestamp;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn a_lease_is_left_once_its_run_is_gone_and_forgotten_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let left = |portal: &str| Held::left(folder.path(), portal).unwrap();
        let lease = Lease::new("https://a.example".into(), "ci (run abcdefgh)".into(), Timestamp::UNIX_EPOCH);
        let mut held = Held::begin(folder.path(), "abcdefgh", lease).unwrap();
        held.note_id("7").unwrap();
        assert!(left("https://a.example").is_empty(), "its run lives");
        assert_eq!(Held::alive(folder.path()).unwrap(), [held.lease.clone()]);
        drop(held);
        assert!(Held::alive(folder.path()).unwrap().is_empty());
        assert!(left("https://b.example").is_empty(), "it is of another portal");
        let mut all = left("https://a.example");
        assert_eq!((all.len(), all[0].lease.id.as_deref()), (1, Some("7")));
        all.pop().unwrap().end().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_lock_without_a_lease_is_removed_once_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("run-abcdefgh.lock"), "").unwrap();
        let lease = Lease::new("p".into(), "ci (run bcdefghi)".into(), Timestamp::UNIX_EPOCH);
        let held = Held::begin(folder.path(), "bcdefghi", lease).unwrap();
        let count = || fs::read_dir(folder.path()).unwrap().count();
        Held::remove_unused_locks(folder.path(), Duration::from_secs(60)).unwrap();
        assert_eq!(count(), 3);
        Held::remove_unused_locks(folder.path(), Duration::ZERO).unwrap();
        assert_eq!(count(), 2);
        held.end().unwrap();
        assert_eq!(count(), 0);
    }

    #[test]
    fn one_that_is_not_understood_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", "{}", r#"{"version":9,"started":"1970-01-01T00:00:00Z","portal":"p","name":"n","id":null}"#] {
            fs::write(folder.path().join("run-abcdefgh.json"), text).unwrap();
            assert!(Held::left(folder.path(), "p").is_err(), "{text}");
        }
    }
}
