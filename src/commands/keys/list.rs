//! `optra keys list`

use jiff::{SignedDuration, Timestamp};

use super::filter::{self, Condition, Truth};
use super::record::ListedKey;
use crate::commands::age::age;
use crate::commands::listing::Listing;
use crate::commands::several;
use crate::context::Context;
use crate::error::Error;
use crate::portal::keys::{self, ApiKey};

/// List the organization's API keys, without their secrets
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys list
  optra keys list --unused-for 90d --name 'ci-*'
  optra keys list --sort lastUsedAt -o json --fields id,name,lastUsedAt")]
pub struct Args {
    /// Only keys whose name is like this pattern, such as `ci-*`
    #[arg(long, value_name = "PATTERN", value_parser = filter::name)]
    name: Option<glob::Pattern>,

    /// Only keys that nothing used for so long, such as `90d`
    #[arg(long, value_name = "AGE", value_parser = age)]
    unused_for: Option<SignedDuration>,

    /// Only keys that were made before that, such as `90d`
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<SignedDuration>,

    /// Only keys of which this is true: name=PATTERN, unused-for=AGE or older-than=AGE; can be repeated
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<Condition>,

    #[command(flatten)]
    listing: Listing<ListedKey>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let several = args.listing.profiles(cx)?;
    let (conditions, now) = (args.conditions(), Timestamp::now());
    let mut unknown = 0;
    let (pages, failures) = match &several {
        None => {
            // Without a portal there is nothing to mark.
            let portal = cx.portal()?;
            let in_use = if args.listing.shows("inUse") { super::noted_or_told(cx) } else { None };
            let mark = move |key: ApiKey| {
                let in_use = in_use.as_ref().map(|id| *id == key.id);
                ListedKey { key, in_use, profile: None }
            };
            (keys::list(portal).map(mark), None)
        }
        Some(profiles) => {
            let noted = cx.config.file()?.profiles.clone();
            let (pages, failures) = several::pages(profiles, keys::list, cx);
            let mark = move |(profile, key): (String, ApiKey)| {
                let noted = noted.get(&profile).and_then(|noted| noted.key_id.as_ref());
                ListedKey { in_use: noted.map(|id| *id == key.id), key, profile: Some(profile) }
            };
            (pages.map(mark), Some(failures))
        }
    };
    let wanted = |listed: &ListedKey| {
        let truth = filter::judge(&conditions, &listed.key, now);
        unknown += usize::from(truth == Truth::Unknown);
        truth == Truth::Yes
    };
    let pages = pages.needing(args.listing.wanted(Vec::new(), false));
    let pages = if conditions.is_empty() { pages } else { pages.choose(wanted) };
    match (&several, &failures) {
        (Some(profiles), Some(failures)) => args.listing.print_several(profiles, pages, failures, cx)?,
        _ => args.listing.print(pages, cx)?,
    }
    if unknown > 0 {
        cx.out.warn(format_args!("{unknown} more may be meant: the portal does not tell when they were made or used"));
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
