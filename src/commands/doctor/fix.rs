//! What `--fix` may do: take reading from others, and remove what nobody uses any more. Each is looked at once more before.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::disk;

/// Something that is safe to do.
#[derive(Debug)]
pub enum Fix {
    /// Make a file or directory of ours one that its owner alone can read.
    Hide(PathBuf),
    /// Remove a file that nobody uses any more.
    Remove(PathBuf),
}

impl Fix {
    /// Does it.
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
