//! API keys: the admin passwords of integrations, and their life.

mod generate;
mod list;
mod record;
mod revocation;
mod revoke;

use crate::commands::lacking;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::Portal;
use crate::portal::keys::{self, ApiKey};

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

/// Returns all keys. A listing with holes proves nothing, so it is an error.
fn all(portal: &Portal) -> Result<Vec<ApiKey>, Error> {
    let mut all = Vec::new();
    for page in keys::list(portal) {
        let page = page?;
        lacking::refuse_holes("keys", &page.errors)?;
        if page.nulls > 0 {
            return Err(Error::new(Kind::Partial, "the portal gave some of the keys as null"));
        }
        all.extend(page.items);
    }
    Ok(all)
}
