//! The steps of a rotation. Each is journaled before it begins, is idempotent, and leaves a working key.
//!
//! All side effects go through an [`Issuer`] and a [`Custody`], so that a model can replace both.

use std::time::Duration;

use jiff::SignedDuration;

use super::issue::{Issued, Request, roll_back_key, seen};
use super::issuer::Issuer;
use super::revoke::{RevokeTarget, revoke};
use super::session::{Event, Session};
use crate::error::{Error, Kind};
use crate::journal::{self, Destination, Journal, Rotation, Stage};
use crate::secret::Secret;

/// How often a wait checks for an interruption.
const BLINK: Duration = Duration::from_millis(100);

/// Keeps the secrets of a rotation: in the destinations, or in the store of the active profile.
pub trait Custody {
    /// Opens the destinations again after a crash: their content may come from this rotation.
    fn reopen(&mut self) -> Result<(), Error>;

    /// Backs up the destinations, and delivers the new secret to all of them or none.
    fn deliver(&mut self, issued: &Issued) -> Result<(), Error>;

    /// Returns true if the new secret can be read back.
    fn gives_back(&self) -> bool;

    /// Reads the new secret back from where it was delivered.
    fn read_back(&self) -> Result<Secret, Error>;

    /// Returns the portal, authenticated with another key.
    fn under<'c>(&'c self, secret: Secret, id: Option<&str>) -> Result<Box<dyn Issuer + 'c>, Error>;

    /// Moves the new key to the place of the old one, if that is ours, and discards the backups.
    fn promote(&mut self, rotation: &Rotation) -> Result<(), Error>;

    /// Restores the backups of the destinations, and returns those that were restored.
    fn restore(&mut self) -> Result<Vec<Destination>, Error>;

    /// Discards the new secret, if it is only in a place of our own.
    fn drop_new(&mut self) -> Result<(), Error>;

    /// Runs the hook.
    fn run_hook(&self, rotation: &Rotation) -> Result<(), Error>;
}

/// The journal of the stages.
pub trait Stages {
    fn write(&self, rotation: &Rotation) -> Result<(), journal::Error>;
    fn remove(&self) -> Result<(), journal::Error>;
}

impl Stages for Journal {
    fn write(&self, rotation: &Rotation) -> Result<(), journal::Error> {
        Journal::write(self, rotation)
    }

    fn remove(&self) -> Result<(), journal::Error> {
        Journal::remove(self)
    }
}

/// A rotation that this process runs.
pub struct Rotating<'r> {
    pub(super) session: Session<'r>,
    pub(super) custody: &'r mut dyn Custody,
    pub(super) journal: &'r dyn Stages,
    pub(super) rotation: Rotation,
    /// The new key, while this process knows its secret.
    pub(super) issued: Option<Issued>,
    /// True while the destinations are open.
    is_open: bool,
    /// True once this process verified the new key in its place.
    is_seen: bool,
}

/// Moves the new key to the place of the old one. No portal is needed: the old key may be forgotten already.
fn promote(rotation: &Rotation, custody: &mut dyn Custody, journal: &dyn Stages) -> Result<(), Error> {
    custody.promote(rotation)?;
    Ok(journal.remove()?)
}

/// Does the last step of a rotation.
pub fn finish(rotation: Rotation, custody: &mut dyn Custody, journal: &dyn Stages) -> Result<Rotation, Broken> {
    match promote(&rotation, custody, journal) {
        Ok(()) => Ok(rotation),
        Err(error) => Err(Broken { error, at: Some(rotation.stage) }),
    }
}

/// A rotation that failed.
#[derive(Debug)]
pub struct Broken {
    pub error: Error,
    /// The stage at which it failed; `None` if nothing of it is left.
    pub at: Option<Stage>,
}

impl<'r> Rotating<'r> {
    /// Writes the first journal entry; the destinations are open.
    pub fn begin(
        rotation: Rotation,
        session: Session<'r>,
        custody: &'r mut dyn Custody,
        journal: &'r dyn Stages,
    ) -> Result<Rotating<'r>, Error> {
        journal.write(&rotation)?;
        Ok(Rotating { session, custody, journal, rotation, issued: None, is_open: true, is_seen: false })
    }

    /// Resumes an unfinished rotation.
    pub fn resume(
        rotation: Rotation,
        session: Session<'r>,
        custody: &'r mut dyn Custody,
        journal: &'r dyn Stages,
    ) -> Rotating<'r> {
        Rotating { session, custody, journal, rotation, issued: None, is_open: false, is_seen: false }
    }

    /// Runs all remaining steps, and returns the finished rotation. An interruption takes effect after a step.
    pub fn go(mut self) -> Result<Rotation, Broken> {
        loop {
            if (self.session.is_stopped)() {
                let error = Error::new(Kind::Interrupted, format!("interrupted; {}", self.standing()));
                return Err(Broken { error, at: Some(self.rotation.stage) });
            }
            let is_last = self.rotation.stage == Stage::Promoting;
            match self.step() {
                Err(broken) => return Err(broken),
                Ok(()) if is_last => return Ok(self.rotation),
                Ok(()) => {}
            }
        }
    }

    /// Runs the step of the current stage.
    fn step(&mut self) -> Result<(), Broken> {
        let done = match self.rotation.stage {
            Stage::Aborting => {
                Err(Error::new(Kind::Declined, "this rotation is being rolled back, and cannot be resumed"))
            }
            Stage::Generating => return self.generate(),
            Stage::Delivering => return self.deliver(),
            Stage::Delivered => self.prove(),
            Stage::Proven => self.run_hook(),
            Stage::Waiting => self.wait(),
            Stage::Revoking => self.revoke(),
            Stage::Promoting => self.promote(),
        };
        done.map_err(|error| self.broken(error))
    }

    pub(super) fn broken(&self, error: Error) -> Broken {
        Broken { error, at: Some(self.rotation.stage) }
    }

    /// Ends a rotation that changed nothing: restores its places, perhaps from before a crash.
    fn over(&mut self, error: Error) -> Broken {
        let dropped = self.custody.drop_new();
        let given_back = dropped.and_then(|()| self.custody.restore()).and_then(|_| Ok(self.journal.remove()?));
        match given_back {
            Ok(()) => Broken { error, at: None },
            Err(left) => {
                (self.session.tell)(Event::NotGivenBack(left));
                self.broken(error)
            }
        }
    }

    fn standing(&self) -> String {
        let old = format!("the old key (id {}) still works", self.rotation.old_id);
        match (&self.rotation.new_id, self.rotation.stage) {
            (Some(new), Stage::Revoking | Stage::Promoting) => format!("the new key (id {new}) works"),
            (Some(new), stage) => format!("the new key (id {new}) is `{}`, and {old}", stage.as_str()),
            (None, _) => old,
        }
    }

    pub(super) fn advance(&mut self, stage: Stage) -> Result<(), Error> {
        self.rotation.stage = stage;
        Ok(self.journal.write(&self.rotation)?)
    }

    fn generate(&mut self) -> Result<(), Broken> {
        if !self.is_open {
            self.custody.reopen().map_err(|error| self.broken(error))?;
            self.is_open = true;
        }
        let request = Request::known(&self.rotation.name, self.rotation.marked, &self.rotation.before);
        let issued = match request.send(self.session) {
            Ok(issued) => issued,
            // If there may be a key, the journal stays until that is resolved.
            Err(error) if error.is_retryable() => return Err(self.over(error)),
            Err(error) => return Err(self.broken(error)),
        };
        self.rotation.new_id.clone_from(&issued.id);
        let written = self.advance(Stage::Delivering);
        written.map_err(|error| self.roll_back_key(&issued, error))?;
        self.issued = Some(issued);
        Ok(())
    }

    fn deliver(&mut self) -> Result<(), Broken> {
        let Some(issued) = self.issued.take() else {
            return self.restart().map_err(|error| self.broken(error));
        };
        self.is_open = false;
        self.custody.deliver(&issued).map_err(|error| self.roll_back_key(&issued, error))?;
        if let Some(id) = &issued.id {
            let now = self.session.clock.now();
            for place in &self.rotation.to {
                self.session.know(|ledger| ledger.put(now, id, &place.to_string()));
            }
        }
        self.issued = Some(issued);
        self.advance(Stage::Delivered).map_err(|error| self.broken(error))
    }

    fn prove(&mut self) -> Result<(), Error> {
        match self.new_portal().and_then(|portal| portal.prove()) {
            Ok(()) => self.advance(Stage::Proven),
            Err(error) => Err(error.context("the new key was delivered, but the portal rejects it")),
        }
    }

    fn run_hook(&mut self) -> Result<(), Error> {
        self.custody.run_hook(&self.rotation)?;
        self.rotation.waiting_since = Some(self.session.clock.now());
        self.advance(Stage::Waiting)
    }

    fn wait(&mut self) -> Result<(), Error> {
        let clock = self.session.clock;
        let since = self.rotation.waiting_since.unwrap_or_else(|| clock.now());
        let grace = SignedDuration::from_secs(i64::try_from(self.rotation.grace_s).unwrap_or(i64::MAX));
        if clock.now().duration_since(since) < grace {
            (self.session.tell)(Event::BothWork(grace));
        }
        while clock.now().duration_since(since) < grace {
            if (self.session.is_stopped)() {
                return Ok(());
            }
            clock.sleep(BLINK);
        }
        self.is_still_there()?;
        self.is_seen = true;
        self.advance(Stage::Revoking)
    }

    /// Verifies, before the old key is revoked, that the new one is in its place and works.
    fn is_still_there(&self) -> Result<(), Error> {
        if !self.custody.gives_back() {
            return Ok(());
        }
        let gone =
            |error: Error| error.reclassify(Kind::StoreFailed, "the new key is not where it was delivered any more");
        let kept = self.custody.read_back().map_err(gone)?;
        let is_another = match (&self.issued, &self.rotation.new_id) {
            (Some(issued), _) => issued.secret != kept,
            (None, Some(id)) => self.session.knows_as_another(&kept, id),
            (None, None) => false,
        };
        if is_another || (self.rotation.own && self.session.issuer.uses(&kept)) {
            return Err(gone(Error::new(Kind::StoreFailed, "there is another secret in its place")));
        }
        self.custody.under(kept, self.rotation.new_id.as_deref())?.prove()
    }

    /// Returns false if the portal shows that the old key is gone.
    fn may_old_key_be_there(&self) -> bool {
        match self.rotation.own {
            true => !self.session.issuer.prove().is_err_and(|error| error.kind() == Kind::Unauthenticated),
            false => seen(self.session).is_none_or(|ids| ids.contains(&self.rotation.old_id)),
        }
    }

    /// Revokes the old key with the new one, and verifies that it is gone.
    fn revoke(&mut self) -> Result<(), Error> {
        let old = self.rotation.old_id.clone();
        // A crash and a day may lie between the last check and now, so check again. The old key may be the last that
        // works.
        if let Err(error) = if self.is_seen { Ok(()) } else { self.is_still_there() }
            && self.may_old_key_be_there()
        {
            return Err(error);
        }
        let told = self.new_portal();
        let session = match &told {
            Ok(portal) => self.session.under(&**portal),
            // A destination that cannot be read back was tested before; the old key can revoke itself.
            Err(_) => self.session,
        };
        // With the new key the list shows whether the old one is gone; with the old key, only its rejection does.
        let name = self.rotation.old_name.as_deref();
        let is_in_use = told.is_err() && self.rotation.own;
        let ended = revoke(session, RevokeTarget { id: &old, name, is_in_use, was_listed: true });
        ended.told_of(&format!("the old key (id {old})"))?;
        drop(told);
        if self.rotation.own {
            match self.session.issuer.prove() {
                Ok(()) => {
                    return Err(Error::new(Kind::Failed, format!("the portal still knows the old key (id {old})")));
                }
                Err(error) if error.kind() == Kind::Unauthenticated => {}
                Err(error) => return Err(error.context("cannot verify that the old key is revoked")),
            }
        }
        self.advance(Stage::Promoting)
    }

    fn promote(&mut self) -> Result<(), Error> {
        promote(&self.rotation, self.custody, self.journal)
    }

    fn roll_back_key(&mut self, issued: &Issued, failure: Error) -> Broken {
        let error = roll_back_key(self.session, issued, failure);
        if !error.is_retryable() {
            return self.broken(error);
        }
        // Without the new key the rotation is over.
        self.over(error)
    }

    /// Returns the portal, authenticated with the new key.
    fn new_portal(&self) -> Result<Box<dyn Issuer + '_>, Error> {
        let secret = match &self.issued {
            Some(issued) => issued.secret.clone(),
            None => self.custody.read_back()?,
        };
        self.custody.under(secret, self.rotation.new_id.as_deref())
    }
}
