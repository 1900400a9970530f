//! Forgetting a key on this machine: first it leaves its store, then the profile records that. No request is sent.

use super::record::Logout;
use crate::config::{Profile, Store};
use crate::context::Context;
use crate::error::Error;

/// Forgets the key of a profile, and returns the outcome.
pub fn logout(name: String, profile: Profile, cx: &Context) -> Logout {
    let command = match &profile.store {
        Store::Command(command) => Some(command.clone()),
        Store::Keyring | Store::File | Store::None => None,
    };
    match forget(&name, &profile, cx) {
        Ok(removed) => Logout { profile: name, removed, command, error: None, failure: None },
        Err((removed, error)) => {
            let error = error.context(match removed {
                false => format!("the key of profile `{name}` was not forgotten"),
                true => format!("the key of profile `{name}` was forgotten, but the profile still names its place"),
            });
            Logout { profile: name, removed, command, error: Some(error.to_string()), failure: Some(error) }
        }
    }
}

/// Forgets one key, then records that in the profile; a profile that is logged out touches no store. The error carries
/// whether the key was removed.
fn forget(name: &str, profile: &Profile, cx: &Context) -> Result<bool, (bool, Error)> {
    let Some(store) = cx.store(profile).map_err(|error| (false, error))? else { return Ok(false) };
    let removed = store.forget(name).map_err(|error| (false, error.into()))?;
    cx.know_taken(profile, &store.place(name));
    cx.forget_names(name, profile.portal.as_deref());
    let former_store = Some(profile.store.clone());
    let logged_out = Profile { store: Store::None, former_store, key_id: None, ..profile.clone() };
    let saved = cx.config.save_profile(name, &logged_out);
    saved.map(|()| removed).map_err(|error| (removed, error.into()))
}
