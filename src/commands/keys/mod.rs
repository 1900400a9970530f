//! API keys: the admin passwords of integrations, and their life cycle.

mod apply;
mod approval;
mod audit;
mod confirmation;
mod custody;
mod ensure;
mod existing;
mod filter;
mod generate;
mod home;
mod issuing;
mod keys_file;
mod leak;
mod list;
mod log;
mod places;
mod plan;
mod record;
mod repository;
mod revocation;
mod revoke;
mod rotate;
mod sarif;
mod scan;
mod search;
mod show;
mod situation;
mod steps;
mod sweep;
mod targets;
mod users;
mod walk;
mod where_is;

use crate::context::Context;
use crate::error::Error;
use crate::journal::{Chain, Entry};
use crate::lifecycle::{Finding, Step, Whereabout};
use crate::output::{Either, Written};
use issuing::{IssuedKey, KeyWithSecret};
use leak::Leak;
use record::{KeyDetails, ListedKey};
use revocation::Outcome;

use crate::commands::standing::Standing;

/// What the verbs write as JSON; the schema of `-o sarif` is not ours.
pub const WRITTEN: &[Written] = &[
    Written::of::<Either<KeyWithSecret, IssuedKey>>(
        "keys.generate",
        "The new key; with its secret, if that goes to stdout",
    ),
    Written::of::<Either<KeyWithSecret, IssuedKey>>("keys.ensure", "The key"),
    Written::of::<Vec<ListedKey>>("keys.list", "The organization's keys"),
    Written::of::<u64>("keys.list.count", "With `--count`: how many there are"),
    Written::of::<KeyDetails>("keys.show", "The key, and what this machine knows of it"),
    Written::of::<Either<KeyWithSecret, Standing>>(
        "keys.rotate",
        "The rotation, as it ended; or the new key with its secret, if that goes to stdout",
    ),
    Written::of::<Option<Standing>>("keys.rotate.status", "With `--status`: the one under way, or null"),
    Written::of::<Vec<Finding>>("keys.audit", "The findings"),
    Written::of::<Vec<Leak>>("keys.scan", "The leaked keys"),
    Written::of::<Vec<Whereabout>>("keys.where", "The places that have a key"),
    Written::of::<Vec<Entry>>("keys.log", "What this machine did to keys"),
    Written::of::<Chain>("keys.log.verify", "With `--verify`: the result of the check"),
    Written::of::<Vec<Outcome>>("keys.revoke", "The outcome for each key"),
    Written::of::<Vec<Outcome>>("keys.sweep", "The outcome for each key of a killed run"),
    Written::of::<Vec<Step>>("keys.plan", "The step for each key"),
    Written::of::<Vec<steps::Outcome>>("keys.apply", "The outcome for each key"),
];

/// Generate, list, show, audit, rotate, scan for and revoke API keys
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Generate(generate::Args),
    Ensure(ensure::Args),
    List(list::Args),
    Show(show::Args),
    Rotate(rotate::Args),
    Audit(audit::Args),
    Scan(scan::Args),
    #[command(name = "where")]
    Where(where_is::Args),
    Log(log::Args),
    Revoke(revoke::Args),
    Sweep(sweep::Args),
    Plan(plan::Args),
    Apply(apply::Args),
}

impl Command {
    /// Returns true for verbs whose results are findings.
    pub fn has_findings(&self) -> bool {
        matches!(self, Command::Audit(_) | Command::Scan(_))
    }

    /// Returns true if exit code 1 says that something was found.
    pub fn finds(&self) -> bool {
        match self {
            Command::Audit(_) | Command::Scan(_) => true,
            Command::Plan(plan) => plan.exit_code,
            Command::Log(log) => log.verify,
            _ => false,
        }
    }

    /// Returns true for verbs that change nothing and reveal nothing.
    pub fn only_reads(&self) -> bool {
        match self {
            Command::List(_) | Command::Show(_) | Command::Audit(_) | Command::Where(_) | Command::Log(_) => true,
            Command::Plan(_) | Command::Scan(_) => true,
            Command::Generate(_) | Command::Ensure(_) | Command::Rotate(_) | Command::Revoke(_) | Command::Sweep(_) => {
                false
            }
            Command::Apply(_) => false,
        }
    }

    /// Returns true for verbs that generate a key, whose secret goes somewhere.
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
        Command::Scan(args) => scan::run(args, cx),
        Command::Where(args) => where_is::run(args, cx),
        Command::Log(args) => log::run(args, cx),
        Command::Revoke(args) => revoke::run(args, cx),
        Command::Sweep(args) => sweep::run(args, cx),
        Command::Plan(args) => plan::run(args, cx),
        Command::Apply(args) => apply::run(args, cx),
    }
}
