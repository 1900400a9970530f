//! The sources and stores of keys. Nothing here knows what a key is for.
//!
//! A missing key is no error; missing, locked, unavailable and unresponsive are four different results. One store
//! never substitutes for another.

pub mod command;
mod error;
pub mod file;
mod keyring;
mod locked;
mod stored_key;
mod text;

use std::path::PathBuf;
use std::time::Duration;

use self::stored_key::StoredKey;
use crate::secret::Secret;

pub use error::Error;
pub use locked::is_locked;
pub use text::{Problem, key};

/// A key, and its source.
#[derive(Clone, Debug)]
pub struct Credential {
    pub secret: Secret,
    pub source: Source,
    /// The key's id in the portal, if it was recorded.
    pub key_id: Option<String>,
}

/// Where a key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `OPTRA_API_KEY`
    Environment,
    /// The keyring of the operating system
    Keyring,
    /// A private file of ours
    File,
    /// A program that prints the key
    Command,
    /// The sandbox's own admin key
    #[cfg(feature = "sandbox")]
    Sandbox,
}

impl Source {
    /// Returns true for a store that belongs to a profile.
    pub fn is_of_a_profile(self) -> bool {
        matches!(self, Source::Keyring | Source::File | Source::Command)
    }

    /// Returns the source's name in `auth status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Environment => "environment",
            Source::Keyring => "keyring",
            Source::File => "file",
            Source::Command => "command",
            #[cfg(feature = "sandbox")]
            Source::Sandbox => "sandbox",
        }
    }
}

/// A store for the keys of profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// The operating system's keyring, with a time limit for each call. The keys are for this origin.
    Keyring { limit: Duration, origin: Option<String> },
    /// Files in this directory. The keys are for this origin.
    File { directory: PathBuf, origin: Option<String> },
    /// A program and its arguments, with a time limit.
    Command { words: String, limit: Duration },
}

impl Store {
    /// Returns the source of keys from this store.
    pub fn source(&self) -> Source {
        match self {
            Store::Keyring { .. } => Source::Keyring,
            Store::File { .. } => Source::File,
            Store::Command { .. } => Source::Command,
        }
    }

    /// Returns the name of a profile's place in this store.
    pub fn place(&self, profile: &str) -> String {
        match self {
            Store::Keyring { .. } => format!("keyring:{profile}"),
            Store::File { .. } => format!("the key file of profile {profile}"),
            Store::Command { words, .. } => format!("command:{words}"),
        }
    }

    /// Returns the location of a profile's key: the file, the entry of the keyring, or the command.
    pub fn location(&self, profile: &str) -> String {
        match self {
            Store::File { directory, .. } => file::path(directory, profile).display().to_string(),
            Store::Keyring { .. } | Store::Command { .. } => self.place(profile),
        }
    }

    /// Checks that this store could take a key, before there is one. A command is not run for that.
    pub fn probe(&self, profile: &str) -> Result<(), Error> {
        match self {
            Store::Keyring { limit, .. } => keyring::probe(profile, *limit),
            Store::File { directory, .. } => file::probe(directory),
            Store::Command { .. } => Ok(()),
        }
    }

    /// Reads a profile's key; `None` if there is none. Refuses a key that was stored for another origin, whatever the
    /// profile says: somebody without the key may have changed the profile.
    pub fn read(&self, profile: &str) -> Result<Option<Secret>, Error> {
        let (found, origin) = match self {
            Store::Keyring { limit, origin } => (keyring::read(profile, *limit)?, origin),
            Store::File { directory, origin } => (file::read_stored(directory, profile)?, origin),
            Store::Command { words, limit } => return command::read(words, *limit).map(Some),
        };
        match (found, origin) {
            (Some(StoredKey { origin: Some(stored_for), .. }), Some(asked)) if stored_for != *asked => {
                Err(Error::OtherOrigin { profile: profile.to_owned(), stored_for, asked: asked.clone() })
            }
            (found, _) => Ok(found.map(|kept| kept.secret)),
        }
    }

    /// Stores a profile's key, replaces a former one, and reads it back.
    pub fn keep(&self, profile: &str, secret: &Secret) -> Result<(), Error> {
        match self {
            Store::Keyring { limit, origin } => keyring::keep(profile, secret, origin.as_deref(), *limit),
            Store::File { directory, origin } => file::keep(directory, profile, secret, origin.as_deref()),
            Store::Command { .. } => Err(Error::ReadOnly),
        }
    }

    /// Deletes a profile's key and checks that it is gone; returns whether there was one.
    pub fn forget(&self, profile: &str) -> Result<bool, Error> {
        match self {
            Store::Keyring { limit, .. } => keyring::forget(profile, *limit),
            Store::File { directory, .. } => file::forget(directory, profile),
            Store::Command { .. } => Ok(false),
        }
    }
}
