//! API keys: the admin passwords of integrations, and their life.

mod generate;
mod list;
mod record;
mod revocation;
mod revoke;

use crate::context::Context;
use crate::error::Error;

/// Generate, list and revoke API keys
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Generate(generate::Args),
    List(list::Args),
    Revoke(revoke::Args),
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Generate(args) => generate::run(args, cx),
        Command::List(args) => list::run(args, cx),
        Command::Revoke(args) => revoke::run(args, cx),
    }
}
