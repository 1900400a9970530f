//! `optra auth logout`: forgets the key on this machine; the portal is not asked and still accepts it.

use serde::Serialize;

use crate::context::Context;
use crate::credentials::keyring;
use crate::error::{Error, Kind};
use crate::output::{Column, Record, Value};

/// Forget the profile's key on this machine
///
/// The key itself stays valid; `optra keys revoke` ends it.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth logout
  optra auth logout --profile staging")]
pub struct Args {}

#[derive(Serialize)]
struct Logout {
    profile: String,
    /// False where there was no key.
    removed: bool,
}

impl Record for Logout {
    const NOUN: (&'static str, &'static str) = ("logout", "logouts");
    const COLUMNS: &'static [Column<Logout>] = &[
        Column::whole("profile", |logout| logout.profile.cell()),
        Column::whole("removed", |logout| logout.removed.cell()),
    ];
}

pub fn run(_: &Args, cx: &Context) -> Result<(), Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "there is no login to the sandbox that could be forgotten"));
    }
    let profile = cx.config.profile_name()?;
    let removed = keyring::delete(&profile)?;
    let sentence = match removed {
        true => {
            format!("Forgot the key of profile `{profile}`. It is still valid: revoke it with `optra keys revoke`.")
        }
        false => format!("There was no key of profile `{profile}`."),
    };
    cx.out.done(sentence, &Logout { profile, removed })?;
    if cx.config.api_key.is_some() {
        cx.out.warn("`OPTRA_API_KEY` is still set and will be used");
    }
    Ok(())
}
