//! The types of a plan: the keys that a file asks for, the situation, and the steps. `decide` makes the decisions.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::content::Content;
use super::key_in_use::KeyInUse;
use crate::journal::{Destination, KnownKey, Rotation};
use crate::portal::keys::ApiKey;

/// A key that the file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    pub name: String,
    /// The destinations, in canonical form.
    pub to: Vec<Destination>,
    pub max_age: Option<SignedDuration>,
    pub expires: Option<Expiry>,
    /// How long both keys are valid in a rotation.
    pub grace: Duration,
    pub hook: Option<String>,
    pub owner: Option<String>,
}

impl Desired {
    /// Returns true if a limit depends on its age.
    pub fn has_limit(&self) -> bool {
        self.max_age.is_some() || matches!(self.expires, Some(Expiry::After(_)))
    }
}

/// When a key expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    At(Timestamp),
    After(SignedDuration),
}

/// An unfinished rotation.
pub struct UnderWay {
    pub rotation: Rotation,
    /// True if it was begun for the file, so that the file resumes it.
    pub is_of_file: bool,
}

/// The state of all keys at one moment.
pub struct Situation<'s> {
    /// All keys of the portal.
    pub keys: &'s [ApiKey],
    /// The keys in the ledger.
    pub known: &'s [KnownKey],
    pub in_use: &'s KeyInUse,
    pub rotations: &'s [UnderWay],
    /// The ids of keys that a killed run left half-made.
    pub left: &'s [String],
    /// What the `file:` destinations hold.
    pub contents: &'s [(Destination, Content)],
    pub now: Timestamp,
}

impl Situation<'_> {
    /// Returns what a destination holds; `None` if it cannot be looked into.
    pub fn content(&self, place: &Destination) -> Option<&Content> {
        self.contents.iter().find(|(known, _)| known == place).map(|(_, content)| content)
    }
}

/// What the user allows beyond the file.
#[derive(Clone, Copy, Default)]
pub struct Allowed {
    /// Keys that the file does not name may be revoked.
    pub prune: bool,
    /// The key in use may be revoked.
    pub lose_access: bool,
}

/// What to do with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Make,
    Adopt,
    Rotate,
    Revoke,
    #[default]
    Nothing,
    /// It is unknown what would be right.
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

    /// Returns true for actions that change something.
    pub fn is_change(self) -> bool {
        !matches!(self, Action::Nothing | Action::Unknown)
    }
}

/// One key, and what to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub action: Action,
    /// The name in the file, else the one at the portal.
    pub name: Option<String>,
    pub id: Option<String>,
    pub reason: String,
    pub owner: Option<String>,
    /// True if the key is, or may be, the one in use.
    #[serde(skip)]
    pub is_in_use: bool,
    /// True for a key that the file names.
    #[serde(skip)]
    pub is_named: bool,
    /// True if something at a destination keeps `keys apply` from executing it.
    #[serde(skip)]
    pub is_refused: bool,
}

impl Step {
    /// Returns the order of execution: new keys before revocations, keys of the file before others, and the key in use
    /// last.
    pub fn rank(&self) -> impl Ord + use<> {
        (self.is_in_use && matches!(self.action, Action::Rotate | Action::Revoke), self.action, !self.is_named)
    }
}
