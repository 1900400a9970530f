//! What a portal lacks, from any evidence. It decides about one field, argument or variable at a time.

use std::collections::HashSet;
use std::sync::Arc;

use apollo_compiler::ast::{Argument, Field};

use super::ast::{self, OperationAst};
use super::contract;
use super::document::{Evidence, Paging};
use super::remote_schema::RemoteSchema;
use super::suggest::suggest;
use super::suggestion::Suggestion;
use super::wording::MentionedNames;
use crate::portal::graphql::Refusal;
use crate::portal::operation::Operation;

/// The evidence for what is missing.
#[derive(Debug)]
pub enum SchemaGap {
    /// Whatever the portal's own schema does not have.
    Schema(Arc<RemoteSchema>),
    /// Locations in the refused document, or the names in the error messages if there are no locations.
    Refused { locations: HashSet<(usize, usize)>, named: MentionedNames },
    /// Everything that is only assumed.
    Assumed,
}

/// The position of a field: its type in the contract, and the portal's type if that is known.
#[derive(Clone, Copy, Debug)]
pub struct FieldSite<'a> {
    pub on: &'a str,
    pub remote: Option<&'a str>,
    /// Line and column of the field or the argument in the document that was sent.
    pub at: Option<(usize, usize)>,
    /// Line and column of the brace that opens its selection set.
    pub brace: Option<(usize, usize)>,
}

impl SchemaGap {
    /// Reads all errors of a refusal. Locations are more reliable than messages, which differ from server to server.
    pub fn of(refusal: &Refusal) -> SchemaGap {
        let locations = refusal.errors.iter().flat_map(|error| error.locations.iter().copied()).collect();
        let named = MentionedNames::read(refusal.errors.iter().map(|error| error.message.as_str()));
        SchemaGap::Refused { locations, named }
    }

    /// Returns true if the portal lacks the field itself.
    pub fn field(&self, site: FieldSite<'_>, field: &Field) -> bool {
        match self {
            SchemaGap::Schema(schema) => site.remote.is_some_and(|remote| {
                let ours = contract::field(site.on, &field.name).map(|field| contract::lists(&field.ty));
                !schema.is_selectable(remote, field)
                    || ours != schema.field(remote, &field.name).map(|field| contract::lists(&field.ty))
            }),
            SchemaGap::Refused { locations, named } if locations.is_empty() => {
                let is_required = !contract::is_optional(site.on, &field.name);
                named.field(site.on, &field.name, contract::is_type, is_required)
            }
            SchemaGap::Refused { locations, .. } => {
                site.at.into_iter().chain(site.brace).any(|at| locations.contains(&at))
            }
            SchemaGap::Assumed => !contract::is_documented(site.on, &field.name),
        }
    }

    /// Says why an existing field cannot be selected: it requires an argument, or has another shape.
    pub fn problem(&self, site: FieldSite<'_>, field: &Field) -> Option<String> {
        let SchemaGap::Schema(schema) = self else { return None };
        let remote = schema.field(site.remote?, &field.name)?;
        let given = |name: &str| field.arguments.iter().any(|ours| ours.name == name);
        let mut wanted = remote.arguments.iter().filter(|argument| argument.is_required());
        match wanted.find(|argument| !given(&argument.name)) {
            Some(argument) => Some(format!("wants `{}`", argument.name)),
            None if contract::lists(&remote.ty) != contract::lists(&contract::field(site.on, &field.name)?.ty) => {
                Some(format!("gives `{}`", remote.ty))
            }
            None => None,
        }
    }

    /// Returns true if the portal lacks an argument of a field that it has.
    pub fn argument(&self, site: FieldSite<'_>, field: &Field, argument: &Argument) -> bool {
        match self {
            SchemaGap::Schema(schema) => {
                site.remote.is_some_and(|remote| !schema.has_argument(remote, &field.name, &argument.name))
            }
            SchemaGap::Refused { locations, named } if locations.is_empty() => {
                named.argument(&field.name, &argument.name)
            }
            SchemaGap::Refused { locations, .. } => site.at.is_some_and(|at| locations.contains(&at)),
            SchemaGap::Assumed => !contract::is_argument_documented(site.on, &field.name, &argument.name),
        }
    }

    /// Returns true if a variable is refused as such, for example because of its type.
    pub fn variable(&self, name: &str, at: Option<(usize, usize)>) -> bool {
        match self {
            SchemaGap::Refused { locations, named } if locations.is_empty() => named.variable(name),
            SchemaGap::Refused { locations, .. } => at.is_some_and(|at| locations.contains(&at)),
            SchemaGap::Schema(_) | SchemaGap::Assumed => false,
        }
    }

    /// Returns the kind of evidence.
    pub fn evidence(&self) -> Evidence {
        match self {
            SchemaGap::Schema(_) => Evidence::Schema,
            SchemaGap::Refused { .. } => Evidence::Refusal,
            SchemaGap::Assumed => Evidence::Assumption,
        }
    }

    /// Returns what paging a portal without ours has. Only queries have pages.
    pub fn paging(&self, operation: Operation, root_field: Option<&str>) -> Paging {
        let SchemaGap::Schema(schema) = self else { return Paging::Unknown };
        let field = schema.root_fields(false).find(|field| Some(field.name.as_str()) == root_field);
        let arguments = field.into_iter().flat_map(|field| &field.arguments);
        let arguments: Vec<String> =
            arguments.filter(|argument| schema.may_page(argument)).map(|argument| argument.name.to_string()).collect();
        if arguments.is_empty() {
            return Paging::None;
        }
        // A suggestion without paging would not help.
        let suggestion = suggest(schema, operation).filter(Suggestion::pages);
        Paging::Other { arguments, suggestion }
    }

    /// Returns the portal's type of a field, if the portal's schema is known.
    pub fn remote_type(&self, remote: Option<&str>, field: &str) -> Option<&str> {
        match self {
            SchemaGap::Schema(schema) => schema.type_of(remote?, field),
            SchemaGap::Refused { .. } | SchemaGap::Assumed => None,
        }
    }

    /// Returns the portal's root type, if the portal's schema is known.
    pub fn remote_root(&self, mutation: bool) -> Option<&str> {
        match self {
            SchemaGap::Schema(schema) => schema.root(mutation),
            SchemaGap::Refused { .. } | SchemaGap::Assumed => None,
        }
    }
}

/// Returns true if the portal's schema shows no paging for a listing with this accepted document.
pub fn has_no_paging(schema: Arc<RemoteSchema>, operation: Operation, accepted: &str) -> bool {
    let tree = ast::parse(accepted);
    let root = tree.as_ref().and_then(OperationAst::root_field);
    root.is_some() && SchemaGap::Schema(schema).paging(operation, root) == Paging::None
}
