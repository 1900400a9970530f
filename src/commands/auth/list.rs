//! `optra auth list`: the profiles as config.toml has them. It sends no request and opens no store.

use super::record::ListedProfile;
use crate::context::Context;
use crate::error::Error;
use crate::output::Fields;

/// List the profiles, and where their keys are
///
/// Sends no request and reads no key: `optra auth status --all` tells whether the keys are valid. The organization is
/// the one that the portal named at login.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth list
  optra auth list -o json --jq '.[] | select(.active) | .profile'")]
pub struct Args {
    #[command(flatten)]
    fields: Fields<ListedProfile>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let active = cx.config.profile_name()?;
    let mut rows = cx.out.rows(&args.fields);
    for (name, profile) in &cx.config.file()?.profiles {
        let place = cx.store(profile)?.map(|store| store.location(name));
        rows.push(&ListedProfile {
            profile: name.clone(),
            active: *name == active,
            portal: profile.portal.clone(),
            organization: profile.organization.clone(),
            store: profile.store.as_str(),
            place,
            key_id: profile.key_id.clone(),
            read_only: profile.read_only,
        })?;
    }
    Ok(rows.finish()?)
}
