//! One item by its id: a field that takes an id and returns the type of the listing's items.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};

use super::super::likeness::{ARGUMENTS, best};
use super::super::members::members;
use super::super::remote_schema::RemoteSchema;
use super::wanted::{Found, Wanted};
use super::way::{Way, declared, once_line};

/// Returns the documents that would show the item.
pub fn one(schema: &RemoteSchema, wanted: &Wanted) -> Vec<Found> {
    // An operation without an id does not select one item.
    if !wanted.operation.needs_id() {
        return Vec::new();
    }
    let Some(field) = wanted.tree.operation().selection_set.first().and_then(|field| field.as_field()) else {
        return Vec::new();
    };
    let noun = wanted.field.name.as_str();
    let ways = Way::all(schema).into_iter().filter_map(Way::with_given);
    let found = ways.filter_map(|way| {
        let last = way.last()?;
        let id = id_of(schema, last)?;
        let of_a_node = node(schema, last, noun);
        let item = of_a_node.as_ref().unwrap_or(last);
        let members = members(schema, field, wanted.field, item)?;
        let (score, inner) = match &of_a_node {
            Some(item) => (0.9, format!("{{ ... on {} {members} }}", item.ty.inner_named_type())),
            None => (way.score(noun, last.ty.inner_named_type())?, members),
        };
        let arguments = [(id.name.to_string(), "$id".to_owned())];
        let variables = declared(&[way.once.clone(), vec![("id".to_owned(), id.ty.to_string())]].concat());
        let document = match way.fields.as_slice() {
            [only] => {
                let alias = if only.name == noun { String::new() } else { format!("{noun}: ") };
                format!("query {variables}{{ {alias}{} }}", way.selection(&arguments, &inner))
            }
            _ => {
                let head = format!("# jq: {{{noun}: {}}}\n{}", way.path(), once_line(&way.once));
                format!("{head}query {variables}{{ {} }}", way.selection(&arguments, &inner))
            }
        };
        Some(Found { score, document })
    });
    found.collect()
}

/// Returns the id argument, if the field requires nothing else and returns one item.
fn id_of<'s>(schema: &RemoteSchema, field: &'s FieldDefinition) -> Option<&'s InputValueDefinition> {
    let mut required = field.arguments.iter().filter(|argument| argument.is_required());
    let (only, None) = (required.next()?, required.next()) else { return None };
    let is_one = schema.is_composite(&field.ty) && !field.ty.is_list();
    let is_plain = !schema.is_input_object(&only.ty) && !only.ty.is_list();
    let is_id = best("id", std::iter::once(&**only), |argument| &argument.name, ARGUMENTS, 0.5).is_some()
        || only.name.to_lowercase().ends_with("id");
    (is_one && is_plain && is_id).then_some(&**only)
}

/// Returns the field with the item's type, if it is Relay's `node`, which returns any type with an id.
fn node(schema: &RemoteSchema, field: &FieldDefinition, noun: &str) -> Option<FieldDefinition> {
    let is_any = field.name == "node" && schema.kind(field.ty.inner_named_type())?.is_interface();
    let ty = schema.implementer(field.ty.inner_named_type(), noun).filter(|_| is_any)?;
    Some(FieldDefinition { ty: apollo_compiler::ast::Type::Named(ty), ..field.clone() })
}
