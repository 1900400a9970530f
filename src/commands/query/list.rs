//! `optra query --list`: the kept documents, with the problem of each that cannot be used.

use schemars::JsonSchema;
use serde::Serialize;

use super::files::{self, Kept};
use super::options;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Cell, Column, Fields, Record, Value};

/// A document in the list.
#[derive(JsonSchema, Serialize)]
pub struct Listed {
    name: String,
    kind: Option<&'static str>,
    description: Option<String>,
    from: &'static str,
    file: String,
    problem: Option<String>,
}

impl Record for Listed {
    const NOUN: (&'static str, &'static str) = ("document", "documents");
    const COLUMNS: &'static [Column<Listed>] = &[
        Column::pinned("name", |listed| listed.name.cell()),
        Column::priority("kind", 2, |listed| listed.kind.map_or(Cell::Nothing, Value::cell)),
        Column::prose("description", 3, |listed| listed.description.cell()),
        Column::priority("from", 4, |listed| listed.from.cell()),
        Column::priority("file", 5, |listed| listed.file.cell()),
        Column::prose("problem", 1, |listed| listed.problem.cell()),
    ];
}

impl Listed {
    fn of(kept: &Kept) -> Listed {
        let (name, from, file) = (kept.name.clone(), kept.origin.as_str(), kept.path.display().to_string());
        let checked =
            files::read(kept).and_then(|document| options::names(&document, &[]).map(drop).map(|()| document));
        match checked {
            Ok(document) => {
                let description = document.description.first().cloned();
                Listed { kind: Some(document.kind()), description, problem: None, name, from, file }
            }
            Err(broken) => Listed { kind: None, description: None, problem: Some(broken.told()), name, from, file },
        }
    }
}

/// Prints the documents.
pub fn list(cx: &Context) -> Result<(), Error> {
    let all = files::all()?;
    cx.out.page();
    let mut rows = cx.out.rows(&Fields::all());
    all.iter().try_for_each(|(kept, _)| rows.push(&Listed::of(kept)))?;
    rows.finish()?;
    for (kept, _) in all.iter().filter(|(_, hides_another)| *hides_another) {
        cx.out
            .status(format_args!("`{}` of the project takes precedence over the one in the configuration", kept.name));
    }
    if all.is_empty() && !cx.out.is_machine() {
        cx.out.hint(files::where_to());
    }
    Ok(())
}
