//! The steps of a rotation. Each is written down before it is begun, can be done again, and leaves a working key in hand.

use std::io;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::destination::{self, Destination, Ready};
use super::former;
use super::making::{self, Made, Request};
use crate::commands::standing::{Standing, ways_on};
use crate::config::Profile;
use crate::context::Context;
use crate::credentials::{self, Credential, Source, Store};
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::journal::{Journal, Rotation, Stage};
use crate::lifecycle::{self, Doomed};
use crate::portal::keys::ApiKey;
use crate::portal::{self, Portal};
use crate::secret::Secret;

/// The command, as the log names it.
pub(super) const COMMAND: &str = "keys rotate";

/// How often a wait looks whether it has been interrupted.
const BLINK: Duration = Duration::from_millis(100);

/// Fails where nothing would have the new key.
pub fn has_a_place(own: bool, to: &[Destination], old: &ApiKey, cx: &Context) -> Result<(), Error> {
    if !to.is_empty() {
        return not_over_itself(own, to, cx);
    }
    let hint = "Say where the new secret goes: `--to keyring:NAME`, `--to file:PATH` or `--to command:'CMD ARGS'`.";
    if !own {
        let message = format!("key {} is not the one in use, so it has no place in the profile's own store", old.id);
        return Err(Error::new(Kind::Usage, message).hint(hint));
    }
    match own_store(cx)? {
        Some((store, name)) => {
            cx.config.can_save()?;
            Ok(store.probe(&slot(&name))?)
        }
        None => {
            let message = "the key in use is in no store that could take the new one";
            Err(Error::new(Kind::Usage, message).hint(hint))
        }
    }
}

/// The old key has to be in hand until the new one is proven, so nothing may be put over it.
fn not_over_itself(own: bool, to: &[Destination], cx: &Context) -> Result<(), Error> {
    let Some((_, profile)) = own_store(cx)?.filter(|_| own) else { return Ok(()) };
    let is_it = |place: &Destination| match place {
        Destination::Keyring(name) => name.as_ref().is_none_or(|name| *name == profile),
        _ => false,
    };
    match to.iter().find(|place| is_it(place)) {
        None => Ok(()),
        Some(place) => Err(Error::new(Kind::Usage, format!("`{place}` is where the key in use is"))
            .hint("Leave `--to` out: then the new key takes the old one's place once it is proven.")),
    }
}

/// Says that a profile will have no key, where its own goes somewhere else.
pub fn tell_of_logout(own: bool, to: &[Destination], cx: &Context) -> Result<(), Error> {
    if let Some((_, profile)) = own_store(cx)?.filter(|_| own && !to.is_empty()) {
        cx.out.warn(format_args!("profile `{profile}` will be logged out: its key goes somewhere else"));
    }
    Ok(())
}

/// Returns the store that the key in use is in, if it can take another, and the name of the profile.
pub(super) fn own_store(cx: &Context) -> Result<Option<(Store, String)>, Error> {
    cx.portal()?;
    let is_kept = matches!(cx.source(), Some(Source::Keyring | Source::File));
    let store = if is_kept { cx.store(&cx.config.profile()?)? } else { None };
    store.map(|store| Ok((store, cx.config.profile_name()?))).transpose()
}

/// The name of the place beside a profile's key. No profile has a name with a control character.
pub(super) fn slot(profile: &str) -> String {
    format!("{profile}\tnext")
}

/// A rotation under way, in the hands of this process.
pub struct Rotating<'c> {
    pub(super) cx: &'c Context,
    pub(super) journal: Journal,
    pub(super) rotation: Rotation,
    pub(super) places: Vec<Ready>,
    /// The new secret, while this process knows it.
    pub(super) secret: Option<Secret>,
}

impl<'c> Rotating<'c> {
    /// Writes down that it begins.
    pub fn begin(
        rotation: Rotation,
        places: Vec<Ready>,
        journal: Journal,
        cx: &'c Context,
    ) -> Result<Rotating<'c>, Error> {
        journal.write(&rotation)?;
        Ok(Rotating { cx, journal, rotation, places, secret: None })
    }

    /// Takes up one that broke off.
    pub fn resume(rotation: Rotation, journal: Journal, cx: &'c Context) -> Result<Rotating<'c>, Error> {
        let base = cx.endpoint()?.base();
        if base != rotation.portal {
            let message = format!("the rotation under way is at {}, and this portal is {base}", rotation.portal);
            return Err(Error::new(Kind::Declined, message));
        }
        Ok(Rotating { cx, journal, rotation, places: Vec::new(), secret: None })
    }

    /// Does what is left to do. Ctrl-C waits for the end of a step.
    pub fn go(mut self) -> Result<(), Error> {
        let option = self.cx.config.chosen_portal();
        let hold = interrupt::hold(&format!("Left in a rotation: go on with `optra{option} keys rotate --resume`."));
        let gone = loop {
            if interrupt::is_pending() {
                break Err(Error::new(Kind::Interrupted, format!("interrupted; {}", self.standing())));
            }
            let step = match self.rotation.stage {
                Stage::Generating => self.generate(),
                Stage::Delivering => self.deliver(),
                Stage::Delivered => self.prove(),
                Stage::Proven => self.run_hook(),
                Stage::Waiting => self.wait(),
                Stage::Revoking => self.revoke(),
                Stage::Promoting => break self.promote(),
            };
            if let Err(error) = step {
                break Err(error);
            }
        };
        drop(hold);
        let is_left = self.journal.read().is_ok_and(|left| left.is_some());
        match gone {
            Err(error) if is_left => Err(ways_on(error, self.rotation.stage, self.cx)),
            gone => gone,
        }
    }

    fn standing(&self) -> String {
        let old = format!("the old key (id {}) still works", self.rotation.old_id);
        match (&self.rotation.new_id, self.rotation.stage) {
            (Some(new), Stage::Revoking | Stage::Promoting) => format!("the new key (id {new}) works"),
            (Some(new), stage) => format!("the new key (id {new}) is `{}`, and {old}", stage.word()),
            (None, _) => old,
        }
    }

    /// Returns the destinations; none for the profile's own store.
    pub(super) fn destinations(&self) -> Vec<Destination> {
        self.rotation.to.iter().filter_map(|place| place.parse().ok()).collect()
    }

    pub(super) fn advance(&mut self, stage: Stage) -> Result<(), Error> {
        self.rotation.stage = stage;
        Ok(self.journal.write(&self.rotation)?)
    }

    fn generate(&mut self) -> Result<(), Error> {
        // After a crash they are opened once more; what is there by now came from this rotation.
        if self.places.is_empty() {
            self.places = destination::prepare(&self.destinations(), true, self.cx)?;
        }
        let portal = self.cx.portal()?;
        let request = Request::known(&self.rotation.name, self.rotation.marked, &self.rotation.before);
        let (made, secret) = match request.send(COMMAND, portal, self.cx) {
            Ok(made) => made,
            Err(error) => {
                // Where a key may be, the journal stays until somebody has looked again.
                if error.may_be_repeated() {
                    self.journal.remove()?;
                }
                return Err(error);
            }
        };
        self.rotation.new_id = Some(made.id.clone());
        self.secret = Some(secret);
        self.advance(Stage::Delivering).map_err(|error| self.take_back(&made, error))
    }

    fn deliver(&mut self) -> Result<(), Error> {
        let (cx, places) = (self.cx, std::mem::take(&mut self.places));
        let (Some(secret), Some(id)) = (self.secret.clone(), self.rotation.new_id.clone()) else {
            return self.begin_anew();
        };
        let made = Made { id, name: Some(self.rotation.name.clone()), created_at: None };
        let delivered = if self.rotation.to.is_empty() {
            let kept = own_store(cx)?.map(|(store, name)| store.keep(&slot(&name), &secret));
            kept.unwrap_or(Ok(())).map_err(Error::from)
        } else {
            let print = || making::print(&made, &secret, cx);
            let kept = former::keep(&self.destinations(), cx);
            kept.and_then(|()| destination::deliver(places, &secret, &made.id, cx, print))
        };
        delivered.map_err(|error| self.take_back(&made, error))?;
        self.advance(Stage::Delivered)
    }

    fn prove(&mut self) -> Result<(), Error> {
        match portal::prove(&self.new_portal()?).map_err(Error::from) {
            Ok(_) => self.advance(Stage::Proven),
            Err(error) => Err(error.so("the new key was delivered, and the portal does not take it")),
        }
    }

    fn run_hook(&mut self) -> Result<(), Error> {
        if let Some(hook) = &self.rotation.hook {
            let failed = |problem: String| Error::new(Kind::Failed, format!("the hook `{hook}` {problem}"));
            let words = shell_words::split(hook).map_err(|_| failed("has a quote that is not closed".to_owned()))?;
            let Some((program, arguments)) = words.split_first() else { return Err(failed("is empty".to_owned())) };
            let mut command = Command::new(program);
            command.env_remove("OPTRA_API_KEY").args(arguments).stdin(Stdio::null()).stdout(io::stderr());
            command.env("OPTRA_OLD_KEY_ID", &self.rotation.old_id);
            command.env("OPTRA_NEW_KEY_ID", self.rotation.new_id.as_deref().unwrap_or_default());
            let status = command.status().map_err(|error| failed(format!("cannot be started: {error}")))?;
            if !status.success() {
                return Err(failed(format!("failed ({status})")));
            }
        }
        self.rotation.waiting_since = Some(Timestamp::now());
        self.advance(Stage::Waiting)
    }

    fn wait(&mut self) -> Result<(), Error> {
        let since = self.rotation.waiting_since.unwrap_or_else(Timestamp::now);
        let grace = SignedDuration::from_secs(i64::try_from(self.rotation.grace_s).unwrap_or(i64::MAX));
        if grace.is_positive() {
            self.cx.out.status(format_args!("Both keys work for {grace:#}; then the old one is revoked."));
        }
        while Timestamp::now().duration_since(since) < grace {
            if interrupt::is_pending() {
                return Ok(());
            }
            thread::sleep(BLINK);
        }
        self.is_still_there()?;
        self.advance(Stage::Revoking)
    }

    /// Before the old key goes: the new one is where it was delivered, and works.
    fn is_still_there(&self) -> Result<(), Error> {
        let gone = |error: Error| error.within(Kind::StoreFailed, "the new key is not where it was delivered any more");
        if self.gives_back() {
            let kept = self.read_back().map_err(gone)?;
            if self.secret.as_ref().is_some_and(|secret| *secret != kept) {
                return Err(gone(Error::new(Kind::StoreFailed, "there is another secret in its place")));
            }
            portal::prove(&self.portal_with(kept)?)?;
        }
        Ok(())
    }

    /// Returns true where a destination can be read again.
    fn gives_back(&self) -> bool {
        let can_be_read = |place: &Destination| matches!(place, Destination::File(_) | Destination::Keyring(_));
        self.rotation.to.is_empty() || self.destinations().iter().any(can_be_read)
    }

    /// Revokes the old key under the new one, and looks whether it is gone.
    fn revoke(&mut self) -> Result<(), Error> {
        let (cx, old) = (self.cx, self.rotation.old_id.clone());
        let told = self.new_portal();
        let portal = match &told {
            Ok(portal) => portal,
            // A destination that does not give it back was proven before; the old key can end itself.
            Err(_) => cx.portal()?,
        };
        // Under the new key the list shows what became of the old one; under itself, that the portal takes it no more.
        let ended = lifecycle::revoke(portal, Doomed { id: &old, is_in_use: told.is_err(), was_listed: true });
        if let Some(result) = ended.word() {
            cx.note(COMMAND, "revoke", &[&old], None, result);
        }
        ended.into_result().map_err(|error| error.so(format!("the old key (id {old}) was not revoked")))?;
        let still = || Error::new(Kind::Failed, format!("the portal still knows the old key (id {old})"));
        if self.rotation.own {
            match portal::prove(cx.portal()?).map_err(Error::from) {
                Ok(_) => return Err(still()),
                Err(error) if error.kind() == Kind::Unauthenticated => {}
                Err(error) => return Err(error.so("whether the old key is dead cannot be seen")),
            }
        }
        self.advance(Stage::Promoting)
    }

    /// Gives the new key the place of the old one, where that is ours to give.
    fn promote(&mut self) -> Result<(), Error> {
        let (cx, rotation) = (self.cx, &self.rotation);
        // Whoever has forgotten the old key already has nothing left to give its place to.
        let own = match own_store(cx) {
            Err(error) if error.kind() == Kind::Unauthenticated => None,
            own => own?,
        };
        match own {
            Some((store, name)) if rotation.to.is_empty() => {
                if let Some(secret) = store.read(&slot(&name))? {
                    store.keep(&name, &secret)?;
                    let profile = Profile { key_id: rotation.new_id.clone(), ..cx.config.profile()? };
                    cx.config.save_profile(&name, &profile)?;
                    store.forget(&slot(&name))?;
                }
            }
            Some((_, name)) if rotation.own && !self.is_delivered_to(&name) => cx.forget_key()?,
            _ => {}
        }
        former::forget(&self.destinations(), cx)?;
        self.journal.remove()?;
        let (old, new) = (&rotation.old_id, rotation.new_id.as_deref().unwrap_or_default());
        let sentence =
            format!("Rotated key `{}`: the new one (id {new}) works, the old one (id {old}) is gone.", rotation.name);
        Ok(cx.out.done(sentence, &Standing::of(rotation, "done"))?)
    }

    fn is_delivered_to(&self, profile: &str) -> bool {
        self.rotation.to.iter().any(|place| match place.parse() {
            Ok(Destination::Keyring(None)) => true,
            Ok(Destination::Keyring(Some(name))) => name == profile,
            _ => false,
        })
    }

    fn take_back(&self, made: &Made, failure: Error) -> Error {
        let Ok(portal) = self.cx.portal() else { return failure };
        let error = making::take_back(portal, made, failure, COMMAND, self.cx);
        // With the key the rotation is over.
        if error.may_be_repeated() {
            if let Err(left) = former::give_back(&self.destinations(), self.cx) {
                self.cx.out.warn(left);
            }
            let _ = self.journal.remove();
        }
        error
    }

    /// Returns the portal under the new key.
    fn new_portal(&self) -> Result<Portal, Error> {
        let secret = match &self.secret {
            Some(secret) => secret.clone(),
            None => self.read_back()?,
        };
        self.portal_with(secret)
    }

    fn portal_with(&self, secret: Secret) -> Result<Portal, Error> {
        let key_id = self.rotation.new_id.clone();
        self.cx.connect(self.cx.endpoint()?, Credential { secret, source: Source::Environment, key_id })
    }

    /// Reads the new secret from where it was delivered.
    fn read_back(&self) -> Result<Secret, Error> {
        if self.rotation.to.is_empty()
            && let Some((store, name)) = own_store(self.cx)?
        {
            // After the promotion it is in the old one's place.
            let found = match store.read(&slot(&name))? {
                Some(secret) => Some(secret),
                None => store.read(&name)?,
            };
            return found.ok_or_else(|| Error::new(Kind::StoreFailed, "the new key is not in the store any more"));
        }
        for place in &self.rotation.to {
            match place.parse() {
                Ok(Destination::File(path)) => return Ok(credentials::file::read(&path)?),
                Ok(Destination::Keyring(name)) => {
                    let name = name.map_or_else(|| self.cx.config.profile_name(), Ok)?;
                    let store = Store::Keyring { limit: self.cx.config.store_timeout };
                    if let Some(secret) = store.read(&name)? {
                        return Ok(secret);
                    }
                }
                _ => {}
            }
        }
        Err(Error::new(Kind::StoreFailed, "no destination gives the new secret back"))
    }
}
