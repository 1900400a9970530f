//! What can be bound, and where the bindings are.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{Bindings, Operation, operations};

/// Reads the words of an operation of ours: `keys.generate`.
pub fn operation() -> impl TypedValueParser<Value = Operation> {
    let words = PossibleValuesParser::new(operations().map(|operation| operation.word));
    words.try_map(|word| crate::portal::operation(&word).ok_or("there is no such operation"))
}

/// Returns the bindings of the profile in use, to be changed.
pub fn bindings(cx: &Context) -> Result<Bindings, Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "a binding belongs to a profile, and the sandbox has none"));
    }
    cx.config.can_save()?;
    Ok(Bindings::new(Some(cx.config.bindings_path()?)))
}
