//! The store of the key in use, for a rotation: whether it can take the new key, and what happens to the profile if it
//! cannot.

use crate::context::Context;
use crate::credentials::Source;
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::lifecycle::Home;

/// Returns the store of the key in use, if it can take another key.
pub fn home(cx: &Context) -> Result<Option<Home>, Error> {
    cx.portal()?;
    let is_kept = matches!(cx.source(), Some(Source::Keyring | Source::File));
    let store = if is_kept { cx.store(&cx.config.profile()?)? } else { None };
    store.map(|store| Ok(Home { store, profile: cx.config.profile_name()? })).transpose()
}

/// Fails if the new key would have no place, or would overwrite the old one before it is proven.
pub fn ensure_place(home: Option<&Home>, own: bool, to: &[Destination], mark: &str, cx: &Context) -> Result<(), Error> {
    if !to.is_empty() {
        return not_over_itself(home.filter(|_| own), to);
    }
    let hint = "Say where the new secret goes: `--to keyring:NAME`, `--to file:PATH` or `--to command:'CMD ARGS'`.";
    let lost = |message: &str| Err(Error::new(Kind::Usage, message).hint(hint));
    match home {
        _ if !own => lost("this key is not the one in use, so it has no place in the profile's own store"),
        None => lost("the key in use is not in a store that could take the new one"),
        Some(home) => {
            cx.config.can_save()?;
            home.probe(mark)
        }
    }
}

/// The old key is needed until the new one is proven, so nothing may overwrite it.
fn not_over_itself(home: Option<&Home>, to: &[Destination]) -> Result<(), Error> {
    let Some(home) = home else { return Ok(()) };
    let own = Destination::Keyring(Some(home.profile.clone()));
    match to.contains(&own) {
        false => Ok(()),
        true => Err(Error::new(Kind::Usage, format!("`{own}` is where the key in use is"))
            .hint("Leave `--to` out: then the new key takes the old one's place once it is proven.")),
    }
}

/// Warns that the profile will have no key, because the new one goes elsewhere.
pub fn tell_of_logout(home: Option<&Home>, own: bool, to: &[Destination], cx: &Context) {
    if let Some(Home { profile, .. }) = home.filter(|_| own && !to.is_empty()) {
        cx.out.warn(format_args!("profile `{profile}` will be logged out: its key goes somewhere else"));
    }
}
