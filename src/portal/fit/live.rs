//! The portal's own schema, as introspection tells it: only what fitting needs of it.

use std::collections::HashMap;

use apollo_compiler::ast::Field;
use serde::Deserialize;

/// The question that brings it: types, fields, arguments and the names of their types.
pub const INTROSPECTION: &str = "query Introspection { __schema { queryType { name } mutationType { name } types { name \
    kind fields(includeDeprecated: true) { name args { name defaultValue type { ...T } } type { ...T } } } } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

/// What `data` of the answer holds.
#[derive(Debug, Deserialize)]
pub struct Introspected {
    #[serde(rename = "__schema")]
    schema: RawSchema,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSchema {
    query_type: Option<Named>,
    mutation_type: Option<Named>,
    types: Vec<RawType>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
struct RawType {
    name: String,
    #[serde(default)]
    fields: Option<Vec<LiveField>>,
}

/// A field of the portal's.
#[derive(Debug, Deserialize)]
pub struct LiveField {
    pub name: String,
    #[serde(default)]
    pub args: Vec<LiveArgument>,
    #[serde(rename = "type")]
    pub ty: LiveType,
}

/// An argument of the portal's.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveArgument {
    pub name: String,
    #[serde(default)]
    default_value: Option<String>,
    #[serde(rename = "type")]
    pub ty: LiveType,
}

/// A type, wrapped as the portal wraps it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveType {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<LiveType>>,
}

/// The portal's schema.
#[derive(Debug)]
pub struct LiveSchema {
    query: Option<String>,
    mutation: Option<String>,
    types: HashMap<String, Vec<LiveField>>,
}

impl From<Introspected> for LiveSchema {
    fn from(Introspected { schema }: Introspected) -> LiveSchema {
        let types = schema.types.into_iter().filter_map(|ty| Some((ty.name, ty.fields?))).collect();
        LiveSchema {
            query: schema.query_type.map(|ty| ty.name),
            mutation: schema.mutation_type.map(|ty| ty.name),
            types,
        }
    }
}

impl LiveType {
    /// Returns the name at the core: `Device` of `[Device!]!`.
    fn core(&self) -> &LiveType {
        self.of_type.as_ref().map_or(self, |inner| inner.core())
    }

    fn is_composite(&self) -> bool {
        matches!(self.core().kind.as_str(), "OBJECT" | "INTERFACE" | "UNION")
    }

    fn is_required(&self) -> bool {
        self.kind == "NON_NULL"
    }
}

impl LiveSchema {
    /// Returns the name of the root type.
    pub fn root(&self, mutation: bool) -> Option<&str> {
        if mutation { self.mutation.as_deref() } else { self.query.as_deref() }
    }

    /// Returns the fields of the root type, for those who look for what looks alike.
    pub fn root_fields(&self, mutation: bool) -> &[LiveField] {
        let fields = self.root(mutation).and_then(|root| self.types.get(root));
        fields.map_or(&[], Vec::as_slice)
    }

    /// Returns the name of a field's type.
    pub fn type_of(&self, on: &str, field: &str) -> Option<&str> {
        self.field(on, field)?.ty.core().name.as_deref()
    }

    /// Returns true if the field is there, has parts where we ask for parts, and wants no argument that we do not give.
    pub fn can_be_asked(&self, on: &str, field: &Field) -> bool {
        let Some(live) = self.field(on, &field.name) else { return false };
        let given = |argument: &LiveArgument| field.arguments.iter().any(|ours| *ours.name == *argument.name);
        let wants_more =
            |argument: &LiveArgument| argument.ty.is_required() && argument.default_value.is_none() && !given(argument);
        live.ty.is_composite() != field.selection_set.is_empty() && !live.args.iter().any(wants_more)
    }

    /// Returns true if a field has an argument of this name.
    pub fn has_argument(&self, on: &str, field: &str, argument: &str) -> bool {
        self.field(on, field).is_some_and(|field| field.args.iter().any(|known| known.name == argument))
    }

    fn field(&self, on: &str, name: &str) -> Option<&LiveField> {
        self.types.get(on)?.iter().find(|field| field.name == name)
    }
}
