//! The portal itself: what it can do, its schema, and the user's own documents for it.

mod adopt;
mod bind;
mod bound;
mod check;
mod consent;
mod curl;
mod export;
mod import;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod proposal;
mod record;
mod schema;
mod set;
mod topic;
mod unbind;

pub use topic::bindings as bindings_topic;

use crate::context::Context;
use crate::error::Error;
use crate::output::Written;
use record::{Adopted, Binding, Check, Given};

/// What the verbs write as JSON; `export` writes none, and the schema of `schema` is not ours.
pub const WRITTEN: &[Written] = &[
    Written::of::<Vec<Check>>("portal.check", "What the portal can do for each operation"),
    Written::of::<Vec<Adopted>>("portal.adopt", "The suggestions, and which were saved"),
    Written::of::<Binding>("portal.bind", "The saved binding"),
    Written::of::<Binding>("portal.unbind", "The operation that has no binding now"),
    Written::of::<Vec<Binding>>("portal.import", "The saved bindings"),
    Written::of::<Vec<Given>>("portal.set", "The profile's values for variables of bindings"),
];

/// See what a portal can do, and fit the commands to it
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Check(check::Args),
    Adopt(adopt::Args),
    Schema(schema::Args),
    Bind(bind::Args),
    Unbind(unbind::Args),
    Set(set::Args),
    Export(export::Args),
    Import(import::Args),
}

impl Command {
    /// Returns true for verbs that change nothing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Command::Check(_) | Command::Schema(_) | Command::Export(_))
    }
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Check(args) => check::run(args, cx),
        Command::Adopt(args) => adopt::run(args, cx),
        Command::Schema(args) => schema::run(args, cx),
        Command::Bind(args) => bind::run(args, cx),
        Command::Unbind(args) => unbind::run(args, cx),
        Command::Set(args) => set::run(args, cx),
        Command::Export(args) => export::run(args, cx),
        Command::Import(args) => import::run(args, cx),
    }
}
