//! One of our operations: its name, its document, and the macro that compiles a noun's documents.
//!
//! It must not know any particular operation; each noun declares its own.

use graphql_client::GraphQLQuery;

/// One of our operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name that people use: `keys.generate`.
    pub word: &'static str,
    /// Its name in the document: `KeysGenerate`.
    pub name: &'static str,
    pub document: &'static str,
}

impl Operation {
    /// Returns true for a mutation.
    pub fn is_mutation(&self) -> bool {
        self.document.starts_with("mutation")
    }

    /// Returns true if the response contains a new secret.
    pub fn gives_secret(&self) -> bool {
        self.document.split_whitespace().any(|word| word == "secret")
    }

    /// Returns true if the operation takes an id.
    pub fn needs_id(&self) -> bool {
        self.document.contains("$id")
    }
}

/// One of our documents, with the types that `graphql_client` generated from it.
pub(super) trait Typed: GraphQLQuery {
    const OPERATION: Operation;
}

/// Compiles documents, each with its operation. `graphql_client` refers to scalars by type name, so our lenient `Text`
/// is named `String`.
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
