//! Making a document of ours match the portal that answers.
//!
//! A portal validates a document before it runs anything, so a refused one has had no effect. What it lacks is learned
//! (by introspection, else from the refusal, else all that is only assumed is given up), and a smaller document is sent.
//! Documents are changed as trees, never as text. No verb knows that this exists.

mod binding;
mod bindings;
mod coerce;
mod contract;
mod filter;
mod introspection;
mod lacks;
mod live;
mod memory;
mod probe;
mod propose;
mod trim;
mod wording;

use std::rc::Rc;

use apollo_compiler::ast::{Definition, Document, OperationType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use binding::Wrong;
pub use bindings::Bindings;
pub use coerce::coerce;
pub use filter::Filter;
pub use introspection::{INTROSPECTION, Introspected};
pub use lacks::Lacks;
pub use live::LiveSchema;
pub use memory::{Memory, digest};
pub use probe::{PROBE, probe};
pub use propose::{Proposal, alike, propose};

/// An operation of ours.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The words that people know it by: `keys.generate`.
    pub word: &'static str,
    /// Its name in the document: `KeysGenerate`.
    pub name: &'static str,
    pub document: &'static str,
}

/// A document that a portal may accept, and what had to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    pub document: String,
    /// The operation's name in it, where it has one.
    pub name: Option<String>,
    /// The variables that it declares.
    pub variables: Vec<String>,
    /// The fields that went, by their path below the items: `location.name`.
    pub left_out: Vec<String>,
    pub paging: Paging,
    pub learned: Learned,
    /// What a binding can ask of the items.
    #[serde(skip)]
    pub filters: Vec<Filter>,
}

/// How it became known which document a portal accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Learned {
    /// From the portal's own schema.
    Schema,
    /// From what a refusal points to.
    Refusal,
    /// By giving up all that is only assumed.
    Assumption,
    /// The user said so.
    Binding,
}

impl Fitted {
    /// Sets the variables that ask for items of which this is true.
    pub fn choose(&self, equal: &[(String, String)], variables: &mut Value) {
        let asked = |filter: &Filter| equal.iter().find(|(field, _)| *field == filter.field);
        for filter in &self.filters {
            if let Some(value) = asked(filter).and_then(|(_, text)| filter.value(text)) {
                variables[filter.variable.as_str()] = value;
            }
        }
    }

    /// Returns the variables that it declares, and those with a value that it does not.
    pub fn split(&self, variables: Value) -> (Value, Vec<String>) {
        let Value::Object(members) = variables else { return (variables, Vec::new()) };
        let (declared, others): (Map<_, _>, Map<_, _>) =
            members.into_iter().partition(|(name, _)| self.variables.contains(name));
        let lost = others.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
        (Value::Object(declared), lost)
    }
}

/// What became of the paging of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paging {
    /// The portal has ours, or the operation has none.
    #[default]
    Ours,
    /// The portal has none: one page is all.
    None,
    /// The portal has another: these arguments look like it, and this binding might use them.
    Other { arguments: Vec<String>, proposal: Option<Proposal> },
    /// The portal has not ours, and whether it has another cannot be told.
    Unknown,
}

/// Why nothing smaller can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The operation makes no sense without these: `Query.apiKeys`.
    Lacks(Vec<String>),
    /// Nothing could be learned that would make the document smaller.
    NothingLearned,
}

/// Returns a document with only the wanted fields of its items, by their paths, and those that it cannot do without.
pub fn narrow(operation: Operation, document: &str, wanted: &[String], fitted: Option<&Fitted>) -> Option<Fitted> {
    let mut tree = trim::read(document)?;
    tree.narrow(wanted);
    let (left_out, paging) = fitted.map(|fitted| (fitted.left_out.clone(), fitted.paging.clone())).unwrap_or_default();
    let learned = fitted.map_or(Learned::Schema, |fitted| fitted.learned);
    let (document, name, variables) = (tree.to_string(), Some(operation.name.to_owned()), tree.variables());
    Some(Fitted { document, name, variables, left_out, paging, learned, filters: Vec::new() })
}

/// Returns true if the portal's schema shows no paging for a listing that it accepts in this form.
pub fn has_no_paging(schema: Rc<LiveSchema>, operation: Operation, accepted: &str) -> bool {
    let tree = trim::read(accepted);
    let root = tree.as_ref().and_then(trim::Tree::root_field);
    root.is_some() && Lacks::Schema(schema).paging(operation, root) == Paging::None
}

/// Returns true for a document that changes something, or that cannot be read.
pub fn is_mutation(document: &str) -> bool {
    trim::read(document).is_none_or(|tree| tree.kind() == OperationType::Mutation)
}

/// Returns the variables that a document declares; none of one that cannot be read.
pub fn declared(document: &str) -> Vec<String> {
    let Ok(document) = Document::parse(document, "document.graphql") else { return Vec::new() };
    let operations = document.definitions.iter().filter_map(Definition::as_operation_definition);
    operations.flat_map(|operation| operation.variables.iter().map(|variable| variable.name.to_string())).collect()
}

/// Returns true if any operation of a document changes something; none for what cannot be read.
pub fn has_mutation(document: &str) -> Option<bool> {
    let document = Document::parse(document, "document.graphql").ok()?;
    let mut operations = document.definitions.iter().filter_map(Definition::as_operation_definition);
    Some(operations.any(|operation| operation.operation_type == OperationType::Mutation))
}

/// Returns a document without what `lacks` names, smaller than `sent`, which was refused.
pub fn fit(operation: Operation, sent: &str, lacks: &Lacks) -> Result<Fitted, Unfit> {
    let before = trim::read(sent).ok_or(Unfit::NothingLearned)?;
    let mut after = before.clone();
    trim::trim(&mut after, lacks)?;
    if after.size() >= before.size() {
        return Err(Unfit::NothingLearned);
    }
    let whole = trim::read(operation.document).ok_or(Unfit::NothingLearned)?;
    let (left_out, arguments) = whole.beyond(&after);
    let paging = if left_out.iter().chain(&arguments).any(|name| name == "after") {
        lacks.paging(operation, after.root_field())
    } else {
        Paging::Ours
    };
    let of_items = |name: &String| name != "after" && name != "total";
    let left_out = left_out.into_iter().filter(of_items).collect();
    let (document, name, variables) = (after.to_string(), Some(operation.name.to_owned()), after.variables());
    Ok(Fitted { document, name, variables, left_out, paging, learned: lacks.learned(), filters: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::wording::Named;
    use super::{Fitted, Lacks, Operation, Paging, Unfit, fit};

    const LIST: Operation = Operation {
        word: "devices.list",
        name: "DevicesList",
        document: include_str!("../../../graphql/devices/list.graphql"),
    };
    const REVOKE: Operation = Operation {
        word: "keys.revoke",
        name: "KeysRevoke",
        document: include_str!("../../../graphql/keys/revoke.graphql"),
    };

    fn refused(places: &[(usize, usize)], messages: &[&str]) -> Lacks {
        let named = Named::read(messages.iter().copied());
        Lacks::Refused { places: places.iter().copied().collect(), named }
    }

    fn is_valid(document: &str) -> bool {
        let sdl = include_str!("../../../graphql/schema.graphql");
        let schema = apollo_compiler::Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        apollo_compiler::ExecutableDocument::parse_and_validate(&schema, document, "fitted.graphql").is_ok()
    }

    #[test]
    fn what_is_only_assumed_goes_with_what_used_it() {
        let fitted = fit(LIST, LIST.document, &Lacks::Assumed).unwrap();
        let bare: String = fitted.document.split_whitespace().collect();
        assert_eq!(bare, "queryDevicesList{devices{data{idname}}}");
        assert_eq!((fitted.variables.len(), fitted.left_out.len(), &fitted.paging), (0, 12, &Paging::Unknown));
        assert!(is_valid(&fitted.document));
        assert_eq!(fit(LIST, &fitted.document, &Lacks::Assumed), Err(Unfit::NothingLearned));
    }

    #[test]
    fn a_place_takes_away_the_field_the_argument_or_the_variable_that_stands_there() {
        // `serialNumber` in its line of the fragment, `after` among the arguments.
        let line = |text: &str| LIST.document.lines().position(|line| line.trim() == text).unwrap() + 1;
        let Fitted { document, variables, left_out, .. } =
            fit(LIST, LIST.document, &refused(&[(line("serialNumber"), 7), (2, 26)], &[])).unwrap();
        assert!(!document.contains("serialNumber") && !document.contains("$after") && document.contains("$first"));
        assert_eq!((variables, left_out), (vec!["first".to_owned()], vec!["serialNumber".to_owned()]));
        assert!(is_valid(&document));
        let by_brace = fit(LIST, LIST.document, &refused(&[(line("location {"), 16)], &[])).unwrap();
        assert_eq!(by_brace.left_out, ["location"]);
        let by_variable = fit(LIST, LIST.document, &refused(&[(1, 19)], &[])).unwrap();
        assert_eq!(by_variable.variables, ["after"]);
    }

    #[test]
    fn names_are_enough_where_there_are_no_places() {
        let lacks = refused(
            &[],
            &[
                "Cannot query field \"tags\" on type \"Device\". Did you mean \"name\"?",
                "Unknown argument \"first\" on field \"Query.devices\".",
                "Cannot query field \"id\" on type \"Label\".",
            ],
        );
        let fitted = fit(LIST, LIST.document, &lacks).unwrap();
        assert_eq!((fitted.left_out, fitted.variables), (vec!["tags".to_owned()], vec!["after".to_owned()]));
    }

    #[test]
    fn what_an_operation_makes_no_sense_without_is_named() {
        for (operation, lacks, lacking) in [
            (REVOKE, refused(&[(2, 3)], &[]), "Mutation.revokeApiKey"),
            (REVOKE, refused(&[(2, 16)], &[]), "Mutation.revokeApiKey(id)"),
            (REVOKE, Lacks::Assumed, "Mutation.revokeApiKey"),
            (LIST, refused(&[], &["Field 'data' doesn't exist"]), "DevicePage.data"),
        ] {
            assert_eq!(fit(operation, operation.document, &lacks), Err(Unfit::Lacks(vec![lacking.to_owned()])));
        }
    }
}
