//! `optra keys list`

use crate::commands::listing;
use crate::context::Context;
use crate::error::Error;
use crate::output::Fields;
use crate::portal::keys::{self, ApiKey};

/// List the organization's API keys, without their secrets
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys list
  optra keys list -o json --fields id,name,lastUsedAt")]
pub struct Args {
    /// Stop after this many keys
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    #[command(flatten)]
    fields: Fields<ApiKey>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let limit = args.limit.and_then(|limit| usize::try_from(limit).ok());
    listing::print(keys::list(cx.portal()?).limit(limit), &args.fields, cx)
}
