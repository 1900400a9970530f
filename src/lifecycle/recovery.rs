//! Recovers an unfinished rotation: revokes a key whose secret nobody has, and restarts or rolls back the rotation.

use super::inventory::Inventory;
use super::issue::seen;
use super::reconcile::{Traces, arguments_of, revoke_orphan};
use super::rotation::{Broken, Rotating};
use super::session::Event;
use crate::error::{Error, Kind};
use crate::journal::{Destination, Rotation, Stage};
use crate::portal::Completeness;
use crate::portal::keys::ApiKey;

/// A rotation that was rolled back.
#[derive(Debug)]
pub struct RolledBack {
    pub rotation: Rotation,
    /// The id of the new key, which was revoked.
    pub revoked: Option<String>,
    /// The destinations that were restored.
    pub given_back: Vec<Destination>,
    /// True where something had been delivered.
    pub was_delivered: bool,
}

impl Rotating<'_> {
    /// Rolls the rotation back: the new key is revoked, the old one stays.
    pub fn abort(mut self) -> Result<RolledBack, Broken> {
        if self.rotation.stage >= Stage::Revoking {
            let message = "the old key may be gone already, so this rotation cannot be rolled back";
            return Err(self.broken(Error::new(Kind::Declined, message)));
        }
        let (revoked, stage) = (self.rotation.new_id.clone(), self.rotation.stage);
        let was_delivered = !matches!(stage, Stage::Generating | Stage::Delivering);
        // From here on the rotation cannot be resumed: it would revoke the old key after the new one.
        self.advance(Stage::Aborting).map_err(|error| Broken { error, at: Some(stage) })?;
        let broken = |error: Error| Broken { error, at: Some(Stage::Aborting) };
        self.drop_new_key().map_err(broken)?;
        let given_back = self.custody.restore().map_err(broken)?;
        self.journal.remove().map_err(|error| broken(error.into()))?;
        Ok(RolledBack { rotation: self.rotation, revoked, given_back, was_delivered })
    }

    /// After a crash, finds out whether there is a new key whose secret nobody has. `judge` decides whether a list is
    /// complete enough.
    pub fn recover(self, aborts: bool, judge: &dyn Fn(&Completeness) -> Result<(), Error>) -> Result<Self, Broken> {
        let at = Some(self.rotation.stage);
        let broken = |error: Error| Broken { error, at };
        // If the portal did not tell the id of the new key, it cannot be revoked by its id either.
        let is_nameless = self.rotation.new_id.is_none();
        let may_be_lost = match self.rotation.stage {
            Stage::Generating => true,
            Stage::Delivering => is_nameless,
            // From these stages on, the new key may be the only one.
            Stage::Revoking | Stage::Promoting => false,
            Stage::Aborting | Stage::Delivered | Stage::Proven | Stage::Waiting => aborts && is_nameless,
        };
        if !may_be_lost {
            return Ok(self);
        }
        let Rotation { name, marked, before, .. } = &self.rotation;
        let Inventory { keys: all, completeness } = self.session.issuer.keys().map_err(broken)?;
        let traces = Traces { name: Some(name), marked: *marked, before: Some(before) };
        let found = traces.candidates(all);
        if let Some(key) = traces.certain(&found) {
            revoke_orphan(self.session, &key.id, true).map_err(broken)?;
            (self.session.tell)(Event::OrphanRevoked { id: key.id.clone() });
            return Ok(self);
        }
        match found.as_slice() {
            // A key that is missing from a partial list may be in the rest.
            [] => judge(&completeness).map_err(broken)?,
            several if aborts => {
                (self.session.tell)(Event::Ambiguous { name: name.clone(), ids: ids(several) });
            }
            several => {
                let event = Event::Ambiguous { name: name.clone(), ids: ids(several) };
                let options = self.session.options;
                let ids = arguments_of(several);
                let hint = format!("If it is nobody else's: `optra{options} keys revoke {ids}`, then this again.");
                return Err(broken(Error::new(Kind::Declined, event.to_string()).hint(hint)));
            }
        }
        Ok(self)
    }

    /// After a crash that lost the secret: revokes the key, and starts again with another.
    pub(super) fn restart(&mut self) -> Result<(), Error> {
        self.drop_new_key()?;
        self.rotation.before = seen(self.session).unwrap_or_default();
        self.advance(Stage::Generating)
    }

    fn drop_new_key(&mut self) -> Result<(), Error> {
        if let Some(id) = &self.rotation.new_id {
            match revoke_orphan(self.session, id, false) {
                Err(error) if error.kind() != Kind::NotFound => return Err(error),
                _ => {}
            }
        }
        self.custody.drop_new()?;
        (self.rotation.new_id, self.issued) = (None, None);
        Ok(())
    }
}

fn ids(keys: &[ApiKey]) -> Vec<String> {
    keys.iter().map(|key| key.id.clone()).collect()
}
