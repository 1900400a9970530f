//! API keys on this machine: stored under profiles, checked, passed on, forgotten.

mod forgetting;
mod identity;
mod keeping;
mod key_proof;
mod list;
mod login;
mod logout;
mod profiles;
mod record;
mod status;
mod switch;
mod token;

use crate::context::Context;
use crate::error::Error;
use crate::output::Written;
use record::{ListedProfile, Login, Logout, Status, Switch};

/// What the verbs write as JSON; `token` writes the bare key.
pub const WRITTEN: &[Written] = &[
    Written::of::<Login>("auth.login", "The completed login"),
    Written::of::<Status>("auth.status", "The key in use, and whether it is valid"),
    Written::of::<Vec<Status>>("auth.status.all", "With `--all`: the key of each profile"),
    Written::of::<Vec<ListedProfile>>("auth.list", "The profiles"),
    Written::of::<Switch>("auth.switch", "The active profile"),
    Written::of::<Logout>("auth.logout", "The outcome for the profile's key"),
    Written::of::<Vec<Logout>>("auth.logout.all", "With `--all`: the outcome for each key"),
];

/// Log in to portals, check, use and forget their keys
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Login(login::Args),
    Status(status::Args),
    List(list::Args),
    Switch(switch::Args),
    Token(token::Args),
    Logout(logout::Args),
}

impl Command {
    /// Returns true for verbs that change nothing and reveal nothing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Command::Status(_) | Command::List(_))
    }
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Login(args) => login::run(args, cx),
        Command::Status(args) => status::run(args, cx),
        Command::List(args) => list::run(args, cx),
        Command::Switch(args) => switch::run(args, cx),
        Command::Token(args) => token::run(args, cx),
        Command::Logout(args) => logout::run(args, cx),
    }
}
