//! Derives a binding from a request that a browser sent, and from its response: for portals that show no schema.
//!
//! It knows names only, so the result is a guess, which a person reads and the portal validates.

use std::collections::BTreeMap;

use apollo_compiler::ast::{
    Definition, Document, Field, OperationDefinition, OperationType, Selection, Type, Value as Ast,
};
use apollo_compiler::{Name, Node};
use serde_json::{Map, Value};

use super::super::ast::{self, inline_fragments};
use super::super::similarity::{ARGUMENTS, VERBS_AND_NOUNS, best, root_similarity, similarity, words};
use super::super::suggestion::{Similarity, Suggestion};
use super::field_path::NEW_EACH_TIME;
use super::items;
use super::payload;
use crate::portal::operation::Operation;

/// The role of a variable in a pasted request.
enum Role {
    /// A variable of ours, with our name.
    Ours(&'static str),
    /// The position of the page.
    Page(&'static str),
    Size,
    /// A variable with the same value each time.
    Once,
}

/// Derives a binding from a request, and returns the names of the values that it keeps literally; the error says why
/// there is none. A query needs a response.
pub fn of_request(
    operation: Operation,
    document: &str,
    variables: &Value,
    answer: Option<&Value>,
) -> Result<(Suggestion, Vec<String>), String> {
    let parsed =
        Document::parse(document, "request.graphql").map_err(|_| "the document in it cannot be read".to_owned())?;
    let theirs = parsed.definitions.iter().find_map(Definition::as_operation_definition);
    let mut theirs = (**theirs.ok_or("there is no operation in it")?).clone();
    theirs.selection_set = inline_fragments(&theirs.selection_set, &parsed);
    let ours = ast::parse(operation.document).ok_or("our own document cannot be read")?;
    if theirs.operation_type != ours.kind() {
        return Err(format!("`{}` is a {}, and it is a {}", operation.word, ours.kind(), theirs.operation_type));
    }
    let own: Vec<String> = ours.variables();
    let mut written = Written { own: &own, given: None, baked: Vec::new() };
    let mut roles = BTreeMap::new();
    for variable in std::mem::take(&mut theirs.variables) {
        let value = variables.get(variable.name.as_str()).cloned().unwrap_or_default();
        let arguments = arguments_of(&theirs.selection_set, &variable.name);
        let named: Vec<&str> = arguments.iter().map(String::as_str).chain([variable.name.as_str()]).collect();
        // An input object of the request becomes a literal, with our variable in it.
        if let Value::Object(members) = &value {
            let object = written.object(members, variable.name.as_str());
            replace(&mut theirs.selection_set, &variable.name, &object);
            if let Some((name, ty)) = written.given.take() {
                theirs.variables.push(declare(&name, ty)?);
            }
            continue;
        }
        let role = role(&named, &variable.ty, &own);
        let name = match role {
            Role::Ours(name) => name.to_owned(),
            Role::Size => "first".to_owned(),
            Role::Page(_) | Role::Once => variable.name.to_string(),
        };
        let renamed = Name::new(&name).map_err(|_| format!("`${name}` is no variable"))?;
        replace(&mut theirs.selection_set, &variable.name, &Ast::Variable(renamed.clone()));
        let mut variable = variable;
        variable.make_mut().name = renamed;
        theirs.variables.push(variable);
        roles.insert(name, (role, value));
    }
    theirs.name = None;
    let head = match (theirs.operation_type, answer) {
        (OperationType::Mutation, _) => payload::head(operation, &theirs)?,
        (_, Some(answer)) => items::head(operation, answer)?,
        (_, None) => return Err("a query needs its response, which shows what it gives".to_owned()),
    };
    let document = format!("{head}{}{}", lines(&roles), one_line(&theirs));
    let suggestion = Suggestion { operation: operation.word.to_owned(), document, similarity: Similarity::Guess };
    Ok((suggestion, written.baked))
}

/// Returns the operation of ours that a document looks like; `None` if its names do not show one.
pub fn operation_of(document: &str, known: impl Iterator<Item = Operation>) -> Option<Operation> {
    let root = ast::root_field(document)?;
    let is_mutation = Document::parse(document, "request.graphql").ok()?.definitions.iter().any(|definition| {
        definition
            .as_operation_definition()
            .is_some_and(|operation| operation.operation_type == OperationType::Mutation)
    });
    let takes_id = document.contains("id:") || document.contains("Id:");
    let alike = known.filter(|operation| operation.is_mutation() == is_mutation).filter_map(|operation| {
        let ours = ast::parse(operation.document)?.root_field()?.to_owned();
        let score = match is_mutation {
            true => root_similarity(&ours, &root, true)?,
            false => similarity(&words(&ours, VERBS_AND_NOUNS), &words(&root, VERBS_AND_NOUNS)),
        };
        // A single item is requested by its id, and a list is not.
        let fits = is_mutation || operation.needs_id() == (takes_id && !root.ends_with('s'));
        (score >= 0.5 && fits).then_some((score, operation))
    });
    alike.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, operation)| operation)
}

/// Determines the role of a variable from its names and its type.
fn role(names: &[&str], ty: &Type, own: &[String]) -> Role {
    let (is_number, is_list) = (ty.inner_named_type() == "Int", ty.is_list());
    let is = |known: &[&str]| names.iter().any(|name| known.contains(&&*name.to_lowercase().replace('_', "")));
    let has = |name: &str| own.iter().any(|own| own == name);
    if has("after") && !is_list {
        if is_number && is(&["first", "limit", "take", "size", "pagesize", "perpage", "top"]) {
            return Role::Size;
        }
        if is_number && is(&["offset", "skip"]) {
            return Role::Page("offset");
        }
        if is_number && is(&["page", "pagenumber", "pageno", "pageindex"]) {
            return Role::Page("page");
        }
        if !is_number && is(&["after", "cursor", "nexttoken", "pagetoken"]) {
            return Role::Page("cursor");
        }
    }
    let like = |wanted: &str| {
        names.iter().any(|name| best(wanted, std::iter::once(name), |name| name, ARGUMENTS, 0.5).is_some())
    };
    match is_list {
        false if has("name") && like("name") => Role::Ours("name"),
        false if has("id") && like("id") => Role::Ours("id"),
        false
            if has("id")
                && names.iter().any(|name| ["keyid", "deviceid", "apikeyid"].contains(&&*name.to_lowercase())) =>
        {
            Role::Ours("id")
        }
        _ => Role::Once,
    }
}

/// Writes the head's lines about variables.
fn lines(roles: &BTreeMap<String, (Role, Value)>) -> String {
    let mut lines = String::new();
    for (name, (role, value)) in roles {
        if let Role::Page(kind) = role {
            let from = if *kind == "page" && value == &Value::from(0) { " from 0" } else { "" };
            lines.push_str(&format!("# paging: {kind} ${name}{from}\n"));
        }
    }
    let once = roles.iter().filter(|(_, (role, _))| matches!(role, Role::Once));
    let names: Vec<String> = once.map(|(name, _)| format!("${name}")).collect();
    if !names.is_empty() {
        lines.push_str(&format!("# once: {}\n", names.join(", ")));
    }
    lines
}

/// The state of writing the values of a request.
struct Written<'o> {
    own: &'o [String],
    /// The variable of ours that replaced a value, with its type.
    given: Option<(String, &'static str)>,
    /// The names of the values that are kept literally.
    baked: Vec<String>,
}

impl Written<'_> {
    /// Writes an object as a literal, in which our variable replaces the member with a similar name.
    fn object(&mut self, members: &Map<String, Value>, at: &str) -> Ast {
        let mut written = Vec::new();
        for (name, value) in members {
            let (lower, path) = (name.to_lowercase(), format!("{at}.{name}"));
            // Drop a value that is new in each request.
            if NEW_EACH_TIME.iter().any(|word| lower.contains(word)) {
                continue;
            }
            let is_plain = value.is_string() || value.is_null() || value.is_number();
            let is_ours = |own: &&String| {
                !matches!(own.as_str(), "first" | "after")
                    && best(own, std::iter::once(name), |name| name, ARGUMENTS, 0.5).is_some()
            };
            let ours = self.own.iter().find(is_ours).filter(|_| is_plain && self.given.is_none()).cloned();
            let value = match ours {
                Some(ours) => {
                    let variable = Name::new(&ours).map(Ast::Variable);
                    self.given = Some((ours.clone(), if ours == "id" { "ID!" } else { "String" }));
                    variable.ok()
                }
                None => self.literal(value, &path),
            };
            if let (Ok(name), Some(value)) = (Name::new(name), value) {
                written.push((name, Node::new(value)));
            }
        }
        Ast::Object(written)
    }

    fn literal(&mut self, value: &Value, path: &str) -> Option<Ast> {
        if !value.is_object() && !value.is_array() && !value.is_null() {
            self.baked.push(path.to_owned());
        }
        Some(match value {
            Value::Null => Ast::Null,
            Value::Bool(flag) => Ast::Boolean(*flag),
            Value::Number(number) if number.is_i64() => Ast::Int(i32::try_from(number.as_i64()?).ok()?.into()),
            Value::Number(number) => Ast::Float(number.as_f64()?.into()),
            Value::String(text) => Ast::String(text.clone()),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().filter_map(|item| self.literal(item, path)).map(Node::new).collect();
                Ast::List(items)
            }
            Value::Object(members) => self.object(members, path),
        })
    }
}

fn declare(name: &str, ty: &str) -> Result<Node<apollo_compiler::ast::VariableDefinition>, String> {
    let text = format!("query (${name}: {ty}) {{ a }}");
    let parsed = Document::parse(text, "variable.graphql").map_err(|_| format!("`${name}` cannot be declared"))?;
    let operation = parsed.definitions.iter().find_map(Definition::as_operation_definition);
    operation
        .and_then(|operation| operation.variables.first().cloned())
        .ok_or_else(|| format!("`${name}` cannot be declared"))
}

/// Returns the names of the arguments, and of the input object members, that a variable is passed to.
fn arguments_of(selections: &[Selection], variable: &str) -> Vec<String> {
    fn inside(name: &str, value: &Ast, variable: &str, found: &mut Vec<String>) {
        match value {
            Ast::Variable(used) if used == variable => found.push(name.to_owned()),
            Ast::Object(members) => members.iter().for_each(|(name, value)| inside(name, value, variable, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for field in selections.iter().filter_map(Selection::as_field) {
        field.arguments.iter().for_each(|argument| inside(&argument.name, &argument.value, variable, &mut found));
        found.extend(arguments_of(&field.selection_set, variable));
    }
    found
}

/// Replaces all uses of a variable by a value.
fn replace(selections: &mut [Selection], variable: &str, by: &Ast) {
    fn inside(value: &mut Node<Ast>, variable: &str, by: &Ast) {
        match value.make_mut() {
            Ast::Variable(used) if used == variable => *value.make_mut() = by.clone(),
            Ast::Object(members) => members.iter_mut().for_each(|(_, value)| inside(value, variable, by)),
            Ast::List(items) => items.iter_mut().for_each(|item| inside(item, variable, by)),
            _ => {}
        }
    }
    for selection in selections {
        let Selection::Field(field) = selection else { continue };
        let field: &mut Field = field.make_mut();
        field.arguments.iter_mut().for_each(|argument| inside(&mut argument.make_mut().value, variable, by));
        replace(&mut field.selection_set, variable, by);
    }
}

fn one_line(operation: &OperationDefinition) -> String {
    let mut document = Document::new();
    document.definitions.push(Definition::OperationDefinition(Node::new(operation.clone())));
    let text = document.serialize().no_indent().to_string();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{of_request, operation_of};
    use crate::portal::compat::parse_binding;
    use crate::portal::operations::{operation, operations};
    use serde_json::{Value, json};

    fn made(word: &str, document: &str, variables: Value, answer: Option<Value>) -> String {
        let operation = operation(word).unwrap();
        let (suggestion, _) = of_request(operation, document, &variables, answer.as_ref()).unwrap();
        parse_binding(operation, &suggestion.document)
            .unwrap_or_else(|wrong| panic!("{wrong:?}\n{}", suggestion.document));
        suggestion.document
    }

    #[test]
    fn a_list_is_found_in_a_response() {
        let document = "query Fleet($org: ID!, $page: Int, $pageSize: Int) { org(id: $org) { fleet(page: $page, size: $pageSize) \
                        { rows { id title status __typename } hasMore count } } }";
        let rows = json!([{"id": "1", "title": "a", "status": "ok", "__typename": "Device"}]);
        let answer = json!({"org": {"fleet": {"rows": rows, "hasMore": true, "count": 9}}});
        assert_eq!(
            made("devices.list", document, json!({"org": "42", "page": 0, "pageSize": 20}), Some(answer)),
            "# jq: {devices: {data: [.org.fleet.rows[] | {id: .id, name: .title, status: .status}]}}\n\
             # more: .org.fleet.hasMore\n# total: .org.fleet.count\n# paging: page $page from 0\n# once: $org\n\
             query($org: ID!, $page: Int, $first: Int) { org(id: $org) { fleet(page: $page, size: $first) \
             { rows { id title status __typename } hasMore count } } }"
        );
    }

    #[test]
    fn a_connection_and_an_object_of_variables_are_understood() {
        let document = "query D($after: String) { devices(after: $after) { edges { node { id label } } pageInfo { endCursor hasNextPage } } }";
        let page = json!({"edges": [{"node": {"id": "1", "label": "x"}}], "pageInfo": {"endCursor": "c", "hasNextPage": false}});
        let made_of = made("devices.list", document, json!({}), Some(json!({"devices": page})));
        assert!(made_of.contains("[.devices.edges[].node | {id: .id, name: .label}]"), "{made_of}");
        assert!(
            made_of.contains("# next: .devices.pageInfo.endCursor\n# more: .devices.pageInfo.hasNextPage\n"),
            "{made_of}"
        );
        let document = "mutation C($input: CreateInput!) { createApiToken(input: $input) { token { id label } plaintext errors { message } } }";
        assert_eq!(
            made(
                "keys.generate",
                document,
                json!({"input": {"label": "ci", "org": "42", "clientMutationId": "1"}}),
                None
            ),
            "# jq: {generateApiKey: (.createApiToken | {id: .token.id, name: .token.label, secret: .plaintext})}\n\
             # errors: .createApiToken.errors[]\n\
             mutation($name: String) { createApiToken(input: {label: $name, org: \"42\"}) { token { id label } plaintext errors { message } } }"
        );
    }

    #[test]
    fn names_show_which_operation_is_meant() {
        let of = |document: &str| operation_of(document, operations()).map(|operation| operation.word);
        assert_eq!(of("{ devices { id } }"), Some("devices.list"));
        assert_eq!(of("query ($d: ID!) { device(id: $d) { id } }"), Some("devices.show"));
        assert_eq!(of("mutation { deleteApiKey(keyId: 1) { ok } }"), Some("keys.revoke"));
        assert_eq!(of("mutation { updateDevice(id: 1) { ok } }"), None);
    }
}
