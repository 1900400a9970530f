//! Records the life of keys: who did what in the log, and in profiles which key they have and where it is.

use jiff::Unit;

use super::Context;
use super::who::who;
use crate::config::{self, Profile, profile_option};
use crate::error::{Error, Kind};
use crate::journal::{Approval, Entry, Ledger};
use crate::lifecycle::{Attempt, Event, Profiles};
use crate::secret::Secret;

impl Profiles for Context {
    fn accepts(&self, profile: &str) -> Result<(), Error> {
        if self.config.sandbox() {
            let message = "a key of the sandbox is useless in the keyring: no profile is for the sandbox";
            return Err(Error::new(Kind::Usage, message));
        }
        self.config.can_save()?;
        let noted = self.config.file()?.profiles.get(profile).and_then(|noted| noted.portal.clone());
        let endpoint = self.endpoint()?;
        if let Some(noted) = noted.filter(|noted| *noted != endpoint.base()) {
            let message = format!("profile `{profile}` is for {noted}, and this key is for {}", endpoint.base());
            return Err(Error::new(Kind::Declined, message).hint("Name another profile: `--to keyring:NAME`."));
        }
        Ok(())
    }

    fn note(&self, profile: &str, key_id: Option<&str>) -> Result<(), Error> {
        let noted = self.config.file()?.profiles.get(profile).cloned().unwrap_or_default();
        let (portal, key_id) = (Some(self.endpoint()?.base()), key_id.map(str::to_owned));
        self.config.save_profile(profile, &Profile { portal, store: config::Store::Keyring, key_id, ..noted })?;
        let option = profile_option(profile);
        self.out.status(format_args!("The key of profile `{profile}` is in the keyring: `optra{option} auth status`."));
        Ok(())
    }

    fn succeed(&self, profile: &str, key_id: Option<&str>) -> Result<(), Error> {
        let noted = Profile { key_id: key_id.map(str::to_owned), ..self.config.profile()? };
        self.config.save_profile(profile, &noted)?;
        if let (Some(id), Some(store), Some(ledger)) = (key_id, self.store(&noted)?, self.ledger()) {
            // A failure to record it in the ledger does not undo the rotation.
            let _ = ledger.put(crate::text::now(), id, &store.place(profile));
        }
        Ok(())
    }

    fn forget(&self) -> Result<(), Error> {
        self.forget_key()
    }
}

/// The topic of warnings about a ledger that cannot be written.
pub const LEDGER: &str = "ledger";

/// Why keys are changed, for the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rationale<'w> {
    /// The reason that the user gave.
    pub reason: Option<&'w str>,
    /// Who approved the plan that is applied.
    pub approval: Option<&'w Approval>,
}

impl<'w> From<Option<&'w str>> for Rationale<'w> {
    fn from(reason: Option<&'w str>) -> Rationale<'w> {
        Rationale { reason, approval: None }
    }
}

impl Context {
    /// Records in the log what was done to a key. A failure to write does not undo the deed.
    pub fn note_deed(&self, command: &str, rationale: Rationale<'_>, deed: &Attempt<'_>) {
        let append = || {
            let stored = self.used.get().is_none_or(|used| used.source.is_of_a_profile());
            let profile = if stored { Some(self.config.profile_name()?) } else { None };
            let entry = Entry {
                time: crate::text::now().round(Unit::Millisecond).unwrap_or_default(),
                portal: self.portal_name()?,
                profile,
                command: command.to_owned(),
                action: deed.action.to_owned(),
                ids: deed.id.iter().map(ToString::to_string).collect(),
                name: deed.name.map(str::to_owned),
                result: deed.result.to_owned(),
                request_id: deed.request_id.map(ToString::to_string),
                reason: rationale.reason.map(str::to_owned),
                approval: rationale.approval.cloned().unwrap_or_default(),
                who: who(),
            };
            Ok(self.log()?.append(&entry)?)
        };
        if let (Some(id), "done") = (deed.id, deed.result) {
            self.remember_change(id, deed.name, deed.action != "revoke");
        }
        if let Err(error) = append() {
            let error: Error = error;
            self.out.warn_once("log", format_args!("not all of this run was noted in the log: {error}"));
        }
    }

    /// Returns the id of a key that the ledger recognizes, and the ids of the keys that it knows to be others.
    pub fn known(&self, secret: &Secret) -> (Option<String>, Vec<String>) {
        match self.ledger().map(|ledger| ledger.which(secret)) {
            Some(Ok(known)) => known,
            Some(Err(error)) => {
                let error = Error::from(error);
                if self.out.warn_once("unread ledger", format_args!("the ledger of this machine is of no use: {error}"))
                {
                    error.hints().iter().for_each(|hint| self.out.hint(hint));
                }
                Default::default()
            }
            None => Default::default(),
        }
    }

    /// Records in the ledger that a key was stored in a profile's place.
    pub fn know(&self, secret: &Secret, id: &str, name: Option<&str>, place: &str) {
        let Some(ledger) = self.ledger() else { return };
        let now = crate::text::now();
        if let Err(error) = ledger.know(now, secret, id, name).and_then(|()| ledger.put(now, id, place)) {
            self.out.warn_once(LEDGER, Event::NotKnownAgain(error));
        }
    }

    /// Records in the ledger that a profile's key was removed from a place.
    pub fn know_taken(&self, profile: &Profile, place: &str) {
        let base = profile.portal.clone();
        let ledger = base.and_then(|base| Some(Ledger::new(&self.config.journal_dir().ok()?, base)));
        if let (Some(ledger), Some(id)) = (ledger, &profile.key_id) {
            // A failure to record it does not undo the removal.
            let _ = ledger.taken(crate::text::now(), id, place);
        }
    }
}
