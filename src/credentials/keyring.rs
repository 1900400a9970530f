//! The operating system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! Every call has a time limit that holds even if the service never answers: the call runs on its own thread, which is
//! then abandoned. A stored key is read back, and a deleted one is looked up, before success is reported.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::Entry;

use super::error::Error;
use super::stored_key::StoredKey;
use super::text::key;
use crate::disk;
use crate::secret::Secret;

/// The attribute that identifies our entries.
const SERVICE: &str = "optra";

/// The attribute that holds a key's origin; on Windows, an otherwise unused one.
const ORIGIN: &str = if cfg!(windows) { "comment" } else { "portal" };

/// Checks that the keyring accepts an entry, by storing one: a locked keyring without entries reads like an open one.
pub fn probe(profile: &str, limit: Duration) -> Result<(), Error> {
    let trial = format!("{profile} (trial)");
    call("store", &trial, limit, |entry| {
        entry.set_password("trial")?;
        entry.delete_credential()
    })
}

/// Reads a profile's key; `None` if there is none. An entry of another program may not be a valid key.
pub fn read(profile: &str, limit: Duration) -> Result<Option<StoredKey>, Error> {
    let Some(StoredKey { secret, origin }) = raw(profile, limit)? else { return Ok(None) };
    let secret =
        key(secret.expose().into()).map_err(|problem| Error::Failed { verb: "give", cause: problem.into() })?;
    Ok(Some(StoredKey { secret, origin }))
}

/// Stores a profile's key, and replaces a former one. An existing entry gets the new origin first: a key that is
/// refused can be entered again, but one that was sent to the former origin cannot be taken back.
pub fn keep(profile: &str, secret: &Secret, origin: Option<&str>, limit: Duration) -> Result<(), Error> {
    let (kept, origin) = (secret.clone(), origin.map(str::to_owned));
    call("store", profile, limit, move |entry| {
        let is_there = match note_origin(entry, origin.as_deref()) {
            Err(keyring_core::Error::Ambiguous(entries)) => delete_all(&entries).map(|()| false)?,
            noted => noted?,
        };
        entry.set_password(kept.expose())?;
        if !is_there {
            note_origin(entry, origin.as_deref())?;
        }
        Ok(())
    })?;
    match raw(profile, limit)? {
        Some(found) if found.secret == *secret => Ok(()),
        _ => Err(Error::NotStored { store: "keyring", verb: "return it" }),
    }
}

/// Deletes a profile's key; returns whether there was one.
pub fn forget(profile: &str, limit: Duration) -> Result<bool, Error> {
    let was_there = call("delete", profile, limit, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(keyring_core::Error::Ambiguous(entries)) => delete_all(&entries).map(|()| true),
        Err(error) => Err(error),
    })?;
    match raw(profile, limit)? {
        None => Ok(was_there),
        Some(_) => Err(Error::NotStored { store: "keyring", verb: "delete it" }),
    }
}

/// Deletes all entries of one name: another program created some of them, and they cannot be told from ours.
fn delete_all(entries: &[Entry]) -> keyring_core::Result<()> {
    entries.iter().try_for_each(Entry::delete_credential)
}

/// Sets an entry's origin; returns whether the entry exists. The macOS Keychain has no such attribute.
fn note_origin(entry: &Entry, origin: Option<&str>) -> keyring_core::Result<bool> {
    let Some(origin) = origin else { return Ok(true) };
    match entry.update_attributes(&HashMap::from([(ORIGIN, origin)])) {
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(keyring_core::Error::Invalid(..) | keyring_core::Error::NotSupportedByStore(_)) => Ok(true),
        noted => noted.map(|()| true),
    }
}

fn raw(profile: &str, limit: Duration) -> Result<Option<StoredKey>, Error> {
    call("read", profile, limit, |entry| match entry.get_password() {
        Ok(text) => {
            let secret = Secret::new(text);
            let origin = entry.get_attributes()?.remove(ORIGIN).filter(|origin| !origin.is_empty());
            Ok(Some(StoredKey { secret, origin }))
        }
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
}

/// Runs one call on a thread that is abandoned after the time limit.
fn call<T: Send + 'static>(
    verb: &'static str,
    profile: &str,
    limit: Duration,
    run: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let (answer, answered) = mpsc::sync_channel(1);
    let profile = profile.to_owned();
    let ask = move || {
        // Nobody receives an answer that comes too late.
        let _ = answer.send(with_entry(verb, &profile, run));
    };
    let started = thread::Builder::new().spawn(ask);
    started.map_err(|error| Error::Failed { verb, cause: error.into() })?;
    answered.recv_timeout(limit).unwrap_or(Err(Error::Timeout(limit)))
}

fn with_entry<T>(
    verb: &'static str,
    profile: &str,
    run: impl FnOnce(&Entry) -> keyring_core::Result<T>,
) -> Result<T, Error> {
    // The facade installs the system's store, and only the facade knows why that failed.
    if let Err(error) = keyring::Entry::store_status() {
        return Err(Error::Unavailable(told(error)));
    }
    let label = format!("Optra API key ({profile})");
    // Windows has no labels, and by default would roam the entry to every machine of a domain.
    let modifiers = if cfg!(windows) { ("persistence", "Local") } else { ("label", label.as_str()) };
    let (modifiers, name) = (HashMap::from([modifiers]), entry_name(profile));
    let entry = match Entry::new_with_modifiers(SERVICE, &name, &modifiers) {
        // Not every store has labels.
        Err(keyring_core::Error::Invalid(..) | keyring_core::Error::NotSupportedByStore(_)) => {
            Entry::new(SERVICE, &name)
        }
        entry => entry,
    };
    entry.and_then(|entry| run(&entry)).map_err(|error| match &error {
        keyring_core::Error::Ambiguous(entries) => {
            Error::Ambiguous { profile: profile.to_owned(), count: entries.len() }
        }
        keyring_core::Error::NoStorageAccess(_) => Error::Locked(told(&error)),
        keyring_core::Error::PlatformFailure(cause) if asks_nobody(&**cause) => Error::Locked(told(&error)),
        keyring_core::Error::PlatformFailure(_) | keyring_core::Error::NoDefaultStore => {
            Error::Unavailable(told(&error))
        }
        _ => Error::Failed { verb, cause: told(&error) },
    })
}

/// Returns true if the macOS Keychain is locked and nobody can be asked to unlock it, as over ssh:
/// `errSecInteractionNotAllowed`. The facade has no error for that.
#[cfg(target_os = "macos")]
fn asks_nobody(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    const INTERACTION_NOT_ALLOWED: i32 = -25308;
    let failed = cause.downcast_ref::<security_framework::base::Error>();
    failed.is_some_and(|failed| failed.code() == INTERACTION_NOT_ALLOWED)
}

#[cfg(not(target_os = "macos"))]
fn asks_nobody(_: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    false
}

/// Returns the name of a profile's entry. On Windows, entry names ignore case, so it is escaped.
fn entry_name(profile: &str) -> Cow<'_, str> {
    if cfg!(windows) { disk::file_name(profile).into() } else { profile.into() }
}

/// Returns the store's innermost error message, without a value that the error may carry.
fn told(error: &keyring_core::Error) -> anyhow::Error {
    use keyring_core::Error::{BadDataFormat, BadEncoding, NoStorageAccess, PlatformFailure};
    anyhow::Error::msg(match error {
        BadEncoding(_) | BadDataFormat(..) => "the stored value is not text".to_owned(),
        // These two wrap the cause in a message that repeats ours.
        PlatformFailure(cause) | NoStorageAccess(cause) => {
            let text = cause.to_string();
            text.strip_prefix("zbus error: ").or(text.strip_prefix("SS error: ")).unwrap_or(&text).to_owned()
        }
        error => error.to_string(),
    })
}
