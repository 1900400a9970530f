//! The operating system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! Every call has a time limit that holds even if the service never answers: it runs on a thread of its own, which is
//! left behind. What was stored is read back, and what was deleted is looked for, before either is claimed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::Entry;

use super::error::Error;
use super::kept::Kept;
use super::text::key;
use crate::disk;
use crate::secret::Secret;

/// The attribute by which our entries are found.
const SERVICE: &str = "optra";

/// The attribute that says which origin a key is for; on Windows an entry has this one to spare.
const ORIGIN: &str = if cfg!(windows) { "comment" } else { "portal" };

/// Checks that the keyring takes an entry. A locked one without entries reads like an open one, so one is tried.
pub fn probe(profile: &str, limit: Duration) -> Result<(), Error> {
    let trial = format!("{profile} (trial)");
    call("store", &trial, limit, |entry| {
        entry.set_password("trial")?;
        entry.delete_credential()
    })
}

/// Reads a profile's key; none if there is none. What another program stored there may not be one.
pub fn read(profile: &str, limit: Duration) -> Result<Option<Kept>, Error> {
    let Some(Kept { secret, origin }) = raw(profile, limit)? else { return Ok(None) };
    let secret =
        key(secret.expose().into()).map_err(|problem| Error::Failed { verb: "give", cause: problem.into() })?;
    Ok(Some(Kept { secret, origin }))
}

/// Keeps a profile's key, in place of one that was there before. The origin goes first where there is an entry that can have it:
/// a key that is refused can be given again, one that is sent to the former origin cannot be taken back.
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
        _ => Err(Error::NotKept { store: "keyring", verb: "give it back" }),
    }
}

/// Forgets a profile's key; returns whether there was one.
pub fn forget(profile: &str, limit: Duration) -> Result<bool, Error> {
    let was_there = call("delete", profile, limit, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(keyring_core::Error::Ambiguous(entries)) => delete_all(&entries).map(|()| true),
        Err(error) => Err(error),
    })?;
    match raw(profile, limit)? {
        None => Ok(was_there),
        Some(_) => Err(Error::NotKept { store: "keyring", verb: "let go of it" }),
    }
}

/// Deletes all entries of one name: another program has made some of them, and none can be told from ours.
fn delete_all(entries: &[Entry]) -> keyring_core::Result<()> {
    entries.iter().try_for_each(Entry::delete_credential)
}

/// Notes which origin an entry is for; returns whether there is one. The macOS Keychain has no room for that.
fn note_origin(entry: &Entry, origin: Option<&str>) -> keyring_core::Result<bool> {
    let Some(origin) = origin else { return Ok(true) };
    match entry.update_attributes(&HashMap::from([(ORIGIN, origin)])) {
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(keyring_core::Error::Invalid(..) | keyring_core::Error::NotSupportedByStore(_)) => Ok(true),
        noted => noted.map(|()| true),
    }
}

fn raw(profile: &str, limit: Duration) -> Result<Option<Kept>, Error> {
    call("read", profile, limit, |entry| match entry.get_password() {
        Ok(text) => {
            let secret = Secret::new(text);
            let origin = entry.get_attributes()?.remove(ORIGIN).filter(|origin| !origin.is_empty());
            Ok(Some(Kept { secret, origin }))
        }
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
}

/// Runs one call on a thread that may be left behind.
fn call<T: Send + 'static>(
    verb: &'static str,
    profile: &str,
    limit: Duration,
    run: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let (answer, answered) = mpsc::sync_channel(1);
    let profile = profile.to_owned();
    let ask = move || {
        // Nobody waits for an answer that comes too late.
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
    // The facade installs the system's store and alone knows why it could not.
    if let Err(error) = keyring::Entry::store_status() {
        return Err(Error::Unavailable(told(error)));
    }
    let label = format!("Optra API key ({profile})");
    // Windows has no labels, and would carry the entry to every machine of a domain.
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

/// Returns true for a macOS Keychain that is locked where nobody can be asked to unlock it, as over ssh:
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

/// Returns what a profile's entry is called. On Windows `A` and `a` would be one entry.
fn entry_name(profile: &str) -> Cow<'_, str> {
    if cfg!(windows) { disk::file_name(profile).into() } else { profile.into() }
}

/// The innermost of the store's own words, without a value that an error may carry.
fn told(error: &keyring_core::Error) -> anyhow::Error {
    use keyring_core::Error::{BadDataFormat, BadEncoding, NoStorageAccess, PlatformFailure};
    anyhow::Error::msg(match error {
        BadEncoding(_) | BadDataFormat(..) => "what is stored there is not text".to_owned(),
        // These two wrap the cause in words that our own message has said already.
        PlatformFailure(cause) | NoStorageAccess(cause) => {
            let text = cause.to_string();
            text.strip_prefix("zbus error: ").or(text.strip_prefix("SS error: ")).unwrap_or(&text).to_owned()
        }
        error => error.to_string(),
    })
}
