//! Fields that a portal does not give: an error if one was requested by name, else a warning.

use crate::context::Context;
use crate::error::Error;
use crate::output::{Fields, Record};
use crate::portal::{self, Projection};

/// Returns an error for missing fields that were requested by name; default fields may be missing.
pub fn ensure_given<R: Record>(fields: &Fields<R>, omitted: &[String]) -> Result<(), Error> {
    let projection = Projection { fields: fields.chosen().map(str::to_owned).collect(), exclusive: true };
    Ok(portal::Error::ensure_given(projection.missing(omitted))?)
}

/// Warns of missing default fields, by name.
pub fn warn<R: Record>(fields: &Fields<R>, omitted: &[String], cx: &Context) {
    if !omitted.is_empty() && !fields.are_chosen() {
        cx.out.warn(format_args!("this portal does not have {}", omitted.join(", ")));
    }
}
