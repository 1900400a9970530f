//! The dependencies of the key life cycle: every use of the outside world is passed in here.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::issuer::Issuer;
use crate::error::Error;
use crate::journal::Ledger;
use crate::portal::RequestId;
use crate::secret::Secret;

/// A clock; a fake one in tests.
pub trait Clock {
    fn now(&self) -> Timestamp;
    fn sleep(&self, time: Duration);
}

/// The system clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        crate::text::now()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// An entry of the log: something that was done to keys, or is about to be.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'d> {
    /// `generate` or `revoke`
    pub action: &'static str,
    pub id: Option<&'d str>,
    pub name: Option<&'d str>,
    /// `asked`, `done`, `failed` or `unknown`
    pub result: &'static str,
    /// The id of the request at the portal, once it has answered.
    pub request_id: Option<&'d RequestId>,
}

/// Something that a person should hear of while it happens.
#[derive(Debug)]
pub enum Event {
    /// Whether a key was generated is unknown, for this reason.
    Unseen(String),
    /// A key whose secret nobody has exists, and could not be revoked.
    OrphanLeft { id: String, error: Error },
    /// A key whose secret nobody has was revoked.
    OrphanRevoked { id: String },
    /// One of these keys may be ours without a secret, or somebody else's.
    Ambiguous { name: String, ids: Vec<String> },
    /// The grace period begins.
    BothWork(SignedDuration),
    /// A backup of an earlier rotation is still there.
    Leftover(PathBuf),
    /// The former content was not restored.
    NotGivenBack(Error),
    /// The ledger could not be written.
    NotKnownAgain(crate::journal::Error),
}

impl Event {
    /// Returns true for events that may need action.
    pub fn is_warning(&self) -> bool {
        !matches!(self, Event::OrphanRevoked { .. } | Event::BothWork(_))
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Unseen(why) => write!(f, "cannot tell whether a key was generated: {why}"),
            Event::OrphanLeft { id, error } => {
                write!(f, "the new key (id {id}) was found, and could not be revoked: {error}")
            }
            Event::OrphanRevoked { id } => {
                write!(f, "Revoked the key that was made before (id {id}): nobody has its secret.")
            }
            Event::Ambiguous { name, ids } => {
                write!(f, "a new key `{name}` may be the one of this rotation, or another's: {}", ids.join(" "))
            }
            Event::BothWork(grace) => write!(f, "Both keys work for {grace:#}; then the old one is revoked."),
            Event::Leftover(path) => {
                let path = path.display();
                write!(f, "`{path}` was left by another rotation and may hold a key: look, and delete it")
            }
            Event::NotGivenBack(error) => error.fmt(f),
            Event::NotKnownAgain(error) => {
                write!(f, "this machine will not recognize all keys of this run: {error}: {}", error.source)
            }
        }
    }
}

/// The dependencies of a step.
#[derive(Clone, Copy)]
pub struct Session<'s> {
    pub issuer: &'s dyn Issuer,
    pub clock: &'s dyn Clock,
    /// Writes the log, before and after a request.
    pub note: &'s dyn Fn(&Attempt<'_>),
    /// The ledger, if there is a directory for it.
    pub ledger: Option<&'s Ledger>,
    /// Reports events.
    pub tell: &'s dyn Fn(Event),
    /// Returns true once the run should end after the current step.
    pub is_stopped: &'s dyn Fn() -> bool,
    /// The options that select this portal and profile, for a hint.
    pub options: &'s str,
}

impl<'s> Session<'s> {
    /// Returns the session, authenticated with another key.
    pub fn under<'o>(self, issuer: &'o dyn Issuer) -> Session<'o>
    where
        's: 'o,
    {
        Session { issuer, ..self }
    }

    /// Returns true if the ledger has the key with another secret.
    pub fn knows_as_another(&self, secret: &Secret, id: &str) -> bool {
        let known = self.ledger.and_then(|ledger| ledger.which(secret).ok());
        known.is_some_and(|(_, others)| others.iter().any(|other| other == id))
    }

    /// Updates the ledger; a failure is reported, and undoes nothing.
    pub fn know(&self, note: impl FnOnce(&Ledger) -> Result<(), crate::journal::Error>) {
        if let Some(Err(error)) = self.ledger.map(note) {
            (self.tell)(Event::NotKnownAgain(error));
        }
    }
}
