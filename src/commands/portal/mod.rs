//! The portal itself: what it can do, its schema, and the user's own documents for it.

mod bind;
mod check;
mod record;
mod schema;
mod unbind;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{Bindings, Operation, operations};

/// See what a portal can do, and fit the commands to it
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Check(check::Args),
    Schema(schema::Args),
    Bind(bind::Args),
    Unbind(unbind::Args),
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Check(args) => check::run(args, cx),
        Command::Schema(args) => schema::run(args, cx),
        Command::Bind(args) => bind::run(args, cx),
        Command::Unbind(args) => unbind::run(args, cx),
    }
}

/// Reads the words of an operation of ours: `keys.generate`.
fn operation() -> impl TypedValueParser<Value = Operation> {
    let words = PossibleValuesParser::new(operations().map(|operation| operation.word));
    words.try_map(|word| crate::portal::operation(&word).ok_or("there is no such operation"))
}

/// Returns the bindings of the profile in use, to be changed.
fn bindings(cx: &Context) -> Result<Bindings, Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "a binding belongs to a profile, and the sandbox has none"));
    }
    cx.config.can_save()?;
    Ok(Bindings::new(Some(cx.config.bindings_path()?)))
}
