//! Decides which root fields a program may request, by name. It is pure, and sends nothing.
//!
//! Whatever is not allowed by name is refused. Only names decide, never values: neither variables nor conditions of
//! directives.

use std::collections::BTreeSet;

use super::document::Document;
use super::refused::Refused;
use super::root::Root;

/// What a program may request.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The allowed fields; `None` for all.
    pub only: Option<BTreeSet<Root>>,
    /// True if all queries are allowed besides.
    pub queries: bool,
    /// True if no mutation is allowed, whatever else is set.
    pub read_only: bool,
    /// True if introspection is allowed. Without a list of fields it always is.
    pub introspection: bool,
}

impl Policy {
    /// Returns why a document may not be sent. All of its operations count, whichever would be executed.
    pub fn check(&self, document: &Document) -> Result<(), Refused> {
        document.roots.iter().try_for_each(|root| self.check_root(root))
    }

    fn check_root(&self, root: &Root) -> Result<(), Refused> {
        if root.is_mutation && self.read_only {
            return Err(Refused::ReadOnly(root.field.clone()));
        }
        match root.field.as_str() {
            // `__typename` reveals nothing but the name of the root type.
            "__typename" => Ok(()),
            "__schema" | "__type" if self.introspection || self.only.is_none() => Ok(()),
            field if field.starts_with("__") => Err(Refused::Introspection(field.to_owned())),
            _ if self.queries && !root.is_mutation => Ok(()),
            _ if self.only.as_ref().is_none_or(|only| only.contains(root)) => Ok(()),
            _ => Err(Refused::Field(root.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Policy, Root};
    use crate::broker::document::Document;
    use crate::broker::refused::Refused;

    fn only(roots: &[Root]) -> Policy {
        Policy { only: Some(roots.iter().cloned().collect()), ..Policy::default() }
    }

    fn check(policy: &Policy, document: &str) -> Result<(), Refused> {
        policy.check(&Document::read(document)?)
    }

    #[test]
    fn what_is_named_is_allowed_and_nothing_else() {
        let policy = only(&[Root::query("devices"), Root::mutation("rename")]);
        for allowed in [
            "{ devices { data { id } } }",
            "{ a: devices { id } b: devices { id } __typename }",
            "query A { devices { id } } mutation B { rename(id: 1) { id } }",
            "{ ...F } fragment F on Query { ... on Query { ...G } } fragment G on Query { devices { apiKeys } }",
        ] {
            assert_eq!(check(&policy, allowed), Ok(()), "{allowed}");
        }
        for (refused, root) in [
            ("{ apiKeys { id } }", Root::query("apiKeys")),
            ("{ devices: apiKeys { id } }", Root::query("apiKeys")),
            ("{ devices { id } ...F } fragment F on Query { apiKeys { id } }", Root::query("apiKeys")),
            ("query A { devices { id } } query B { apiKeys { id } }", Root::query("apiKeys")),
            ("{ devices { id } apiKeys @skip(if: true) { id } }", Root::query("apiKeys")),
            ("mutation { devices { id } }", Root::mutation("devices")),
            ("{ rename(id: 1) { id } }", Root::query("rename")),
        ] {
            assert_eq!(check(&policy, refused), Err(Refused::Field(root)), "{refused}");
        }
    }

    #[test]
    fn reading_is_all_that_a_program_may_do_where_nothing_may_be_changed() {
        let all = Policy { read_only: true, ..Policy::default() };
        assert_eq!(check(&all, "{ devices { id } apiKeys { id } __schema { types { name } } }"), Ok(()));
        let refused = Err(Refused::ReadOnly("rename".into()));
        assert_eq!(check(&all, "query A { a } mutation B { rename }"), refused);
        let named = Policy { read_only: true, ..only(&[Root::mutation("rename")]) };
        assert_eq!(check(&named, "mutation { rename }"), refused);
        let queries = Policy { queries: true, ..only(&[]) };
        assert_eq!(check(&queries, "{ a b }"), Ok(()));
        assert_eq!(check(&queries, "mutation { rename }"), Err(Refused::Field(Root::mutation("rename"))));
    }

    #[test]
    fn the_schema_is_a_field_that_has_to_be_allowed_where_fields_are_named() {
        let (some, schema) =
            (only(&[Root::query("devices")]), "{ devices { id } ...F } fragment F on Query { __schema { x } }");
        assert_eq!(check(&some, schema), Err(Refused::Introspection("__schema".into())));
        assert_eq!(check(&Policy { introspection: true, ..some.clone() }, schema), Ok(()));
        assert_eq!(check(&Policy::default(), schema), Ok(()));
        for unknown in ["{ __other }", "{ __proto__ }"] {
            assert!(check(&Policy { introspection: true, ..some.clone() }, unknown).is_err(), "{unknown}");
        }
    }
}
