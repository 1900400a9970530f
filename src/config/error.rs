//! The error for a setting that cannot be used.

use std::io;
use std::path::PathBuf;

use crate::disk::Untrusted;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{what} {problem}")]
    Invalid { what: String, problem: String },
    #[error("cannot {verb} `{}`", path.display())]
    Unusable { verb: &'static str, path: PathBuf, source: io::Error },
    /// Somebody else could have written the file.
    #[error(transparent)]
    Untrusted(Untrusted),
    #[error("there is no home directory, and no variable that says where files go")]
    NoHome,
    #[error("this has to be saved in `config.toml`, and `--no-config` forbids that")]
    NoConfig,
}
