//! The dry run of a binding: applies it to a response with made-up values of the right types, as the portal's schema
//! defines them, before the binding is used.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, Field, Selection};
use apollo_compiler::schema::{ExtendedType, Type};
use serde_json::{Map, Value, json};

use super::ast::{self, OperationAst, inline_fragments};
use super::coerce::coerce;
use super::document::CompatDocument;
use super::pager::Pager;
use super::remote_schema::RemoteSchema;
use crate::portal::operation::Operation;

/// The result of a dry run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// The members of the contract that the binding does not give.
    pub absent: Vec<String>,
    /// Paths in the portal's response that may be null, and then the binding gives nothing.
    pub fragile: Vec<String>,
}

/// Tries a binding on a made-up response. The error says what the binding does not give; `None` means that the schema
/// does not show enough.
pub fn dry_run(schema: &RemoteSchema, operation: Operation, bound: &CompatDocument) -> Option<Result<DryRun, String>> {
    let document = Document::parse(&*bound.document, "binding.graphql").ok()?;
    let theirs = document.definitions.iter().find_map(Definition::as_operation_definition)?;
    let selections = inline_fragments(&theirs.selection_set, &document);
    let mut sample = Sample { schema, nullable: Vec::new(), is_certain: true };
    let answer = sample.object(schema.root(operation.is_mutation())?, &selections, "")?;
    // Checked first: even if the items may be of several types, the values beside them are certain.
    if let Some(word) = silent_keyword(bound, &answer) {
        return Some(Err(format!("its `{word}` gives nothing")));
    }
    let absent = match mapped_members(bound, operation, &answer, true) {
        Ok(absent) => absent,
        // No schema shows what a custom scalar contains, or which of several types is returned.
        Err(_) if !sample.is_certain => return None,
        Err(problem) => return Some(Err(problem)),
    };
    // The last page has no next cursor, so do not require one.
    let mut unpaged = bound.clone();
    unpaged.mapping.iter_mut().for_each(|mapping| mapping.pager = None);
    let is_needed = |pointer: &String| {
        let mut answer = answer.clone();
        if let Some(place) = answer.pointer_mut(pointer) {
            *place = Value::Null;
        }
        mapped_members(&unpaged, operation, &answer, false).is_err()
    };
    let fragile = sample.nullable.iter().filter(|pointer| is_needed(pointer)).map(|pointer| plain(pointer)).collect();
    Some(Ok(DryRun { absent, fragile }))
}

/// The variables of the made-up request.
fn variables(bound: &CompatDocument) -> Value {
    Value::Object(bound.variables.iter().map(|name| (name.clone(), json!("1"))).collect())
}

/// Returns a line of the head that gives nothing even on a complete response.
fn silent_keyword(bound: &CompatDocument, answer: &Value) -> Option<&'static str> {
    // A missing cursor is checked elsewhere.
    let mut unpaged = bound.mapping.clone()?;
    unpaged.pager = None;
    let mapped = unpaged.apply(&answer.to_string(), &variables(bound), None).ok()?;
    mapped.silent.first().copied()
}

/// Maps a response to our data, and returns the absent members.
fn mapped_members(
    bound: &CompatDocument,
    operation: Operation,
    answer: &Value,
    is_whole: bool,
) -> Result<Vec<String>, String> {
    let (mut data, absent) = match &bound.mapping {
        None => (answer.clone(), bound.omitted.clone()),
        Some(mapping) => {
            let mapped = mapping.apply(&answer.to_string(), &variables(bound), None)?;
            (mapped.data, mapped.absent)
        }
    };
    let missing = |path: String| match path.as_str() {
        "" => "it makes no data of ours".to_owned(),
        path => format!("it gives no `{path}`"),
    };
    coerce(&mut data, operation).map_err(missing)?;
    let ours = ast::parse(operation.document);
    let name = ours.as_ref().and_then(OperationAst::root_field).unwrap_or_default();
    let Some(root) = data.get(name).filter(|root| !root.is_null()) else {
        return Err("it gives nothing of ours".to_owned());
    };
    // The made-up response has an item in each list.
    let is_page = ours.as_ref().is_some_and(|ours| !ours.fields().is_empty());
    let has_items = root.get("data").and_then(Value::as_array).is_some_and(|items| !items.is_empty());
    if is_page && !has_items {
        return Err(format!("it gives no `{name}.data`"));
    }
    // The made-up response says that there are more pages.
    let pager = bound.mapping.as_ref().and_then(|mapping| mapping.pager.as_ref());
    let has_next = root.get("after").is_some_and(|after| !after.is_null());
    if is_whole && pager.is_some_and(Pager::is_by_cursor) && !has_next {
        return Err("it gives no next cursor".to_owned());
    }
    Ok(absent)
}

/// Converts `/fleet/edges/0/node/id` to `fleet.edges.node.id`.
fn plain(pointer: &str) -> String {
    let steps = pointer.split('/').filter(|step| !step.is_empty() && *step != "0");
    steps.collect::<Vec<_>>().join(".")
}

struct Sample<'s> {
    schema: &'s RemoteSchema,
    /// JSON pointers to the nullable values.
    nullable: Vec<String>,
    /// False once a value was made up that the schema does not define.
    is_certain: bool,
}

impl Sample<'_> {
    fn object(&mut self, on: &str, selections: &[Selection], pointer: &str) -> Option<Value> {
        let mut members = Map::new();
        for field in selections.iter().filter_map(Selection::as_field) {
            let name = field.response_name().to_string();
            if field.name == "__typename" {
                self.is_certain &= self.schema.kind(on).is_some_and(ExtendedType::is_object);
                members.insert(name, on.into());
                continue;
            }
            let own = self.schema.field(on, &field.name);
            self.is_certain &= own.is_some();
            // A field that is selected on one of several types is defined by that type.
            let of_one = || self.schema.possible(on).find_map(|on| self.schema.field(on, &field.name));
            let Some(ty) = own.or_else(of_one).map(|live| live.ty.clone()) else { continue };
            let value = self.value(&ty, field, &format!("{pointer}/{name}"))?;
            match (members.get_mut(&name), value) {
                (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
                (_, value) => drop(members.insert(name, value)),
            }
        }
        Some(Value::Object(members))
    }

    fn value(&mut self, ty: &Type, field: &Node<Field>, pointer: &str) -> Option<Value> {
        if ty.is_list() {
            return Some(Value::Array(vec![self.value(ty.item_type(), field, &format!("{pointer}/0"))?]));
        }
        let named = ty.inner_named_type().as_str();
        if !field.selection_set.is_empty() {
            return self.object(named, &field.selection_set, pointer);
        }
        // Only scalars are recorded: people expect that an object may be null, but not that a value may be.
        if !ty.is_non_null() {
            self.nullable.push(pointer.to_owned());
        }
        Some(match (named, self.schema.kind(named)) {
            ("Int", _) => json!(1),
            ("Float", _) => json!(1.5),
            ("Boolean", _) => json!(true),
            ("ID", _) => json!("1"),
            (_, Some(ExtendedType::Enum(values))) => values.values.keys().next()?.as_str().into(),
            (name, _) if name.contains("Time") || name.contains("Date") => json!("2026-01-01T00:00:00Z"),
            (name, _) => {
                // A custom scalar is text, unless its name suggests that it may be anything.
                let name = name.to_lowercase();
                let is_open = ["json", "any", "map", "object", "dict", "raw"].iter().any(|word| name.contains(word));
                self.is_certain &= !is_open;
                json!("text")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::dry_run;
    use crate::portal::compat::{RemoteSchema, parse_binding};
    use crate::portal::operations::operation;

    const SCHEMA: &str = "
        type Query { fleet(first: Int, after: String): Fleet }
        type Fleet { edges: [Edge!] pageInfo: PageInfo! total: Int }
        type Edge { node: Device }
        type PageInfo { endCursor: String hasNextPage: Boolean! }
        type Device { id: ID! label: String }
        type Mutation { createKey(label: String): Payload, dropKey(id: ID!): Boolean! }
        type Payload { key: Key, secret: String, errors: [Problem!]! }
        type Key { id: ID! } type Problem { message: String! }";

    fn tried(word: &str, text: &str) -> Result<(Vec<String>, Vec<String>), String> {
        let operation = operation(word).unwrap();
        let bound = parse_binding(operation, text).unwrap();
        let tried = dry_run(&RemoteSchema::of_sdl(SCHEMA), operation, &bound).unwrap();
        tried.map(|run| (run.absent, run.fragile))
    }

    #[test]
    fn a_dry_run_shows_what_a_binding_gives() {
        let list = |jq: &str| {
            format!(
                "# jq: {jq}\n# next: .fleet.pageInfo.endCursor\nquery ($first: Int, $after: String) \
                 {{ fleet(first: $first, after: $after) {{ edges {{ node {{ id name: label }} }} pageInfo {{ endCursor }} }} }}"
            )
        };
        let (absent, fragile) = tried("devices.list", &list("{devices: {data: [.fleet.edges[].node]}}")).unwrap();
        assert!(absent.contains(&"status".to_owned()) && !absent.contains(&"name".to_owned()));
        assert!(fragile.is_empty(), "{fragile:?}");
        let without = tried("devices.list", &list("{devices: {data: [.fleet.edges[]]}}")).unwrap_err();
        assert_eq!(without, "it gives no `devices.data.id`");
        assert_eq!(tried("devices.list", &list("{fleet: 1}")).unwrap_err(), "it gives nothing of ours");
    }

    #[test]
    fn a_dry_run_leaves_open_what_the_schema_does_not_show() {
        let schema = RemoteSchema::of_sdl(
            "scalar JSON union Made = Key | Problem type Key { id: ID! secret: String! } type Problem { message: String! }
             type Query { a: Int } type Mutation { make(name: String): Made, raw(name: String): JSON }",
        );
        let operation_of = |word: &str| operation(word).unwrap();
        let generate = operation_of("keys.generate");
        let tried = |text: &str| dry_run(&schema, generate, &parse_binding(generate, text).unwrap());
        let of_one = "# jq: {generateApiKey: .make}\nmutation ($name: String) { make(name: $name) \
                      { ... on Key { id secret } ... on Problem { message } } }";
        assert!(tried(of_one).unwrap().unwrap().absent.contains(&"createdAt".to_owned()));
        let interface = RemoteSchema::of_sdl(
            "interface Node { id: ID! } type Device implements Node { id: ID! name: String } type Gate implements Node { id: ID! }
             type Query { things(after: String): Page } type Page { any: [Node!]! pageInfo: Info! }
             type Info { endCursor: String hasNextPage: Boolean! }",
        );
        let list = |next: &str| {
            let text = format!(
                "# jq: {{devices: {{data: .things.any}}}}\n# next: .things.pageInfo.{next}\nquery ($after: String) \
                 {{ things(after: $after) {{ any {{ id ... on Device {{ name }} }} pageInfo {{ endCursor hasNextPage }} }} }}"
            );
            let operation = operation_of("devices.list");
            dry_run(&interface, operation, &parse_binding(operation, &text).unwrap())
        };
        assert!(list("endCursor").is_none_or(|tried| tried.is_ok()));
        // A cursor that no path leads to says that there is more, and does not say how to get it.
        assert!(list("endCursr").unwrap().unwrap_err().contains("`next` gives nothing"));
        let says_more = "endCursr\n# more: .things.pageInfo.hasNextPage";
        assert!(list(says_more).unwrap().unwrap_err().contains("`next` gives nothing"));
        assert!(tried("# jq: {generateApiKey: .raw.key}\nmutation ($name: String) { raw(name: $name) }").is_none());
    }

    #[test]
    fn a_nullable_value_that_is_needed_is_named() {
        let text = "# jq: {generateApiKey: {id: .createKey.key.id, secret: .createKey.secret}}\n\
                    mutation ($name: String) { createKey(label: $name) { key { id } secret } }";
        assert_eq!(tried("keys.generate", text).unwrap().1, ["createKey.secret"]);
        let text = "# jq: {revokeApiKey: (if .dropKey then {id: $id} else null end)}\n\
                    mutation ($id: ID!) { dropKey(id: $id) }";
        assert_eq!(tried("keys.revoke", text), Ok((vec![], vec![])));
    }
}
