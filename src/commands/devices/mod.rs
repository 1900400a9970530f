//! Devices: the fleet and its parts.

mod board;
mod change;
mod list;
mod looker;
mod record;
mod show;
mod watch;

use crate::context::Context;
use crate::error::Error;

/// List, show and watch devices
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Watch(watch::Args),
}

impl Command {
    /// Returns true for those whose result stands somewhere.
    pub fn has_places(&self) -> bool {
        matches!(self, Command::List(_) | Command::Show(_))
    }

    /// Returns false for the one that goes on for ever.
    pub fn has_an_end(&self) -> bool {
        !matches!(self, Command::Watch(_))
    }
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::List(args) => list::run(args, cx),
        Command::Show(args) => show::run(args, cx),
        Command::Watch(args) => watch::run(args, cx),
    }
}
