//! Where a key comes from and where it is kept. Nothing here knows what a key is for.
//!
//! An absent key is no error; absent, locked, unavailable and silent are four different things.

pub mod file;
pub mod keyring;
mod text;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::secret::Secret;

pub use text::{Problem, key};

/// A key, and where it was found.
#[derive(Debug)]
pub struct Credential {
    pub secret: Secret,
    pub source: Source,
    /// The key's id in the portal, where it was noted.
    pub key_id: Option<String>,
}

/// Where a key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `OPTRA_API_KEY`
    Environment,
    /// The keyring of the operating system, under the profile's name
    Keyring,
    /// The sandbox's own admin key
    #[cfg(feature = "sandbox")]
    Sandbox,
}

impl Source {
    /// Returns the source in words, as `auth status` says it.
    pub fn words(self) -> &'static str {
        match self {
            Source::Environment => "environment (OPTRA_API_KEY)",
            Source::Keyring => "keyring",
            #[cfg(feature = "sandbox")]
            Source::Sandbox => "sandbox",
        }
    }
}

/// A key that could not be read, kept or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Text(Problem),
    #[error("the key file `{}` can be read by others (mode {mode:03o})", path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("cannot read {what}")]
    Unreadable { what: String, source: io::Error },
    #[error("no keyring can be reached")]
    Unavailable(#[source] anyhow::Error),
    #[error("the keyring is locked")]
    Locked(#[source] anyhow::Error),
    #[error("the keyring did not answer within {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("the keyring cannot {verb} the key")]
    Failed { verb: &'static str, cause: anyhow::Error },
    #[error("the keyring took the key, but does not {0}")]
    NotKept(&'static str),
}
