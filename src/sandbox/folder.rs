//! The directory of a persistent sandbox: private to its owner, and locked while a process prepares it.
//!
//! It names and protects the files, and must not look into the database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::secret::Secret;

use super::Error;

/// A locked directory.
pub(super) struct StateDir {
    path: PathBuf,
    _turn: File,
}

impl StateDir {
    /// Creates the directory if it is missing, and waits for its lock.
    pub(super) fn enter(path: &Path) -> Result<StateDir, Error> {
        disk::make_directory(path).map_err(|source| failed(path, source))?;

        // Two concurrent first starts would both create tables, fleet and admin key. Dropping the file releases the
        // lock.
        let turn = path.join("lock");
        let file = touch(&turn)?;
        file.lock().map_err(|source| failed(&turn, source))?;
        Ok(StateDir { path: path.to_owned(), _turn: file })
    }

    /// Returns the path of the database, creating the file as private. SQLite uses the same permissions for the files
    /// beside it.
    pub(super) fn database(&self) -> Result<PathBuf, Error> {
        let path = self.path.join("sandbox.db");
        touch(&path)?;
        Ok(path)
    }

    /// Returns the admin key of an earlier start, valid or not.
    pub(super) fn admin_key(&self) -> Result<Option<Secret>, Error> {
        let path = self.admin_key_path();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed(&path, source)),
        }
    }

    /// Saves an admin key for later starts, atomically and in a private file.
    pub(super) fn keep_admin_key(&self, key: &Secret) -> Result<(), Error> {
        let path = self.admin_key_path();
        disk::replace(&path, key.expose().as_bytes()).map_err(|source| failed(&path, source))
    }

    fn admin_key_path(&self) -> PathBuf {
        self.path.join("admin-key")
    }
}

/// Opens a file without changing it, or creates it empty and private.
fn touch(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(false).open(path).map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), source }
}
