//! Before a key goes: it is shown, and its name is typed. A slip of one finger revokes nothing.

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

/// What came of it where the answer is no, or where there was nothing to ask about.
const UNDONE: &str = "nothing was revoked";

/// Whoever has typed a name must not learn then that the portal cannot do it.
fn ensure_revokes(cx: &Context) -> Result<(), Error> {
    keys::ensure_revokes(cx.portal()?).map_err(|error| Error::from(error).context(UNDONE))
}

/// Asks for the name or the id to be typed.
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

/// Asks for the name or the id to be typed.
fn named(key: &ApiKey, deed: &str, undone: &str, cx: &Context) -> Result<(), Error> {
    let what = if key.name.is_some() { "its name or id" } else { "its id" };
    // The name without the mark of a rotation means the key everywhere else, too.
    let is_name = |name: &String, typed: &str| is_same(name, typed) || is_same(name::base(name), typed);
    let is_it = |typed: &str| typed == key.id || key.name.as_ref().is_some_and(|name| is_name(name, typed));
    ensure_typed(&format!("Type {what} to {deed}"), is_it, "that is neither its name nor its id", undone, cx)
}

/// Asks for the number of keys to be typed, after all of them were shown.
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

/// The key, as a sentence names it.
pub fn called(key: &ApiKey) -> String {
    match &key.name {
        Some(name) => format!("`{name}` (id {})", key.id),
        None => format!("without a name (id {})", key.id),
    }
}

/// Asks before a key is replaced.
pub fn confirm_rotation(old: &ApiKey, to: &[Destination], cx: &Context) -> Result<(), Error> {
    let undone = "nothing was rotated";
    keys::ensure_rotates(cx.portal()?).map_err(|error| Error::from(error).context(undone))?;
    let places: Vec<String> = to.iter().map(|place| format!("`{place}`")).collect();
    let places = if places.is_empty() { "the profile's own store".to_owned() } else { places.join(", ") };
    cx.out.status(format_args!("Rotate key {}: a new key goes to {places}, then this one is revoked.", called(old)));
    named(old, "rotate it", undone, cx)
}

/// The command line of a rotation as a shell takes it, for a hint.
pub fn rotation_line(key: Option<&str>, to: &[Destination], yes: bool, cx: &Context) -> String {
    let yes = if yes { " --yes" } else { "" };
    let key = key.iter().map(|key| format!(" {}", shell_words::quote(key))).collect::<String>();
    let to = to.iter().map(|place| format!(" --to {}", shell_words::quote(&place.to_string())));
    format!("optra{} keys rotate{key}{}{yes}", cx.config.portal_flags(), to.collect::<String>())
}

/// Warns of places that have one of these keys, and of profiles on this machine that use one.
pub fn tell_whose(found: &[ApiKey], cx: &Context) -> Result<(), Error> {
    let (own, portal) = (cx.config.profile_name()?, cx.portal_name()?);
    // What is not known is no reason to leave a key alive.
    if let Ok(all) = whereabouts(&portal, cx) {
        // From there it is taken with the revocation.
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
