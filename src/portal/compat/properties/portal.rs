//! A made-up portal: a schema that deviates from the contract, and refusals with the messages of a real server.

use std::sync::LazyLock;

use apollo_compiler::ast::{self, Definition, Selection, Type};
use apollo_compiler::schema::FieldDefinition;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::draw::Draw;
use crate::portal::compat::{INTROSPECTION, Introspected, RemoteSchema};
use crate::portal::graphql::{Envelope, Refusal};
use crate::portal::http::Reply;

const CONTRACT: &str = include_str!("../../../../graphql/schema.graphql");

/// Additional types of the portal.
const FURTHER: &str = "
enum Status { ONLINE OFFLINE }
input Which { id: ID! name: String }
type Payload { key: ApiKey secret: String errors: [String!] }
type Edge { node: Device! cursor: String }
type PageInfo { endCursor: String hasNextPage: Boolean! }
type Connection { edges: [Edge!]! pageInfo: PageInfo! totalCount: Int }
";

/// Names that may replace ours.
const NAMES: [&str; 16] = [
    "fleet",
    "items",
    "nodes",
    "key",
    "value",
    "createApiSecret",
    "deleteApiKey",
    "label",
    "cursor",
    "next",
    "limit",
    "count",
    "edges",
    "uuid",
    "title",
    "device",
];

/// A made-up portal.
pub struct FakePortal {
    document: ast::Document,
    pub schema: Valid<Schema>,
    server: usize,
    /// Whether its errors have locations in the document, and whether they have a code.
    points: bool,
    has_code: bool,
    status: u16,
}

impl FakePortal {
    /// Draws a portal; `None` if the drawn schema is invalid.
    pub fn drawn(draw: &mut Draw<'_>) -> Option<FakePortal> {
        static WHOLE: LazyLock<Option<ast::Document>> =
            LazyLock::new(|| ast::Document::parse(format!("{CONTRACT}{FURTHER}"), "portal.graphql").ok());
        let mut document = WHOLE.clone()?;
        let rate = draw.pick(&[4, 8, 16, 40]);
        for definition in &mut document.definitions {
            if let Definition::ObjectTypeDefinition(object) = definition {
                let fields = std::mem::take(&mut object.make_mut().fields);
                let last = fields.last().cloned();
                let kept: Vec<_> = fields.into_iter().filter_map(|field| changed(field, rate, draw)).collect();
                object.make_mut().fields = if kept.is_empty() { last.into_iter().collect() } else { kept };
            }
        }
        let schema = document.to_schema_validate().ok()?;
        let (server, points, has_code) = (draw.below(MESSAGES.len()), draw.flag(), draw.flag());
        Some(FakePortal { document, schema, server, points, has_code, status: draw.pick(&[400, 200, 422]) })
    }

    /// Returns the schema as if it were read from SDL.
    pub fn shown(&self) -> RemoteSchema {
        RemoteSchema::of(self.document.clone())
    }

    /// Returns the schema as introspection shows it.
    pub fn introspected(&self) -> Option<RemoteSchema> {
        let document =
            ExecutableDocument::parse_and_validate(&self.schema, INTROSPECTION, "introspection.graphql").ok()?;
        let operation =
            document.operations.get(None).or_else(|_| document.operations.get(Some("Introspection"))).ok()?;
        let implementers = self.schema.implementers_map();
        let variables =
            apollo_compiler::request::coerce_variable_values(&self.schema, operation, &Default::default()).ok()?;
        let answer = apollo_compiler::introspection::partial_execute(
            &self.schema,
            &implementers,
            &document,
            operation,
            &variables,
        )
        .ok()?;
        let told: Introspected = serde_json::from_value(serde_json::to_value(answer.data).ok()?).ok()?;
        Some(RemoteSchema::from(&told))
    }

    /// Returns true if the portal accepts a document.
    pub fn accepts(&self, document: &str) -> bool {
        ExecutableDocument::parse_and_validate(&self.schema, document, "sent.graphql").is_ok()
    }

    /// Returns the portal's refusal of a document; `None` if the portal accepts it.
    pub fn refusal(&self, document: &str) -> Option<Refusal> {
        let errors = ExecutableDocument::parse_and_validate(&self.schema, document, "sent.graphql").err()?.errors;
        let mut told = self.problems(document);
        if told.is_empty() {
            told = errors
                .iter()
                .map(|error| {
                    (
                        error.error.to_string(),
                        error.line_column_range().map(|range| (range.start.line, range.start.column)),
                    )
                })
                .collect();
        }
        let errors: Vec<Value> = told.into_iter().map(|(message, at)| self.error(message, at)).collect();
        let body = json!({ "errors": errors }).to_string().into_bytes();
        let reply =
            Reply { origin: String::new(), status: self.status, headers: HeaderMap::new(), request_id: None, body };
        Some(Envelope::open(reply).ok()?.refusal)
    }

    fn error(&self, message: String, at: Option<(usize, usize)>) -> Value {
        let mut error = json!({ "message": message });
        if let (true, Some((line, column))) = (self.points, at) {
            error["locations"] = json!([{"line": line, "column": column}]);
        }
        if self.has_code {
            error["extensions"] = json!({"code": "GRAPHQL_VALIDATION_FAILED"});
        }
        error
    }

    /// Returns the problems with a document's fields, in the messages of the server, with locations.
    fn problems(&self, document: &str) -> Vec<(String, Option<(usize, usize)>)> {
        let Ok(parsed) = ast::Document::parse(document, "sent.graphql") else { return Vec::new() };
        let mut problems = Vec::new();
        for operation in parsed.definitions.iter().filter_map(Definition::as_operation_definition) {
            if let Some(root) = self.schema.root_operation(operation.operation_type) {
                self.look(&parsed, root, &operation.selection_set, &mut problems, 0);
            }
        }
        problems
    }

    fn look(
        &self,
        document: &ast::Document,
        on: &Name,
        selections: &[Selection],
        problems: &mut Vec<(String, Option<(usize, usize)>)>,
        depth: usize,
    ) {
        let words = &MESSAGES[self.server];
        for selection in selections {
            let Selection::Field(field) = selection else {
                if let (Selection::FragmentSpread(spread), true) = (selection, depth < 9) {
                    let fragment = document.definitions.iter().find_map(|definition| match definition {
                        Definition::FragmentDefinition(fragment) if fragment.name == spread.fragment_name => {
                            Some(fragment)
                        }
                        _ => None,
                    });
                    fragment
                        .iter()
                        .for_each(|fragment| self.look(document, on, &fragment.selection_set, problems, depth + 1));
                }
                continue;
            };
            let place = |node: Option<apollo_compiler::parser::SourceSpan>| {
                let start = node?.line_column_range(&document.sources)?.start;
                Some((start.line, start.column))
            };
            let at = place(field.location());
            let put = |text: &str, argument: &str, ty: &str| {
                text.replace("FIELD", &field.name)
                    .replace("TYPE", on)
                    .replace("ARGUMENT", argument)
                    .replace("OTHER", ty)
            };
            let Ok(definition) = self.schema.type_field(on, &field.name) else {
                problems.push((put(words[0], "", ""), at));
                continue;
            };
            for argument in &field.arguments {
                if definition.argument_by_name(&argument.name).is_none() {
                    problems.push((put(words[1], &argument.name, ""), place(argument.location())));
                }
            }
            for wanted in definition.arguments.iter().filter(|wanted| wanted.is_required()) {
                if !field.arguments.iter().any(|given| given.name == wanted.name) {
                    problems.push((put(words[2], &wanted.name, &wanted.ty.to_string()), at));
                }
            }
            let inner = definition.ty.inner_named_type();
            let is_leaf = self.schema.types.get(inner).is_none_or(|ty| ty.is_leaf());
            match (is_leaf, field.selection_set.is_empty()) {
                (true, false) => problems.push((put(words[3], "", inner), at)),
                (false, true) => problems.push((put(words[4], "", inner), at)),
                _ => self.look(document, inner, &field.selection_set, problems, depth + 1),
            }
        }
    }
}

/// The messages of servers for: unknown field, unknown argument, missing argument, selection set on a scalar, no
/// selection set on an object.
const MESSAGES: [[&str; 5]; 8] = [
    // graphql-js, Apollo Server, gqlgen
    [
        "Cannot query field \"FIELD\" on type \"TYPE\". Did you mean \"name\" or \"id\"?",
        "Unknown argument \"ARGUMENT\" on field \"TYPE.FIELD\".",
        "Field \"FIELD\" argument \"ARGUMENT\" of type \"OTHER\" is required, but it was not provided.",
        "Field \"FIELD\" must not have a selection since type \"OTHER\" has no subfields.",
        "Field \"FIELD\" of type \"OTHER\" must have a selection of subfields. Did you mean \"FIELD { ... }\"?",
    ],
    // async-graphql
    [
        "Unknown field \"FIELD\" on type \"TYPE\".",
        "Unknown argument \"ARGUMENT\" on field \"FIELD\" of type \"TYPE\".",
        "Field \"FIELD\" argument \"ARGUMENT\" of type \"TYPE\" is required but not provided",
        "Field \"FIELD\" must not have a selection since type \"OTHER\" has no subfields",
        "Field \"FIELD\" of type \"OTHER\" must have a selection of subfields",
    ],
    // Hot Chocolate
    [
        "The field `FIELD` does not exist on the type `TYPE`.",
        "The argument `ARGUMENT` does not exist.",
        "The argument `ARGUMENT` is required.",
        "`FIELD` returns a scalar value. Selections on scalars or enums fields are not allowed.",
        "`FIELD` is an object, interface or union type field. Leaf selections on objects are not allowed.",
    ],
    // graphql-ruby
    [
        "Field 'FIELD' doesn't exist on type 'TYPE'",
        "Field 'FIELD' doesn't accept argument 'ARGUMENT'",
        "Field 'FIELD' is missing required arguments: ARGUMENT",
        "Selections can't be made on scalars (field 'FIELD' returns OTHER but has selections [\"id\"])",
        "Field must have selections (field 'FIELD' returns OTHER but has no selections. Did you mean 'FIELD { ... }'?)",
    ],
    // graphql-java
    [
        "Validation error (FieldUndefined@[devices/FIELD]) : Field 'FIELD' in type 'TYPE' is undefined",
        "Validation error (UnknownArgument@[FIELD]) : Unknown field argument 'ARGUMENT'",
        "Validation error (MissingFieldArgument@[FIELD]) : Missing field argument 'ARGUMENT'",
        "Validation error (SubselectionNotAllowed@[FIELD]) : Subselection not allowed on leaf type 'OTHER' of field 'FIELD'",
        "Validation error (SubselectionRequired@[FIELD]) : Subselection required for type 'OTHER' of field 'FIELD'",
    ],
    // Hasura
    [
        "field 'FIELD' not found in type: 'TYPE'",
        "'FIELD' has no argument named 'ARGUMENT'",
        "missing required field 'ARGUMENT'",
        "unexpected subselection set for non-object field",
        "missing selection set for 'OTHER'",
    ],
    // Servers that say little.
    ["Bad request", "Bad request", "Bad request", "Bad request", "Bad request"],
    ["", "ARGUMENT", "ARGUMENT", "FIELD", "FIELD"],
];

/// Changes a field of the contract at random; returns `None` to remove it.
fn changed(mut field: Node<FieldDefinition>, rate: usize, draw: &mut Draw<'_>) -> Option<Node<FieldDefinition>> {
    if draw.once_in(rate) {
        return None;
    }
    let own = field.make_mut();
    let arguments = std::mem::take(&mut own.arguments);
    for mut argument in arguments {
        if draw.once_in(rate) {
            continue;
        }
        if draw.once_in(rate * 2) {
            argument.make_mut().ty = Node::new(retyped(&argument.ty, draw));
        }
        if draw.once_in(rate * 4) {
            argument.make_mut().name = Name::new(draw.pick(&NAMES)).ok()?;
        }
        own.arguments.push(argument);
    }
    if draw.once_in(rate * 4) {
        let ty = if draw.flag() { apollo_compiler::ty!(ID!) } else { apollo_compiler::ty!(Which) };
        let name = draw.pick(&["site", "input", "org", "page", "limit"]);
        own.arguments.push(Node::new(ast::InputValueDefinition {
            description: None,
            name: Name::new(name).ok()?,
            ty: Node::new(ty),
            default_value: None,
            directives: Default::default(),
        }));
    }
    if draw.once_in(rate * 2) {
        own.ty = retyped(&own.ty, draw);
    }
    if draw.once_in(rate * 2) {
        own.name = Name::new(draw.pick(&NAMES)).ok()?;
    }
    Some(field)
}

/// Returns another type in place of one.
fn retyped(ty: &Type, draw: &mut Draw<'_>) -> Type {
    match draw.below(8) {
        0 => ty.clone().non_null(),
        1 => ty.clone().nullable(),
        2 => ty.clone().list(),
        3 if ty.is_list() => ty.item_type().clone(),
        4 => apollo_compiler::ty!(Status),
        5 => apollo_compiler::ty!(Connection),
        6 => apollo_compiler::ty!(Int),
        _ => apollo_compiler::ty!(String),
    }
}
