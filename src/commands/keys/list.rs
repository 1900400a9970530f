//! `optra keys list`

use crate::commands::listing::Listing;
use crate::context::Context;
use crate::error::Error;
use crate::portal::keys::{self, ApiKey};

/// List the organization's API keys, without their secrets
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys list
  optra keys list -o json --fields id,name,lastUsedAt")]
pub struct Args {
    #[command(flatten)]
    listing: Listing<ApiKey>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    args.listing.print(keys::list(cx.portal()?), cx)
}
