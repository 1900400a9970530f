//! `optra portal unbind`

use super::bound::{bindings, operation};
use super::record::Binding;
use crate::context::Context;
use crate::error::Error;
use crate::portal::Operation;

/// Forget a document of your own and use ours again
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal unbind keys.generate")]
pub struct Args {
    /// The operation that the document replaces
    #[arg(value_parser = operation())]
    operation: Operation,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let word = args.operation.word;
    let sentence = match bindings(cx)?.forget(args.operation)? {
        true => format!("Unbound `{word}`."),
        false => format!("`{word}` was not bound."),
    };
    cx.out.done(sentence, &Binding::none(word))?;
    Ok(())
}
