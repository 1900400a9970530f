//! What `--fix` may do: make files private, and remove stale ones. The checks run again before each fix.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::disk;

/// A change that is safe to make.
#[derive(Debug)]
pub enum Fix {
    /// Make a file or directory of ours private.
    Hide(PathBuf),
    /// Remove a file that nobody uses any more.
    Remove(PathBuf),
}

impl Fix {
    /// Makes the change.
    pub fn apply(&self) -> io::Result<()> {
        match self {
            Fix::Hide(path) => disk::make_private(path),
            Fix::Remove(path) => disk::remove(path).map(drop),
        }
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fix::Hide(path) => write!(f, "made `{}` readable for its owner alone", path.display()),
            Fix::Remove(path) => write!(f, "removed `{}`", path.display()),
        }
    }
}
