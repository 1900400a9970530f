//! The directory of a sandbox whose state lasts: made for its owner only, entered by one process at a time.
//!
//! It names and protects the files. What is in the database is not its business.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::secret::Secret;

use super::Error;

/// A directory that no other process prepares while this one does.
pub(super) struct StateDir {
    path: PathBuf,
    _turn: File,
}

impl StateDir {
    /// Makes the directory where it is missing, and waits for its turn in it.
    pub(super) fn enter(path: &Path) -> Result<StateDir, Error> {
        disk::make_directory(path).map_err(|source| failed(path, source))?;

        // Two first starts at once would both make tables, fleet and admin key. Dropping the file ends the turn.
        let turn = path.join("lock");
        let file = touch(&turn)?;
        file.lock().map_err(|source| failed(&turn, source))?;
        Ok(StateDir { path: path.to_owned(), _turn: file })
    }

    /// Returns the path of the database, a file that is private before anything is in it. SQLite gives the same
    /// permissions to the files that it puts beside it.
    pub(super) fn database(&self) -> Result<PathBuf, Error> {
        let path = self.path.join("sandbox.db");
        touch(&path)?;
        Ok(path)
    }

    /// Returns the admin key that an earlier start left, whether or not it still is one.
    pub(super) fn admin_key(&self) -> Result<Option<Secret>, Error> {
        let path = self.admin_key_path();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed(&path, source)),
        }
    }

    /// Leaves an admin key for later starts: all of it or nothing, in a file that is private from the beginning.
    pub(super) fn keep_admin_key(&self, key: &Secret) -> Result<(), Error> {
        let path = self.admin_key_path();
        disk::replace(&path, key.expose().as_bytes()).map_err(|source| failed(&path, source))
    }

    fn admin_key_path(&self) -> PathBuf {
        self.path.join("admin-key")
    }
}

/// Opens a file as it is, or makes it empty and for its owner only.
fn touch(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(false).open(path).map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), source }
}
