//! `optra auth token`: the key itself, for another program's pipe. A terminal gets it only with `--reveal`.

use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::{Error, Kind};

/// Print the key in use, for another program
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth token | other-program --key-from-stdin
  optra auth token --reveal                          on the screen, for everybody to see")]
pub struct Args {
    /// Print it on a terminal too
    #[arg(long)]
    reveal: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if cx.out.is_watched() && !args.reveal {
        return Err(Error::new(Kind::Declined, "the key would be visible on the screen")
            .hint("Pipe it to the program that needs it, or use `optra run -- PROGRAM`.")
            .hint("If you want to see it: `optra auth token --reveal`."));
    }
    let endpoint = cx.endpoint()?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let line = Zeroizing::new(format!("{}\n", credential.secret.expose()));
    Ok(cx.out.revealing(&credential.secret, || cx.out.text(&line))?)
}
