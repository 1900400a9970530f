//! Which profiles use which keys, as far as this machine knows.

use crate::context::Context;
use crate::error::Error;
use crate::lifecycle::{User, Whereabouts};

/// Reads what this machine knows of the keys of a portal, given by its API base URL.
pub fn whereabouts(portal: &str, cx: &Context) -> Result<Whereabouts, Error> {
    // No profile is for the sandbox.
    let profiles = if cx.config.sandbox() { None } else { Some(&cx.config.file()?.profiles) };
    let of_portal = profiles.into_iter().flatten().filter(|(_, profile)| profile.portal.as_deref() == Some(portal));
    let user = |(name, profile): (&String, &crate::config::Profile)| {
        let place = cx.store(profile).ok().flatten().map(|store| store.place(name));
        Some(User { profile: name.clone(), key_id: profile.key_id.clone()?, place })
    };
    Ok(Whereabouts::read(&cx.config.journal_dir()?, portal, of_portal.filter_map(user).collect())?)
}
