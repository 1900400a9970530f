//! Finds the lists in a portal's answer, tells whether they continue, and joins their pages.
//!
//! It reads and writes raw JSON, so that every digit and every member is preserved.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names of the next cursor, beside the list.
const CURSORS: [&str; 11] = [
    "after",
    "nextCursor",
    "next_cursor",
    "endCursor",
    "end_cursor",
    "next",
    "nextPage",
    "next_page",
    "nextToken",
    "nextPageToken",
    "nextOffset",
];

/// Names of flags that say there is more, but not how to get it.
const FLAGS: [&str; 6] = ["hasMore", "has_more", "hasNext", "hasNextPage", "has_next_page", "moreAvailable"];

/// Names of the total.
const TOTALS: [&str; 5] = ["total", "totalCount", "total_count", "totalItems", "count"];

/// Names of an object that holds the cursor.
const PAGE_INFOS: [&str; 3] = ["pageInfo", "page_info", "pagination"];

/// Names of the list in a page.
pub const LISTS: [&str; 8] = ["data", "nodes", "edges", "items", "results", "rows", "entries", "records"];

/// Lists that are nested deeper are not found.
const DEEPEST: usize = 32;

/// A list in an answer.
#[derive(Debug)]
pub struct List {
    /// The path to the object that holds the list: `data`, `devices`.
    pub way: Vec<String>,
    pub more: More,
}

/// Whether a list continues.
#[derive(Debug)]
pub enum More {
    No,
    /// It continues at this cursor.
    From(Box<RawValue>),
    /// It continues, says this member, but there is no cursor.
    WithoutCursor(String),
}

/// The members of an object in order, as raw JSON.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Members<'a>, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(InOrder)
    }
}

impl<'a> Members<'a> {
    fn of(raw: &'a RawValue) -> Option<Members<'a>> {
        read(raw.get())
    }

    /// Returns the list of a page: by its name, else the first list of objects, else the first list.
    fn list(&self) -> Option<(&str, &'a RawValue)> {
        let lists = || self.0.iter().filter(|(_, raw)| is_list(raw)).map(|(name, raw)| (&**name, *raw));
        let called = LISTS.iter().find_map(|known| lists().find(|(name, _)| name == known));
        let of_objects = || lists().find(|(_, raw)| raw.get()[1..].trim_start().starts_with('{'));
        called.or_else(of_objects).or_else(|| lists().next())
    }

    fn get(&self, names: &[&str]) -> Option<(&str, &'a RawValue)> {
        names.iter().find_map(|name| self.0.iter().find(|(own, _)| own == name)).map(|(name, raw)| (&**name, *raw))
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    serde_json::from_str(text).ok()
}

fn is_list(raw: &RawValue) -> bool {
    raw.get().starts_with('[')
}

/// Returns true for the names of cursors, flags and totals beside a list.
pub fn stands_beside(name: &str) -> bool {
    [&CURSORS[..], &FLAGS, &TOTALS].concat().contains(&name)
}

/// Returns true for the name of an object that holds the cursor.
pub fn is_page_info(name: &str) -> bool {
    PAGE_INFOS.contains(&name)
}

/// Returns the lists of an answer that say whether they continue, the outermost first, and the paths of lists inside
/// items that do continue.
pub fn find(answer: &RawValue) -> (Vec<List>, Vec<String>) {
    find_below(answer, DEEPEST)
}

fn find_below(answer: &RawValue, depth: usize) -> (Vec<List>, Vec<String>) {
    let (mut lists, mut nested) = (Vec::new(), Vec::new());
    let mut level = vec![(Vec::new(), answer)];
    for depth in (0..depth).rev() {
        let mut deeper = Vec::new();
        for (way, raw) in std::mem::take(&mut level) {
            let Some(members) = Members::of(raw) else { continue };
            lists.extend(more(&members).map(|more| List { way: way.clone(), more }));
            for (name, member) in &members.0 {
                let inner: Vec<String> = way.iter().chain([name]).cloned().collect();
                if is_list(member) {
                    nested.extend(inside(&inner, member, depth));
                } else if member.get().starts_with('{') && !PAGE_INFOS.contains(&name.as_str()) {
                    deeper.push((inner, *member));
                }
            }
        }
        level = deeper;
    }
    nested.dedup();
    (lists, nested)
}

/// Returns the path of a list inside the items that continues.
fn inside(way: &[String], list: &RawValue, depth: usize) -> Option<String> {
    let items: Vec<&RawValue> = read(list.get())?;
    items.into_iter().filter(|item| item.get().starts_with('{')).find_map(|item| {
        let (lists, nested) = find_below(item, depth);
        let going = lists.iter().find(|list| !matches!(list.more, More::No)).map(|list| list.way.join("."));
        let within = going.or_else(|| nested.into_iter().next())?;
        Some(called(way) + "." + &within)
    })
}

/// Returns the name of a list: `devices` for `data.devices`.
pub fn called(way: &[String]) -> String {
    let way = if way.len() > 1 && way[0] == "data" { &way[1..] } else { way };
    way.join(".")
}

/// Returns whether the list in an object continues; `None` if there is no list, or nothing says.
fn more(members: &Members<'_>) -> Option<More> {
    let (_, list) = members.list()?;
    let info = members.get(&PAGE_INFOS).and_then(|(name, raw)| Some((name, Members::of(raw)?)));
    let (place, beside) = match &info {
        Some((name, info)) => (format!("{name}."), info),
        None => (String::new(), members),
    };
    let flag = beside.get(&FLAGS).or_else(|| members.get(&FLAGS));
    let cursor = beside.get(&CURSORS).or_else(|| members.get(&CURSORS));
    // An object or array is not a cursor.
    let cursor = cursor.map(|(name, raw)| (name, raw.get())).filter(|(_, text)| !text.starts_with(['{', '[']));
    match (flag, cursor) {
        (Some((_, flag)), _) if flag.get() == "false" => Some(More::No),
        (_, Some((name, "true"))) => Some(More::WithoutCursor(format!("{place}{name}"))),
        (_, Some((_, text))) if !matches!(text, "null" | "\"\"" | "false") => read(text).map(More::From),
        (Some((name, flag)), _) if flag.get() == "true" => Some(More::WithoutCursor(format!("{place}{name}"))),
        (Some(_), _) | (_, Some(_)) => Some(More::No),
        (None, None) => {
            let (name, total) = members.get(&TOTALS)?;
            let length = read::<Vec<&RawValue>>(list.get())?.len();
            let is_all = read::<usize>(total.get())? <= length;
            Some(if is_all { More::No } else { More::WithoutCursor(name.to_owned()) })
        }
    }
}

/// Returns the items of the list at `way`.
pub fn items<'a>(answer: &'a RawValue, way: &[String]) -> Option<Vec<&'a RawValue>> {
    let members = way.iter().try_fold(Members::of(answer)?, |members, step| Members::of(members.get(&[step])?.1))?;
    read(members.list()?.1.get())
}

/// Pages of an answer, joined.
pub enum Joined {
    Raw(String),
    Object(Vec<(String, Joined)>),
    /// The items so far, separated by commas.
    List(String),
}

impl Joined {
    /// Starts with the first page.
    pub fn new(page: &RawValue) -> Joined {
        Joined::Raw(page.get().to_owned())
    }

    /// Appends the items of the list at `way`, and replaces the members beside it; returns false if a page has no such
    /// list.
    pub fn append(&mut self, way: &[String], page: &RawValue) -> bool {
        let Some(theirs) = Members::of(page) else { return false };
        let Some(ours) = self.members() else { return false };
        let Some((step, rest)) = way.split_first() else {
            let list = theirs.list().map(|(name, _)| name.to_owned());
            for (name, raw) in &theirs.0 {
                match ours.iter_mut().find(|(own, _)| own == name) {
                    Some((_, own)) if Some(name) == list.as_ref() => own.extend(raw),
                    Some((_, own)) => *own = Joined::new(raw),
                    None => ours.push((name.clone(), Joined::new(raw))),
                }
            }
            return list.is_some();
        };
        match (ours.iter_mut().find(|(own, _)| own == step), theirs.get(&[step])) {
            (Some((_, own)), Some((_, raw))) => own.append(rest, raw),
            _ => false,
        }
    }

    fn members(&mut self) -> Option<&mut Vec<(String, Joined)>> {
        if let Joined::Raw(text) = self {
            let raw: &RawValue = read(text)?;
            let members = Members::of(raw)?.0.into_iter().map(|(name, raw)| (name, Joined::new(raw)));
            *self = Joined::Object(members.collect());
        }
        match self {
            Joined::Object(members) => Some(members),
            _ => None,
        }
    }

    fn extend(&mut self, page: &RawValue) {
        if let Joined::Raw(text) = self {
            *self = Joined::List(between_brackets(text).to_owned());
        }
        if let Joined::List(items) = self {
            let more = between_brackets(page.get());
            items.push_str(if items.is_empty() || more.is_empty() { "" } else { "," });
            items.push_str(more);
        }
    }

    /// Appends the JSON text to `to`.
    pub fn write(&self, to: &mut String) {
        match self {
            Joined::Raw(text) => to.push_str(text),
            Joined::List(items) => {
                to.push('[');
                to.push_str(items);
                to.push(']');
            }
            Joined::Object(members) => {
                to.push('{');
                for (n, (name, member)) in members.iter().enumerate() {
                    to.push_str(if n == 0 { "" } else { "," });
                    to.push_str(&serde_json::Value::from(name.as_str()).to_string());
                    to.push(':');
                    member.write(to);
                }
                to.push('}');
            }
        }
    }
}

/// Returns the items of a list, separated by commas.
fn between_brackets(list: &str) -> &str {
    list.trim().strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::{Joined, More, find, items};
    use serde_json::value::RawValue;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn whether_a_list_goes_on_is_told_in_many_ways() {
        for (answer, way, more) in [
            (r#"{"data":{"devices":{"data":[1],"after":"x"}}}"#, "data.devices", "from \"x\""),
            (r#"{"data":{"devices":{"data":[1],"after":null}}}"#, "data.devices", "no"),
            (r#"{"data":{"a":{"nodes":[],"pageInfo":{"hasNextPage":true,"endCursor":"y"}}}}"#, "data.a", "from \"y\""),
            (r#"{"data":{"a":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":"y"}}}}"#, "data.a", "no"),
            (r#"{"data":{"a":{"nodes":[],"pageInfo":{"hasNextPage":true}}}}"#, "data.a", "pageInfo.hasNextPage"),
            (r#"{"data":{"a":{"nodes":[],"pageInfo":{"endCursor":"y"}}}}"#, "data.a", "from \"y\""),
            (r#"{"data":{"a/b":{"items":[],"next":""}}}"#, "data.a/b", "no"),
            (r#"{"items":[1],"nextCursor":2}"#, "", "from 2"),
            (r#"{"items":[1],"next":true}"#, "", "next"),
            (r#"{"data":{"a":{"items":[1],"hasMore":true}}}"#, "data.a", "hasMore"),
            (r#"{"data":{"a":{"items":[1],"hasMore":false,"nextCursor":"z"}}}"#, "data.a", "no"),
            (r#"{"data":{"a":{"items":[1],"total":60}}}"#, "data.a", "total"),
            (r#"{"data":{"a":{"items":[1],"total":1}}}"#, "data.a", "no"),
        ] {
            let (lists, nested) = find(&raw(answer));
            let told = match &lists[0].more {
                More::No => "no".to_owned(),
                More::From(cursor) => format!("from {cursor}"),
                More::WithoutCursor(name) => name.clone(),
            };
            assert_eq!((lists[0].way.join("."), told.as_str(), nested.len()), (way.to_owned(), more, 0), "{answer}");
        }
        assert!(find(&raw(r#"{"data":{"devices":{"data":[1]}}}"#)).0.is_empty());
        let inside = r#"{"data":{"devices":{"data":[{"tags":{"data":[],"after":"t"}}],"after":null}}}"#;
        assert_eq!(find(&raw(inside)).1, ["devices.data.tags"]);
    }

    #[test]
    fn pages_are_joined_with_every_digit() {
        let first = raw(r#"{ "data": {"b":{"rows":[1.10, 123456789012345678901234567890],"after":"x","n":2}},"z":0 }"#);
        let way = ["data", "b"].map(str::to_owned);
        let mut joined = Joined::new(&first);
        assert!(joined.append(&way, &raw(r#"{"data":{"b":{"rows":[],"after":"y","n":2}}}"#)));
        assert!(joined.append(&way, &raw(r#"{"data":{"b":{"rows":[-0, 1e400],"after":null,"n":2}}}"#)));
        assert!(!joined.append(&way, &raw(r#"{"data":{"b":null}}"#)));
        let mut text = String::new();
        joined.write(&mut text);
        let whole =
            r#"{"data":{"b":{"rows":[1.10, 123456789012345678901234567890,-0, 1e400],"after":null,"n":2}},"z":0}"#;
        assert_eq!(text, whole);
        assert_eq!(items(&raw(&text), &way).unwrap().len(), 4);
    }
}
