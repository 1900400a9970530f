//! What becomes of a rotation that broke off: the key whose secret nobody has goes, and it is begun anew or taken back.

use jiff::SignedDuration;

use super::destination::Destination;
use super::rotation::{COMMAND, Rotating, own_store, slot};
use super::standing::{Standing, ways_on};
use super::{filter, orphan};
use crate::error::{Error, Kind};
use crate::journal::{Rotation, Stage};
use crate::portal::keys::ApiKey;

impl Rotating<'_> {
    /// Takes the rotation back: the new key goes, the old one stays.
    pub fn abort(mut self) -> Result<(), Error> {
        if matches!(self.rotation.stage, Stage::Revoking | Stage::Promoting) {
            let message = "the old key may be gone already, so this rotation cannot be taken back";
            return Err(ways_on(Error::new(Kind::Declined, message), self.rotation.stage, self.cx));
        }
        self.drop_new_key()?;
        self.journal.remove()?;
        for place in &self.rotation.to {
            self.cx.out.status(format_args!("What was delivered to `{place}` is worth nothing any more."));
        }
        let sentence = format!("Took the rotation back; the old key (id {}) still works.", self.rotation.old_id);
        Ok(self.cx.out.done(sentence, &Standing::of(&self.rotation, "aborted"))?)
    }

    /// After a crash: finds out whether there is a new key whose secret nobody has.
    pub(super) fn look_back(&mut self) -> Result<(), Error> {
        if self.rotation.stage != Stage::Generating {
            return Ok(());
        }
        let Rotation { name, marked, before, started, .. } = &self.rotation;
        let found = orphan::candidates(super::all(self.cx.portal()?)?, Some(name), *marked, Some(before));
        let is_ours = |key: &ApiKey| {
            let created = filter::moment(key.created_at.as_ref());
            // A key whose secret nobody has was never used. Clocks may differ by some minutes.
            let since = started.checked_sub(SignedDuration::from_mins(5)).unwrap_or(*started);
            *marked || key.tells_use && key.last_used_at.is_none() && created.is_some_and(|created| created >= since)
        };
        match found.as_slice() {
            [] => Ok(()),
            [key] if is_ours(key) => Ok(orphan::revoke(self.cx.portal()?, &key.id, COMMAND, self.cx)?),
            several => {
                let ids: Vec<&str> = several.iter().map(|key| key.id.as_str()).collect();
                let message = format!("a new key `{name}` may be the one of this rotation: {}", ids.join(" "));
                let hint = format!(
                    "If it is nobody else's: `optra{} keys revoke {}`.",
                    self.cx.config.chosen_portal(),
                    ids.join(" ")
                );
                Err(Error::new(Kind::Declined, message).hint(hint))
            }
        }
    }

    /// After a crash in which the secret was lost: the key that it belongs to goes, and another is made.
    pub(super) fn begin_anew(&mut self) -> Result<(), Error> {
        self.drop_new_key()?;
        self.rotation.before = orphan::ids(self.cx.portal()?).unwrap_or_default();
        self.advance(Stage::Generating)?;
        // What is there by now came from this rotation.
        let to = self.rotation.to.iter().filter_map(|place| place.parse::<Destination>().ok());
        self.places = to.map(|place| place.prepare(true, self.cx)).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn drop_new_key(&mut self) -> Result<(), Error> {
        if let Some(id) = &self.rotation.new_id {
            match orphan::revoke(self.cx.portal()?, id, COMMAND, self.cx) {
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
