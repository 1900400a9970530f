//! What can be wrong with a file of ours, and its lock.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk::{self, Lock, Refused};

/// A file of ours that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} `{}`", path.display())]
pub struct Error {
    verb: &'static str,
    path: PathBuf,
    pub source: Refused,
}

#[cfg(any(test, fuzzing))]
impl Error {
    /// Makes one of no file.
    pub fn of_a_test() -> Error {
        Error { verb: "write", path: PathBuf::from("model"), source: std::io::Error::other("model").into() }
    }
}

/// Says of which file it is that something failed.
pub fn unusable<E: Into<Refused>>(verb: &'static str, path: &Path) -> impl Fn(E) -> Error {
    let path = path.to_owned();
    move |source| Error { verb, path: path.clone(), source: source.into() }
}

/// More than a log or a ledger grows to in the life of a machine.
const LARGEST: u64 = 64 << 20;

/// Reads a file of ours; none where it is not there.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match disk::read_bytes(path, LARGEST) {
        Err(refused) if refused.is_absent() => Ok(None),
        bytes => bytes.map(Some).map_err(unusable("read", path)),
    }
}

/// The form of the lines of the log and of the ledger. Only a later one is written down, as `version` in a line.
const LINES: u32 = 1;

/// Reads a file of lines; nothing where it is not there. Who does not understand all of them must not decide by the others.
pub fn read_lines(path: &Path) -> Result<Vec<u8>, Error> {
    let text = read(path)?.unwrap_or_default();
    disk::check_lines(&text, LINES).map_err(unusable("read", path))?;
    Ok(text)
}

/// Takes the lock of a file of ours, as [`crate::disk::lock`] does.
pub fn lock(path: &Path, patience: Duration, tell: impl FnOnce()) -> Result<Option<Lock>, Error> {
    let failed = unusable("lock", path);
    disk::make_directory(path.parent().unwrap_or(Path::new("."))).map_err(&failed)?;
    disk::lock(path, patience, tell).map_err(failed)
}
