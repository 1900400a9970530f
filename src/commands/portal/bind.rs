//! `optra portal bind`

use std::path::PathBuf;

use super::bound::{bindings, operation};
use super::record::Binding;
use crate::commands::input::text;
use crate::config::path;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::Operation;

/// Use a document of your own for one of our operations
///
/// It is the same kind of operation, uses only our variables, and gives every member that the answer needs, by an alias
/// where the portal calls it something else. It is kept with the profile, as a plain file.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal bind keys.generate -f generate.graphql
  echo 'mutation ($name: String) { generateApiKey: createApiSecret(label: $name) { id secret: value } }' |
    optra portal bind keys.generate -f -")]
pub struct Args {
    /// The operation of ours that the document stands for
    #[arg(value_parser = operation())]
    operation: Operation,

    /// Read the document from this file; `-` is stdin
    #[arg(short, long, value_name = "PATH", value_parser = path)]
    file: PathBuf,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let bindings = bindings(cx)?;
    let document = text(&args.file, "the document")?;
    let bound = bindings.check(args.operation, &document, &args.file).map_err(|error| {
        let error = Error::from(error);
        error
            .within(Kind::Usage, "nothing was bound")
            .instead("The document is written as `optra help portal bind` shows.")
    })?;
    let path = bindings.keep(args.operation, &document)?.display().to_string();
    let word = args.operation.word;
    let without = match bound.omitted.as_slice() {
        [] => String::new(),
        missing => format!(", without {}", missing.join(", ")),
    };
    let sentence = format!("Bound `{word}` to your document{without}; `optra portal check` shows whether it fits.");
    cx.out.done(
        sentence,
        &Binding { operation: word.to_owned(), bound: true, path: Some(path), missing: bound.omitted },
    )?;
    Ok(())
}
