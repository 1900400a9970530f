//! `optra devices list`

use crate::commands::listing;
use crate::context::Context;
use crate::error::Error;
use crate::output::Fields;
use crate::portal::devices::{self, Device};

/// List the organization's devices
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices list
  optra devices list -o ndjson --fields id,name,lastSeenAt
  optra devices list -o csv --limit 100 > devices.csv")]
pub struct Args {
    /// Stop after this many devices
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    #[command(flatten)]
    fields: Fields<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let limit = args.limit.and_then(|limit| usize::try_from(limit).ok());
    listing::print(devices::list(cx.portal()?).limit(limit), &args.fields, cx)
}
