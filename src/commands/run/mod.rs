//! `optra run`: the key in the environment of one program, and nowhere else. The program has the terminal, the signals
//! and the exit code to itself. `program` runs it, `ephemeral` gives it a
//! key of its own.

mod ephemeral;
mod program;

use std::ffi::OsString;
use std::process::Command;

use crate::commands::input::new_name;
use crate::context::Context;
use crate::error::{Error, Kind};

/// Run a program with the key and the portal's URL in its environment
///
/// The program gets `OPTRA_API_KEY` and `OPTRA_PORTAL_URL`; its exit code is that of the run. With `--ephemeral` it gets a key of
/// its own, which is revoked when it ends, however it ends. What a run that was killed (SIGKILL) leaves, `optra keys sweep` and the
/// next `optra run` on this machine revoke.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra run -- ./fleet-report.py
  optra run --ephemeral --name deploy -- ./deploy.sh
  optra --profile staging run -- sh -c 'curl -H \"api-secret: $OPTRA_API_KEY\" …'")]
pub struct Args {
    /// Generate a key for this run alone, and revoke it at the end
    #[arg(long)]
    ephemeral: bool,

    /// Call the key of the run so, with a mark behind it; `optra` if left out
    #[arg(long, requires = "ephemeral", value_parser = new_name)]
    name: Option<String>,

    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let Some((name, arguments)) = args.command.split_first() else {
        return Err(Error::new(Kind::Usage, "there is no program to run"));
    };
    let mut command = Command::new(name);
    command.args(arguments);
    let endpoint = cx.endpoint()?;
    if args.ephemeral {
        return ephemeral::run(command, &endpoint, args.name.as_deref(), cx);
    }
    ephemeral::sweep_before(cx)?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    program::give(&mut command, &endpoint, &credential.secret, cx)?;
    let cause = if cx.config.sandbox() { program::stay_beside(command) } else { program::become_it(command) };
    Err(program::not_run(name, cause))
}
