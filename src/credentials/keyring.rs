//! The operating system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! Every call has a time limit that holds even if the service never answers: it runs on a thread of its own, which is
//! left behind. What was stored is read back, and what was deleted is looked for, before either is claimed.

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::Entry;

use super::{Error, key};
use crate::secret::Secret;

/// The attribute by which our entries are found.
const SERVICE: &str = "optra";

/// Checks that the keyring takes an entry. A locked one without entries reads like an open one, so one is tried.
pub fn probe(profile: &str, limit: Duration) -> Result<(), Error> {
    let trial = format!("{profile} (trial)");
    call("store", &trial, limit, |entry| {
        entry.set_password("trial")?;
        entry.delete_credential()
    })
}

/// Reads a profile's key; none if there is none. What another program stored there may not be one.
pub fn read(profile: &str, limit: Duration) -> Result<Option<Secret>, Error> {
    let Some(text) = raw(profile, limit)? else { return Ok(None) };
    let secret = key(text.expose().into());
    secret.map(Some).map_err(|problem| Error::Failed { verb: "give", cause: problem.into() })
}

/// Keeps a profile's key, in place of one that was there before.
pub fn keep(profile: &str, secret: &Secret, limit: Duration) -> Result<(), Error> {
    let kept = secret.clone();
    call("store", profile, limit, move |entry| entry.set_password(kept.expose()))?;
    match raw(profile, limit)? {
        Some(found) if found == *secret => Ok(()),
        _ => Err(Error::NotKept { store: "keyring", verb: "give it back" }),
    }
}

/// Forgets a profile's key; returns whether there was one.
pub fn forget(profile: &str, limit: Duration) -> Result<bool, Error> {
    let was_there = call("delete", profile, limit, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    })?;
    match raw(profile, limit)? {
        None => Ok(was_there),
        Some(_) => Err(Error::NotKept { store: "keyring", verb: "let go of it" }),
    }
}

fn raw(profile: &str, limit: Duration) -> Result<Option<Secret>, Error> {
    call("read", profile, limit, |entry| match entry.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
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
    let modifiers = HashMap::from([("label", label.as_str())]);
    let entry = match Entry::new_with_modifiers(SERVICE, profile, &modifiers) {
        // Not every store has labels.
        Err(keyring_core::Error::Invalid(..) | keyring_core::Error::NotSupportedByStore(_)) => {
            Entry::new(SERVICE, profile)
        }
        entry => entry,
    };
    entry.and_then(|entry| run(&entry)).map_err(|error| match error {
        keyring_core::Error::NoStorageAccess(_) => Error::Locked(told(&error)),
        keyring_core::Error::PlatformFailure(_) | keyring_core::Error::NoDefaultStore => {
            Error::Unavailable(told(&error))
        }
        _ => Error::Failed { verb, cause: told(&error) },
    })
}

/// The innermost of the store's own words, without a value that an error may carry.
fn told(error: &keyring_core::Error) -> anyhow::Error {
    use keyring_core::Error::{BadDataFormat, BadEncoding, NoStorageAccess, PlatformFailure};
    anyhow::Error::msg(match error {
        BadEncoding(_) | BadDataFormat(..) => "what is stored there is no text".to_owned(),
        // These two wrap the cause in words that our own message has said already.
        PlatformFailure(cause) | NoStorageAccess(cause) => {
            let text = cause.to_string();
            text.strip_prefix("zbus error: ").or(text.strip_prefix("SS error: ")).unwrap_or(&text).to_owned()
        }
        error => error.to_string(),
    })
}
