//! Queries on the contract for negotiation: which parts may be null, and which are documented.

use std::sync::LazyLock;

use apollo_compiler::Schema;
use apollo_compiler::ast::{OperationType, Type};
use apollo_compiler::schema::{ExtendedType, FieldDefinition};

static SCHEMA: LazyLock<Option<Schema>> =
    LazyLock::new(|| Schema::parse(include_str!("../../../graphql/schema.graphql"), "schema.graphql").ok());

/// Returns the name of the root type for an operation type.
pub fn root(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// Returns true if the contract has a type of this name.
pub fn is_type(name: &str) -> bool {
    SCHEMA.as_ref().is_some_and(|schema| schema.types.contains_key(name))
}

/// Returns a field of a type of the contract.
pub fn field(on: &str, name: &str) -> Option<&'static FieldDefinition> {
    match SCHEMA.as_ref()?.types.get(on)? {
        ExtendedType::Object(object) => object.fields.get(name).map(|field| &***field),
        _ => None,
    }
}

/// Returns the number of lists around a type: an element of a list of lists is no item of a list.
pub fn lists(ty: &Type) -> usize {
    if ty.is_list() { 1 + lists(ty.item_type()) } else { 0 }
}

/// Returns true if the contract allows the field to be absent.
pub fn is_optional(on: &str, name: &str) -> bool {
    // The list of a page is nullable, but a listing without it would look like an empty one.
    name != "data" && field(on, name).is_some_and(|field| !field.ty.is_non_null())
}

/// Returns true if the portal's public documentation shows the field.
pub fn is_documented(on: &str, name: &str) -> bool {
    field(on, name).is_some_and(|field| field.directives.has("documented"))
}

/// Returns true if the portal's public documentation shows the argument.
pub fn is_argument_documented(on: &str, name: &str, argument: &str) -> bool {
    let argument = field(on, name).and_then(|field| field.argument_by_name(argument));
    argument.is_some_and(|argument| argument.directives.has("documented"))
}

/// Returns true if the contract allows the argument to be omitted.
pub fn is_argument_optional(on: &str, name: &str, argument: &str) -> bool {
    let argument = field(on, name).and_then(|field| field.argument_by_name(argument));
    argument.is_some_and(|argument| !argument.ty.is_non_null())
}
