//! `optra auth switch`: makes another profile the active one.

use super::record::Switch;
use crate::config::Profile;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::secret;

/// Use another profile from now on
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth switch staging
  optra --profile staging devices list               for one command")]
pub struct Args {
    /// The profile, as `optra auth status --all` lists it
    #[arg(value_name = "NAME")]
    name: String,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    cx.config.can_save()?;
    let profiles = &cx.config.file()?.profiles;
    let Some(Profile { portal, .. }) = profiles.get(&args.name) else {
        // The name is unknown, so it may be a key that was meant for `login`.
        secret::suspect(std::iter::once(args.name.clone()), secret::Suspicion::Slight);
        return Err(cx.no_profile(Kind::NotFound, &args.name, ""));
    };
    cx.config.select_profile(&args.name)?;
    let switch = Switch { profile: args.name.clone(), portal: portal.clone() };
    let at = portal.as_ref().map_or_else(String::new, |portal| format!(", at {portal}"));
    cx.out.done(format_args!("Profile `{}` is in use now{at}.", args.name), &switch)?;
    if let Some(name) = cx.config.requested_profile().filter(|name| *name != args.name) {
        cx.out.warn(format_args!("`OPTRA_PROFILE` or `--profile` names `{name}`, and takes precedence"));
    }
    if cx.config.api_key.is_some() {
        cx.out.warn("`OPTRA_API_KEY` is set and takes precedence over the key of any profile");
    }
    Ok(())
}
