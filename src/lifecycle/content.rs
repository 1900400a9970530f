//! What a `file:` destination holds, found by looking into it. Plans, their execution and `keys where` all go by this.
//!
//! It sends no request. It must not show, change or keep what it reads.

use std::path::Path;

use crate::credentials::{self, Error as Unreadable};
use crate::journal::{self, Destination, Ledger};
use crate::secret::Secret;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// There is no file.
    Absent,
    /// The secret of the key with this id, by its fingerprint in the ledger.
    Key(String),
    /// What may be a secret, of no key that this machine knows.
    Stranger,
    /// What cannot be a secret.
    NoKey { is_empty: bool },
    /// It was not read, or may be known to others.
    Untrusted(Distrust),
}

/// Why a file is not trusted with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Others can read it.
    Exposed { mode: u32, wanted: u32 },
    /// It is a link, a directory, another user's, or cannot be read.
    Other(String),
}

impl Content {
    /// Looks into a destination; `None` if it is no file. Without a ledger, no key is known.
    pub fn of(place: &Destination, ledger: Option<&Ledger>) -> Result<Option<Content>, journal::Error> {
        let Destination::File(path) = place else { return Ok(None) };
        Ok(Some(match read(path) {
            Ok(None) => Content::Absent,
            Ok(Some(secret)) => match ledger.map(|ledger| ledger.which(&secret)).transpose()? {
                Some((Some(id), _)) => Content::Key(id),
                _ => Content::Stranger,
            },
            Err(error) => Content::without(&error),
        }))
    }

    /// Returns the content of a file that no secret was read from.
    fn without(error: &Unreadable) -> Content {
        Content::Untrusted(match error {
            Unreadable::Text(problem) => {
                return Content::NoKey { is_empty: matches!(problem, credentials::Problem::Empty) };
            }
            Unreadable::Exposed { mode, wanted, .. } => Distrust::Exposed { mode: *mode, wanted: *wanted },
            Unreadable::Unsafe { problem, .. } => Distrust::Other((*problem).to_owned()),
            Unreadable::File { source, .. } | Unreadable::Unreadable { source, .. } => {
                Distrust::Other(format!("cannot be read: {source}"))
            }
            error => Distrust::Other(format!("cannot be read: {error}")),
        })
    }

    /// Returns true for the secret of this key.
    pub fn is_key(&self, id: &str) -> bool {
        matches!(self, Content::Key(held) if held == id)
    }

    /// Returns the predicate of a sentence about the destination.
    pub fn predicate(&self) -> String {
        match self {
            Content::Absent => "is not there".to_owned(),
            Content::Key(id) => format!("has the secret of another key (id {id})"),
            Content::Stranger => "holds no key that this machine knows".to_owned(),
            Content::NoKey { is_empty: true } => "is empty".to_owned(),
            Content::NoKey { is_empty: false } => "holds no key".to_owned(),
            Content::Untrusted(Distrust::Exposed { mode, .. }) => format!("can be read by others (mode {mode:03o})"),
            Content::Untrusted(Distrust::Other(problem)) => problem.clone(),
        }
    }
}

/// Reads the secret from a file that a key was delivered to; `None` without a file.
pub fn read(path: &Path) -> Result<Option<Secret>, Unreadable> {
    credentials::file::read_private(path)
}
