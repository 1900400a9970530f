//! What can be wrong with a file of ours, and its lock.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk::{self, Lock};

/// A file of ours that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} `{}`", path.display())]
pub struct Error {
    verb: &'static str,
    path: PathBuf,
    pub source: io::Error,
}

#[cfg(test)]
impl Error {
    /// Makes one of no file.
    pub fn of_a_test() -> Error {
        Error { verb: "write", path: PathBuf::from("model"), source: io::Error::other("model") }
    }
}

/// Says of which file it is that something failed.
pub fn unusable(verb: &'static str, path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error { verb, path: path.clone(), source }
}

/// Takes the lock of a file of ours, as [`crate::disk::lock`] does.
pub fn lock(path: &Path, patience: Duration, tell: impl FnOnce()) -> Result<Option<Lock>, Error> {
    let failed = unusable("lock", path);
    disk::make_directory(path.parent().unwrap_or(Path::new("."))).map_err(&failed)?;
    disk::lock(path, patience, tell).map_err(failed)
}
