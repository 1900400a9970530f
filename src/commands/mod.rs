//! The commands: a folder per noun, a file per verb, each with its arguments, its help and its run.

mod api;
mod auth;
mod cell;
mod completions;
mod devices;
mod help;
mod keys;
mod listing;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
mod search;

use crate::context::Context;
use crate::error::Error;

/// What the program can do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    #[command(subcommand)]
    Auth(auth::Command),
    #[command(subcommand)]
    Keys(keys::Command),
    #[command(subcommand)]
    Devices(devices::Command),
    Api(api::Args),
    Run(run::Args),
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Args),
    Completions(completions::Args),
    Help(help::Args),
}

/// Runs a command.
pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Auth(command) => auth::run(command, cx),
        Command::Keys(command) => keys::run(command, cx),
        Command::Devices(command) => devices::run(command, cx),
        Command::Api(args) => api::run(args, cx),
        Command::Run(args) => run::run(args, cx),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(args, cx),
        Command::Completions(args) => completions::run(args, cx),
        Command::Help(args) => help::run(args, cx),
    }
}

/// Reads an id or a name: any text but an empty one.
fn id_or_name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("an id or a name must not be empty") } else { Ok(text.to_owned()) }
}
