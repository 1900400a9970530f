//! `optra keys show`: what the portal and this machine know of one key.

use jiff::{SignedDuration, Timestamp};

use super::record::{KeyDetails, ListedKey};
use super::targets;
use super::users::whereabouts;
use crate::commands::completeness::AllowPartial;
use crate::commands::input::id_or_name;
use crate::context::Context;
use crate::error::Error;
use crate::lifecycle::{Inventory, Issuer, KeyInUse, Whereabouts, last_activity, timestamp};
use crate::output::Fields;
use crate::portal::keys::ApiKey;

/// Show one API key: what the portal tells of it, and where it is
///
/// Places, profiles and rotation are what this machine knows; what others did is not known.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys show ci
  optra keys show 371650114937032704 -o json")]
pub struct Args {
    /// The key's id, or its name if no other key has it
    #[arg(value_name = "ID|NAME", value_parser = id_or_name)]
    key: String,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    fields: Fields<KeyDetails>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let portal = cx.portal()?;
    let Inventory { keys, completeness } = portal.keys()?;
    // A name that is missing from a partial list may be in the rest; one that is in it may be there again.
    if keys.iter().all(|key| key.id != args.key) {
        args.allow_partial.ensure(&completeness, "keys", cx)?;
    }
    let key = targets::find(&args.key, &keys)?;
    // A portal that does not tell which key is in use leaves that unknown, which is no failure here.
    let in_use = KeyInUse::ask(portal, cx.notes()).ok().and_then(|in_use| in_use.id().map(|id| id == key.id));
    let known = whereabouts(&cx.portal_name()?, cx)?;
    Ok(cx.out.item(&details(key, in_use, &known, crate::text::now()), &args.fields)?)
}

fn details(key: ApiKey, in_use: Option<bool>, known: &Whereabouts, now: Timestamp) -> KeyDetails {
    let days = |since: Option<Timestamp>| {
        let past = since.map(|since| now.duration_since(since)).filter(|past| *past >= SignedDuration::ZERO);
        past.map(|past| past.as_hours() / 24)
    };
    let (age_days, unused_days) = (days(timestamp(key.created_at.as_ref())), days(last_activity(&key)));
    let mut all = known.of(Some(&key.id));
    // A key whose name is this id is another key.
    all.retain(|place| place.key_id == key.id);
    let of = |kind: &'static str| all.iter().filter(move |place| place.kind == kind);
    KeyDetails {
        age_days,
        unused_days,
        places: known.places(&key.id),
        profiles: of("profile").filter_map(|place| place.place.clone()).collect(),
        rotation: of("rotation").map(|place| place.state.clone()).next(),
        listed: ListedKey { in_use, profile: None, key },
    }
}
