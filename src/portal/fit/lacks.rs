//! What a portal lacks, by whichever way it was learned.

use std::collections::HashSet;
use std::rc::Rc;

use apollo_compiler::ast::{Argument, Field};

use super::live::LiveSchema;
use super::wording::Named;
use super::{Learned, Operation, Paging, contract, propose};
use crate::portal::error::Refusal;

/// What is known to be missing.
#[derive(Debug)]
pub enum Lacks {
    /// Whatever the portal's own schema does not have.
    Schema(Rc<LiveSchema>),
    /// What a refusal points to: places in the document that was sent, else what its messages name.
    Refused { places: HashSet<(usize, usize)>, named: Named },
    /// Everything that is only assumed.
    Assumed,
}

/// Where a field stands: on which type of the contract, and on which of the portal's, where that is known.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub on: &'a str,
    pub live: Option<&'a str>,
    /// Line and column of the field or the argument in the document that was sent.
    pub at: Option<(usize, usize)>,
    /// Line and column of the brace that opens its parts.
    pub brace: Option<(usize, usize)>,
}

impl Lacks {
    /// Reads a refusal: all its errors at once. Places say more than words, which differ from server to server.
    pub fn of(refusal: &Refusal) -> Lacks {
        let places: HashSet<_> = refusal.errors.iter().flat_map(|error| error.locations.iter().copied()).collect();
        let named = Named::read(refusal.errors.iter().map(|error| error.message.as_str()));
        Lacks::Refused { places, named }
    }

    /// Returns true if the portal lacks the field itself.
    pub fn field(&self, place: Place<'_>, field: &Field) -> bool {
        match self {
            Lacks::Schema(schema) => place.live.is_some_and(|live| {
                let is_list = contract::field(place.on, &field.name).map(|field| field.ty.is_list());
                !schema.can_be_asked(live, field)
                    || is_list != schema.field(live, &field.name).map(|field| field.ty.is_list())
            }),
            Lacks::Refused { places, named } if places.is_empty() => {
                let is_required = !contract::is_optional(place.on, &field.name);
                named.field(place.on, &field.name, contract::is_type, is_required)
            }
            Lacks::Refused { places, .. } => place.at.into_iter().chain(place.brace).any(|at| places.contains(&at)),
            Lacks::Assumed => !contract::is_documented(place.on, &field.name),
        }
    }

    /// Says what is in the way of a field that the portal has: an argument that it wants, or another shape.
    pub fn problem(&self, place: Place<'_>, field: &Field) -> Option<String> {
        let Lacks::Schema(schema) = self else { return None };
        let live = schema.field(place.live?, &field.name)?;
        let given = |name: &str| field.arguments.iter().any(|ours| ours.name == name);
        let mut wanted = live.arguments.iter().filter(|argument| argument.is_required());
        match wanted.find(|argument| !given(&argument.name)) {
            Some(argument) => Some(format!("wants `{}`", argument.name)),
            None if live.ty.is_list() != contract::field(place.on, &field.name)?.ty.is_list() => {
                Some(format!("gives `{}`", live.ty))
            }
            None => None,
        }
    }

    /// Returns true if the portal lacks an argument of a field that it has.
    pub fn argument(&self, place: Place<'_>, field: &Field, argument: &Argument) -> bool {
        match self {
            Lacks::Schema(schema) => {
                place.live.is_some_and(|live| !schema.has_argument(live, &field.name, &argument.name))
            }
            Lacks::Refused { places, named } if places.is_empty() => named.argument(&field.name, &argument.name),
            Lacks::Refused { places, .. } => place.at.is_some_and(|at| places.contains(&at)),
            Lacks::Assumed => !contract::is_argument_documented(place.on, &field.name, &argument.name),
        }
    }

    /// Returns true if a variable is refused as such, for example because of its type.
    pub fn variable(&self, name: &str, at: Option<(usize, usize)>) -> bool {
        match self {
            Lacks::Refused { places, named } if places.is_empty() => named.variable(name),
            Lacks::Refused { places, .. } => at.is_some_and(|at| places.contains(&at)),
            Lacks::Schema(_) | Lacks::Assumed => false,
        }
    }

    /// Returns by which way it was learned.
    pub fn learned(&self) -> Learned {
        match self {
            Lacks::Schema(_) => Learned::Schema,
            Lacks::Refused { .. } => Learned::Refusal,
            Lacks::Assumed => Learned::Assumption,
        }
    }

    /// Says what a portal without our paging has instead. Only queries have pages.
    pub fn paging(&self, operation: Operation, root_field: Option<&str>) -> Paging {
        let Lacks::Schema(schema) = self else { return Paging::Unknown };
        let field = schema.root_fields(false).find(|field| Some(field.name.as_str()) == root_field);
        let arguments = field.into_iter().flat_map(|field| &field.arguments).map(|argument| argument.name.to_string());
        let arguments: Vec<String> = arguments.filter(|name| looks_like_paging(name)).collect();
        if arguments.is_empty() {
            return Paging::None;
        }
        // A proposal that does not page mends nothing.
        let proposal = propose(schema, operation).filter(|proposal| proposal.document.contains("$after"));
        Paging::Other { arguments, proposal }
    }

    /// Returns the name of the portal's type of a field, where the portal's schema is known.
    pub fn live_type(&self, live: Option<&str>, field: &str) -> Option<&str> {
        match self {
            Lacks::Schema(schema) => schema.type_of(live?, field),
            Lacks::Refused { .. } | Lacks::Assumed => None,
        }
    }

    /// Returns the name of the portal's root type, where the portal's schema is known.
    pub fn live_root(&self, mutation: bool) -> Option<&str> {
        match self {
            Lacks::Schema(schema) => schema.root(mutation),
            Lacks::Refused { .. } | Lacks::Assumed => None,
        }
    }
}

fn looks_like_paging(argument: &str) -> bool {
    let argument = argument.to_lowercase();
    let words =
        ["after", "before", "count", "cursor", "first", "last", "limit", "offset", "page", "size", "skip", "take"];
    words.iter().any(|word| argument.contains(word))
}
