//! Devices: the fleet and its parts.

mod board;
mod change;
mod fetch;
mod interval;
mod list;
mod poller;
mod record;
mod show;
mod wait;
mod watch;

use crate::context::Context;
use crate::error::Error;
use crate::output::Written;
use crate::portal::devices::Device;
use change::Change;

/// What the verbs write as JSON; the schema of `-o geojson` is not ours.
pub const WRITTEN: &[Written] = &[
    Written::of::<Vec<Device>>("devices.list", "The devices"),
    Written::of::<u64>("devices.list.count", "With `--count`: how many there are"),
    Written::of::<Device>("devices.show", "The device"),
    Written::of::<Change>("devices.watch", "A line for each change"),
    Written::of::<Vec<Device>>("devices.wait", "The devices, once all conditions are true"),
];

/// List, show, watch and wait for devices
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Wait(wait::Args),
    Watch(watch::Args),
}

impl Command {
    /// Returns true for verbs whose result may have coordinates.
    pub fn has_places(&self) -> bool {
        matches!(self, Command::List(_) | Command::Show(_))
    }

    /// Returns true if exit code 1 says that something was found.
    pub fn finds(&self) -> bool {
        matches!(self, Command::List(list) if list.exit_code)
    }

    /// Returns false for the verb that runs forever.
    pub fn has_an_end(&self) -> bool {
        !matches!(self, Command::Watch(_))
    }
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::List(args) => list::run(args, cx),
        Command::Show(args) => show::run(args, cx),
        Command::Wait(args) => wait::run(args, cx),
        Command::Watch(args) => watch::run(args, cx),
    }
}
