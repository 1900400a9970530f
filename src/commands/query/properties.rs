//! Properties of a document's columns, for any document.

use super::shape::Shape;
use crate::portal::{Document, Field};

/// The path to the rows of any document is one that the document selects, and so is each column.
pub fn shape(bytes: &[u8]) {
    let Ok(document) = Document::parse(&String::from_utf8_lossy(bytes)) else { return };
    let Shape { way, page, columns } = Shape::of(&document);
    let fields = inside(&document.fields, way.iter().map(String::as_str));
    assert!(fields.is_some(), "{way:?} {document:?}");
    assert!(page.is_none_or(|page| way.starts_with(&page)), "{way:?} {document:?}");
    for column in columns {
        let path: Vec<&str> = column.name.split('.').collect();
        assert!(fields.and_then(|fields| inside(fields, path.into_iter())).is_some(), "{} {document:?}", column.name);
    }
}

/// Returns the fields below a path.
fn inside<'f, 's>(fields: &'f [Field], mut path: impl Iterator<Item = &'s str>) -> Option<&'f [Field]> {
    path.try_fold(fields, |fields, step| Some(&fields.iter().find(|field| field.name == step)?.fields[..]))
}
