//! What a portal does not give of a noun: an error where it was asked for by name or makes the result a part, else a warning.

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Fields, Record};
use crate::portal::error::GraphQlError;
use crate::portal::{self, Paging, Wanted};

/// Refuses fields that were asked for by name and cannot be had; those that are shown by habit may be missing.
pub fn refuse<R: Record>(fields: &Fields<R>, left_out: &[String]) -> Result<(), Error> {
    let wanted = Wanted { fields: fields.chosen().map(str::to_owned).collect(), ..Wanted::default() };
    let missing = wanted.missing(left_out);
    if missing.is_empty() {
        return Ok(());
    }
    Err(portal::Error::NotGiven { fields: missing }.into())
}

/// Warns of the fields that are missing, by name.
pub fn tell<R: Record>(fields: &Fields<R>, left_out: &[String], cx: &Context) {
    if !left_out.is_empty() && !fields.are_chosen() {
        cx.out.warn(format_args!("this portal does not give {}", left_out.join(", ")));
    }
}

/// Makes an error of the errors that came beside a list, if there are any: it is not whole.
pub fn refuse_holes(many: &str, errors: &[GraphQlError]) -> Result<(), Error> {
    let Some(first) = errors.first() else { return Ok(()) };
    let place = match first.path.as_str() {
        "" => first.message.clone(),
        path => format!("{} (at `{path}`)", first.message),
    };
    let message = format!("the portal could not give all of the {many}");
    Err(Error::new(Kind::Partial, message).cause(anyhow::Error::msg(place)))
}

/// Makes an error of a page that would pass for the whole, where the portal pages in a way of its own.
pub fn refuse_part(many: &str, paging: &Paging) -> Result<(), Error> {
    let Paging::Other { arguments, proposal } = paging else { return Ok(()) };
    let message = format!("this is one page of the {many}; the portal pages in a way of its own");
    let bind = match proposal {
        Some(proposal) => format!("If this means the same, bind it: {proposal}"),
        None => format!("Its `{}` can be used with `optra api`.", arguments.join("`, `")),
    };
    Err(Error::new(Kind::Partial, message).hint(bind))
}

/// Warns where nobody can tell whether a page is the whole.
pub fn tell_part(many: &str, paging: &Paging, cx: &Context) {
    if *paging == Paging::Unknown {
        cx.out.warn(format_args!("whether there are more {many} than on this page cannot be told"));
    }
}
