//! The portal's own schema as introspection tells it: the question, the answer, and the definitions that it stands for.
//!
//! What cannot be read is left out: a portal that tells its schema badly still tells something.

use apollo_compiler::ast::{
    Definition, Directive, DirectiveDefinition, DirectiveList, DirectiveLocation, Document, EnumTypeDefinition,
    EnumValueDefinition, FieldDefinition, InputObjectTypeDefinition, InputValueDefinition, InterfaceTypeDefinition,
    ObjectTypeDefinition, OperationType, ScalarTypeDefinition, SchemaDefinition, Type, UnionTypeDefinition, Value,
};
use apollo_compiler::{Name, Node, name};
use serde::Deserialize;

/// The question; in the form of 2016, which every server understands.
pub const INTROSPECTION: &str = "query Introspection { __schema { queryType { name } mutationType { name } \
    subscriptionType { name } types { ...Full } directives { name description locations args { ...Input } } } } \
    fragment Full on __Type { kind name description \
    fields(includeDeprecated: true) { name description args { ...Input } type { ...Ref } isDeprecated deprecationReason } \
    inputFields { ...Input } interfaces { ...Ref } \
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...Ref } } \
    fragment Input on __InputValue { name description type { ...Ref } defaultValue } \
    fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
    ofType { kind name ofType { kind name } } } } } } }";

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
    subscription_type: Option<Named>,
    types: Vec<RawType>,
    #[serde(default)]
    directives: Option<Vec<RawDirective>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawType {
    kind: String,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    fields: Option<Vec<RawField>>,
    #[serde(default)]
    input_fields: Option<Vec<RawInput>>,
    #[serde(default)]
    interfaces: Option<Vec<RawRef>>,
    #[serde(default)]
    enum_values: Option<Vec<RawValue>>,
    #[serde(default)]
    possible_types: Option<Vec<RawRef>>,
}

#[derive(Debug, Deserialize)]
struct RawField {
    #[serde(default)]
    args: Option<Vec<RawInput>>,
    #[serde(rename = "type")]
    ty: RawRef,
    #[serde(flatten)]
    value: RawValue,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawValue {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    is_deprecated: Option<bool>,
    #[serde(default)]
    deprecation_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawInput {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(rename = "type")]
    ty: RawRef,
    #[serde(default)]
    default_value: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RawDirective {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    locations: Vec<String>,
    #[serde(default)]
    args: Option<Vec<RawInput>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRef {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<RawRef>>,
}

impl Introspected {
    /// Returns the definitions, without those that every schema has.
    pub fn document(&self) -> Document {
        let mut document = Document::new();
        document.definitions.extend(self.schema.roots());
        let directives = self.schema.directives.iter().flatten();
        document.definitions.extend(directives.filter_map(RawDirective::definition));
        document.definitions.extend(self.schema.types.iter().filter_map(RawType::definition));
        document
    }
}

impl RawSchema {
    fn roots(&self) -> Option<Definition> {
        let roots = [
            (OperationType::Query, &self.query_type),
            (OperationType::Mutation, &self.mutation_type),
            (OperationType::Subscription, &self.subscription_type),
        ];
        let named = roots.into_iter().filter_map(|(kind, root)| Some((kind, read(&root.as_ref()?.name)?)));
        let root_operations: Vec<_> = named.map(Node::new).collect();
        let directives = DirectiveList::new();
        let schema = SchemaDefinition { description: None, directives, root_operations };
        (!schema.root_operations.is_empty()).then(|| Definition::SchemaDefinition(Node::new(schema)))
    }
}

impl RawType {
    fn definition(&self) -> Option<Definition> {
        if self.name.starts_with("__") || ["Int", "Float", "String", "Boolean", "ID"].contains(&self.name.as_str()) {
            return None;
        }
        let (name, description, directives) = (read(&self.name)?, text(&self.description), DirectiveList::new());
        let names = |of: &Option<Vec<RawRef>>| -> Vec<Name> {
            of.iter().flatten().filter_map(|reference| read(reference.name.as_ref()?)).collect()
        };
        Some(match self.kind.as_str() {
            "SCALAR" => Definition::ScalarTypeDefinition(ScalarTypeDefinition { description, name, directives }.into()),
            "OBJECT" => {
                let (implements_interfaces, fields) = (names(&self.interfaces), self.fields());
                let object = ObjectTypeDefinition { description, name, implements_interfaces, directives, fields };
                Definition::ObjectTypeDefinition(object.into())
            }
            "INTERFACE" => {
                let (implements_interfaces, fields) = (names(&self.interfaces), self.fields());
                let interface =
                    InterfaceTypeDefinition { description, name, implements_interfaces, directives, fields };
                Definition::InterfaceTypeDefinition(interface.into())
            }
            "UNION" => {
                let members = names(&self.possible_types);
                Definition::UnionTypeDefinition(UnionTypeDefinition { description, name, directives, members }.into())
            }
            "ENUM" => {
                let values = self.enum_values.iter().flatten().filter_map(RawValue::definition).collect();
                Definition::EnumTypeDefinition(EnumTypeDefinition { description, name, directives, values }.into())
            }
            "INPUT_OBJECT" => {
                let fields = inputs(&self.input_fields);
                let input = InputObjectTypeDefinition { description, name, directives, fields };
                Definition::InputObjectTypeDefinition(input.into())
            }
            _ => return None,
        })
    }

    fn fields(&self) -> Vec<Node<FieldDefinition>> {
        self.fields.iter().flatten().filter_map(RawField::definition).collect()
    }
}

impl RawField {
    fn definition(&self) -> Option<Node<FieldDefinition>> {
        let (name, ty) = (read(&self.value.name)?, self.ty.read()?);
        let (description, directives) = (text(&self.value.description), self.value.deprecation());
        Some(FieldDefinition { description, name, arguments: inputs(&self.args), ty, directives }.into())
    }
}

impl RawValue {
    fn definition(&self) -> Option<Node<EnumValueDefinition>> {
        let (description, directives) = (text(&self.description), self.deprecation());
        Some(EnumValueDefinition { description, value: read(&self.name)?, directives }.into())
    }

    fn deprecation(&self) -> DirectiveList {
        let mut list = DirectiveList::new();
        if self.is_deprecated == Some(true) {
            let mut deprecated = Directive::new(name!("deprecated"));
            let reason = self.deprecation_reason.as_ref().map(|reason| (name!("reason"), reason.as_str()).into());
            deprecated.arguments.extend(reason);
            list.push(deprecated);
        }
        list
    }
}

impl RawDirective {
    fn definition(&self) -> Option<Definition> {
        if ["skip", "include", "deprecated", "specifiedBy", "oneOf"].contains(&self.name.as_str()) {
            return None;
        }
        let locations: Vec<DirectiveLocation> = self.locations.iter().filter_map(|place| location(place)).collect();
        let (description, arguments) = (text(&self.description), inputs(&self.args));
        // Whether it is repeatable is told by newer servers only.
        let directive =
            DirectiveDefinition { description, name: read(&self.name)?, arguments, repeatable: false, locations };
        Some(Definition::DirectiveDefinition(directive.into()))
    }
}

impl RawInput {
    fn definition(&self) -> Option<Node<InputValueDefinition>> {
        let (name, description, directives) = (read(&self.name)?, text(&self.description), DirectiveList::new());
        let default_value = self.default_value.as_deref().and_then(literal);
        Some(InputValueDefinition { description, name, ty: self.ty.read()?.into(), default_value, directives }.into())
    }
}

impl RawRef {
    fn read(&self) -> Option<Type> {
        match (self.kind.as_str(), &self.of_type) {
            ("NON_NULL", Some(inner)) => Some(inner.read()?.non_null()),
            ("LIST", Some(inner)) => Some(inner.read()?.list()),
            _ => Some(Type::Named(read(self.name.as_ref()?)?)),
        }
    }
}

fn location(name: &str) -> Option<DirectiveLocation> {
    use DirectiveLocation as At;
    let all = [
        At::Query,
        At::Mutation,
        At::Subscription,
        At::Field,
        At::FragmentDefinition,
        At::FragmentSpread,
        At::InlineFragment,
        At::VariableDefinition,
        At::Schema,
        At::Scalar,
        At::Object,
        At::FieldDefinition,
        At::ArgumentDefinition,
        At::Interface,
        At::Union,
        At::Enum,
        At::EnumValue,
        At::InputObject,
        At::InputFieldDefinition,
    ];
    all.into_iter().find(|at| at.name() == name)
}

fn read(name: &str) -> Option<Name> {
    Name::new(name).ok()
}

fn text(description: &Option<String>) -> Option<Node<str>> {
    description.as_deref().filter(|text| !text.is_empty()).map(Node::new_str)
}

fn inputs(raw: &Option<Vec<RawInput>>) -> Vec<Node<InputValueDefinition>> {
    raw.iter().flatten().filter_map(RawInput::definition).collect()
}

/// Reads a value that introspection tells as it is written in a document.
fn literal(text: &str) -> Option<Node<Value>> {
    let document = Document::parse(format!("{{ f(a: {text}) }}"), "default").ok()?;
    let field = document.definitions.first()?.as_operation_definition()?.selection_set.first()?.as_field()?;
    Some(field.arguments.first()?.value.clone())
}
