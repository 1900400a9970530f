//! What becomes of a rotation that broke off: the key whose secret nobody has goes, and it is begun anew or taken back.

use super::former;
use super::orphan;
use super::rotation::{COMMAND, Rotating, own_store, slot};
use crate::commands::completeness::AllowPartial;
use crate::commands::standing::{Standing, ways_on};
use crate::error::{Error, Kind};
use crate::journal::{Rotation, Stage};
use crate::lifecycle::Inventory;

impl Rotating<'_> {
    /// Takes the rotation back: the new key goes, the old one stays.
    pub fn abort(mut self) -> Result<(), Error> {
        if matches!(self.rotation.stage, Stage::Revoking | Stage::Promoting) {
            let message = "the old key may be gone already, so this rotation cannot be taken back";
            return Err(ways_on(Error::new(Kind::Declined, message), self.rotation.stage, self.cx));
        }
        let dropped = self.rotation.new_id.clone();
        self.drop_new_key()?;
        let given = former::give_back(&self.destinations(), self.cx)?;
        self.journal.remove()?;
        if let Some(id) = dropped {
            self.cx.out.status(format_args!("Revoked the new key (id {id})."));
        }
        for place in self.rotation.to.iter().filter(|_| self.rotation.stage >= Stage::Delivered) {
            match given.contains(place) {
                true => self.cx.out.status(format_args!("`{place}` has what it had before.")),
                false => self.cx.out.status(format_args!("What was delivered to `{place}` is worth nothing any more.")),
            }
        }
        let sentence = format!("Took the rotation back; the old key (id {}) still works.", self.rotation.old_id);
        Ok(self.cx.out.done(sentence, &Standing::of(&self.rotation, "aborted"))?)
    }

    /// After a crash: finds out whether there is a new key whose secret nobody has.
    pub fn look_back(self, abort: bool, allow_partial: AllowPartial) -> Result<Self, Error> {
        if self.rotation.stage != Stage::Generating {
            return Ok(self);
        }
        let Rotation { name, marked, before, .. } = &self.rotation;
        let Inventory { keys: all, completeness } = Inventory::read(self.cx.portal()?)?;
        let found = orphan::candidates(all, Some(name), *marked, Some(before));
        match found.as_slice() {
            // A key that is not in a part of the list may be in the rest.
            [] => allow_partial.ensure(&completeness, "keys", self.cx)?,
            [key] if *marked && key.name.as_ref() == Some(name) => {
                orphan::revoke(self.cx.portal()?, &key.id, true, COMMAND, self.cx)?;
                let id = &key.id;
                self.cx
                    .out
                    .status(format_args!("Revoked the key that was made before (id {id}): nobody has its secret."));
            }
            several => {
                let ids = several.iter().map(|key| key.id.as_str()).collect::<Vec<_>>().join(" ");
                let revoke = format!("optra{} keys revoke {ids}", self.cx.config.chosen_portal());
                let message = format!("a new key `{name}` may be the one of this rotation, or another's: {ids}");
                if !abort {
                    let hint = format!("If it is nobody else's: `{revoke}`, then this again.");
                    return Err(Error::new(Kind::Declined, message).hint(hint));
                }
                self.cx.out.warn(message);
                self.cx.out.hint(format_args!("If it is nobody else's, nobody has its secret: `{revoke}`."));
            }
        }
        Ok(self)
    }

    /// After a crash in which the secret was lost: the key that it belongs to goes, and another is made.
    pub(super) fn begin_anew(&mut self) -> Result<(), Error> {
        self.drop_new_key()?;
        self.rotation.before = orphan::ids(self.cx.portal()?).unwrap_or_default();
        self.advance(Stage::Generating)?;
        self.places.clear();
        Ok(())
    }

    fn drop_new_key(&mut self) -> Result<(), Error> {
        if let Some(id) = &self.rotation.new_id {
            match orphan::revoke(self.cx.portal()?, id, false, COMMAND, self.cx) {
                Err(error) if error.kind() != Kind::NotFound => return Err(error),
                _ => {}
            }
        }
        if let (true, Some((store, name))) = (self.rotation.to.is_empty(), own_store(self.cx)?) {
            store.forget(&slot(&name))?;
        }
        (self.rotation.new_id, self.secret) = (None, None);
        Ok(())
    }
}
