//! How every listing goes: pages in, rows out, and what the rows do not say is said once at the end.

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Fields, Record};
use crate::portal::Pages;
use crate::portal::error::GraphQlError;

/// Prints all pages; what is missing is warned about, and an incomplete result is an error.
pub fn print<R: Record>(pages: Pages<'_, R>, fields: &Fields<R>, cx: &Context) -> Result<(), Error> {
    let (one, many) = R::NOUN;
    let mut rows = cx.out.rows(fields);
    let mut left_out = Vec::new();
    let mut nulls = 0;
    let mut total = None;
    let mut errors: Vec<GraphQlError> = Vec::new();
    for page in pages {
        let page = match page {
            Ok(page) => page,
            Err(error) if rows.count() == 0 => return Err(error.into()),
            Err(error) => {
                let message = format!("the listing broke off after {} {many}", rows.count());
                rows.break_off()?;
                return Err(Error::from(error).within(Kind::Partial, message));
            }
        };
        refuse_missing(fields, &page.left_out)?;
        for item in &page.items {
            rows.push(item)?;
        }
        rows.flush()?;
        nulls += page.nulls;
        total = page.total.and_then(|total| usize::try_from(total).ok());
        errors.extend(page.errors);
        left_out = page.left_out;
    }
    let count = rows.count();
    rows.finish()?;
    if let Some(total) = total.filter(|total| *total > count + nulls) {
        cx.out.status(format_args!("{count} of {total} {many}"));
    }
    if nulls > 0 {
        let noun = if nulls == 1 { one } else { many };
        cx.out.warn(format_args!("the portal gave {nulls} {noun} as null, not shown here"));
    }
    if !left_out.is_empty() && !fields.are_chosen() {
        let names = left_out.join(", ");
        cx.out.warn(format_args!(
            "this portal answers the documented query only, so these fields are missing: {names}; \
             whether there are more {many} than it sent cannot be told"
        ));
    }
    match errors.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!("the portal could not give all of the {many}");
            Err(Error::new(Kind::Partial, message).cause(anyhow::Error::msg(place(first))))
        }
    }
}

/// A field that was asked for by name and cannot be had is an error; one that is shown by habit is not.
fn refuse_missing<R: Record>(fields: &Fields<R>, left_out: &[&str]) -> Result<(), Error> {
    let missing: Vec<&str> = fields.chosen().filter(|name| left_out.contains(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("this portal has no {} of a {}", missing.join(", "), R::NOUN.0);
    Err(Error::new(Kind::Unsupported, message).hint("Leave it out of `--fields`."))
}

fn place(error: &GraphQlError) -> String {
    match error.path.as_str() {
        "" => error.message.clone(),
        path => format!("{} (at `{path}`)", error.message),
    }
}
