//! Why a file is not used, as a value: what is wrong with it, and whether the user can fix it.

use std::io;
use std::path::PathBuf;

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{0}")]
    Unsafe(&'static str),
    /// Others can read it.
    #[error("can be read by others (mode {mode:03o})")]
    Exposed { mode: u32, wanted: u32 },
    /// Others can write it.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    #[error(transparent)]
    Unusable(#[from] io::Error),
}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> io::Error {
        match refused {
            Refused::Unusable(error) => error,
            refused => io::Error::other(refused),
        }
    }
}

impl Refused {
    /// Returns true if the file does not exist.
    pub fn is_absent(&self) -> bool {
        matches!(self, Refused::Unusable(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// A file that somebody else could have written, or the directory that makes this possible.
#[derive(Debug, thiserror::Error)]
#[error("`{}` {problem}", path.display())]
pub struct Untrusted {
    pub path: PathBuf,
    pub problem: Distrust,
}

/// Why a file is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    #[error("belongs to another user")]
    Foreign,
    #[error("can be written by others (mode {mode:03o})")]
    Writable { mode: u32 },
}
