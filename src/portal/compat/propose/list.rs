//! A listing: where its items stand, how its pages are asked for, and where it says what comes next.

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FieldDefinition, Selection};

use super::super::contract;
use super::super::likeness::{MEMBERS, best, words};
use super::super::members::members;
use super::super::remote_schema::RemoteSchema;
use super::paging::paging;
use super::wanted::{Found, Wanted};
use super::way::{Way, declared, once_line};

/// The items below the last field of a way.
struct Items<'s> {
    /// The field that gives them, or each of them.
    item: &'s FieldDefinition,
    /// What leads from the container to them, as jq writes it: `.edges[].node`, `.items`; nothing for a plain list.
    path: String,
    /// What is around their members in the document: `edges { node @ }`; the members stand where `@` does.
    around: String,
    /// The type of what is around them, where it may say more.
    container: Option<&'s str>,
}

/// What stands beside the items, with lines of the head that say where.
#[derive(Default)]
struct Beside {
    lines: String,
    selections: String,
    has_next: bool,
}

/// Returns the documents that would list what is wanted.
pub fn list(schema: &RemoteSchema, wanted: &Wanted) -> Vec<Found> {
    let noun = wanted.field.name.as_str();
    let Some(data) = data_of(wanted) else { return Vec::new() };
    let Some(ours) = contract::field(wanted.field.ty.inner_named_type(), "data") else { return Vec::new() };
    let ways = Way::all(schema).into_iter().filter_map(Way::with_given);
    let found = ways.filter_map(|way| {
        let items = items(schema, way.last()?)?;
        let score = way.score(noun, items.item.ty.inner_named_type())?;
        let members = members(schema, data, ours, items.item)?;
        Some(Found { score, document: write(schema, noun, &way, &items, &members)? })
    });
    found.collect()
}

/// Returns our own selection of the items.
fn data_of(wanted: &Wanted) -> Option<&Node<Field>> {
    let root = wanted.tree.operation().selection_set.first()?.as_field()?;
    root.selection_set.iter().filter_map(Selection::as_field).find(|field| field.name == "data")
}

/// Finds the items that a field gives: itself, those of a connection, or the one list among its members.
fn items<'s>(schema: &'s RemoteSchema, field: &'s FieldDefinition) -> Option<Items<'s>> {
    if !schema.is_composite(&field.ty) {
        return None;
    }
    if field.ty.is_list() {
        return Some(Items { item: field, path: String::new(), around: "@".to_owned(), container: None });
    }
    let container = field.ty.inner_named_type().as_str();
    if let Some(edges) = schema.field(container, "edges").filter(|edges| edges.ty.is_list()) {
        let node = schema.field(edges.ty.inner_named_type(), "node")?;
        let (path, around) = (".edges[].node".to_owned(), "edges { node @ }".to_owned());
        return Some(Items { item: node, path, around, container: Some(container) });
    }
    let lists = schema.fields(container).filter(|field| field.ty.is_list() && schema.is_composite(&field.ty));
    let list = best("data", lists, |field| &field.name, MEMBERS, 0.5)?;
    let (path, around) = (format!(".{}", list.name), format!("{} @", list.name));
    Some(Items { item: list, path, around, container: Some(container) })
}

fn write(schema: &RemoteSchema, noun: &str, way: &Way<'_>, items: &Items<'_>, members: &str) -> Option<String> {
    let (last, at) = (way.last()?, way.path());
    let beside = items.container.map(|container| beside(schema, container, &at)).unwrap_or_default();
    let paging = paging(schema, last, beside.has_next)?;
    let counted = match beside.lines.contains("# total:") {
        true => None,
        false => count_elsewhere(schema, way),
    };
    let is_by_number = paging.line.contains(": offset") || paging.line.contains(": page");
    let mut head = match items.path.contains("[]") {
        true => format!("# jq: {{{noun}: {{data: [{at}{}]}}}}\n", items.path),
        false => format!("# jq: {{{noun}: {{data: {at}{}}}}}\n", items.path),
    };
    // Where pages are numbers, a cursor that stands beside them is for another way of asking.
    let lines = beside.lines.lines().filter(|line| !is_by_number || !line.starts_with("# next:"));
    head.extend(lines.flat_map(|line| [line, "\n"]));
    head.extend(counted.as_ref().map(|(line, _)| format!("{line}\n")));
    head.push_str(&paging.line);
    let once = [way.once.clone(), paging.once].concat();
    head.push_str(&once_line(&once));
    let mut inner = items.around.replace('@', members);
    if items.container.is_some() {
        inner = format!("{{ {inner}{} }}", beside.selections);
    }
    let variables = declared(&[once, paging.variables].concat());
    let selection = way.selection(&paging.arguments, &inner);
    let more = counted.map(|(_, selection)| format!(" {selection}")).unwrap_or_default();
    Some(format!("{head}query {variables}{{ {selection}{more} }}"))
}

/// Finds what a container says of the next page and of the count of all.
fn beside(schema: &RemoteSchema, container: &str, at: &str) -> Beside {
    let mut beside = Beside::default();
    let is = |field: &&FieldDefinition, kind: &str| {
        !field.ty.is_list()
            && field.ty.inner_named_type() == kind
            && field.arguments.iter().all(|argument| !argument.is_required())
    };
    let mut say = |word: &str, path: &str| beside.lines.push_str(&format!("# {word}: {at}{path}\n"));
    let says_more = |on: &str| {
        schema.fields(on).filter(|field| is(field, "Boolean")).find(|field| {
            let words = words(&field.name, &[]);
            words.contains("more") || words.contains("next") && words.contains("ha")
        })
    };
    let cursor = |on: &str| {
        let texts = schema.fields(on).filter(|field| is(field, "String") || is(field, "ID"));
        best("after", texts, |field| &field.name, MEMBERS, 0.5)
    };
    let info = schema.field(container, "pageInfo").filter(|info| !info.ty.is_list());
    let inside = info.map(|info| info.ty.inner_named_type().as_str());
    if let Some(on) = inside {
        let (end, more) = (schema.field(on, "endCursor").or_else(|| cursor(on)), says_more(on));
        let names: Vec<&str> = end.iter().chain(&more).map(|field| field.name.as_str()).collect();
        if !names.is_empty() {
            beside.selections.push_str(&format!(" pageInfo {{ {} }}", names.join(" ")));
        }
        end.into_iter().for_each(|end| say("next", &format!(".pageInfo.{}", end.name)));
        more.into_iter().for_each(|more| say("more", &format!(".pageInfo.{}", more.name)));
        beside.has_next = end.is_some();
    } else {
        let (next, more) = (cursor(container), says_more(container));
        next.into_iter().for_each(|next| say("next", &format!(".{}", next.name)));
        more.into_iter().for_each(|more| say("more", &format!(".{}", more.name)));
        next.iter().chain(&more).for_each(|field| beside.selections.push_str(&format!(" {}", field.name)));
        beside.has_next = next.is_some();
    }
    let numbers = schema.fields(container).filter(|field| is(field, "Int"));
    if let Some(total) = best("total", numbers, |field| &field.name, MEMBERS, 0.5) {
        say("total", &format!(".{}", total.name));
        beside.selections.push_str(&format!(" {}", total.name));
    }
    beside
}

/// Finds the count of a plain list in another field of the root: `devices_aggregate { aggregate { count } }`, `devicesCount`.
fn count_elsewhere(schema: &RemoteSchema, way: &Way<'_>) -> Option<(String, String)> {
    let [field] = way.fields.as_slice() else { return None };
    let is_free = |field: &&FieldDefinition| field.arguments.iter().all(|argument| !argument.is_required());
    let root = schema.root(false)?;
    let aggregate = format!("{}_aggregate", field.name);
    if let Some(found) = schema.field(root, &aggregate).filter(is_free) {
        let inner = schema.field(found.ty.inner_named_type(), "aggregate")?;
        schema.field(inner.ty.inner_named_type(), "count")?;
        let selection = format!("{aggregate} {{ aggregate {{ count }} }}");
        return Some((format!("# total: .{aggregate}.aggregate.count"), selection));
    }
    let counts = [
        format!("{}Count", field.name),
        format!("{}_count", field.name),
        format!("{}Count", field.name.trim_end_matches('s')),
    ];
    let count = counts.iter().find_map(|name| schema.field(root, name).filter(is_free));
    let count = count.filter(|count| count.ty.inner_named_type() == "Int")?;
    Some((format!("# total: .{}", count.name), count.name.to_string()))
}
