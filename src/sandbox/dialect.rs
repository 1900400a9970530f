//! The schema that the sandbox serves: the contract itself, or only its documented part.
//!
//! It knows the directives of the contract, and no particular type or field.

use std::collections::HashSet;

use apollo_compiler::Schema;
use apollo_compiler::schema::{ExtendedType, Name};
use apollo_compiler::validation::Valid;

use super::{Dialect, Error};

const CONTRACT: &str = include_str!("../../graphql/schema.graphql");

/// Marks a field or argument that the portal's public documentation shows.
const MARK: &str = "documented";

/// Returns the schema of a dialect.
pub(super) fn schema(dialect: Dialect) -> Result<Valid<Schema>, Error> {
    let mut schema =
        Schema::parse(CONTRACT, "schema.graphql").map_err(|invalid| Error::Contract(invalid.errors.to_string()))?;
    if dialect == Dialect::Documented {
        keep_documented(&mut schema);
    }
    schema.validate().map_err(|invalid| Error::Contract(invalid.errors.to_string()))
}

fn keep_documented(schema: &mut Schema) {
    for kind in schema.types.values_mut().filter(|kind| !kind.is_built_in()) {
        let ExtendedType::Object(object) = kind else { continue };
        let fields = &mut object.make_mut().fields;
        fields.retain(|_, field| field.directives.has(MARK));
        for field in fields.values_mut() {
            field.make_mut().arguments.retain(|argument| argument.directives.has(MARK));
        }
    }
    // No mutation is documented, and a root type without fields is invalid.
    schema.schema_definition.make_mut().mutation = None;
    let used = used_types(schema);
    schema.types.retain(|name, kind| kind.is_built_in() || used.contains(name));
}

/// Returns the names of the types that a query can reach.
fn used_types(schema: &Schema) -> HashSet<Name> {
    let mut used = HashSet::new();
    let mut open: Vec<Name> = schema.schema_definition.query.iter().map(|query| query.name.clone()).collect();
    while let Some(name) = open.pop() {
        for field in schema.get_object(&name).iter().flat_map(|object| object.fields.values()) {
            open.extend(field.arguments.iter().map(|argument| argument.ty.inner_named_type().clone()));
            open.push(field.ty.inner_named_type().clone());
        }
        used.insert(name);
        open.retain(|name| !used.contains(name));
    }
    used
}

#[cfg(test)]
mod tests {
    use super::{CONTRACT, Dialect, ExtendedType, Schema, schema};

    #[test]
    fn documented_leaves_exactly_the_documented_query() {
        let schema = schema(Dialect::Documented).unwrap();
        let fields: Vec<String> = schema
            .types
            .iter()
            .filter(|(_, kind)| !kind.is_built_in())
            .flat_map(|(name, kind)| kind.as_object().unwrap().fields.values().map(move |field| (name, field)))
            .map(|(name, field)| format!("{name}.{}/{}", field.name, field.arguments.len()))
            .collect();
        assert_eq!(fields, ["Query.devices/0", "DevicePage.data/0", "Device.id/0", "Device.name/0"]);
        assert!(schema.schema_definition.mutation.is_none());
    }

    #[test]
    fn full_is_the_contract() {
        let fields = |schema: &Schema| -> Vec<usize> {
            let objects = schema.types.values().filter_map(ExtendedType::as_object);
            objects.map(|object| object.fields.len()).collect()
        };
        assert_eq!(
            fields(&schema(Dialect::Full).unwrap()),
            fields(&Schema::parse(CONTRACT, "schema.graphql").unwrap())
        );
    }
}
