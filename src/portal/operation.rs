//! An operation of ours: its words, its document, and the one macro that compiles a noun's documents.
//!
//! It must not know any particular operation; each noun declares its own.

use graphql_client::GraphQLQuery;

/// An operation of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The words that people know it by: `keys.generate`.
    pub word: &'static str,
    /// Its name in the document: `KeysGenerate`.
    pub name: &'static str,
    pub document: &'static str,
}

impl Operation {
    /// Returns true for one that changes something.
    pub fn is_mutation(&self) -> bool {
        self.document.starts_with("mutation")
    }

    /// Returns true for one whose answer holds a new secret.
    pub fn gives_secret(&self) -> bool {
        self.document.split_whitespace().any(|word| word == "secret")
    }

    /// Returns true for one that says which thing is meant.
    pub fn needs_id(&self) -> bool {
        self.document.contains("$id")
    }
}

/// A document of ours, with the types that `graphql_client` made of it.
pub(super) trait Typed: GraphQLQuery {
    const OPERATION: Operation;
}

/// Compiles documents, each with its operation; what `graphql_client` calls by a type's name is our lenient scalar.
macro_rules! operations {
    ($($name:ident $word:literal $path:tt;)*) => {
        pub(super) mod documents {
            #[allow(unused_imports, reason = "not every document has every scalar")]
            use crate::portal::scalars::{DateTime, Text as String};
            use graphql_client::GraphQLQuery;
            $(
                #[derive(GraphQLQuery)]
                #[graphql(schema_path = "graphql/schema.graphql", query_path = $path, skip_serializing_none)]
                pub struct $name;

                impl crate::portal::operation::Typed for $name {
                    const OPERATION: crate::portal::operation::Operation = crate::portal::operation::Operation {
                        word: $word,
                        name: stringify!($name),
                        document: include_str!(concat!("../../", $path)),
                    };
                }
            )*
        }

        /// The operations on this noun.
        pub(super) const OPERATIONS: &[super::operation::Operation] =
            &[$(<documents::$name as super::operation::Typed>::OPERATION,)*];
    };
}

pub(super) use operations;
