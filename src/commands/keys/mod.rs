//! API keys: the admin passwords of integrations, and their life.

mod audit;
mod confirmation;
mod custody;
mod ensure;
mod filter;
mod generate;
mod home;
mod list;
mod log;
mod making;
mod places;
mod record;
mod revocation;
mod revoke;
mod rotate;
mod sarif;
mod show;
mod sweep;
mod targets;
mod users;
mod where_is;

use crate::context::Context;
use crate::error::Error;

/// Generate, list, show, audit, rotate and revoke API keys
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Generate(generate::Args),
    Ensure(ensure::Args),
    List(list::Args),
    Show(show::Args),
    Rotate(rotate::Args),
    Audit(audit::Args),
    #[command(name = "where")]
    Where(where_is::Args),
    Log(log::Args),
    Revoke(revoke::Args),
    Sweep(sweep::Args),
}

impl Command {
    /// Returns true for the one whose result are findings.
    pub fn has_findings(&self) -> bool {
        matches!(self, Command::Audit(_))
    }

    /// Returns true for those that change nothing and reveal nothing.
    pub fn only_reads(&self) -> bool {
        match self {
            Command::List(_) | Command::Show(_) | Command::Audit(_) | Command::Where(_) | Command::Log(_) => true,
            Command::Generate(_) | Command::Ensure(_) | Command::Rotate(_) | Command::Revoke(_) | Command::Sweep(_) => {
                false
            }
        }
    }

    /// Returns true for those that make a key, whose secret goes somewhere.
    pub fn makes_one(&self) -> bool {
        matches!(self, Command::Generate(_) | Command::Ensure(_) | Command::Rotate(_))
    }
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Generate(args) => generate::run(args, cx),
        Command::Ensure(args) => ensure::run(args, cx),
        Command::List(args) => list::run(args, cx),
        Command::Show(args) => show::run(args, cx),
        Command::Rotate(args) => rotate::run(args, cx),
        Command::Audit(args) => audit::run(args, cx),
        Command::Where(args) => where_is::run(args, cx),
        Command::Log(args) => log::run(args, cx),
        Command::Revoke(args) => revoke::run(args, cx),
        Command::Sweep(args) => sweep::run(args, cx),
    }
}
