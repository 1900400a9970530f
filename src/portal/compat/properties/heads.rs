//! Bindings from strangers, with programs in their heads, which run on any response.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::portal::compat::pager::{PageInfo, Pager};
use crate::portal::compat::{CompatDocument, DocumentError, PagePosition, parse_binding, root_field, variables_on};
use crate::portal::operation::Operation;
use crate::portal::operations::operations;

/// Lines for a binding.
const LINES: [&str; 22] = [
    "# jq: {devices: {data: [.x.edges[].node]}}",
    "# jq: {devices: {data: .x}}",
    "# paging: cursor $c size $n",
    "# paging: offset $skip",
    "# paging: page $page from 0",
    "# paging: none",
    "# next: .x.pageInfo.endCursor",
    "# more: .x.more",
    "# total: .x.total",
    "# errors: .x.errors[]",
    "# once: $org, $team",
    "query ($first: Int, $after: String, $c: ID, $n: Int = 5, $skip: Int, $page: Int, $org: ID!) {",
    "{",
    "}",
    "x: devices(first: $first, after: $after, org: $org) { data { id name } after total }",
    "devices { data { id ...F } after: next }",
    "fragment F on T { name location { name } ...F }",
    "mutation ($id: ID!) { revokeApiKey: drop(id: $id) { id } }",
    "mutation ($name: String) { generateApiKey(name: $name) { id secret } }",
    "status: $status",
    "... on X { id }",
    "@skip(if: true)",
];

/// Any document is accepted as a binding or refused with an existing line number; an accepted one can be filled and
/// applied, and names the variables that it declares.
pub fn binding(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let all: Vec<Operation> = operations().collect();
    let operation = draw.pick(&all);
    let drawn: Vec<&str> = (0..draw.below(9)).map(|_| draw.pick(&LINES)).collect();
    let (cursor, size, value) = (draw.text(5), draw.number(), draw.value(4));
    let text = format!("{}\n{}", drawn.join("\n"), draw.rest());
    let _ = (root_field(&text), variables_on(&text, None, &["devices".to_owned()]));
    match parse_binding(operation, &text) {
        Err(DocumentError { line, problem }) => {
            assert!(line >= 1 && line <= text.lines().count().max(1) + 1, "{line} of {text:?}");
            assert!(!problem.is_empty());
        }
        Ok(bound) => {
            assert_eq!(bound.document, text);
            use_it(&bound, &cursor, size, &value);
        }
    }
}

fn use_it(bound: &CompatDocument, cursor: &str, size: i64, value: &Value) {
    let given = BTreeMap::from([("org".to_owned(), "7".to_owned()), ("team".to_owned(), "a".to_owned())]);
    for cursor in [None, Some(cursor)] {
        let mut variables = json!({"id": "1", "first": 5});
        let _ = bound.fill(&mut variables, PagePosition { cursor, size: Some(size) }, &given);
        if let Some(mapping) = &bound.mapping {
            let _ = mapping.apply(&value.to_string(), &variables, cursor);
        }
    }
}

/// Parts of jq programs.
const PARTS: [&str; 48] = [
    ".",
    ".x",
    ".id",
    "[]",
    "[0]",
    "[-1:]",
    "?",
    " | ",
    ", ",
    " // ",
    " + ",
    " - ",
    " / ",
    " and ",
    " == ",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{id: .id}",
    "\"a\"",
    "\"\\(.x)\"",
    "null",
    "1e9",
    "-1",
    "map(",
    "select(",
    "tojson",
    "fromjson",
    "@json",
    "@base64",
    "@sh",
    "@uri",
    "@csv",
    "join(\"ab\")",
    "split(\"\")",
    "gsub(\"\";\"ab\")",
    "add",
    "flatten",
    "to_entries",
    "tostring",
    "ltrimstr(\"a\")",
    "if . then . else . end",
    "try error",
    "explode",
    "group_by(.id)",
];

/// An accepted program of a head terminates on any input, and its output stays within the bounds.
pub fn mapping(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let Some(operation) = operations().find(|operation| operation.word == "devices.list") else { return };
    let value = draw.value(4);
    let program = draw.joined(&PARTS, 40);
    let rest = draw.rest();
    for program in [&program, &rest] {
        let text =
            format!("# jq: {}\nquery ($first: Int) {{ x(n: $first) {{ id }} }}", program.replace(['\n', '\r'], " "));
        let Ok(CompatDocument { mapping: Some(mapping), .. }) = parse_binding(operation, &text) else { continue };
        let given = value.to_string();
        if let Ok(mapped) = mapping.apply(&given, &json!({"first": 5}), None) {
            let most = (given.len() + text.len()) * 20_000;
            assert!(mapped.data.to_string().len() < most, "{program:?} makes too much of {given}");
        }
    }
}

/// Whatever the portal says about a page, the pager returns a next page or none, and no row of a list is skipped.
pub fn pager(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let words = ["cursor", "offset", "page", " ", "$a", "$", "size", "from", "0", "-1", "9223372036854775807", "x"];
    let typed = draw.joined(&words, 9);
    let (cursor, says) = (draw.text(6), draw.flag());
    if let Ok(pager) = Pager::parse(&typed) {
        let seen = PageInfo {
            items: draw.below(2_000),
            next: draw.flag().then(|| draw.text(5)),
            more: draw.flag().then(|| draw.flag()),
            total: draw.flag().then(|| draw.number()),
        };
        let number = draw.number().to_string();
        for cursor in [None, Some(cursor.as_str()), Some(number.as_str())] {
            let _ = pager.value(cursor);
            let (items, next) = (seen.items, seen.next.clone());
            let _ = pager.next(cursor, PageInfo { items, next, more: seen.more, total: seen.total });
        }
    }
    let Ok(pager) = Pager::parse("offset $skip") else { return };
    let (all, mut cursor, mut came) = (draw.below(200), None, 0);
    // A page has as many items as the portal likes, and at least one.
    for _ in 0..=all + 1 {
        let start = pager.value(cursor.as_deref()).ok().and_then(|value| usize::try_from(value.as_i64()?).ok());
        let start = start.unwrap_or(usize::MAX);
        let items = (1 + draw.below(40)).min(all.saturating_sub(start));
        assert_eq!(start.min(all), came);
        came += items;
        let more = says.then_some(came < all);
        cursor = pager.next(cursor.as_deref(), PageInfo { items, more, ..PageInfo::default() }).unwrap_or_default();
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((came, cursor), (all, None));
}
