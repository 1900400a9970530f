//! A key for one run: made for a program, revoked when the program ends, and found again where the run was killed meanwhile.
//!
//! It starts no program and knows of none. A key is swept away only if its name is one that no person gives.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::inventory::Inventory;
use super::issue::{Issued, Request, roll_back_key};
use super::name;
use super::revoke::{Ended, RevokeTarget, revoke};
use super::session::Session;
use crate::error::{Error, Kind};
use crate::journal::{Held, Lease};
use crate::portal::keys::ApiKey;
use crate::secret::Secret;

/// A request that was under way when its run was killed has been executed after so long, or never will be.
const UNDER_WAY: Duration = Duration::from_secs(300);

/// A key that lives as long as a run.
pub struct Ephemeral {
    issued: Issued,
    id: String,
    held: Held,
}

impl Ephemeral {
    /// Makes a key, called `base` with a mark of its own. `directory` is where its lease is written down before.
    pub fn begin(session: Session<'_>, directory: &Path, portal: String, base: &str) -> Result<Ephemeral, Error> {
        let (name, mark) = name::of_a_run(base)?;
        let mut held = Held::begin(directory, &mark, Lease::new(portal, name.clone(), session.clock.now()))?;
        let issued = match Request::known(&name, true, &[]).named_only().send(session) {
            Ok(issued) => issued,
            // The lease of a key that may be there stays.
            Err(error) if error.may_have_been_executed() => return Err(error),
            Err(error) => {
                held.end()?;
                return Err(error);
            }
        };
        let Some(id) = issued.id.clone() else {
            let why = Error::new(
                Kind::Unsupported,
                "the portal told no id of the new key, so it could not be revoked by one",
            );
            return Err(roll_back_key(session, &issued, why));
        };
        match held.note_id(&id) {
            Ok(()) => Ok(Ephemeral { issued, id, held }),
            Err(error) => Err(roll_back_key(session, &issued, error.into())),
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns its name at the portal.
    pub fn name(&self) -> &str {
        &self.held.lease.name
    }

    pub fn secret(&self) -> &Secret {
        &self.issued.secret
    }

    /// Revokes it. What is not known to be gone keeps its lease, so that a sweep finds it.
    pub fn end(self, session: Session<'_>) -> Result<(), Error> {
        let target =
            RevokeTarget { id: &self.id, name: Some(&self.held.lease.name), is_in_use: false, was_listed: false };
        revoke(session, target).into_result()?;
        Ok(self.held.end()?)
    }
}

/// A key of a run that has ended without revoking it.
#[derive(Debug)]
pub struct Abandoned {
    pub key: ApiKey,
    /// Its lease, where the run was on this machine.
    held: Option<Held>,
}

impl Abandoned {
    /// Returns true for a key of a run on this machine, which is certainly over.
    pub fn is_of_this_machine(&self) -> bool {
        self.held.is_some()
    }

    /// Revokes it.
    pub fn end(self, session: Session<'_>) -> Ended {
        let ApiKey { id, name, .. } = &self.key;
        let target = RevokeTarget { id, name: name.as_deref(), is_in_use: false, was_listed: true };
        match (revoke(session, target), self.held) {
            (Ended::Gone, Some(held)) => held.end().map_or_else(|error| Ended::Unseen(error.into()), |()| Ended::Gone),
            (ended, _) => ended,
        }
    }
}

/// Returns the keys of runs that are over: of those on this machine by their leases, of others by their names, where they are
/// older than a limit. Leases of keys that are gone are forgotten.
pub fn abandoned(
    left: Vec<Held>,
    inventory: Inventory,
    older_than: Option<SignedDuration>,
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
    if let Some(limit) = older_than {
        let made = |key: &ApiKey| super::timestamp(key.created_at.as_ref());
        let is_old = |key: &ApiKey| made(key).is_some_and(|made| now.duration_since(made) > limit);
        let is_left = |key: &ApiKey| key.name.as_deref().is_some_and(name::is_of_a_run) && is_old(key);
        found.extend(keys.into_iter().filter(is_left).map(|key| Abandoned { key, held: None }));
    }
    found.sort_by(|one, other| one.key.id.cmp(&other.key.id));
    Ok(found)
}

/// Returns true once no request of this run can be executed any more.
fn is_settled(lease: &Lease, now: Timestamp) -> bool {
    lease.id.is_some() || now.duration_since(lease.started) > SignedDuration::try_from(UNDER_WAY).unwrap_or_default()
}
