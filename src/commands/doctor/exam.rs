//! What the checks of one run share, each found out at most once, on first use: the address, the key, whether the
//! portal answers.

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use crate::config::Store;
use crate::context::Context;
use crate::credentials::{self, Credential};
use crate::error::{Error, Kind};
use crate::portal::{Endpoint, Portal, Reached};

/// The result of looking for a key, and how long that took.
pub struct Found {
    pub credential: Option<Credential>,
    pub took: Duration,
}

/// One run of `optra doctor`.
pub struct Exam<'c> {
    pub cx: &'c Context,
    endpoint: OnceCell<Result<Endpoint, Error>>,
    found: OnceCell<Result<Found, Error>>,
    reached: OnceCell<Result<Reached, Error>>,
    portal: OnceCell<Option<Result<Portal, Error>>>,
}

impl<'c> Exam<'c> {
    /// Starts a run; nothing is looked at yet.
    pub fn new(cx: &'c Context) -> Exam<'c> {
        Exam {
            cx,
            endpoint: OnceCell::new(),
            found: OnceCell::new(),
            reached: OnceCell::new(),
            portal: OnceCell::new(),
        }
    }

    /// Returns the address of the portal.
    pub fn endpoint(&self) -> Result<&Endpoint, &Error> {
        self.endpoint.get_or_init(|| self.cx.endpoint()).as_ref()
    }

    /// Returns the key that would be used; `None` if the address is not known. A locked keyring is not opened.
    pub fn found(&self) -> Option<Result<&Found, &Error>> {
        let endpoint = self.endpoint().ok()?;
        let look = || {
            let start = Instant::now();
            if self.asks_keyring() && credentials::is_locked(self.cx.config.store_timeout) == Some(true) {
                return Err(Error::new(Kind::KeyringLocked, "the keyring is locked, and was not unlocked")
                    .hint("Unlock it, for example by logging in to the desktop, and try again."));
            }
            let credential = self.cx.credential(endpoint)?;
            Ok(Found { credential, took: start.elapsed() })
        };
        Some(self.found.get_or_init(look).as_ref())
    }

    /// Returns true if the key is looked for in the keyring.
    pub fn asks_keyring(&self) -> bool {
        let config = &self.cx.config;
        // A profile that does not exist has no key anywhere.
        let in_keyring =
            || config.profile().is_ok_and(|profile| profile.portal.is_some() && profile.store == Store::Keyring);
        config.api_key.is_none() && !config.sandbox() && in_keyring()
    }

    /// Returns what answers at the address; `None` if the address is not known.
    pub fn reached(&self) -> Option<Result<&Reached, &Error>> {
        let endpoint = self.endpoint().ok()?;
        Some(self.reached.get_or_init(|| self.cx.reach(endpoint)).as_ref())
    }

    /// Returns the portal with the key; `None` if the address, the portal or the key is missing, which other rows
    /// report.
    pub fn portal(&self) -> Option<Result<&Portal, &Error>> {
        let connect = || {
            self.reached()?.ok()?;
            let credential = self.found()?.ok()?.credential.clone()?;
            Some(self.cx.connect(self.endpoint().ok()?.clone(), credential))
        };
        self.portal.get_or_init(connect).as_ref().map(Result::as_ref)
    }
}
