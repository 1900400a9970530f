//! The name of a root field: what a policy allows, and what a document requests.

use std::fmt;

/// A root field of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    pub is_mutation: bool,
    pub field: String,
}

impl Root {
    pub fn query(field: &str) -> Root {
        Root { is_mutation: false, field: field.to_owned() }
    }

    pub fn mutation(field: &str) -> Root {
        Root { is_mutation: true, field: field.to_owned() }
    }
}

/// The form that `--only` takes.
impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", if self.is_mutation { "mutation" } else { "query" }, self.field)
    }
}
