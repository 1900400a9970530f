//! Reading and locking the files of this module, and their error.

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
    /// Returns an error without a real file.
    pub fn of_a_test() -> Error {
        Error { verb: "write", path: PathBuf::from("model"), source: std::io::Error::other("model").into() }
    }
}

/// Names the file of a failure.
pub fn unusable<E: Into<Refused>>(verb: &'static str, path: &Path) -> impl Fn(E) -> Error {
    let path = path.to_owned();
    move |source| Error { verb, path: path.clone(), source: source.into() }
}

/// Larger than any log or ledger.
const LARGEST: u64 = 64 << 20;

/// Reads a file; `None` if it does not exist.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match disk::read_bytes(path, LARGEST) {
        Err(refused) if refused.is_absent() => Ok(None),
        bytes => bytes.map(Some).map_err(unusable("read", path)),
    }
}

/// The format version of lines in the log and the ledger. Later formats have a member `version` in their lines.
const LINES: u32 = 1;

/// Reads a file of lines; nothing if it does not exist. A line of a later version is an error: the other lines alone
/// may be misleading.
pub fn read_lines(path: &Path) -> Result<Vec<u8>, Error> {
    let text = read(path)?.unwrap_or_default();
    disk::check_lines(&text, LINES).map_err(unusable("read", path))?;
    Ok(text)
}

/// Locks a file, as [`crate::disk::lock`] does.
pub fn lock(path: &Path, patience: Duration, tell: impl FnOnce()) -> Result<Option<Lock>, Error> {
    let failed = unusable("lock", path);
    disk::make_directory(path.parent().unwrap_or(Path::new("."))).map_err(&failed)?;
    disk::lock(path, patience, tell).map_err(failed)
}
