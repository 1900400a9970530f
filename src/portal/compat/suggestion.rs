//! A binding that looks right, for a person to judge.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A document that looks as if it could be bound to an operation of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// `keys.generate`
    pub operation: String,
    pub document: String,
}

/// The line that binds it, to be pasted. A document of names alone needs no more than quotes.
impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "echo '{}' | optra portal bind {} -f -", self.document, self.operation)
    }
}
