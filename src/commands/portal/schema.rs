//! `optra portal schema`

use crate::context::Context;
use crate::error::{ADOPT_PASTED, Error, Kind};
use crate::portal;
use crate::portal::error::Failure;

/// Print the portal's own schema
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal schema > portal.graphql
  optra portal schema --json > portal.json")]
pub struct Args {
    /// Print the introspection result as JSON instead, for other tools
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let (sdl, json) = cx.portal()?.tell_schema().map_err(explain)?;
    let wants_json = args.json || cx.out.is_machine();
    cx.out.page();
    Ok(if wants_json { cx.out.document(json.as_bytes()) } else { cx.out.text(&sdl) }?)
}

/// If the portal answers other requests but not this one, introspection is disabled.
fn explain(error: portal::Error) -> Error {
    let is_refused = matches!(error.failure(), Failure::Refused(_));
    let error = Error::from(error);
    if !is_refused || !matches!(error.kind(), Kind::Unsupported | Kind::Failed | Kind::Forbidden) {
        return error;
    }
    error
        .reclassify(Kind::Unsupported, "this portal refused introspection")
        .replace_hints("What fits it is found out without: `optra portal check`.")
        .hint(format!(
            "What does not is made of a request of its web page, copied as curl into `request.sh`: `optra {ADOPT_PASTED}`."
        ))
}
