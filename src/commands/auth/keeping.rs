//! Stores a proven key and records it in its profile: both or neither. The key leaves the store that the profile had
//! before.

use crate::config::{Profile, profile_option};
use crate::context::Context;
use crate::credentials::Store;
use crate::error::{Error, Kind};
use crate::portal::Endpoint;
use crate::secret::Secret;
use crate::shells;

/// Stores the key and records where; if the record fails, the store is restored.
pub fn keep(name: &str, profile: &Profile, store: &Store, secret: &Secret, cx: &Context) -> Result<(), Error> {
    let noted = match cx.config.file()?.profiles.get(name) {
        Some(profile) => cx.store(profile)?,
        None => None,
    };
    let is_same = |noted: &Store| noted.source() == store.source();
    // The former key in the same store may belong to another portal, so the former origin reads it.
    let own = noted.clone().filter(is_same).unwrap_or_else(|| store.clone());
    let former = noted.filter(|noted| !is_same(noted));
    if let Store::Command { .. } = store {
        cx.config.save_profile(name, profile)?;
    } else {
        let before = own.read(name).unwrap_or_default();
        store.keep(name, secret)?;
        cx.config.save_profile(name, profile).or_else(|error| {
            match before {
                Some(before) => own.keep(name, &before)?,
                None => drop(store.forget(name)?),
            }
            Err(Error::from(error).context("the key was not stored: its profile cannot be noted"))
        })?;
    }
    cx.forget_names(name, profile.portal.as_deref());
    if let Some(former) = former
        && let Err(error) = former.forget(name)
    {
        // No later command would delete it from there.
        let error = Error::from(error);
        cx.out.warn(format_args!(
            "the former key of profile `{name}` may still be in the {}: {error}",
            former.source().as_str()
        ));
    }
    Ok(())
}

/// Replaces the hints where there is no keyring by alternatives, as commands that can be pasted.
pub fn suggest_other_stores(error: Error, name: &str, endpoint: &Endpoint) -> Error {
    if error.kind() != Kind::KeyringUnavailable {
        return error;
    }
    let base = endpoint.base();
    let login = format!("optra auth login{} --portal {base}", profile_option(name));
    error
        .replace_hints(format!("Keep the key in a file for its owner only: `{login} --store file`."))
        .hint(format!("Or have a program print it: `{login} --store command --command 'pass show optra'`."))
        .hint(format!(
            "Or give it to each run: `{}`.",
            shells::assignments(&[("OPTRA_PORTAL_URL", &base), ("OPTRA_API_KEY", "…")])
        ))
}
