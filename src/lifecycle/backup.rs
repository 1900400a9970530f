//! Backs up the former content of a rotation's destinations until the old key is gone: it may be the old key, which a
//! rollback has to restore.
//!
//! Backups carry the nonce of the rotation, so that no other rotation restores them.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::credentials::{self, Store};
use crate::disk;
use crate::error::Error;
use crate::journal::Destination;

/// The backup of a rotation's destinations.
pub struct Backup<'b> {
    pub destinations: &'b [Destination],
    pub keyring: &'b Store,
    pub mark: &'b str,
}

/// Separates the name of a file from the nonce of its rotation.
const BEFORE: &str = ".before-";

impl Backup<'_> {
    /// Tests that the destinations could be backed up, before a key is generated.
    pub fn probe(&self) -> Result<(), Error> {
        for path in self.files() {
            let beside = self.beside(path);
            disk::Staged::new(&beside).map_err(|source| unusable(path, source))?;
        }
        Ok(())
    }

    /// Returns the backups of other rotations beside the destinations.
    pub fn leftovers(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for path in self.files() {
            let own = self.beside(path);
            let prefix = beside(path, "");
            let entries =
                path.parent().and_then(|directory| fs::read_dir(directory).ok()).into_iter().flatten().flatten();
            let others = entries.map(|entry| entry.path()).filter(|entry| {
                let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                *entry != own && name(entry).starts_with(&name(&prefix))
            });
            found.extend(others);
        }
        found
    }

    /// Backs up the destinations. An earlier backup of this rotation is older, so it stays.
    pub fn keep(&self) -> Result<(), Error> {
        for path in self.files() {
            copy(path, &self.beside(path)).map_err(|source| unusable(path, source))?;
        }
        for profile in self.profiles() {
            let slot = self.slot(profile);
            if let (Some(secret), None) = (self.keyring.read(profile)?, self.keyring.read(&slot)?) {
                self.keyring.keep(&slot, &secret)?;
            }
        }
        Ok(())
    }

    /// Restores the backups, and returns the destinations that were restored.
    pub fn restore(&self) -> Result<Vec<Destination>, Error> {
        let mut given = Vec::new();
        for path in self.files() {
            match disk::rename(&self.beside(path), path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => {
                    renamed.map_err(|source| unusable(path, source))?;
                    given.push(Destination::File(path.clone()));
                }
            }
        }
        for profile in self.profiles() {
            let slot = self.slot(profile);
            if let Some(secret) = self.keyring.read(&slot)? {
                self.keyring.keep(profile, &secret)?;
                self.keyring.forget(&slot)?;
                given.push(Destination::Keyring(Some(profile.clone())));
            }
        }
        Ok(given)
    }

    /// Discards the backups: the old key is gone.
    pub fn forget(&self) -> Result<(), Error> {
        for path in self.files() {
            disk::remove(&self.beside(path)).map_err(|source| unusable(path, source))?;
        }
        for profile in self.profiles() {
            self.keyring.forget(&self.slot(profile))?;
        }
        Ok(())
    }

    fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.destinations.iter().filter_map(|place| if let Destination::File(path) = place { Some(path) } else { None })
    }

    fn profiles(&self) -> impl Iterator<Item = &String> {
        self.destinations
            .iter()
            .filter_map(|place| if let Destination::Keyring(Some(name)) = place { Some(name) } else { None })
    }

    /// Returns the keyring entry of a profile's backup. No profile has a control character in its name.
    fn slot(&self, profile: &str) -> String {
        format!("{profile}\tbefore\t{}", self.mark)
    }

    fn beside(&self, path: &Path) -> PathBuf {
        beside(path, self.mark)
    }
}

/// Returns the path of a backup: `me.key` is backed up as `.me.key.before-NONCE`.
fn beside(path: &Path, mark: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(BEFORE);
    name.push(mark);
    path.with_file_name(name)
}

/// Copies a file atomically, readable by its owner only; does nothing if there is no file, or already a copy.
fn copy(path: &Path, to: &Path) -> io::Result<()> {
    let content = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        content => content?,
    };
    if to.exists() {
        return Ok(());
    }
    let mut file = disk::Staged::new(to)?;
    file.write(&[&content])?;
    file.put(false)
}

fn unusable(path: &Path, source: io::Error) -> Error {
    credentials::Error::File { verb: "keep the former content of", path: path.to_owned(), source }.into()
}

#[cfg(test)]
mod tests {
    use super::Backup;
    use crate::credentials::Store;
    use crate::journal::Destination;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn what_another_rotation_left_is_named_and_not_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k");
        let destinations = [Destination::File(path.clone())];
        let keyring = Store::Keyring { limit: Duration::from_secs(1), origin: None };
        let of = |mark| Backup { destinations: &destinations, keyring: &keyring, mark };
        fs::write(&path, "first").unwrap();
        of("one").keep().unwrap();
        fs::write(&path, "second").unwrap();
        assert_eq!(of("two").leftovers(), [folder.path().join(".k.before-one")]);
        of("two").keep().unwrap();
        fs::write(&path, "third").unwrap();
        of("two").keep().unwrap();
        assert_eq!(of("two").restore().unwrap(), destinations);
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert!(of("two").restore().unwrap().is_empty());
        of("one").forget().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
