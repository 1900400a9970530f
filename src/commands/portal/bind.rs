//! `optra portal bind`: validates a document of the user's own, and saves it as a binding.

use std::path::PathBuf;

use super::bound::{bindings, operation, tell_doubts};
use super::record::Binding;
use crate::commands::input::text;
use crate::config::path;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{Operation, Validated};

/// `--try` shows this many items.
const SHOWN: usize = 5;

/// Use a document of your own for one of our operations
///
/// The document has to be the same kind of operation, to use only our variables, and to give every member that the
/// answer needs: by aliases, or by its first comments. It is saved for this portal, as a plain file. The portal
/// validates it first, without running it. `optra help bindings` has all the rules.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal bind keys.generate -f generate.graphql
  optra portal bind devices.list -f devices.graphql --try
  echo 'mutation ($name: String) { generateApiKey: createApiSecret(label: $name) { id secret: value } }' |
    optra portal bind keys.generate -f -")]
pub struct Args {
    /// The operation that the document replaces
    #[arg(value_parser = operation())]
    operation: Operation,

    /// Read the document from this file; `-` is stdin
    #[arg(short, long, value_name = "PATH", value_parser = path)]
    file: PathBuf,

    /// Run the query once before saving it, and show the first items of its answer
    #[arg(long = "try", conflicts_with = "unchecked")]
    tries: bool,

    /// Skip validation by the portal
    #[arg(long)]
    unchecked: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let operation = args.operation;
    if args.tries && (operation.is_mutation() || operation.needs_id()) {
        let message = format!("`--try` runs only operations that list, or that show the key, not `{}`", operation.word);
        return Err(Error::new(Kind::Usage, message).context("nothing was bound"));
    }
    let document = text(&args.file, "the document")?;
    let bindings = bindings(cx)?;
    let bound = bindings.check(operation, &document, &args.file).map_err(|error| {
        let error = Error::from(error).reclassify(Kind::Usage, "nothing was bound");
        error.replace_hints("What a binding is made of: `optra help bindings`.")
    })?;
    let undone = |error: Error| {
        error.context("nothing was bound").hint("To keep it without asking the portal, say `--unchecked`.")
    };
    let validated = match args.unchecked {
        true => Validated::unknown(&bound),
        false => {
            let portal = cx.portal().map_err(undone)?;
            portal.validate(operation, &bound).map_err(|error| undone(Error::from(error)))?
        }
    };
    let shown = match args.tries {
        true => cx
            .portal()?
            .preview(operation, &bound, SHOWN)
            .map_err(|error| Error::from(error).context("nothing was bound"))?,
        false => Vec::new(),
    };
    let path = bindings.keep(operation, &document)?.display().to_string();
    let missing = validated.absent.clone().unwrap_or_default();
    let without = if missing.is_empty() { String::new() } else { format!(", without {}", missing.join(", ")) };
    let fits = if args.unchecked { "`optra portal check` shows whether it fits" } else { "the portal accepts it" };
    let sentence = format!("Bound `{}` to your document{without}; {fits}.", operation.word);
    if !args.unchecked {
        tell_doubts(&validated, cx);
    }
    for item in &shown {
        cx.out.status(format_args!("  {item}"));
    }
    let fragile = validated.fragile;
    let word = operation.word.to_owned();
    cx.out
        .done(sentence, &Binding { operation: word, bound: true, path: Some(path), missing, fragile, items: shown })?;
    Ok(())
}
