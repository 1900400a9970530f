//! A value of a wrong type at every place of every typed answer, generated from the documents and the contract.
//! `verdicts` has the expected results. It must not know how the client decodes.

use std::fs;
use std::path::Path;

use apollo_compiler::ast::{Definition, Document, OperationDefinition, Selection, Type};
use serde_json::Value;

/// The values, as JSON.
pub const VALUES: [&str; 12] =
    ["null", "true", "0", "-1", "1e400", "NaN", "\"\"", "\"x\"", "\"\\ud83d\"", "[]", "{}", "[null]"];

/// One value of each kind.
pub const CHOSEN: [&str; 4] = ["null", "1e400", "\"x\"", "{}"];

/// The commands that show the answer of an operation.
pub const COMMANDS: [(&str, &str); 6] = [
    ("AuthViewer", "auth status"),
    ("DevicesList", "devices list -o json"),
    ("DevicesShow", "devices show"),
    ("KeysList", "keys list"),
    ("KeysGenerate", "keys generate"),
    ("KeysRevoke", "keys revoke"),
];

/// A place in an answer.
#[derive(Clone, Debug)]
pub struct Place {
    pub operation: String,
    /// The steps; `0` is the first item of a list.
    pub path: Vec<String>,
}

impl Place {
    /// Returns the path as a person writes it: `devices.data[].id`.
    pub fn name(&self) -> String {
        self.path.join(".").replace(".0", "[]")
    }

    /// Returns the honest answer with this value at the place.
    pub fn put(&self, value: &str, honest: &str) -> Vec<u8> {
        let Ok(mut answer) = serde_json::from_str::<Value>(honest) else { return honest.into() };
        let pointer = format!("/data/{}", self.path.join("/"));
        if let Some(place) = answer.pointer_mut(&pointer) {
            *place = "@here@".into();
        }
        answer.to_string().replace("\"@here@\"", value).into()
    }
}

/// Returns all places of all operations.
pub fn places() -> Vec<Place> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql");
    let read = |path: &Path| {
        Document::parse(fs::read_to_string(path).expect("a document"), "document").expect("a valid document")
    };
    let contract = read(&root.join("schema.graphql"));
    let mut places = Vec::new();
    for file in ["auth/viewer", "devices/list", "devices/show", "keys/list", "keys/generate", "keys/revoke"] {
        let document = read(&root.join(format!("{file}.graphql")));
        for definition in &document.definitions {
            let Definition::OperationDefinition(operation) = definition else { continue };
            let on = if operation.operation_type.to_string() == "mutation" { "Mutation" } else { "Query" };
            walk(&contract, operation, on, &operation.selection_set, &[], &mut places);
        }
    }
    places
}

fn walk(
    contract: &Document,
    operation: &OperationDefinition,
    on: &str,
    selections: &[Selection],
    path: &[String],
    places: &mut Vec<Place>,
) {
    for field in selections.iter().filter_map(Selection::as_field) {
        let mut ty = ty(contract, on, &field.name);
        let mut path = [path, &[field.name.to_string()]].concat();
        loop {
            let operation = operation.name.as_ref().map(ToString::to_string).unwrap_or_default();
            places.push(Place { operation, path: path.clone() });
            if !ty.is_list() {
                break;
            }
            ty = ty.item_type().clone();
            path.push("0".to_owned());
        }
        walk(contract, operation, ty.inner_named_type(), &field.selection_set, &path, places);
    }
}

fn ty(contract: &Document, on: &str, field: &str) -> Type {
    let fields = contract.definitions.iter().find_map(|definition| match definition {
        Definition::ObjectTypeDefinition(object) if object.name == on => Some(&object.fields),
        _ => None,
    });
    let field = fields.and_then(|fields| fields.iter().find(|known| known.name == field));
    field.expect("the contract has it").ty.clone()
}
