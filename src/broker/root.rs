//! The name of a field at the root of an operation: what a policy allows, and what a document asks for.

use std::fmt;

/// A field at the root of an operation.
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

/// As `--only` takes it.
impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", if self.is_mutation { "mutation" } else { "query" }, self.field)
    }
}
