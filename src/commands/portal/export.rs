//! `optra portal export`: prints all bindings for a portal as one file, to share and review.

use super::bound::bindings;
use super::import::heading;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{Operation, operations};

/// Print all bindings for this portal as one file
///
/// The file has no key in it, and nothing of a profile.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal export > portal.graphql
  optra portal import portal.graphql                 on another machine")]
pub struct Args {}

pub fn run(_: &Args, cx: &Context) -> Result<(), Error> {
    let (bound, base) = (bindings(cx)?.all(operations())?, cx.endpoint()?.base());
    if bound.is_empty() {
        return Err(Error::new(Kind::NotFound, format!("nothing is bound for {base}"))
            .hint(format!("See what would have to be: `optra{} portal check`.", cx.config.portal_flags())));
    }
    let text = text(&base, &bound).map_err(|(operation, line)| {
        let word = operation.word;
        let message =
            format!("the comment `{line}` of the binding of `{word}` would begin another one; nothing was exported");
        Error::new(Kind::Declined, message).hint(format!(
            "Write that comment in other words, and bind the document anew: `optra portal bind {word} -f FILE`."
        ))
    })?;
    Ok(cx.out.text(&text)?)
}

/// Joins bindings to one text. The error names a line that `import` would take for the heading of another binding.
pub(super) fn text(base: &str, bound: &[(Operation, String)]) -> Result<String, (Operation, String)> {
    let mut text = format!("# portal: {base}\n");
    for (operation, document) in bound {
        if let Some(line) = document.lines().find(|line| heading(line).is_some()) {
            return Err((*operation, line.to_owned()));
        }
        text.push_str(&format!("\n# binding: {}\n{}\n", operation.word, document.trim_end()));
    }
    Ok(text)
}
