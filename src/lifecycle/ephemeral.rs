//! A key under a lease: either generated for one run and revoked at its end, or generated for destinations and kept
//! once it is delivered. A later run finds it if this one is killed.
//!
//! It starts no program. A sweep revokes only keys whose names no person would give.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::condition::timestamp;
use super::inventory::Inventory;
use super::issue::{Issued, Request, roll_back_key};
use super::name;
use super::revoke::{Ended, RevokeTarget, revoke};
use super::session::Session;
use crate::error::{Error, Kind};
use crate::journal::{Held, Lease};
use crate::portal::keys::ApiKey;
use crate::portal::scalars::DateTime;
use crate::secret::Secret;

/// A request of a killed run is executed within this time, or never.
pub const UNDER_WAY: Duration = Duration::from_secs(300);

/// A key that lives as long as a run.
pub struct LeasedKey {
    issued: Issued,
    id: String,
    held: Held,
}

impl LeasedKey {
    /// Generates a key named `base` with a nonce. Its lease is written to `directory` first.
    pub fn begin(session: Session<'_>, directory: &Path, portal: String, base: &str) -> Result<LeasedKey, Error> {
        let (name, mark) = name::of_a_run(base)?;
        LeasedKey::issue(session, directory, portal, name, &mark)
    }

    /// Generates a key that stays once its secret is delivered, named `base` with a nonce, like a rotated key. Sweeps
    /// do not look at its lease: only whoever knows its destinations can tell whether it was delivered.
    pub fn lasting(session: Session<'_>, directory: &Path, portal: String, base: &str) -> Result<LeasedKey, Error> {
        let (name, _) = name::successor(None, Some(base))?;
        LeasedKey::issue(session, directory, portal, name, &name::nonce()?)
    }

    fn issue(
        session: Session<'_>,
        directory: &Path,
        portal: String,
        name: String,
        mark: &str,
    ) -> Result<LeasedKey, Error> {
        let mut held = Held::begin(directory, mark, Lease::new(portal, name.clone(), session.clock.now()))?;
        let issued = match Request::known(&name, true, &[]).named_only().send(session) {
            Ok(issued) => issued,
            // If the key may exist, its lease stays.
            Err(error) if error.may_have_been_executed() => return Err(error),
            Err(error) => {
                held.end()?;
                return Err(error);
            }
        };
        let Some(id) = issued.id.clone() else {
            let why = Error::new(
                Kind::Unsupported,
                "the portal did not tell the id of the new key, so it could not be revoked by one",
            );
            return Err(roll_back_key(session, &issued, why));
        };
        match held.note_id(&id) {
            Ok(()) => Ok(LeasedKey { issued, id, held }),
            Err(error) => Err(roll_back_key(session, &issued, error.into())),
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the key's name at the portal.
    pub fn name(&self) -> &str {
        &self.held.lease.name
    }

    pub fn secret(&self) -> &Secret {
        &self.issued.secret
    }

    /// Returns the key, for its delivery.
    pub fn issued(&self) -> &Issued {
        &self.issued
    }

    /// Removes the lease: the secret is delivered, and the key stays.
    pub fn keep(self) -> Result<(), Error> {
        Ok(self.held.end()?)
    }

    /// Revokes the key after a failed delivery, and returns the error.
    pub fn fail(self, session: Session<'_>, failure: Error) -> Error {
        let id = self.id.clone();
        match self.end(session) {
            Ok(()) => failure.context(format!("the new key (id {id}) could not be used, so it was revoked")),
            Err(error) => {
                let message =
                    format!("the secret of the new key (id {id}) did not arrive, and the key was not revoked");
                error.reclassify(Kind::Failed, message).replace_hints("The next run of the same command revokes it.")
            }
        }
    }

    /// Revokes the key. Unless it is known to be gone, the lease stays for a sweep.
    pub fn end(self, session: Session<'_>) -> Result<(), Error> {
        let target =
            RevokeTarget { id: &self.id, name: Some(&self.held.lease.name), is_in_use: false, was_listed: false };
        match revoke(session, target) {
            // The program had the key, and may have revoked it itself.
            Ended::Unseen(error) if error.kind() == Kind::NotFound && error.is_of_portal() => {}
            ended => ended.into_result()?,
        }
        Ok(self.held.end()?)
    }
}

/// A key of a run that ended without revoking it.
#[derive(Debug)]
pub struct Abandoned {
    pub key: ApiKey,
    /// The lease, if the run was on this machine.
    held: Option<Held>,
}

impl Abandoned {
    /// Returns true if the run was on this machine, so that it is certainly over.
    pub fn is_of_this_machine(&self) -> bool {
        self.held.is_some()
    }

    /// Removes the lease: the secret had been delivered, and the key stays.
    pub fn keep(self) -> Result<(), Error> {
        Ok(self.held.map_or(Ok(()), Held::end)?)
    }

    /// Revokes the key.
    pub fn end(self, session: Session<'_>) -> Ended {
        let ApiKey { id, name, .. } = &self.key;
        let target = RevokeTarget { id, name: name.as_deref(), is_in_use: false, was_listed: true };
        match (revoke(session, target), self.held) {
            (Ended::Gone, Some(held)) => held.end().map_or_else(|error| Ended::Unseen(error.into()), |()| Ended::Gone),
            (ended, _) => ended,
        }
    }
}

/// Which keys of runs on other machines count as abandoned.
pub struct Elsewhere {
    pub older_than: SignedDuration,
    /// The runs on this machine that are alive, looked for after the inventory: a key in it then has its lease here.
    pub alive: Vec<Lease>,
}

/// Returns the keys of runs that are over: for this machine by their leases, for others by their names if they are
/// older than a limit. Leases of keys that are gone are removed.
pub fn abandoned(
    left: Vec<Held>,
    inventory: Inventory,
    elsewhere: Option<Elsewhere>,
    now: Timestamp,
) -> Result<Vec<Abandoned>, Error> {
    let is_whole = inventory.is_whole();
    let mut keys = inventory.keys;
    let mut found = Vec::new();
    for held in left {
        let Lease { id, name, .. } = &held.lease;
        match keys.iter().position(|key| id.as_ref() == Some(&key.id) || key.name.as_ref() == Some(name)) {
            Some(place) => found.push(Abandoned { key: keys.swap_remove(place), held: Some(held) }),
            None if is_whole && is_settled(&held.lease, now) => held.end()?,
            None => {}
        }
    }
    if let Some(Elsewhere { older_than: limit, alive }) = elsewhere {
        let made = |key: &ApiKey| timestamp(key.created_at.as_ref());
        let is_old = |key: &ApiKey| made(key).is_some_and(|made| now.duration_since(made) > limit);
        let lives = |key: &ApiKey| {
            alive.iter().any(|run| key.name.as_ref() == Some(&run.name) || run.id.as_ref() == Some(&key.id))
        };
        let is_left = |key: &ApiKey| key.name.as_deref().is_some_and(name::is_of_a_run) && is_old(key) && !lives(key);
        found.extend(keys.into_iter().filter(is_left).map(|key| Abandoned { key, held: None }));
    }
    found.sort_by(|one, other| one.key.id.cmp(&other.key.id));
    Ok(found)
}

/// Returns an error if another key of this name was generated just before this one. All processes that look agree on
/// the order.
pub fn ensure_unique(session: Session<'_>, issued: &Issued) -> Result<(), Error> {
    let rank = |created: Option<&DateTime>, id: &str| (timestamp(created), id.len(), id.to_owned());
    let own = issued.id.as_deref().unwrap_or_default();
    let called = |name: Option<&String>| name.map(|name| name::strip_nonce(name).to_owned());
    let (ours, name) = (rank(issued.created_at.as_ref(), own), called(issued.name.as_ref()));
    let keys = session.issuer.keys()?.keys;
    let mut others = keys.iter().filter(|key| key.id != own && called(key.name.as_ref()) == name);
    match others.any(|key| rank(key.created_at.as_ref(), &key.id) < ours) {
        true => Err(Error::new(Kind::Failed, "another process generated a key with this name at the same time")),
        false => Ok(()),
    }
}

/// Returns true once no request of this run can be executed any more.
fn is_settled(lease: &Lease, now: Timestamp) -> bool {
    lease.id.is_some() || now.duration_since(lease.started) > SignedDuration::try_from(UNDER_WAY).unwrap_or_default()
}
