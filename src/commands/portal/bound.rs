//! Helpers for the verbs about bindings: parsing operations, opening the bindings.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{Bindings, Operation, Validated, operations};

/// Parses the name of an operation: `keys.generate`.
pub fn operation() -> impl TypedValueParser<Value = Operation> {
    let words = PossibleValuesParser::new(operations().map(|operation| operation.word));
    words.try_map(|word| crate::portal::operation(&word).ok_or("there is no such operation"))
}

/// Returns the bindings for the portal of this run, for changes.
pub fn bindings(cx: &Context) -> Result<Bindings, Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "a binding belongs to a portal, and the sandbox is a new one in each run"));
    }
    cx.config.can_save()?;
    Ok(Bindings::new(Some(cx.config.bindings_path(&cx.endpoint()?.base())?)))
}

/// Warns of parts of a binding that may fail, though the portal accepts it.
pub fn tell_doubts(validated: &Validated, cx: &Context) {
    for place in &validated.fragile {
        cx.out.warn(format_args!("`{place}` may be null, and then the result cannot be used"));
    }
    if validated.absent.is_none() {
        cx.out.status("What it gives is known only once it runs, because the portal does not show its schema.");
    }
}
