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

use crate::commands::lacking;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::keys::{self, ApiKey};
use crate::portal::{Paging, Portal, viewer};

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

/// Returns all keys. A listing that is not whole proves nothing, so it is an error.
fn all(portal: &Portal) -> Result<Vec<ApiKey>, Error> {
    let (keys, paging) = shown(portal)?;
    lacking::refuse_part("keys", &paging)?;
    Ok(keys)
}

/// Returns the keys that the portal shows, which may be one page of them. One with holes is an error.
fn shown(portal: &Portal) -> Result<(Vec<ApiKey>, Paging), Error> {
    let (mut all, mut paging) = (Vec::new(), Paging::default());
    for page in keys::list(portal) {
        let page = page?;
        lacking::refuse_holes("keys", &page.errors)?;
        if page.nulls > 0 {
            return Err(Error::new(Kind::Partial, "the portal gave some of the keys as null"));
        }
        all.extend(page.items);
        paging = page.paging;
    }
    Ok((all, paging))
}
