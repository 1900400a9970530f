//! The commands: a folder per noun, a file per verb, each with its arguments, its help and its `run`.

mod api;
mod auth;
#[cfg(feature = "server")]
mod broker;
mod candidates;
mod cell;
mod completeness;
mod completions;
mod devices;
mod doctor;
mod explain;
mod filter;
mod help;
mod input;
mod keys;
mod listing;
mod lists;
mod man;
mod missing_fields;
mod multi_profile;
mod mutation;
mod offers;
mod paging;
mod paragraph;
#[cfg(feature = "server")]
mod permissions;
mod portal;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod query;
mod reason;
mod repeat;
mod risk;
mod roff;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
mod schema;
mod search;
mod session;
mod source;
mod standing;
mod topics;
mod typed;
mod version;
mod view;

pub use candidates::candidates;
#[cfg(test)]
pub use schema::written;

use std::mem;

use clap::{Args as _, Subcommand as _};

use crate::context::Context;
use crate::error::{Error, Kind};

/// All commands.
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
    #[cfg(feature = "server")]
    Broker(broker::Args),
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Args),
    Doctor(doctor::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
    Version(version::Args),
    Help(help::Args),
}

/// Adds the arguments or verbs to a command.
type Augment = fn(clap::Command) -> clap::Command;

/// The commands that scripts run most, and how to build each alone.
const BRANCHES: [(&str, Augment); 6] = [
    ("auth", auth::Command::augment_subcommands),
    ("keys", keys::Command::augment_subcommands),
    ("devices", devices::Command::augment_subcommands),
    ("portal", portal::Command::augment_subcommands),
    ("api", api::Args::augment_args),
    ("run", run::Args::augment_args),
];

impl Command {
    /// Returns true for a command that `branch` knows.
    pub fn is_branch(name: &str) -> bool {
        BRANCHES.iter().any(|(branch, _)| *branch == name)
    }

    /// Returns one command of the tree, with only the requested verb; `None` if the whole tree is needed.
    pub fn branch(name: &str, verb: Option<&str>) -> Option<clap::Command> {
        let (name, augment) = BRANCHES.iter().find(|(branch, _)| *branch == name)?;
        let mut branch = augment(clap::Command::new(*name));
        let verb = verb.and_then(|verb| branch.find_subcommand_mut(verb)).map(mem::take);
        let Some(verb) = verb else {
            // A noun alone is answered by the whole tree.
            let is_noun = branch.has_subcommands();
            return Some(branch.subcommand_required(is_noun));
        };
        // Dropping it would cost as much as building it, and the process ends soon.
        mem::forget(branch);
        Some(clap::Command::new(*name).subcommand(verb))
    }

    /// Parses the command line again if the user's own document is the command; `tree` is what parsed it first.
    pub fn resolve(&mut self, tree: fn() -> clap::Command) -> Result<Option<clap::ArgMatches>, clap::Error> {
        if let Command::Query(query) = self { query.resolve(tree()) } else { Ok(None) }
    }

    /// Returns true for the command that diagnoses, and so must run with broken settings too.
    pub fn examines(&self) -> bool {
        matches!(self, Command::Doctor(_))
    }

    /// Returns true if exit code 1 says that something was found, so that no failure may end with it.
    pub fn finds(&self) -> bool {
        match self {
            Command::Keys(keys) => keys.finds(),
            Command::Devices(devices) => devices.finds(),
            Command::Doctor(_) => true,
            _ => false,
        }
    }

    /// Returns true if that failed, so that nobody has parsed what follows the document's name.
    pub fn is_unresolved(&self) -> bool {
        matches!(self, Command::Query(query) if query.is_unresolved())
    }
}

/// Refuses formats that the command does not support.
fn has_format(command: &Command, cx: &Context) -> Result<(), Error> {
    let only = |what: &str| Err(Error::new(Kind::Usage, format!("only {what}")));
    match command {
        Command::Keys(keys) if keys.has_findings() => {}
        _ if cx.out.is_sarif() => return only("`keys audit` and `keys scan` write SARIF"),
        _ => {}
    }
    match command {
        Command::Devices(devices) if cx.out.is_csv() && !devices.has_an_end() => {
            only("what has an end is written as CSV or TSV")
        }
        Command::Devices(devices) if devices.has_places() => Ok(()),
        _ if cx.out.is_map() => only("`devices list` and `devices show` write GeoJSON"),
        _ => Ok(()),
    }
}

/// Refuses `--output-file` for commands that change something, which must report at once, or that reveal a secret,
/// which has `--to`.
fn may_go_to_file(command: &Command, cx: &Context) -> Result<(), Error> {
    let only_reads = match command {
        Command::Auth(auth) => auth.only_reads(),
        Command::Keys(keys) => keys.only_reads(),
        Command::Devices(devices) => devices.has_an_end(),
        Command::Portal(portal) => portal.only_reads(),
        Command::Run(_) => false,
        #[cfg(feature = "server")]
        Command::Broker(_) => false,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(_) => false,
        // These refuse mutations themselves, once the document is parsed.
        Command::Api(_) | Command::Query(_) => true,
        Command::Doctor(doctor) => !doctor.mends(),
        Command::Explain(_) | Command::Schema(_) | Command::Completions(_) => true,
        Command::Man(_) | Command::Version(_) | Command::Help(_) => true,
    };
    if only_reads || cx.config.options.output_file.is_none() {
        return Ok(());
    }
    let error = Error::new(Kind::Usage, "`--output-file` is for what has an end, changes nothing and reveals nothing");
    Err(match command {
        Command::Keys(keys) if keys.makes_one() => {
            error.hint("A secret goes to a file for its owner only: `--to file:PATH`.")
        }
        _ => error.hint("Have the shell write stdout to a file: `> FILE`."),
    })
}

/// Runs a command.
pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    has_format(command, cx)?;
    may_go_to_file(command, cx)?;
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
        #[cfg(feature = "server")]
        Command::Broker(args) => broker::run(args, cx),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(args, cx),
        Command::Doctor(args) => doctor::run(args, cx),
        Command::Explain(args) => explain::run(args, cx),
        Command::Schema(args) => schema::run(args, cx),
        Command::Completions(args) => completions::run(args, cx),
        Command::Man(args) => man::run(args, cx),
        Command::Version(args) => version::run(args, cx),
        Command::Help(args) => help::run(args, cx),
    }
}
