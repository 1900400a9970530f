//! The operating system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! Every call has a time limit that holds even if the service never answers: it runs on a thread of its own, which is
//! left behind. What was stored is read back, and what was deleted is looked for, before either is claimed.

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::Entry;

use super::Error;
use crate::secret::Secret;

/// The attribute by which our entries are found.
const SERVICE: &str = "optra";

/// How long one call may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Checks that there is a keyring, before anything depends on it.
pub fn probe(profile: &str) -> Result<(), Error> {
    read(profile).map(drop)
}

/// Reads a profile's key; none if there is none.
pub fn read(profile: &str) -> Result<Option<Secret>, Error> {
    call("read", profile, |entry| match entry.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
}

/// Keeps a profile's key, in place of one that was there before.
pub fn store(profile: &str, secret: &Secret) -> Result<(), Error> {
    let kept = secret.clone();
    call("store", profile, move |entry| entry.set_password(kept.expose()))?;
    match read(profile)? {
        Some(found) if found == *secret => Ok(()),
        _ => Err(Error::NotKept("give it back")),
    }
}

/// Forgets a profile's key; returns whether there was one.
pub fn delete(profile: &str) -> Result<bool, Error> {
    let was_there = call("delete", profile, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    })?;
    match read(profile)? {
        None => Ok(was_there),
        Some(_) => Err(Error::NotKept("let go of it")),
    }
}

/// Runs one call on a thread that may be left behind.
fn call<T: Send + 'static>(
    verb: &'static str,
    profile: &str,
    run: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let (answer, answered) = mpsc::sync_channel(1);
    let profile = profile.to_owned();
    thread::spawn(move || {
        // Nobody waits for an answer that comes too late.
        let _ = answer.send(with_entry(verb, &profile, run));
    });
    answered.recv_timeout(LIMIT).unwrap_or(Err(Error::Timeout(LIMIT)))
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

/// The store's own words, without a value that an error may carry.
fn told(error: &keyring_core::Error) -> anyhow::Error {
    match error {
        keyring_core::Error::BadEncoding(_) | keyring_core::Error::BadDataFormat(..) => {
            anyhow::Error::msg("what is stored there is not text")
        }
        error => anyhow::Error::msg(error.to_string()),
    }
}
