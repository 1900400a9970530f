//! What the answer to a document looks like, as far as the document alone can tell: where its rows stand, and their columns.
//!
//! Whether there is a list or one object, the answer says. The names are those that are looked for in answers, too.

use super::row::Row;
use crate::commands::lists::{LISTS, is_page_info, stands_beside};
use crate::output::{Column, Rank};
use crate::portal::{Document, Field};

/// Where the rows of an answer stand, and what they have.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The members on the way to a row, or to the list of them: `devices`, `data`.
    pub way: Vec<String>,
    /// The members on the way to the object that the list stands in; none where the document does not look like it has one list.
    pub page: Option<Vec<String>>,
    pub columns: &'static [Column<Row>],
}

impl Shape {
    /// Finds out what is asked for.
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
        // The columns of the one document of a run are needed until it ends.
        Shape { way: way.iter().map(ToString::to_string).collect(), page, columns: Vec::leak(columns) }
    }
}

/// Collects the lists, by what stands beside them or what they are called. Beside fields of its own, a list is a part of
/// something.
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

/// Returns true for an object that says how a list goes on, or how long it is.
fn tells_of_a_page(field: &Field) -> bool {
    is_page_info(&field.name) || field.fields.iter().all(|field| field.fields.is_empty() && stands_beside(&field.name))
}

fn inside<'f>(fields: &'f [Field], way: &[&str]) -> &'f [Field] {
    way.iter()
        .fold(fields, |fields, step| fields.iter().find(|field| field.name == *step).map_or(&[], |field| &field.fields))
}

/// Adds a column for each field that holds a value, by its path, and one that is shown when it is asked for where others are
/// inside.
fn add(fields: &[Field], before: &str, is_whole: bool, columns: &mut Vec<Column<Row>>) {
    for field in fields {
        let name: &'static str = format!("{before}{}", field.name).leak();
        if field.fields.is_empty() {
            let order = columns.iter().filter(|column| matches!(column.rank, Rank::Selected(_))).count();
            let rank = Rank::Selected(u8::try_from(order).unwrap_or(u8::MAX));
            // Nothing of what a mutation gives is cut: it is not to be had again.
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
