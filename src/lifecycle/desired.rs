//! The keys that a file asks for, what there is of them, and what is done with each. It decides nothing; `decide` does.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::key_in_use::KeyInUse;
use crate::journal::{Destination, KnownKey, Rotation};
use crate::portal::keys::ApiKey;

/// A key that the file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    pub name: String,
    /// Each under its one name.
    pub to: Vec<Destination>,
    pub max_age: Option<SignedDuration>,
    pub expires: Option<Expiry>,
    /// How long both keys work when it is rotated.
    pub grace: Duration,
    pub hook: Option<String>,
    pub owner: Option<String>,
}

impl Desired {
    /// Returns true where its age decides something.
    pub fn has_limit(&self) -> bool {
        self.max_age.is_some() || matches!(self.expires, Some(Expiry::After(_)))
    }
}

/// When a key is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    At(Timestamp),
    After(SignedDuration),
}

/// A rotation that broke off.
pub struct UnderWay {
    pub rotation: Rotation,
    /// True where it was begun for the file, so that it goes on with the file.
    pub is_of_file: bool,
}

/// What there is, as it was seen at one moment.
pub struct Situation<'s> {
    /// The keys of the portal: all of them.
    pub keys: &'s [ApiKey],
    /// The keys that this machine knows.
    pub known: &'s [KnownKey],
    pub in_use: &'s KeyInUse,
    pub rotations: &'s [UnderWay],
    /// The ids of the keys that a killed run left while it made them.
    pub left: &'s [String],
    /// The places that certainly hold no secret.
    pub empty: &'s [Destination],
    pub now: Timestamp,
}

/// What the user allows beyond the file.
#[derive(Clone, Copy, Default)]
pub struct Allowed {
    /// The keys that the file does not name may go.
    pub prune: bool,
    /// The key in use may go.
    pub lose_access: bool,
}

/// What is done with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Make,
    Adopt,
    Rotate,
    Revoke,
    Nothing,
    /// Nobody can tell what is right.
    Unknown,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Make => "make",
            Action::Adopt => "adopt",
            Action::Rotate => "rotate",
            Action::Revoke => "revoke",
            Action::Nothing => "nothing",
            Action::Unknown => "unknown",
        }
    }

    /// Returns true for what changes something.
    pub fn is_change(self) -> bool {
        !matches!(self, Action::Nothing | Action::Unknown)
    }
}

/// One key, and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub action: Action,
    /// The name in the file, else the one at the portal.
    pub name: Option<String>,
    pub id: Option<String>,
    pub reason: String,
    pub owner: Option<String>,
    /// True where the key is, or may be, the one in use.
    #[serde(skip)]
    pub is_in_use: bool,
    /// True for a key that the file names.
    #[serde(skip)]
    pub is_named: bool,
}

impl Step {
    /// What comes first: new keys before old ones go, those of the file before others, and the key in use at the very end.
    pub fn rank(&self) -> impl Ord + use<> {
        (self.is_in_use && matches!(self.action, Action::Rotate | Action::Revoke), self.action, !self.is_named)
    }
}
