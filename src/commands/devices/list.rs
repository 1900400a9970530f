//! `optra devices list`

use std::sync::Arc;

use crate::commands::filter::Conditions;
use crate::commands::listing::Listing;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Record;
use crate::portal::devices::{self, Device};
use crate::portal::scalars::Text;

/// List the organization's devices
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices list
  optra devices list --where status=OFFLINE --where 'lastSeenAt>7d' --sort lastSeenAt
  optra devices list -o ndjson --fields id,name,location.name
  optra devices list --all-profiles --count
  optra devices list --where status=OFFLINE --exit-code; test $? = 1 && notify 'some are offline'
  optra devices list --jq '[.[] | .model] | unique'")]
pub struct Args {
    #[command(flatten)]
    conditions: Conditions<Device>,

    #[command(flatten)]
    listing: Listing<Device>,

    /// Exit with 1 if any device was found, for alerts
    #[arg(long)]
    pub exit_code: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let row = |device, profile: Option<&Arc<str>>| Device { profile: profile.map(Text::from), ..device };
    let found = args.listing.run(args.conditions.start(crate::text::now()), devices::list, row, cx)?;
    match found {
        1.. if args.exit_code => Err(Error::new(Kind::Findings, format!("{} found", Device::counted(found)))),
        _ => Ok(()),
    }
}
