//! Matches the members of our types with those of the portal's types, and writes a selection set with our names as
//! aliases.

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FieldDefinition, Selection, Type};

use super::contract;
use super::remote_schema::RemoteSchema;
use super::similarity::{MEMBERS, best};

/// Writes the selection set with our names; `None` if a required member is missing.
pub fn members(schema: &RemoteSchema, field: &Field, ours: &FieldDefinition, live: &FieldDefinition) -> Option<String> {
    let (on, live_on) = (ours.ty.inner_named_type(), live.ty.inner_named_type());
    let mut written = Vec::new();
    for wanted in field.selection_set.iter().filter_map(Selection::as_field) {
        let definition = contract::field(on, &wanted.name)?;
        let optional = contract::is_optional(on, &wanted.name);
        let fits = |live: &&FieldDefinition| {
            schema.is_composite(&live.ty) != wanted.selection_set.is_empty()
                && contract::lists(&live.ty) == contract::lists(&definition.ty)
                && (!wanted.selection_set.is_empty() || is_compatible(&definition.ty, &live.ty))
                && !live.arguments.iter().any(|argument| argument.is_required())
        };
        // An optional member with a doubtful name is better omitted.
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

/// Returns true if our type and the portal's can represent each other's values.
pub fn is_compatible(ours: &Type, live: &Type) -> bool {
    let is_text = |name: &str| !["Int", "Float", "Boolean"].contains(&name);
    let (ours, theirs) = (ours.inner_named_type().as_str(), live.inner_named_type().as_str());
    // A time may be a number. An id may be a number: it is decoded as text, and sent as its declared type.
    !live.is_list()
        && (ours == theirs
            || ours == "ID" && theirs == "Int"
            || is_text(ours) && is_text(theirs)
            || ours == "DateTime" && theirs != "Boolean")
}
