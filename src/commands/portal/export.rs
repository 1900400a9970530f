//! `optra portal export`: all bindings for a portal as one text that people share and review.

use super::bound::bindings;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::operations;

/// Print all bindings for this portal as one file
///
/// There is no key in it, and nothing of a profile.
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
            .hint(format!("See what would have to be: `optra{} portal check`.", cx.config.chosen_portal())));
    }
    let mut text = format!("# portal: {base}\n");
    for (operation, document) in &bound {
        text.push_str(&format!("\n# binding: {}\n{}\n", operation.word, document.trim_end()));
    }
    Ok(cx.out.text(&text)?)
}
