//! The shape of a document's answer, derived from the document alone: the path to its rows, and their columns.
//!
//! Only the answer tells whether there is a list or one object. The names are those that `lists` looks for in answers.

use super::row::Row;
use crate::commands::lists::{LISTS, is_page_info, stands_beside};
use crate::output::{Column, Rank};
use crate::portal::{Document, Field};

/// The path to the rows of an answer, and their columns.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The path to the row, or to the list of rows: `devices`, `data`.
    pub way: Vec<String>,
    /// The path to the object that holds the list; `None` unless the document seems to have exactly one list.
    pub page: Option<Vec<String>>,
    pub columns: &'static [Column<Row>],
}

impl Shape {
    /// Derives the shape of a document.
    pub fn of(document: &Document) -> Shape {
        let fields = &document.fields[..];
        let (mut lists, mut page) = (Vec::new(), None);
        find(fields, &mut Vec::new(), &mut lists);
        let mut way: Vec<&str> = match &lists[..] {
            [list] => list.clone(),
            _ => match fields {
                [only] if !only.fields.is_empty() => vec![&only.name],
                _ => Vec::new(),
            },
        };
        if let [list] = &lists[..] {
            page = list.split_last().map(|(_, page)| page.iter().map(ToString::to_string).collect());
        }
        let node = inside(fields, &way).iter().find(|field| field.name == "node" && !field.fields.is_empty());
        if let (Some(node), true) = (node, way.last() == Some(&"edges")) {
            way.push(&node.name);
        }
        let mut columns = Vec::new();
        add(inside(fields, &way), "", document.is_mutation, &mut columns);
        // A run has one document, whose columns are needed until it ends.
        Shape { way: way.iter().map(ToString::to_string).collect(), page, columns: Vec::leak(columns) }
    }
}

/// Collects the lists, by the fields beside them or by their names. A list beside other plain fields is a part of an
/// object, not the result.
fn find<'f>(fields: &'f [Field], way: &mut Vec<&'f str>, lists: &mut Vec<Vec<&'f str>>) {
    let is_plain = |field: &&Field| field.fields.is_empty() && field.name != "__typename";
    let plain: Vec<&Field> = fields.iter().filter(is_plain).collect();
    let is_inner = |field: &&Field| !field.fields.is_empty() && !tells_of_a_page(field);
    let inner: Vec<&Field> = fields.iter().filter(is_inner).collect();
    let tells = !plain.is_empty() || fields.iter().any(|field| is_page_info(&field.name));
    if let ([list], true) = (&inner[..], plain.iter().all(|field| stands_beside(&field.name)))
        && (tells || LISTS.contains(&&*list.name))
    {
        lists.push([&way[..], &[&*list.name]].concat());
        return;
    }
    if plain.is_empty() {
        for field in inner {
            way.push(&field.name);
            find(&field.fields, way, lists);
            way.pop();
        }
    }
}

/// Returns true for an object with cursors, flags or totals.
fn tells_of_a_page(field: &Field) -> bool {
    is_page_info(&field.name) || field.fields.iter().all(|field| field.fields.is_empty() && stands_beside(&field.name))
}

fn inside<'f>(fields: &'f [Field], way: &[&str]) -> &'f [Field] {
    way.iter()
        .fold(fields, |fields, step| fields.iter().find(|field| field.name == *step).map_or(&[], |field| &field.fields))
}

/// Adds a column for each leaf field, named by its path, and a nested column, shown on request, for each field with a
/// selection.
fn add(fields: &[Field], before: &str, is_whole: bool, columns: &mut Vec<Column<Row>>) {
    for field in fields {
        let name: &'static str = format!("{before}{}", field.name).leak();
        if field.fields.is_empty() {
            let order = columns.iter().filter(|column| matches!(column.rank, Rank::Selected(_))).count();
            let rank = Rank::Selected(u8::try_from(order).unwrap_or(u8::MAX));
            // The answer of a mutation cannot be had again, so none of its columns may be cut.
            columns.push(Column::at(name, if is_whole || name == "id" { Rank::Pinned } else { rank }));
        } else {
            columns.push(Column::at(name, Rank::Nested));
            add(&field.fields, &format!("{name}."), is_whole, columns);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;
    use crate::output::Rank;
    use crate::portal::Document;

    #[test]
    fn rows_are_found_by_what_stands_beside_them() {
        for (document, way, page, columns) in [
            (
                "{ devices { data { id location { name } } after total } }",
                "devices.data",
                Some("devices"),
                "id location.name",
            ),
            ("{ devices { data { id } } }", "devices.data", Some("devices"), "id"),
            ("{ devices { fleet { id } pageInfo { endCursor } } }", "devices.fleet", Some("devices"), "id"),
            ("{ d: devices { edges { cursor node { id n: name } } } }", "d.edges.node", Some("d"), "id n"),
            ("{ org { devices { data { id } after } } }", "org.devices.data", Some("org.devices"), "id"),
            (
                "{ viewer { organization { name } } devices { data { id } after } }",
                "devices.data",
                Some("devices"),
                "id",
            ),
            ("{ d { data { id } meta { total } } }", "d.data", Some("d"), "id"),
            ("{ a { total } b { data { id } after } }", "b.data", Some("b"), "id"),
            ("{ a { total } }", "a", None, "total"),
            ("{ devices { id name } }", "devices", None, "id name"),
            ("{ device(id: 1) { id tags { data { id } after } } }", "device", None, "id tags.data.id tags.after"),
            ("{ a { data { id } after } b { data { id } after } }", "", None, "a.data.id a.after b.data.id b.after"),
            ("mutation { generateApiKey { id secret } }", "generateApiKey", None, "id secret"),
            ("mutation { revoke }", "", None, "revoke"),
        ] {
            let shape = Shape::of(&Document::parse(document).unwrap());
            let shown = shape.columns.iter().filter(|column| column.rank != Rank::Nested).map(|column| column.name);
            assert_eq!(shape.way.join("."), way, "{document}");
            assert_eq!(shape.page.map(|page| page.join(".")).as_deref(), page, "{document}");
            assert_eq!(shown.collect::<Vec<_>>().join(" "), columns, "{document}");
        }
    }
}
