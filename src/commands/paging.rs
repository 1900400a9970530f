//! `optra api --paginate`: page after page of any list with a cursor, joined into one document.
//!
//! A list is an array beside a cursor: `after`, `nextCursor` or `endCursor` in the same object, or a `pageInfo`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal;

/// What the cursor may be called, in the answer.
const CURSORS: [&str; 4] = ["after", "nextCursor", "endCursor", "next"];

/// What the variable may be called that takes the cursor.
const VARIABLES: [&str; 3] = ["after", "endCursor", "cursor"];

/// A page of a list in an answer.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Where the array stands, as a JSON pointer.
    list: String,
    /// The cursor of the next page; none on the last.
    cursor: Option<String>,
}

/// Makes an error of errors in an answer.
pub fn refused(refusal: portal::Refusal, has_data: bool) -> Error {
    let error = Error::from(portal::Error::from(refusal));
    match error.kind() {
        Kind::Failed if has_data => error.within(Kind::Partial, "the answer has errors beside its data"),
        _ => error,
    }
}

/// Prints all pages as one document, or each item in a line. What breaks off is not printed as if it were whole.
pub fn paginate(document: &str, variables: Option<Value>, operation: Option<&str>, cx: &Context) -> Result<(), Error> {
    let declared = portal::declared_variables(document);
    let variable = VARIABLES.into_iter().find(|name| declared.iter().any(|declared| declared == name));
    let variable = variable.ok_or_else(|| {
        Error::new(Kind::Usage, "`--paginate` needs a document that takes the cursor as `$after`")
            .hint("For example: `query ($after: String) { devices(after: $after) { data { id } after } }`.")
    })?;
    let mut variables = variables.unwrap_or_else(|| Value::Object(Map::new()));
    let (mut all, mut seen): (Option<Value>, HashSet<String>) = Default::default();
    loop {
        let cursor = variables[variable].as_str().map(str::to_owned);
        let go_on = |error: Error| match &cursor {
            Some(cursor) => error.within(Kind::Partial, format!("the pages broke off; `${variable}` was `{cursor}`")),
            None => error,
        };
        let answer =
            cx.portal()?.execute_raw(document, Some(&variables), operation).map_err(|error| go_on(error.into()))?;
        if let Some(refusal) = answer.refusal {
            return Err(go_on(refused(refusal, answer.has_data)));
        }
        let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let found = find(&page).ok_or_else(|| {
            Error::new(Kind::Usage, "the answer has no list with a cursor beside it")
                .hint("Ask for the cursor too, such as `after`, or `pageInfo { hasNextPage endCursor }`.")
        })?;
        if cx.out.is_lines() {
            let items = page.pointer(&found.list).and_then(Value::as_array);
            let lines: String = items.into_iter().flatten().map(|item| format!("{item}\n")).collect();
            cx.out.text(&lines)?;
        } else {
            match &mut all {
                None => all = Some(page),
                Some(all) => join(all, &page, &found.list),
            }
        }
        let Some(next) = found.cursor else { break };
        if !seen.insert(next.clone()) {
            let message = format!("the page after cursor `{next}` leads back to one that was read before");
            return Err(go_on(Error::new(Kind::BadAnswer, message)));
        }
        variables[variable] = Value::String(next);
    }
    match all {
        Some(all) => Ok(cx.out.text(&format!("{all}\n"))?),
        None => Ok(()),
    }
}

/// Finds the first list with a cursor, the outermost first.
fn find(answer: &Value) -> Option<Found> {
    let mut level = vec![(String::new(), answer)];
    while !level.is_empty() {
        if let Some(found) = level.iter().find_map(|(path, value)| page(path, value.as_object()?)) {
            return Some(found);
        }
        let deeper = level.iter().filter_map(|(path, value)| Some((path, value.as_object()?)));
        let deeper = deeper.flat_map(|(path, members)| {
            members.iter().map(move |(name, value)| (format!("{path}/{}", escaped(name)), value))
        });
        level = deeper.collect();
    }
    None
}

/// Appends the items of a page to those of the pages before, and takes its cursor over.
fn join(all: &mut Value, page: &Value, list: &str) {
    let Some(items) = page.pointer(list).and_then(Value::as_array).cloned() else { return };
    if let Some(Value::Array(so_far)) = all.pointer_mut(list) {
        so_far.extend(items);
    }
    let parent = list.rsplit_once('/').map_or("", |(parent, _)| parent);
    for member in CURSORS.iter().chain(&["pageInfo"]) {
        let member = format!("{parent}/{member}");
        if let (Some(old), Some(new)) = (all.pointer_mut(&member), page.pointer(&member)) {
            *old = new.clone();
        }
    }
}

fn page(path: &str, members: &Map<String, Value>) -> Option<Found> {
    let (name, _) = members.iter().find(|(_, value)| value.is_array())?;
    let list = format!("{path}/{}", escaped(name));
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(info) = members.get("pageInfo") {
        let has_more = info.get("hasNextPage").is_none_or(|more| *more == Value::Bool(true));
        return Some(Found { list, cursor: info.get("endCursor").and_then(text).filter(|_| has_more) });
    }
    let cursor = CURSORS.iter().find_map(|name| members.get(*name))?;
    Some(Found { list, cursor: text(cursor) })
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::{find, join};
    use serde_json::json;

    #[test]
    fn a_list_is_an_array_beside_a_cursor() {
        for (answer, list, cursor) in [
            (json!({"data": {"devices": {"data": [1], "after": "x"}}}), "/data/devices/data", Some("x")),
            (json!({"data": {"devices": {"data": [1], "after": null}}}), "/data/devices/data", None),
            (
                json!({"data": {"a": {"nodes": [], "pageInfo": {"hasNextPage": true, "endCursor": "y"}}}}),
                "/data/a/nodes",
                Some("y"),
            ),
            (
                json!({"data": {"a": {"nodes": [], "pageInfo": {"hasNextPage": false, "endCursor": "y"}}}}),
                "/data/a/nodes",
                None,
            ),
            (json!({"data": {"a/b": {"items": [], "next": ""}}}), "/data/a~1b/items", None),
        ] {
            let found = find(&answer).unwrap();
            assert_eq!((found.list.as_str(), found.cursor.as_deref()), (list, cursor), "{answer}");
        }
        assert_eq!(find(&json!({"data": {"devices": {"data": [{"tags": [], "after": "no"}]}}})), None);
    }

    #[test]
    fn pages_are_joined_into_one() {
        let mut all = json!({"data": {"devices": {"data": [1], "after": "x", "total": 2}}});
        join(&mut all, &json!({"data": {"devices": {"data": [2], "after": null, "total": 2}}}), "/data/devices/data");
        assert_eq!(all, json!({"data": {"devices": {"data": [1, 2], "after": null, "total": 2}}}));
    }
}
