//! Derives the head of a binding from a sample response: the path of the items, and the names of their members.

use apollo_compiler::ast::Selection;
use serde_json::{Map, Value};

use super::super::ast;
use super::super::contract;
use super::super::similarity::{MEMBERS, best, called, words};
use crate::portal::operation::Operation;

/// The items of a response.
struct ItemList<'a> {
    /// The path in jq: `.org.fleet.rows[]`.
    path: String,
    items: Vec<&'a Map<String, Value>>,
    /// The object around the items, and its path.
    container: Option<(&'a Map<String, Value>, String)>,
}

/// Writes the head that maps such a response to our data.
pub fn head(operation: Operation, answer: &Value) -> Result<String, String> {
    let tree = ast::parse(operation.document).ok_or("our own document cannot be read")?;
    let root = tree
        .operation()
        .selection_set
        .first()
        .and_then(Selection::as_field)
        .ok_or("our own document cannot be read")?;
    let of_root = contract::field(contract::root(tree.kind()), &root.name).ok_or("our own document cannot be read")?;
    let on = of_root.ty.inner_named_type().as_str();
    let data = root.selection_set.iter().filter_map(Selection::as_field).find(|field| field.name == "data");
    let Some(data) = data else {
        let (path, one) = one(answer, "").ok_or("the response has no object with an id")?;
        let members =
            members(on, &root.selection_set, &[one]).ok_or("a required member is missing from the response")?;
        return Ok(format!("# jq: {{{}: ({path} | if . == null then null else {members} end)}}\n", root.name));
    };
    let place = list(answer).ok_or("the response has no list of items with an id; use one that has some")?;
    let item = contract::field(on, "data").map(|field| field.ty.inner_named_type().as_str()).unwrap_or_default();
    let members = members(item, &data.selection_set, &place.items).ok_or("the items of the list have no id")?;
    let mut head = format!("# jq: {{{}: {{data: [{} | {members}]}}}}\n", root.name, place.path);
    if let Some((container, at)) = place.container {
        head.push_str(&beside(container, &at));
    }
    Ok(head)
}

/// Finds the least deeply nested list whose items have ids.
fn list(answer: &Value) -> Option<ItemList<'_>> {
    let mut open = vec![(answer, String::new(), None::<(&Map<String, Value>, String)>)];
    while !open.is_empty() {
        let mut further = Vec::new();
        for (value, path, container) in open {
            match value {
                Value::Object(members) => {
                    further.extend(
                        members
                            .iter()
                            .map(|(name, value)| (value, format!("{path}.{name}"), Some((members, path.clone())))),
                    );
                }
                Value::Array(values) => {
                    let objects = || values.iter().filter_map(Value::as_object);
                    let nodes: Vec<_> =
                        objects().filter_map(|edge| edge.get("node").and_then(Value::as_object)).collect();
                    let has_id = |item: &&Map<String, Value>| called("id", item.keys()).is_some();
                    if nodes.first().is_some_and(has_id) {
                        return Some(ItemList { path: format!("{path}[].node"), items: nodes, container });
                    }
                    let items: Vec<_> = objects().collect();
                    if items.first().is_some_and(has_id) {
                        return Some(ItemList { path: format!("{path}[]"), items, container });
                    }
                }
                _ => {}
            }
        }
        open = further;
    }
    None
}

/// Finds the innermost object that has an id, if there is no list.
fn one<'a>(value: &'a Value, path: &str) -> Option<(String, &'a Map<String, Value>)> {
    let members = value.as_object()?;
    let inner = members.iter().find_map(|(name, value)| one(value, &format!("{path}.{name}")));
    let itself = || called("id", members.keys()).filter(|_| !path.is_empty()).map(|_| (path.to_owned(), members));
    // An outer object, such as an organization, may have an id too.
    inner
        .filter(|_| !members.contains_key("name"))
        .or_else(itself)
        .or_else(|| members.iter().find_map(|(name, value)| one(value, &format!("{path}.{name}"))))
}

/// Writes an object of ours from the members of sample items; `None` if a required member is missing.
fn members(on: &str, selections: &[Selection], items: &[&Map<String, Value>]) -> Option<String> {
    let mut written = Vec::new();
    for field in selections.iter().filter_map(Selection::as_field) {
        let seen = |name: &String| items.iter().filter_map(|item| item.get(name)).find(|value| !value.is_null());
        let theirs = items.first().and_then(|first| called(&field.name, first.keys()));
        let value = theirs.and_then(seen);
        let inner_on = contract::field(on, &field.name).map(|field| field.ty.inner_named_type().as_str());
        let text = match (theirs, value, field.selection_set.is_empty()) {
            (Some(theirs), Some(value), true) if !value.is_object() && !value.is_array() => Some(format!(".{theirs}")),
            (Some(theirs), None, true) => Some(format!(".{theirs}")),
            (Some(theirs), Some(Value::Object(part)), false) => {
                let inner = inner_on.and_then(|on| members(on, &field.selection_set, &[part]));
                inner.map(|inner| format!("(.{theirs} | if . == null then null else {inner} end)"))
            }
            // An element that is a bare name needs no conversion.
            (Some(theirs), Some(Value::Array(parts)), false)
                if parts.iter().all(|part| part.is_string() || part.get("id").is_some()) =>
            {
                Some(format!(".{theirs}"))
            }
            _ => None,
        };
        match text {
            Some(text) => written.push(format!("{}: {text}", field.name)),
            None if contract::is_optional(on, &field.name) => {}
            None => return None,
        }
    }
    Some(format!("{{{}}}", written.join(", ")))
}

/// Writes the paths beside the list: the next cursor, whether there are more pages, the total count.
fn beside(container: &Map<String, Value>, at: &str) -> String {
    let mut lines = String::new();
    let info = container.get("pageInfo").and_then(Value::as_object);
    let (page, at_page) = info.map_or((container, at.to_owned()), |info| (info, format!("{at}.pageInfo")));
    let says_more = page.iter().find(|(name, value)| {
        let words = words(name, &[]);
        value.is_boolean() && (words.contains("more") || words.contains("next") && words.contains("ha"))
    });
    // On the last page the cursor is null, but its name is there.
    let texts = page.iter().filter(|(_, value)| value.is_string() || value.is_null()).map(|(name, _)| name);
    if let Some(next) = best("after", texts, |name| name, MEMBERS, 0.5) {
        lines.push_str(&format!("# next: {at_page}.{next}\n"));
    }
    if let Some((name, _)) = says_more {
        lines.push_str(&format!("# more: {at_page}.{name}\n"));
    }
    let numbers = container.iter().filter(|(_, value)| value.is_i64()).map(|(name, _)| name);
    if let Some(total) = best("total", numbers, |name| name, MEMBERS, 0.5) {
        lines.push_str(&format!("# total: {at}.{total}\n"));
    }
    lines
}
