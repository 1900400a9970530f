//! One item by its id: a field that takes an id and returns the type of the listing's items.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};

use super::super::members::members;
use super::super::remote_schema::RemoteSchema;
use super::super::similarity::{ARGUMENTS, best};
use super::field_path::{FieldPath, declared, once_line};
use super::target::{Candidate, Target};

/// Returns the documents that would show the item.
pub fn one(schema: &RemoteSchema, target: &Target) -> Vec<Candidate> {
    // An operation without an id does not select one item.
    if !target.operation.needs_id() {
        return Vec::new();
    }
    let Some(field) = target.tree.operation().selection_set.first().and_then(|field| field.as_field()) else {
        return Vec::new();
    };
    let noun = target.field.name.as_str();
    let field_paths = FieldPath::all(schema).into_iter().filter_map(FieldPath::with_given);
    let found = field_paths.filter_map(|field_path| {
        let last = field_path.last()?;
        let id = id_of(schema, last)?;
        let of_a_node = node(schema, last, noun);
        let item = of_a_node.as_ref().unwrap_or(last);
        let members = members(schema, field, target.field, item)?;
        let (score, inner) = match &of_a_node {
            Some(item) => (0.9, format!("{{ ... on {} {members} }}", item.ty.inner_named_type())),
            None => (field_path.score(noun, last.ty.inner_named_type())?, members),
        };
        let arguments = [(id.name.to_string(), "$id".to_owned())];
        let variables = declared(&[field_path.once.clone(), vec![("id".to_owned(), id.ty.to_string())]].concat());
        let document = match field_path.fields.as_slice() {
            [only] => {
                let alias = if only.name == noun { String::new() } else { format!("{noun}: ") };
                format!("query {variables}{{ {alias}{} }}", field_path.selection(&arguments, &inner))
            }
            _ => {
                let head = format!("# jq: {{{noun}: {}}}\n{}", field_path.path(), once_line(&field_path.once));
                format!("{head}query {variables}{{ {} }}", field_path.selection(&arguments, &inner))
            }
        };
        Some(Candidate { score, document })
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
