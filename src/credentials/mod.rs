//! Where a key comes from and where it is kept. Nothing here knows what a key is for.
//!
//! An absent key is no error; absent, locked, unavailable and silent are four different things. One store never stands
//! in for another.

pub mod command;
mod error;
pub mod file;
mod kept;
mod keyring;
mod locked;
mod text;

use std::path::PathBuf;
use std::time::Duration;

use self::kept::Kept;
use crate::secret::Secret;

pub use error::Error;
pub use locked::is_locked;
pub use text::key;

/// A key, and where it was found.
#[derive(Clone, Debug)]
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
    /// The keyring of the operating system
    Keyring,
    /// A file of ours that its owner alone can read
    File,
    /// A program that prints it
    Command,
    /// The sandbox's own admin key
    #[cfg(feature = "sandbox")]
    Sandbox,
}

impl Source {
    /// Returns true for the store of a profile.
    pub fn is_of_a_profile(self) -> bool {
        matches!(self, Source::Keyring | Source::File | Source::Command)
    }

    /// Returns the source's name, as `auth status` says it.
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

/// A place where the keys of profiles are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// The operating system's keyring; each call of it has this time. The keys are for this origin.
    Keyring { limit: Duration, origin: Option<String> },
    /// Files in this directory, with keys for this origin.
    File { directory: PathBuf, origin: Option<String> },
    /// A program, with its words; it has this time.
    Command { words: String, limit: Duration },
}

impl Store {
    /// Returns what a key from here has as its source.
    pub fn source(&self) -> Source {
        match self {
            Store::Keyring { .. } => Source::Keyring,
            Store::File { .. } => Source::File,
            Store::Command { .. } => Source::Command,
        }
    }

    /// Returns what a profile's place in here is called.
    pub fn place(&self, profile: &str) -> String {
        match self {
            Store::Keyring { .. } => format!("keyring:{profile}"),
            Store::File { .. } => format!("the key file of profile {profile}"),
            Store::Command { words, .. } => format!("command:{words}"),
        }
    }

    /// Returns where a profile's key is: the file, the entry of the keyring, or the command.
    pub fn location(&self, profile: &str) -> String {
        match self {
            Store::File { directory, .. } => file::path(directory, profile).display().to_string(),
            Store::Keyring { .. } | Store::Command { .. } => self.place(profile),
        }
    }

    /// Checks that a key could be kept here, before there is one; a command is asked when it is needed.
    pub fn probe(&self, profile: &str) -> Result<(), Error> {
        match self {
            Store::Keyring { limit, .. } => keyring::probe(profile, *limit),
            Store::File { directory, .. } => file::probe(directory),
            Store::Command { .. } => Ok(()),
        }
    }

    /// Reads a profile's key; none if there is none. One that was kept for another origin is refused, whatever is noted of the
    /// profile elsewhere: that may have been changed by somebody who does not have the key.
    pub fn read(&self, profile: &str) -> Result<Option<Secret>, Error> {
        let (found, origin) = match self {
            Store::Keyring { limit, origin } => (keyring::read(profile, *limit)?, origin),
            Store::File { directory, origin } => (file::read_kept(directory, profile)?, origin),
            Store::Command { words, limit } => return command::read(words, *limit).map(Some),
        };
        match (found, origin) {
            (Some(Kept { origin: Some(kept_for), .. }), Some(asked)) if kept_for != *asked => {
                Err(Error::Elsewhere { profile: profile.to_owned(), kept_for, asked: asked.clone() })
            }
            (found, _) => Ok(found.map(|kept| kept.secret)),
        }
    }

    /// Keeps a profile's key, in place of one that was there before, and reads it back.
    pub fn keep(&self, profile: &str, secret: &Secret) -> Result<(), Error> {
        match self {
            Store::Keyring { limit, origin } => keyring::keep(profile, secret, origin.as_deref(), *limit),
            Store::File { directory, origin } => file::keep(directory, profile, secret, origin.as_deref()),
            Store::Command { .. } => Err(Error::ReadOnly),
        }
    }

    /// Forgets a profile's key and looks whether it is gone; returns whether there was one.
    pub fn forget(&self, profile: &str) -> Result<bool, Error> {
        match self {
            Store::Keyring { limit, .. } => keyring::forget(profile, *limit),
            Store::File { directory, .. } => file::forget(directory, profile),
            Store::Command { .. } => Ok(false),
        }
    }
}
