//! The commands: a folder per noun, a file per verb, each with its arguments, its help and its run.

mod api;
mod auth;
mod cell;
mod choice;
mod completeness;
mod completions;
mod deed;
mod devices;
mod help;
mod input;
mod keys;
mod lacking;
mod listing;
mod lists;
mod live;
mod paging;
mod portal;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod query;
mod risk;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
mod search;
mod session;
mod several;
mod source;
mod standing;
mod typed;
mod view;

pub use live::with_live_names;

use crate::context::Context;
use crate::error::{Error, Kind};

/// What the program can do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    #[command(subcommand)]
    Auth(auth::Command),
    #[command(subcommand)]
    Keys(keys::Command),
    #[command(subcommand)]
    Devices(devices::Command),
    #[command(subcommand)]
    Portal(portal::Command),
    Api(api::Args),
    Query(query::Args),
    Run(run::Args),
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Args),
    Completions(completions::Args),
    Help(help::Args),
}

impl Command {
    /// Reads the command line once more where a document of the user's is the command; `tree` is what it was read with.
    pub fn resolve(&mut self, tree: fn() -> clap::Command) -> Result<Option<clap::ArgMatches>, clap::Error> {
        if let Command::Query(query) = self { query.resolve(tree()) } else { Ok(None) }
    }

    /// Returns true where that was in vain, so that nobody has read what follows the document's name.
    pub fn is_unresolved(&self) -> bool {
        matches!(self, Command::Query(query) if query.is_unresolved())
    }
}

/// Refuses formats that only some results have.
fn has_format(command: &Command, cx: &Context) -> Result<(), Error> {
    let only = |what: &str| Err(Error::new(Kind::Usage, format!("only {what}")));
    match command {
        Command::Keys(keys) if keys.has_findings() => {}
        _ if cx.out.is_sarif() => return only("`keys audit` writes SARIF"),
        _ => {}
    }
    match command {
        Command::Devices(devices) if cx.out.is_csv() && !devices.has_an_end() => {
            only("what has an end is written as CSV")
        }
        Command::Devices(devices) if devices.has_places() => Ok(()),
        _ if cx.out.is_map() => only("`devices list` and `devices show` write GeoJSON"),
        _ => Ok(()),
    }
}

/// Runs a command.
pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    has_format(command, cx)?;
    run_it(command, cx).map_err(|error| standing::hint_at_rotation(error, cx))
}

fn run_it(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Auth(command) => auth::run(command, cx),
        Command::Keys(command) => keys::run(command, cx),
        Command::Devices(command) => devices::run(command, cx),
        Command::Portal(command) => portal::run(command, cx),
        Command::Api(args) => api::run(args, cx),
        Command::Query(args) => query::run(args, cx),
        Command::Run(args) => run::run(args, cx),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(args, cx),
        Command::Completions(args) => completions::run(args, cx),
        Command::Help(args) => help::run(args, cx),
    }
}
