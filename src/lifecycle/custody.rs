//! The real places of a rotation: its destinations, or the store of the active profile.

use std::time::Duration;

use super::backup::Backup;
use super::delivery::{Delivery, Profiles};
use super::hook;
use super::issue::Issued;
use super::issuer::Issuer;
use super::rotation::Custody;
use crate::credentials::{self, Store};
use crate::error::{Error, Kind};
use crate::journal::{Destination, Rotation};
use crate::portal::Portal;
use crate::secret::Secret;

/// The store of the key in use, which can take another key.
pub struct Home {
    pub store: Store,
    pub profile: String,
}

impl Home {
    /// Returns the entry beside the key, for its successor. No profile has a control character in its name.
    fn slot(&self, mark: &str) -> String {
        format!("{}\tnext\t{mark}", self.profile)
    }

    /// Tests that a successor could be stored.
    pub fn probe(&self, mark: &str) -> Result<(), Error> {
        Ok(self.store.probe(&self.slot(mark))?)
    }
}

/// Keeps the secrets of a rotation.
pub struct Custodian<'c> {
    /// Empty, if the new key replaces the old one in its store.
    pub destinations: Vec<Destination>,
    /// `None`, if the key in use is in no store of ours.
    pub home: Option<Home>,
    pub keyring: Store,
    pub profiles: &'c dyn Profiles,
    pub connect: &'c dyn Fn(Secret, Option<String>) -> Result<Portal, Error>,
    /// Writes a secret to stdout.
    pub print: &'c dyn Fn(&Issued) -> Result<(), Error>,
    pub mark: String,
    /// Variables for the environment of the hook.
    pub variables: Vec<(&'static str, String)>,
    /// The destinations, once they are open.
    pub delivery: Option<Delivery<'c>>,
}

impl Custodian<'_> {
    fn backup(&self) -> Backup<'_> {
        Backup { destinations: &self.destinations, keyring: &self.keyring, mark: &self.mark }
    }

    /// Opens and tests the destinations, before a key is generated; returns backups that other rotations left beside
    /// them.
    pub fn open(&mut self, force: bool) -> Result<Vec<std::path::PathBuf>, Error> {
        self.delivery = Some(Delivery::open(&self.destinations, "", force, &self.keyring, self.profiles)?);
        self.backup().probe()?;
        Ok(self.backup().leftovers())
    }

    /// Returns the profile's own store, if the new key goes there.
    fn own(&self) -> Option<&Home> {
        self.home.as_ref().filter(|_| self.destinations.is_empty())
    }
}

impl Custody for Custodian<'_> {
    fn reopen(&mut self) -> Result<(), Error> {
        self.open(true).map(drop)
    }

    fn deliver(&mut self, issued: &Issued) -> Result<(), Error> {
        if let Some(home) = self.own() {
            return Ok(home.store.keep(&home.slot(&self.mark), &issued.secret)?);
        }
        self.backup().keep()?;
        let print = self.print;
        // Without open destinations nothing is delivered, which must be an error.
        let not_open = || Error::new(Kind::StoreFailed, "the destinations are not open");
        let mut delivery = self.delivery.take().ok_or_else(not_open)?;
        delivery.deliver(&issued.secret, issued.id.as_deref(), &|| print(issued))
    }

    fn gives_back(&self) -> bool {
        self.destinations.is_empty() || self.destinations.iter().any(Destination::gives_back)
    }

    fn read_back(&self) -> Result<Secret, Error> {
        if let Some(home) = self.own() {
            // After the promotion the new key is in the old one's place.
            let found = match home.store.read(&home.slot(&self.mark))? {
                Some(secret) => Some(secret),
                None => home.store.read(&home.profile)?,
            };
            return found.ok_or_else(|| Error::new(Kind::StoreFailed, "the new key is not in the store any more"));
        }
        for place in &self.destinations {
            match place {
                Destination::File(path) => return Ok(credentials::file::read(path)?),
                Destination::Keyring(Some(profile)) => {
                    if let Some(secret) = self.keyring.read(profile)? {
                        return Ok(secret);
                    }
                }
                _ => {}
            }
        }
        Err(Error::new(Kind::StoreFailed, "the new secret cannot be read back from any destination"))
    }

    fn under<'c>(&'c self, secret: Secret, id: Option<&str>) -> Result<Box<dyn Issuer + 'c>, Error> {
        Ok(Box::new((self.connect)(secret, id.map(str::to_owned))?))
    }

    fn promote(&mut self, rotation: &Rotation) -> Result<(), Error> {
        if let Some(home) = self.own() {
            if let Some(secret) = home.store.read(&home.slot(&self.mark))? {
                home.store.keep(&home.profile, &secret)?;
                self.profiles.succeed(&home.profile, rotation.new_id.as_deref())?;
                home.store.forget(&home.slot(&self.mark))?;
            }
        } else if let Some(home) = self.home.as_ref().filter(|_| rotation.own) {
            let has_it = Destination::Keyring(Some(home.profile.clone()));
            if !self.destinations.contains(&has_it) {
                self.profiles.forget()?;
            }
        }
        self.backup().forget()
    }

    fn restore(&mut self) -> Result<Vec<Destination>, Error> {
        self.backup().restore()
    }

    fn drop_new(&mut self) -> Result<(), Error> {
        if let Some(home) = self.own() {
            home.store.forget(&home.slot(&self.mark))?;
        }
        Ok(())
    }

    fn run_hook(&self, rotation: &Rotation) -> Result<(), Error> {
        let Some(hook) = &rotation.hook else { return Ok(()) };
        let mut variables: Vec<(&str, &str)> = self.variables.iter().map(|(name, value)| (*name, &**value)).collect();
        variables.push(("OPTRA_PORTAL_URL", &rotation.portal));
        variables.push(("OPTRA_OLD_KEY_ID", &rotation.old_id));
        variables.push(("OPTRA_NEW_KEY_ID", rotation.new_id.as_deref().unwrap_or_default()));
        hook::run(hook, &variables, Duration::from_secs(rotation.hook_limit_s))
    }
}
