//! What the life of a key takes place with: everything that it uses of the world is named here, and given to it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::issuer::Issuer;
use crate::error::Error;
use crate::journal::Ledger;
use crate::portal::RequestId;
use crate::secret::Secret;

/// The clock; in tests one that is set.
pub trait Clock {
    fn now(&self) -> Timestamp;
    fn sleep(&self, time: Duration);
}

/// The clock of this machine.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        crate::text::now()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// Something that was done to keys, or is about to be; for the log.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'d> {
    /// `generate` or `revoke`
    pub action: &'static str,
    pub id: Option<&'d str>,
    pub name: Option<&'d str>,
    /// `asked`, `done`, `failed` or `unknown`
    pub result: &'static str,
    /// The id by which the portal finds the request again, once it has answered.
    pub request_id: Option<&'d RequestId>,
}

/// Something that a person should hear of while it happens.
#[derive(Debug)]
pub enum Event {
    /// Whether a key was made cannot be seen, for this reason.
    Unseen(String),
    /// A key whose secret nobody has is there, and could not be revoked.
    OrphanLeft { id: String, error: Error },
    /// A key that was made before, and whose secret nobody has, was revoked.
    OrphanRevoked { id: String },
    /// One of these may be a key whose secret nobody has, or another's.
    Ambiguous { name: String, ids: Vec<String> },
    /// The time of grace begins.
    BothWork(SignedDuration),
    /// Something that an earlier rotation kept is still there.
    Leftover(PathBuf),
    /// What was there before is not back.
    NotGivenBack(Error),
    /// The ledger could not be written.
    NotKnownAgain(crate::journal::Error),
}

impl Event {
    /// Returns true for what somebody may have to act upon.
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
                write!(f, "this key will not be known again on this machine: {error}: {}", error.source)
            }
        }
    }
}

/// What a step of a key's life is taken with.
#[derive(Clone, Copy)]
pub struct Session<'s> {
    pub issuer: &'s dyn Issuer,
    pub clock: &'s dyn Clock,
    /// Takes note of what is done, before and after.
    pub note: &'s dyn Fn(&Deed<'_>),
    /// Where keys are known again; nowhere, if there is no place for it.
    pub ledger: Option<&'s Ledger>,
    /// Is told what happens on the way.
    pub tell: &'s dyn Fn(Event),
    /// Returns true once the run should end after the step that is under way.
    pub is_stopped: &'s dyn Fn() -> bool,
    /// The options by which a command line means this portal and this profile, for a hint.
    pub options: &'s str,
}

impl<'s> Session<'s> {
    /// The same, under another key.
    pub fn under<'o>(self, issuer: &'o dyn Issuer) -> Session<'o>
    where
        's: 'o,
    {
        Session { issuer, ..self }
    }

    /// Returns true where the ledger knows a key by another secret than this one.
    pub fn knows_as_another(&self, secret: &Secret, id: &str) -> bool {
        let known = self.ledger.and_then(|ledger| ledger.which(secret).ok());
        known.is_some_and(|(_, others)| others.iter().any(|other| other == id))
    }

    /// Notes in the ledger; that it cannot be noted undoes nothing.
    pub fn know(&self, note: impl FnOnce(&Ledger) -> Result<(), crate::journal::Error>) {
        if let Some(Err(error)) = self.ledger.map(note) {
            (self.tell)(Event::NotKnownAgain(error));
        }
    }
}
