//! `--to`: the destinations of a new key's secret.

use super::repository::is_committed_by_accident;
use crate::commands::repeat;
use crate::config;
use crate::context::Context;
use crate::credentials::Store;
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::lifecycle::Delivery;
use crate::shells;

/// Parses a place. Expands `~` behind the colon, which a shell does not.
pub fn place(text: &str) -> Result<Destination, String> {
    Ok(match text.parse()? {
        Destination::File(path) => Destination::File(config::expanded(&path)?),
        Destination::Keyring(Some(name)) => Destination::Keyring(Some(config::profile_name(&name)?)),
        place => place,
    })
}

/// Returns the same places in their canonical form.
pub fn resolved(places: &[Destination], cx: &Context) -> Result<Vec<Destination>, Error> {
    let profile = profile(places, cx)?;
    Ok(places.iter().map(|place| place.resolved(&profile)).collect())
}

/// Returns the active profile, if a place refers to it.
fn profile(places: &[Destination], cx: &Context) -> Result<String, Error> {
    if places.contains(&Destination::Keyring(None)) { Ok(cx.config.profile_name()?) } else { Ok(String::new()) }
}

/// Refuses a place where the secret would be lost.
pub fn refuse_nowhere(places: &[Destination], cx: &Context) -> Result<(), Error> {
    if !places.contains(&Destination::Stdout) || !cx.out.is_null_device() {
        return Ok(());
    }
    Err(Error::new(Kind::Declined, "no key was generated: its secret would be lost, because stdout goes nowhere").hint(
        format!(
            "Take it into a variable or a file: `{}`, or `--to file:PATH`.",
            shells::capture("KEY", &repeat::line(&[], &[], cx))
        ),
    ))
}

/// Warns of files that a careless `git add` would commit.
pub fn warn_of_repositories<'d>(places: impl IntoIterator<Item = &'d Destination>, cx: &Context) {
    for place in places {
        if let Destination::File(path) = place
            && is_committed_by_accident(path)
        {
            let name = path.file_name().unwrap_or_default().display();
            cx.out.warn(format_args!(
                "git does not ignore `{}`: add `/{name}` to the `.gitignore` beside it",
                path.display()
            ));
        }
    }
}

/// Opens and tests all destinations.
pub fn open<'c>(places: &[Destination], force: bool, cx: &'c Context) -> Result<Delivery<'c>, Error> {
    refuse_nowhere(places, cx)?;
    warn_of_repositories(places, cx);
    Delivery::open(places, &profile(places, cx)?, force, &keyring(cx), cx)
}

/// Returns the system's keyring, for keys of the portal in use.
pub fn keyring(cx: &Context) -> Store {
    let origin = cx.endpoint().ok().map(|endpoint| endpoint.origin());
    Store::Keyring { limit: cx.config.store_timeout, origin }
}
