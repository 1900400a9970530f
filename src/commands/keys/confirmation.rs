//! Confirms before a key is revoked: shows the key and asks for its name, so that one slipped finger revokes nothing.

use super::record::last_use;
use super::users::whereabouts;
use crate::commands::typed::ensure_typed;
use crate::context::Context;
use crate::error::Error;
use crate::journal::Destination;
use crate::lifecycle::{name, still_held};
use crate::portal::keys::{self, ApiKey};
use crate::portal::scalars::DateTime;
use crate::text::is_same;

/// What an error says after a refused confirmation.
const UNDONE: &str = "nothing was revoked";

/// Fails before the question if the portal cannot revoke: nobody should type a name for nothing.
fn ensure_revokes(cx: &Context) -> Result<(), Error> {
    keys::ensure_revokes(cx.portal()?).map_err(|error| Error::from(error).context(UNDONE))
}

/// Asks the user to type the name or the id of the key.
pub fn confirm(key: &ApiKey, is_own: bool, cx: &Context) -> Result<(), Error> {
    ensure_revokes(cx)?;
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "unknown".to_owned());
    let time = |moment: &Option<DateTime>| or_unknown(moment.as_ref().map(DateTime::to_string));
    let (created, by) = (time(&key.created_at), or_unknown(key.created_by.clone()));
    let used = last_use(key);
    let used = used.absence().map_or_else(|| used.exact(), Into::into);
    cx.out.status(format_args!("Revoke key {}, generated {created} by {by}, last used: {used}.", called(key)));
    cx.out.status("What uses it stops working at once, and it cannot be brought back.");
    if is_own {
        cx.out.status("It is the key in use: you lose this access.");
    }
    named(key, "revoke it", UNDONE, cx)
}

/// Asks the user to type the name or the id of the key.
fn named(key: &ApiKey, deed: &str, undone: &str, cx: &Context) -> Result<(), Error> {
    let what = if key.name.is_some() { "its name or id" } else { "its id" };
    // The name without its rotation nonce means the key, as everywhere else.
    let is_name = |name: &String, typed: &str| is_same(name, typed) || is_same(name::strip_nonce(name), typed);
    let is_it = |typed: &str| typed == key.id || key.name.as_ref().is_some_and(|name| is_name(name, typed));
    ensure_typed(&format!("Type {what} to {deed}"), is_it, "that is neither its name nor its id", undone, cx)
}

/// Shows all keys, then asks the user to type their number.
pub fn confirm_all(keys: &[ApiKey], has_own: bool, cx: &Context) -> Result<(), Error> {
    ensure_revokes(cx)?;
    keys.iter().for_each(|key| cx.out.status(format_args!("Revoke key {}.", called(key))));
    cx.out.status("What uses them stops working at once, and they cannot be brought back.");
    if has_own {
        cx.out.status("The key in use is among them: you lose this access.");
    }
    let count = keys.len().to_string();
    let question = format!("Type {count} to revoke all of them");
    ensure_typed(&question, |typed| typed == count, "that is not their number", UNDONE, cx)
}

/// Returns the key, as a sentence names it.
pub fn called(key: &ApiKey) -> String {
    match &key.name {
        Some(name) => format!("`{name}` (id {})", key.id),
        None => format!("without a name (id {})", key.id),
    }
}

/// Asks before a key is rotated.
pub fn confirm_rotation(old: &ApiKey, to: &[Destination], cx: &Context) -> Result<(), Error> {
    let undone = "nothing was rotated";
    keys::ensure_rotates(cx.portal()?).map_err(|error| Error::from(error).context(undone))?;
    let places: Vec<String> = to.iter().map(|place| format!("`{place}`")).collect();
    let places = if places.is_empty() { "the profile's own store".to_owned() } else { places.join(", ") };
    cx.out.status(format_args!("Rotate key {}: a new key goes to {places}, then this one is revoked.", called(old)));
    named(old, "rotate it", undone, cx)
}

/// Warns of places that hold one of these keys, and of profiles on this machine that use one.
pub fn tell_whose(found: &[ApiKey], cx: &Context) -> Result<(), Error> {
    let (own, portal) = (cx.config.profile_name()?, cx.portal_name()?);
    // If the places are unknown, the key is revoked all the same.
    if let Ok(all) = whereabouts(&portal, cx) {
        // The revocation removes the key from the profile's own place.
        let own_place = cx.store(&cx.config.profile()?)?.map(|store| store.place(&own));
        for key in found {
            let mut places = all.places(&key.id);
            places.retain(|place| Some(place) != own_place.as_ref());
            if let Some(told) = still_held(&places) {
                cx.out.warn(format_args!("key {}: {told}", called(key)));
            }
        }
    }
    let profiles = &cx.config.file()?.profiles;
    for (name, profile) in profiles.iter().filter(|(name, _)| **name != own) {
        let is_theirs = |key: &&ApiKey| profile.key_id.as_ref() == Some(&key.id);
        if let (Some(key), true) = (found.iter().find(is_theirs), profile.portal.as_ref() == Some(&portal)) {
            cx.out.warn(format_args!("key {} is the one that profile `{name}` uses", called(key)));
        }
    }
    Ok(())
}
