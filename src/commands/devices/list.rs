//! `optra devices list`

use crate::commands::listing::Listing;
use crate::context::Context;
use crate::error::Error;
use crate::portal::devices::{self, Device};

/// List the organization's devices
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices list
  optra devices list -o ndjson --fields id,name,lastSeenAt
  optra devices list -o csv --limit 100 > devices.csv")]
pub struct Args {
    #[command(flatten)]
    listing: Listing<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    args.listing.print(devices::list(cx.portal()?), cx)
}
