//! The members of a type of ours, each looked for among those of a type of the portal's, under the name that we read it by.

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FieldDefinition, Selection, Type};

use super::contract;
use super::likeness::{MEMBERS, best};
use super::remote_schema::RemoteSchema;

/// Writes the members, each under the name that we read it by; none where one is lacking that we cannot do without.
pub fn members(schema: &RemoteSchema, field: &Field, ours: &FieldDefinition, live: &FieldDefinition) -> Option<String> {
    let (on, live_on) = (ours.ty.inner_named_type(), live.ty.inner_named_type());
    let mut written = Vec::new();
    for wanted in field.selection_set.iter().filter_map(Selection::as_field) {
        let definition = contract::field(on, &wanted.name)?;
        let optional = contract::is_optional(on, &wanted.name);
        let fits = |live: &&FieldDefinition| {
            schema.is_composite(&live.ty) != wanted.selection_set.is_empty()
                && contract::lists(&live.ty) == contract::lists(&definition.ty)
                && (!wanted.selection_set.is_empty() || takes(&definition.ty, &live.ty))
                && !live.arguments.iter().any(|argument| argument.is_required())
        };
        // A nicety under a doubtful name is better left out.
        let least = if optional { 0.6 } else { 0.5 };
        let found = best(&wanted.name, schema.fields(live_on).filter(fits), |live| &live.name, MEMBERS, least);
        let text = found.and_then(|live| member(schema, wanted, definition, live));
        match text {
            Some(text) => written.push(text),
            None if optional => {}
            None => return None,
        }
    }
    (!written.is_empty()).then(|| format!("{{ {} }}", written.join(" ")))
}

fn member(
    schema: &RemoteSchema,
    wanted: &Node<Field>,
    definition: &FieldDefinition,
    live: &FieldDefinition,
) -> Option<String> {
    let name = if live.name == wanted.name { live.name.to_string() } else { format!("{}: {}", wanted.name, live.name) };
    if wanted.selection_set.is_empty() {
        return Some(name);
    }
    Some(format!("{name} {}", members(schema, wanted, definition, live)?))
}

/// Returns true if a value of our type can stand where the portal has one of its, and the other way round.
pub fn takes(ours: &Type, live: &Type) -> bool {
    let is_text = |name: &str| !["Int", "Float", "Boolean"].contains(&name);
    let (ours, theirs) = (ours.inner_named_type().as_str(), live.inner_named_type().as_str());
    // A time may be a number.
    // An id may be a number: it is read as text, and sent as what it is declared as.
    !live.is_list()
        && (ours == theirs
            || ours == "ID" && theirs == "Int"
            || is_text(ours) && is_text(theirs)
            || ours == "DateTime" && theirs != "Boolean")
}
