//! A model of a rotation's environment, and every path through it: each call may fail, may succeed without an answer,
//! or may be the last of its process, before or after its effect. The code under test is the real one.
//!
//! The invariants: at every moment there is a usable working key; at the end there is one key, its secret is in its
//! place and nowhere else, nothing of the rotation is left, and no foreign key was revoked.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use jiff::Timestamp;

use super::choices::Choices;
use super::inventory::Inventory;
use super::issue::Issued;
use super::issuer::Issuer;
use super::recovery::RolledBack;
use super::rotation::{Broken, Custody, Rotating, Stages, finish};
use super::session::{Clock, Session};
use crate::error::{Error, Kind};
use crate::journal::{self, Destination, Rotation, Stage};
use crate::portal::error::{Certainty, Failure};
use crate::portal::keys::{ApiKey, GeneratedApiKey};
use crate::portal::{self, Completeness, RequestId};
use crate::secret::Secret;

/// A foreign key with a name like ours.
pub const THEIRS: &str = "9";

/// More calls than any process makes.
const MOST_CALLS: usize = 200;

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Works,
    DiesBefore,
    DiesAfter,
    /// No effect, and an error.
    Fails,
    /// An effect, but no answer.
    Lost,
}

const CALL: [Fate; 5] = [Fate::Works, Fate::DiesBefore, Fate::DiesAfter, Fate::Fails, Fate::Lost];
const LOOK: [Fate; 3] = [Fate::Works, Fate::DiesBefore, Fate::Fails];
const WRITE: [Fate; 4] = [Fate::Works, Fate::DiesBefore, Fate::DiesAfter, Fate::Fails];

/// The persistent state of portal, places and journal; the memory of a process is lost with it.
#[derive(Clone, Debug)]
pub struct State {
    /// The id, name and secret of each key.
    pub keys: Vec<(String, String, String)>,
    pub made: usize,
    /// The profile's key in its store, and the entry for its successor.
    pub current: Option<String>,
    pub next: Option<String>,
    /// The destination, and its backup.
    pub file: Option<String>,
    pub before: Option<String>,
    pub journal: Option<Rotation>,
}

pub struct World {
    pub state: RefCell<State>,
    pub choices: RefCell<Choices>,
    /// The number of faults that may still happen.
    faults: Cell<usize>,
    is_dead: Cell<bool>,
    /// The number of calls of this process.
    calls: Cell<usize>,
    /// True if the secret goes to the file.
    to_file: bool,
}

fn failed() -> Error {
    let failure = Failure::Unreachable { origin: "model".into(), source: anyhow::Error::msg("refused") };
    portal::Error::new(failure, Certainty::NotExecuted).into()
}

fn lost() -> Error {
    let failure = Failure::ConnectionLost { origin: "model".into(), source: anyhow::Error::msg("reset") };
    portal::Error::new(failure, Certainty::Unknown).into()
}

impl World {
    /// Makes a call with the chosen outcome.
    fn call<T>(&self, fates: &[Fate], act: impl FnOnce(&mut State) -> T) -> Result<T, Error> {
        if self.is_dead.get() {
            return Err(failed());
        }
        assert!(
            self.calls.replace(self.calls.get() + 1) < MOST_CALLS,
            "a process has no end: {:?}",
            self.state.borrow()
        );
        let fate = match self.faults.get() {
            0 => Fate::Works,
            _ => fates[self.choices.borrow_mut().choose(fates.len())],
        };
        if fate != Fate::Works {
            self.faults.set(self.faults.get() - 1);
        }
        self.is_dead.set(matches!(fate, Fate::DiesBefore | Fate::DiesAfter));
        match fate {
            Fate::Works => Ok(act(&mut self.state.borrow_mut())),
            Fate::DiesBefore | Fate::Fails => Err(failed()),
            Fate::DiesAfter | Fate::Lost => {
                act(&mut self.state.borrow_mut());
                Err(lost())
            }
        }
    }

    fn is_alive(&self, secret: Option<&String>) -> bool {
        secret.is_some_and(|secret| self.state.borrow().keys.iter().any(|(_, _, other)| other == secret))
    }
}

/// The portal, authenticated with one key.
struct Under<'w> {
    world: &'w World,
    secret: Option<String>,
}

impl Under<'_> {
    /// Makes a call that needs a valid key.
    fn call<T>(&self, fates: &[Fate], act: impl FnOnce(&mut State) -> Result<T, Error>) -> Result<T, Error> {
        let dead = || Error::new(Kind::Unauthenticated, "no such key");
        let (world, secret) = (self.world, self.secret.as_ref());
        if !world.is_dead.get() && !world.is_alive(secret) {
            return Err(dead());
        }
        world.call(fates, act)?
    }
}

impl Issuer for Under<'_> {
    fn keys(&self) -> Result<Inventory, Error> {
        self.call(&LOOK, |state| {
            let key = |(id, name, _): &(String, String, String)| ApiKey {
                id: id.clone(),
                name: Some(name.clone()),
                created_at: None,
                last_used_at: None,
                created_by: None,
                tells_use: true,
            };
            Ok(Inventory { keys: state.keys.iter().map(key).collect(), completeness: Completeness::Complete })
        })
    }

    fn generate(&self, name: Option<&str>) -> Result<GeneratedApiKey, Error> {
        self.call(&CALL, |state| {
            state.made += 1;
            let (id, secret) = (format!("new-{}", state.made), format!("secret-of-new-{}", state.made));
            state.keys.push((id.clone(), name.unwrap_or_default().to_owned(), secret.clone()));
            let secret = Secret::new(secret);
            Ok(GeneratedApiKey {
                id: Some(id),
                secret,
                name: name.map(str::to_owned),
                created_at: None,
                request_id: None,
            })
        })
    }

    fn revoke(&self, id: &str) -> Result<Option<RequestId>, Error> {
        assert_ne!(id, THEIRS, "a key of others is revoked");
        self.call(&CALL, |state| {
            let count = state.keys.len();
            state.keys.retain(|(other, _, _)| other != id);
            if state.keys.len() < count { Ok(None) } else { Err(Error::new(Kind::NotFound, "no such key")) }
        })
    }

    fn prove(&self) -> Result<(), Error> {
        self.call(&LOOK, |_| Ok(()))
    }

    fn uses(&self, secret: &Secret) -> bool {
        self.secret.as_deref() == Some(secret.expose())
    }
}

/// The places of the rotation.
struct Places<'w>(&'w World);

impl Custody for Places<'_> {
    fn reopen(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn deliver(&mut self, issued: &Issued) -> Result<(), Error> {
        let secret = Some(issued.secret.expose().to_owned());
        if !self.0.to_file {
            return self.0.call(&WRITE, |state| state.next = secret);
        }
        self.0.call(&WRITE, |state| {
            if state.before.is_none() {
                state.before.clone_from(&state.file);
            }
        })?;
        self.0.call(&WRITE, |state| state.file = secret)
    }

    fn gives_back(&self) -> bool {
        true
    }

    fn read_back(&self) -> Result<Secret, Error> {
        let to_file = self.0.to_file;
        let found = self.0.call(&LOOK, |state| match to_file {
            true => state.file.clone(),
            false => state.next.clone().or_else(|| state.current.clone()),
        })?;
        found.map(Secret::new).ok_or_else(|| Error::new(Kind::StoreFailed, "there is nothing"))
    }

    fn under<'c>(&'c self, secret: Secret, _: Option<&str>) -> Result<Box<dyn Issuer + 'c>, Error> {
        Ok(Box::new(Under { world: self.0, secret: Some(secret.expose().to_owned()) }))
    }

    fn promote(&mut self, rotation: &Rotation) -> Result<(), Error> {
        if self.0.to_file {
            if rotation.own {
                self.0.call(&WRITE, |state| state.current = None)?;
            }
        } else if self.0.state.borrow().next.is_some() {
            self.0.call(&WRITE, |state| state.current.clone_from(&state.next))?;
            self.0.call(&WRITE, |state| state.next = None)?;
        }
        self.0.call(&WRITE, |state| state.before = None)
    }

    fn restore(&mut self) -> Result<Vec<Destination>, Error> {
        self.0.call(&WRITE, |state| {
            if let Some(before) = state.before.take() {
                state.file = Some(before);
            }
        })?;
        Ok(Vec::new())
    }

    fn drop_new(&mut self) -> Result<(), Error> {
        self.0.call(&WRITE, |state| state.next = None)
    }

    fn run_hook(&self, _: &Rotation) -> Result<(), Error> {
        self.0.call(&LOOK, |_| ())
    }
}

impl Stages for World {
    fn write(&self, rotation: &Rotation) -> Result<(), journal::Error> {
        self.call(&WRITE, |state| state.journal = Some(rotation.clone())).map_err(|_| journal::Error::of_a_test())
    }

    fn remove(&self) -> Result<(), journal::Error> {
        self.call(&WRITE, |state| state.journal = None).map_err(|_| journal::Error::of_a_test())
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) {}
}

/// The command that a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    Begin { own: bool },
    Resume,
    Abort,
}

impl World {
    pub fn new(choices: Choices, faults: usize, own: bool, to_file: bool) -> World {
        let key = |id: &str, name: &str| (id.to_owned(), name.to_owned(), format!("secret-of-{id}"));
        // To rotate another key, the profile needs a key of its own.
        let keys = vec![key("1", "robot"), key(THEIRS, "robot #abcdefgh"), key("admin", "admin")];
        let current = Some(if own { "secret-of-1" } else { "secret-of-admin" }.to_owned());
        let file = to_file.then(|| "secret-of-1".to_owned());
        let state = State { keys, made: 0, current, next: None, file, before: None, journal: None };
        let (state, choices, faults) = (RefCell::new(state), RefCell::new(choices), Cell::new(faults));
        World { state, choices, faults, is_dead: Cell::new(false), calls: Cell::new(0), to_file }
    }

    /// Runs a process: it starts without memory, and dies or ends.
    pub fn process(&self, run: Run) -> Result<(), Error> {
        self.is_dead.set(false);
        self.calls.set(0);
        let under = Under { world: self, secret: self.state.borrow().current.clone() };
        let session = Session {
            issuer: &under,
            clock: self,
            note: &|_| (),
            ledger: None,
            tell: &|_| (),
            is_stopped: &|| self.is_dead.get(),
            options: "",
        };
        let (mut places, under_way) = (Places(self), self.state.borrow().journal.clone());
        let judge = |_: &Completeness| Ok(());
        let ended = match (run, under_way) {
            (Run::Begin { own }, _) => {
                let rotation = Rotation {
                    old_id: "1".into(),
                    own,
                    name: "robot #bcdefghi".into(),
                    marked: true,
                    before: self.state.borrow().keys.iter().map(|(id, _, _)| id.clone()).collect(),
                    ..Rotation::begun("model".into(), "mark".into(), self.now())
                };
                Rotating::begin(rotation, session, &mut places, self)
                    .map_err(|error| Broken { error, at: None })
                    .and_then(Rotating::go)
            }
            (_, None) => return Ok(()),
            (Run::Resume, Some(rotation)) if rotation.stage == Stage::Promoting => finish(rotation, &mut places, self),
            (Run::Resume, Some(rotation)) => {
                Rotating::resume(rotation, session, &mut places, self).recover(false, &judge).and_then(Rotating::go)
            }
            (Run::Abort, Some(rotation)) => Rotating::resume(rotation, session, &mut places, self)
                .recover(true, &judge)
                .and_then(Rotating::abort)
                .map(|RolledBack { rotation, .. }| rotation),
        };
        ended.map(drop).map_err(|Broken { error, .. }| error)
    }

    /// Asserts that there is a usable working key.
    fn check_hand(&self, way: &str) {
        let state = self.state.borrow();
        let places = [&state.current, &state.next, &state.file, &state.before];
        assert!(places.iter().any(|place| self.is_alive(place.as_ref())), "no working key in hand: {way} {state:?}");
        // The rotated key's secret must be reachable, too.
        let has_robot = state.keys.iter().any(|(id, _, secret)| {
            id != "admin" && id != THEIRS && places.iter().any(|place| place.as_ref() == Some(secret))
        });
        assert!(has_robot, "nobody has the secret of the key that is rotated: {way} {state:?}");
    }

    /// Asserts that there is one key, its secret is in its place and nowhere else, and nothing is left.
    fn check_end(&self, own: bool, way: &str) {
        let state = self.state.borrow();
        assert!(state.journal.is_none() && state.next.is_none() && state.before.is_none(), "{way} {state:?}");
        let ours: Vec<_> = state.keys.iter().filter(|(id, _, _)| id != THEIRS && id != "admin").collect();
        assert_eq!(ours.len(), 1, "{way} {state:?}");
        assert!(state.keys.iter().any(|(id, _, _)| id == THEIRS), "{way} {state:?}");
        let place = if self.to_file { &state.file } else { &state.current };
        assert_eq!(place.as_ref(), Some(&ours[0].2), "{way} {state:?}");
        if own && !self.to_file {
            assert!(self.is_alive(state.current.as_ref()), "{way} {state:?}");
        }
    }

    /// Runs one path with at most `faults` faults, from the begin of a rotation to its end.
    pub fn go(&self, faults: usize, own: bool) {
        let mut way = Vec::new();
        let mut ended = self.process(Run::Begin { own });
        self.check_hand(&format!("{way:?}"));
        // After each fault somebody resumes or aborts; at last, without a fault, resuming must succeed.
        while ended.is_err() && self.state.borrow().journal.is_some() {
            let is_last = way.len() > faults;
            if is_last {
                self.faults.set(0);
            }
            let is_aborting =
                self.state.borrow().journal.as_ref().is_some_and(|rotation| rotation.stage == Stage::Aborting);
            let aborts = if is_last { is_aborting } else { self.choices.borrow_mut().choose(2) == 1 };
            way.push(if aborts { "abort" } else { "resume" });
            ended = self.process(if aborts { Run::Abort } else { Run::Resume });
            self.check_hand(&format!("{way:?}"));
            assert!(!is_last || ended.is_ok(), "{way:?}: {:?}", ended.map_err(|error| error.to_string()));
        }
        let told = format!("{:?} {way:?}: {:?}", self.choices.borrow().taken, ended.map_err(|error| error.to_string()));
        self.check_end(own, &told);
    }
}
