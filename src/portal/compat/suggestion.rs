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

impl Suggestion {
    /// Returns true for one that asks for page after page.
    pub fn pages(&self) -> bool {
        self.document.contains("$after")
            || self.document.contains("# paging: ") && !self.document.contains("# paging: none")
    }
}

/// The line that binds it, to be pasted into a shell. No name and no expression of ours has a quote in it.
impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.document.contains('\n') {
            write!(f, "echo '{}'", self.document)?;
        } else {
            f.write_str("printf '%s\\n'")?;
            self.document.lines().try_for_each(|line| write!(f, " '{line}'"))?;
        }
        write!(f, " | optra portal bind {} -f -", self.operation)
    }
}
