//! `optra keys list`

use std::sync::Arc;

use jiff::SignedDuration;

use super::filter::KeyFilter;
use super::record::ListedKey;
use crate::commands::listing::Listing;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::{Condition, KeyInUse};
use crate::portal::keys::{self, ApiKey};
use crate::text::{TextPattern, age};

/// List the organization's API keys, without their secrets
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys list
  optra keys list --unused-for 90d --name 'ci-*'
  optra keys list --sort lastUsedAt -o json --fields id,name,lastUsedAt")]
pub struct Args {
    /// Show only keys whose name matches this pattern, such as `ci-*`
    #[arg(long, value_name = "PATTERN", value_parser = TextPattern::like)]
    name: Option<TextPattern>,

    /// Show only keys unused for longer than this, such as `90d`
    #[arg(long, value_name = "AGE", value_parser = age)]
    unused_for: Option<SignedDuration>,

    /// Show only keys older than this, such as `90d`
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<SignedDuration>,

    /// Only keys of which this is true, such as name='ci-*'; can be repeated; `optra help filters`
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<Condition>,

    #[command(flatten)]
    listing: Listing<ListedKey>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let several = args.listing.is_for_several(cx)?;
    let noted = if several { Some(&cx.config.file()?.profiles) } else { None };
    let mut unasked = None;
    let in_use = if several || !args.listing.shows("inUse") {
        None
    } else {
        // Without a portal no key can be marked as the one in use.
        match KeyInUse::ask(cx.portal()?, cx.notes()) {
            Ok(in_use) => in_use.id().map(str::to_owned),
            Err(error) => {
                unasked = Some(error);
                None
            }
        }
    };
    let row = |key: ApiKey, profile: Option<&Arc<str>>| {
        let of_profile = |name: &Arc<str>| noted?.get(&**name)?.key_id.as_ref();
        let in_use = profile.map_or(in_use.as_ref(), of_profile).map(|id| *id == key.id);
        ListedKey { key, in_use, profile: profile.map(ToString::to_string) }
    };
    args.listing.run(KeyFilter::new(args.conditions(), crate::text::now()), keys::list, row, cx)?;
    if let Some(error) =
        unasked.map(Error::from).filter(|error| error.kind() == Kind::Unreachable || error.kind() == Kind::Timeout)
    {
        cx.out.warn(format_args!("the portal could not be asked which key is in use:  {error}"));
    }
    Ok(())
}

impl Args {
    fn conditions(&self) -> Vec<Condition> {
        let mut conditions = self.conditions.clone();
        conditions.extend(self.name.clone().map(Condition::Name));
        conditions.extend(self.unused_for.map(Condition::UnusedFor));
        conditions.extend(self.older_than.map(Condition::OlderThan));
        conditions
    }
}
