//! The portal's own schema, with the queries that negotiation needs.

use apollo_compiler::ast::{Document, Field, OperationType};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition, InputValueDefinition, Type};
use apollo_compiler::{Name, Schema};

use super::introspection::Introspected;
use super::similarity::{looks_like_filter, looks_like_paging};

/// The portal's schema.
#[derive(Debug)]
pub struct RemoteSchema {
    document: Document,
    schema: Schema,
}

impl From<&Introspected> for RemoteSchema {
    fn from(told: &Introspected) -> RemoteSchema {
        RemoteSchema::of(told.document())
    }
}

impl RemoteSchema {
    /// Takes the definitions.
    pub fn of(document: Document) -> RemoteSchema {
        // A contradiction in one place must not make the rest of the schema unusable.
        let schema = document.to_schema().unwrap_or_else(|errors| errors.partial);
        RemoteSchema { document, schema }
    }

    /// Returns the schema as SDL.
    pub fn sdl(&self) -> String {
        self.document.to_string()
    }

    /// Parses SDL.
    #[cfg(test)]
    pub fn of_sdl(sdl: &str) -> RemoteSchema {
        let document = Document::parse(sdl, "schema.graphql").unwrap();
        let schema = document.to_schema().unwrap();
        RemoteSchema { document, schema }
    }

    /// Returns a type.
    pub fn kind(&self, name: &str) -> Option<&ExtendedType> {
        self.schema.types.get(name)
    }

    /// Returns the names of the possible types of an interface or a union.
    pub fn possible(&self, on: &str) -> impl Iterator<Item = &str> {
        let members = match self.schema.types.get(on) {
            Some(ExtendedType::Union(union)) => union.members.iter().map(|name| name.name.as_str()).collect(),
            Some(ExtendedType::Interface(_)) => {
                let objects = self.schema.types.values().filter_map(|ty| ty.as_object());
                let of_it = objects.filter(|ty| ty.implements_interfaces.iter().any(|known| known.name == *on));
                of_it.map(|ty| ty.name.as_str()).collect()
            }
            _ => Vec::new(),
        };
        members.into_iter()
    }

    /// Returns true for an argument that may be for paging: if it is not known to filter or sort, or if it or one of
    /// its members is named like a paging argument.
    pub fn may_page(&self, argument: &InputValueDefinition) -> bool {
        let kind = self.schema.types.get(argument.ty.inner_named_type());
        let is_of_few_values = argument.ty.inner_named_type() == "Boolean" || kind.is_some_and(|kind| kind.is_enum());
        let chooses = argument.ty.is_list() || is_of_few_values || looks_like_filter(&argument.name);
        self.is_of_paging(argument, 2) || !chooses
    }

    fn is_of_paging(&self, input: &InputValueDefinition, depth: usize) -> bool {
        let members = || self.input_fields(input.ty.inner_named_type()).filter(|_| depth > 0);
        looks_like_paging(&input.name)
            || members().into_iter().flatten().any(|member| self.is_of_paging(member, depth - 1))
    }

    /// Returns the type that implements the interface and has this name, ignoring case.
    pub fn implementer(&self, interface: &str, name: &str) -> Option<Name> {
        let ty = self.schema.types.values().filter_map(|ty| ty.as_object());
        let found = ty.filter(|ty| ty.implements_interfaces.iter().any(|known| known.name == *interface));
        found.map(|ty| &ty.name).find(|known| known.eq_ignore_ascii_case(name)).cloned()
    }

    /// Returns the name of the root type.
    pub fn root(&self, mutation: bool) -> Option<&str> {
        let kind = if mutation { OperationType::Mutation } else { OperationType::Query };
        self.schema.root_operation(kind).map(Name::as_str)
    }

    /// Returns the fields of the root type.
    pub fn root_fields(&self, mutation: bool) -> impl Iterator<Item = &FieldDefinition> {
        self.root(mutation).into_iter().flat_map(|root| self.fields(root))
    }

    /// Returns the fields of a type; none if it has no fields or does not exist.
    pub fn fields(&self, on: &str) -> impl Iterator<Item = &FieldDefinition> {
        self.members(on).into_iter().flat_map(|fields| fields.values()).map(|field| &***field)
    }

    /// Returns a field of a type.
    pub fn field(&self, on: &str, name: &str) -> Option<&FieldDefinition> {
        self.members(on)?.get(name).map(|field| &***field)
    }

    /// Returns the fields of a type that require no argument.
    pub fn free_fields(&self, on: &str) -> impl Iterator<Item = &FieldDefinition> {
        self.fields(on).filter(|field| !field.arguments.iter().any(|argument| argument.is_required()))
    }

    /// Returns a field of a type, if it requires no argument.
    pub fn free_field(&self, on: &str, name: &str) -> Option<&FieldDefinition> {
        self.free_fields(on).find(|field| field.name == name)
    }

    /// Returns the name of a field's type.
    pub fn type_of(&self, on: &str, field: &str) -> Option<&str> {
        Some(self.field(on, field)?.ty.inner_named_type().as_str())
    }

    /// Returns true if the type has fields.
    pub fn is_composite(&self, ty: &Type) -> bool {
        let named = self.schema.types.get(ty.inner_named_type());
        named.is_some_and(|ty| !ty.is_leaf() && !ty.is_input_object())
    }

    /// Returns true if the type is an input object.
    pub fn is_input_object(&self, ty: &Type) -> bool {
        self.input_fields(ty.inner_named_type()).is_some()
    }

    /// Returns the members of an input object; `None` for another type.
    pub fn input_fields(&self, name: &str) -> Option<Vec<&InputValueDefinition>> {
        let object = self.schema.types.get(name)?.as_input_object()?;
        Some(object.fields.values().map(|field| &***field).collect())
    }

    /// Returns true if the field exists, is composite if we select sub-fields, and requires no argument that we do not
    /// pass.
    pub fn is_selectable(&self, on: &str, field: &Field) -> bool {
        let Some(remote) = self.field(on, &field.name) else { return false };
        let given = |name: &Name| field.arguments.iter().any(|ours| ours.name == *name);
        let mut wanted = remote.arguments.iter().filter(|argument| argument.is_required());
        self.is_composite(&remote.ty) != field.selection_set.is_empty() && wanted.all(|argument| given(&argument.name))
    }

    /// Returns true if a field has an argument of this name.
    pub fn has_argument(&self, on: &str, field: &str, argument: &str) -> bool {
        self.field(on, field).is_some_and(|field| field.argument_by_name(argument).is_some())
    }

    fn members(&self, on: &str) -> Option<&IndexMap<Name, Component<FieldDefinition>>> {
        match self.schema.types.get(on)? {
            ExtendedType::Object(object) => Some(&object.fields),
            ExtendedType::Interface(interface) => Some(&interface.fields),
            _ => None,
        }
    }
}
