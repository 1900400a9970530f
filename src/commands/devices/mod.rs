//! Devices: the fleet and its parts.

mod list;
mod record;
mod show;

use crate::context::Context;
use crate::error::Error;

/// List and show devices
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::List(args) => list::run(args, cx),
        Command::Show(args) => show::run(args, cx),
    }
}
