//! What fields a portal does not give: an error where one was asked for by name, else a warning.

use crate::context::Context;
use crate::error::Error;
use crate::output::{Fields, Record};
use crate::portal::{self, Projection};

/// Refuses fields that were asked for by name and cannot be had; those that are shown by habit may be missing.
pub fn refuse<R: Record>(fields: &Fields<R>, omitted: &[String]) -> Result<(), Error> {
    let projection = Projection { fields: fields.chosen().map(str::to_owned).collect(), exclusive: true };
    Ok(portal::Error::ensure_given(projection.missing(omitted))?)
}

/// Warns of the fields that are missing, by name.
pub fn tell<R: Record>(fields: &Fields<R>, omitted: &[String], cx: &Context) {
    if !omitted.is_empty() && !fields.are_chosen() {
        cx.out.warn(format_args!("this portal does not have {}", omitted.join(", ")));
    }
}
