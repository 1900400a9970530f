//! `optra run`: puts the key into the environment of one program, and nowhere else. The program has the terminal, the
//! signals and the exit code to itself. `program` runs it, `ephemeral` gives it a key of its own, `restricted` a token
//! instead of a key.

mod ephemeral;
mod program;
#[cfg(feature = "server")]
mod restricted;

use std::ffi::OsString;
use std::process::Command;

use crate::commands::input::new_name;
#[cfg(feature = "server")]
use crate::commands::permissions::Permissions;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::endpoint::Endpoint;
use crate::secret::Secret;

use self::program::Given;

/// Run a program with the key and the portal's URL in its environment
///
/// The program gets `OPTRA_API_KEY` and `OPTRA_PORTAL_URL`; its exit code is that of the run. As with a shell it is 127
/// if there is no such program, and 126 if it cannot be executed. With `--ephemeral` it gets a key of its own, which is
/// revoked when the program ends, however it ends. `optra keys sweep` and the next `optra run` on this machine revoke
/// the key of a run that was killed (SIGKILL).
///
/// With `--only` it gets a token instead of a key, and the URL of a broker in this run, which forwards only what is
/// allowed. `--read-only` binds `optra` alone: a program with a key may change everything, unless `--only` is given
/// too. A program that runs as you can still read your store of keys, unless that is locked.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra run -- ./fleet-report.py
  optra run --ephemeral --name deploy -- ./deploy.sh
  optra run --only devices.list,devices.show -- ./report.py
  optra --profile staging run -- sh -c 'curl -H \"api-secret: $OPTRA_API_KEY\" URL'")]
pub struct Args {
    /// Generate a key for this run alone, and revoke it at the end
    #[arg(long)]
    ephemeral: bool,

    /// Name the key of the run, with a nonce appended; default: `optra`
    #[arg(long, requires = "ephemeral", value_parser = new_name)]
    name: Option<String>,

    #[cfg(feature = "server")]
    #[command(flatten)]
    permissions: Permissions,

    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let Some((name, arguments)) = args.command.split_first() else {
        return Err(Error::new(Kind::Usage, "there is no program to run"));
    };
    let mut command = Command::new(crate::disk::started_as(name));
    command.args(arguments);
    #[cfg(feature = "server")]
    if !args.permissions.is_restricted() {
        args.permissions.needs_only()?;
    }
    let endpoint = cx.endpoint()?;
    if args.ephemeral {
        let give = |command: &mut Command, key: &Secret| args.give(command, &endpoint, key, cx);
        return ephemeral::run(command, give, args.name.as_deref(), cx);
    }
    ephemeral::sweep_before(cx)?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let given = args.give(&mut command, &endpoint, &credential.secret, cx)?;
    if given.lives_here() {
        return Err(program::not_run(name, program::stay_beside(command)));
    }
    let cause = if cx.config.sandbox() { program::stay_beside(command) } else { program::become_it(command) };
    Err(program::not_run(name, cause))
}

impl Args {
    /// Gives the program the key, or a token.
    fn give(&self, command: &mut Command, endpoint: &Endpoint, key: &Secret, cx: &Context) -> Result<Given, Error> {
        #[cfg(feature = "server")]
        if self.permissions.is_restricted() {
            return restricted::give(command, endpoint, key, &self.permissions, cx);
        }
        if cx.config.read_only()?.is_some() {
            // Only `optra` itself knows the variable that says so.
            cx.out.notice("`--read-only` binds `optra` alone: the program gets a key that may change everything");
            #[cfg(feature = "server")]
            cx.out.note("To take that from it: `optra run --only queries -- COMMAND`.");
        }
        program::give(command, &endpoint.base(), key, cx).map(|()| Given::default())
    }
}
