//! API keys: the admin passwords of integrations, and their life.

mod audit;
mod confirmation;
mod destination;
mod ensure;
mod filter;
mod finding;
mod former;
mod generate;
mod list;
mod log;
mod making;
mod orphan;
mod plan;
mod record;
mod recovery;
mod revocation;
mod revoke;
mod rotate;
mod rotation;
mod sarif;
pub mod standing;
mod targets;

use crate::commands::completeness;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::keys::{self, ApiKey};
use crate::portal::{Completeness, ListQuery, Portal, viewer};

/// Generate, list, audit, rotate and revoke API keys
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Generate(generate::Args),
    Ensure(ensure::Args),
    List(list::Args),
    Rotate(rotate::Args),
    Audit(audit::Args),
    Log(log::Args),
    Revoke(revoke::Args),
}

impl Command {
    /// Returns true for the one whose result are findings.
    pub fn has_findings(&self) -> bool {
        matches!(self, Command::Audit(_))
    }
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Generate(args) => generate::run(args, cx),
        Command::Ensure(args) => ensure::run(args, cx),
        Command::List(args) => list::run(args, cx),
        Command::Rotate(args) => rotate::run(args, cx),
        Command::Audit(args) => audit::run(args, cx),
        Command::Log(args) => log::run(args, cx),
        Command::Revoke(args) => revoke::run(args, cx),
    }
}

/// Returns the id of the key in use, as the profile noted it, else as the portal tells it; none where neither does.
fn noted_or_told(cx: &Context) -> Option<String> {
    let told = || viewer::show(cx.portal().ok()?).ok()??.key.map(|key| key.id);
    cx.noted_key_id().or_else(told)
}

/// Returns the keys that the portal shows, and whether they are all there are. A list with holes is an error.
fn shown(portal: &Portal) -> Result<(Vec<ApiKey>, Completeness), Error> {
    let (mut pages, mut all) = (keys::list(portal, &ListQuery::default())?, Vec::new());
    while let Some(page) = pages.next() {
        let page = page?;
        pages.prefetch();
        if page.nulls > 0 && page.errors.is_empty() {
            return Err(Error::new(Kind::Partial, "the portal gave some of the keys as null"));
        }
        all.extend(page.items);
    }
    completeness::ensure_no_holes(pages.completeness(), "keys")?;
    Ok((all, pages.completeness().clone()))
}
