//! A listing: the path of its items, its paging, and the path of the next cursor.

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FieldDefinition, InputValueDefinition, Selection, Value};

use super::super::contract;
use super::super::members::members;
use super::super::remote_schema::RemoteSchema;
use super::super::similarity::{MEMBERS, best, words};
use super::field_path::{FieldPath, declared, once_line};
use super::paging::paging;
use super::target::{Candidate, Target};

/// The items below the last field of a path.
struct Items<'s> {
    /// The field of the items, or of each item.
    item: &'s FieldDefinition,
    /// The jq path from the container to the items: `.edges[].node`, `.items`; empty for a plain list.
    path: String,
    /// The selection around the items' members: `edges { node @ }`, with `@` for the members.
    around: String,
    /// The type of the container, which may have paging members.
    container: Option<&'s str>,
}

/// The members beside the items, with head lines for their paths.
#[derive(Default)]
struct Beside {
    lines: String,
    selections: String,
    has_next: bool,
}

/// Returns the documents that would list the items.
pub fn list(schema: &RemoteSchema, target: &Target) -> Vec<Candidate> {
    let noun = target.field.name.as_str();
    let Some(data) = data_of(target) else { return Vec::new() };
    let Some(ours) = contract::field(target.field.ty.inner_named_type(), "data") else { return Vec::new() };
    let field_paths = FieldPath::all(schema).into_iter().filter_map(FieldPath::with_given);
    let found = field_paths.filter_map(|field_path| {
        let items = items(schema, field_path.last()?)?;
        let score = field_path.score(noun, items.item.ty.inner_named_type())?;
        // A default that filters is invisible in the document, so the score is low.
        let score =
            if field_path.last()?.arguments.iter().any(|argument| chooses(argument)) { score.min(0.6) } else { score };
        let members = members(schema, data, ours, items.item)?;
        Some(Candidate { score, document: write(schema, noun, &field_path, &items, &members)? })
    });
    found.collect()
}

/// Returns true if the default of an argument filters the items.
fn chooses(argument: &InputValueDefinition) -> bool {
    let is_one = |value: &Value| match value {
        Value::Boolean(flag) => *flag,
        Value::Enum(_) | Value::String(_) => true,
        Value::List(items) => !items.is_empty(),
        _ => false,
    };
    let sorts = argument.name.to_lowercase();
    let sorts = sorts.contains("order") || sorts.contains("sort") || sorts.contains("direction");
    !sorts && argument.default_value.as_deref().is_some_and(is_one)
}

/// Returns our own selection of the items.
fn data_of(target: &Target) -> Option<&Node<Field>> {
    let root = target.tree.operation().selection_set.first()?.as_field()?;
    root.selection_set.iter().filter_map(Selection::as_field).find(|field| field.name == "data")
}

/// Returns the type of the items that a field gives, if it gives any.
pub fn item<'s>(schema: &'s RemoteSchema, field: &'s FieldDefinition) -> Option<&'s str> {
    Some(items(schema, field)?.item.ty.inner_named_type().as_str())
}

/// Finds the items of a field: the field itself, those of a connection, or the only list among its members.
fn items<'s>(schema: &'s RemoteSchema, field: &'s FieldDefinition) -> Option<Items<'s>> {
    if !schema.is_composite(&field.ty) || contract::lists(&field.ty) > 1 {
        return None;
    }
    if field.ty.is_list() {
        return Some(Items { item: field, path: String::new(), around: "@".to_owned(), container: None });
    }
    let container = field.ty.inner_named_type().as_str();
    if let Some(edges) = schema.free_field(container, "edges").filter(|edges| contract::lists(&edges.ty) == 1) {
        let node = schema.free_field(edges.ty.inner_named_type(), "node")?;
        let (path, around) = (".edges[].node".to_owned(), "edges { node @ }".to_owned());
        return Some(Items { item: node, path, around, container: Some(container) });
    }
    let lists =
        schema.free_fields(container).filter(|field| contract::lists(&field.ty) == 1 && schema.is_composite(&field.ty));
    let list = best("data", lists, |field| &field.name, MEMBERS, 0.5)?;
    let (path, around) = (format!(".{}", list.name), format!("{} @", list.name));
    Some(Items { item: list, path, around, container: Some(container) })
}

fn write(
    schema: &RemoteSchema,
    noun: &str,
    field_path: &FieldPath<'_>,
    items: &Items<'_>,
    members: &str,
) -> Option<String> {
    let (last, at) = (field_path.last()?, field_path.path());
    let beside = items.container.map(|container| beside(schema, container, &at)).unwrap_or_default();
    let paging = paging(schema, last, beside.has_next)?;
    let counted = match beside.lines.contains("# total:") {
        true => None,
        false => count_elsewhere(schema, field_path),
    };
    let is_by_cursor = paging.line.contains(": cursor");
    let mut head = match items.path.contains("[]") {
        true => format!("# jq: {{{noun}: {{data: [{at}{}]}}}}\n", items.path),
        false => format!("# jq: {{{noun}: {{data: {at}{}}}}}\n", items.path),
    };
    // With paging by number, a cursor beside the items belongs to another kind of paging.
    let has_pager = is_by_cursor || paging.line.contains(": offset") || paging.line.contains(": page");
    // A count may be that of the page; this only shows if more pages are requested.
    let is_of_all = |line: &str| {
        has_pager
            || !line.starts_with("# total:")
            || line.to_lowercase().trim_start_matches("# total:").contains("total")
    };
    let lines =
        beside.lines.lines().filter(|line| is_by_cursor || !line.starts_with("# next:")).filter(|line| is_of_all(line));
    head.extend(lines.flat_map(|line| [line, "\n"]));
    head.extend(counted.as_ref().map(|(line, _)| format!("{line}\n")));
    head.push_str(&paging.line);
    let once = [field_path.once.clone(), paging.once].concat();
    head.push_str(&once_line(&once));
    let mut inner = items.around.replace('@', members);
    if items.container.is_some() {
        inner = format!("{{ {inner}{} }}", beside.selections);
    }
    let variables = declared(&[once, paging.variables].concat());
    let selection = field_path.selection(&paging.arguments, &inner);
    let more = counted.map(|(_, selection)| format!(" {selection}")).unwrap_or_default();
    Some(format!("{head}query {variables}{{ {selection}{more} }}"))
}

/// Names of objects with paging information, possibly nested.
const OF_A_PAGE: [&str; 5] = ["pageInfo", "page_info", "pagination", "paging", "meta"];

/// Finds the next cursor and the total count in a container, and in its paging objects.
fn beside(schema: &RemoteSchema, container: &str, at: &str) -> Beside {
    let mut beside = Beside::default();
    let (mut places, mut found) = (vec![(container, Vec::<&str>::new())], Vec::new());
    while let Some((on, field_path)) = (!places.is_empty()).then(|| places.remove(0)) {
        let mut told = Vec::new();
        let free = || schema.free_fields(on);
        for (word, field) in [("next", cursor(schema, free())), ("more", says_more(free())), ("total", total(free()))] {
            let Some(field) = field.filter(|_| !found.contains(&word)) else { continue };
            let path: String = field_path.iter().chain([&field.name.as_str()]).map(|step| format!(".{step}")).collect();
            beside.lines.push_str(&format!("# {word}: {at}{path}\n"));
            beside.has_next |= word == "next";
            found.push(word);
            told.push(field.name.as_str());
        }
        if !told.is_empty() {
            let inner = field_path.iter().rev().fold(told.join(" "), |inner, step| format!("{step} {{ {inner} }}"));
            beside.selections.push_str(&format!(" {inner}"));
        }
        let deeper = free()
            .filter(|field| !field.ty.is_list() && OF_A_PAGE.contains(&field.name.as_str()) && field_path.len() < 2);
        places.extend(
            deeper.map(|field| {
                (field.ty.inner_named_type().as_str(), [&field_path[..], &[field.name.as_str()]].concat())
            }),
        );
    }
    beside
}

fn is_leaf(schema: &RemoteSchema, field: &FieldDefinition) -> bool {
    !field.ty.is_list() && !schema.is_composite(&field.ty)
}

fn cursor<'s>(schema: &RemoteSchema, fields: impl Iterator<Item = &'s FieldDefinition>) -> Option<&'s FieldDefinition> {
    let is_number =
        |field: &FieldDefinition| matches!(field.ty.inner_named_type().as_str(), "Int" | "Float" | "Boolean");
    let texts = fields.filter(|field| is_leaf(schema, field) && !is_number(field));
    best("after", texts, |field| &field.name, MEMBERS, 0.5)
}

fn says_more<'s>(mut fields: impl Iterator<Item = &'s FieldDefinition>) -> Option<&'s FieldDefinition> {
    fields.find(|field| {
        let words = words(&field.name, &[]);
        field.ty.inner_named_type() == "Boolean"
            && (words.contains("more") || words.contains("next") && words.contains("ha"))
    })
}

fn total<'s>(fields: impl Iterator<Item = &'s FieldDefinition>) -> Option<&'s FieldDefinition> {
    let numbers = fields.filter(|field| field.ty.inner_named_type() == "Int" && !field.ty.is_list());
    best("total", numbers, |field| &field.name, MEMBERS, 0.5)
}

/// Finds the count of a plain list in another root field: `devices_aggregate { aggregate { count } }`, `devicesCount`.
fn count_elsewhere(schema: &RemoteSchema, field_path: &FieldPath<'_>) -> Option<(String, String)> {
    let [field] = field_path.fields.as_slice() else { return None };
    let root = schema.root(false)?;
    let aggregate = format!("{}_aggregate", field.name);
    if let Some(found) = schema.free_field(root, &aggregate) {
        let inner = schema.free_field(found.ty.inner_named_type(), "aggregate")?;
        schema.free_field(inner.ty.inner_named_type(), "count")?;
        let selection = format!("{aggregate} {{ aggregate {{ count }} }}");
        return Some((format!("# total: .{aggregate}.aggregate.count"), selection));
    }
    let counts = [
        format!("{}Count", field.name),
        format!("{}_count", field.name),
        format!("{}Count", field.name.trim_end_matches('s')),
    ];
    let count = counts.iter().find_map(|name| schema.free_field(root, name));
    let count = count.filter(|count| count.ty.inner_named_type() == "Int")?;
    Some((format!("# total: .{}", count.name), count.name.to_string()))
}
