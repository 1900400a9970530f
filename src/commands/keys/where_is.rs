//! `optra keys where`

use super::users::whereabouts;
use crate::commands::input::id_or_name;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::Whereabout;
use crate::output::Fields;
use crate::text::counted;

/// Show where a key is, as far as this machine knows
///
/// These are the places that keys of this machine were delivered to, the profiles that use them, and unfinished
/// rotations. The portal is not asked, and what others did is not known.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys where ci
  optra keys where -o json                           of all keys that this machine knows")]
pub struct Args {
    /// The key's id, or the name that it was given here; default: all keys
    #[arg(value_name = "ID|NAME", value_parser = id_or_name)]
    key: Option<String>,

    #[command(flatten)]
    fields: Fields<Whereabout>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let base = cx.portal_name()?;
    let mut found = whereabouts(&base, cx)?.of(args.key.as_deref());
    if let (Some(key), true) = (&args.key, found.is_empty()) {
        let message = format!("this machine knows nothing of a key `{key}` of {base}");
        return Err(Error::new(Kind::NotFound, message)
            .hint(format!("See which keys there are: `optra{} keys list`.", cx.config.portal_flags())));
    }
    if let Some(ledger) = cx.ledger() {
        found.iter_mut().try_for_each(|place| place.look(&ledger))?;
    }
    cx.out.page();
    let mut rows = cx.out.rows(&args.fields);
    found.iter().try_for_each(|place| rows.push(place))?;
    rows.finish()?;
    match found.iter().filter(|place| place.state == "unreadable").count() {
        0 => Ok(()),
        count => {
            let places = counted(count, "place", "places");
            Err(Error::new(Kind::Partial, format!("{places} cannot be looked into")))
        }
    }
}
