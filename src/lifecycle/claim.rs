//! What the places of a key hold already: whether a new secret may stand there, whether one has arrived, and whose it is.
//!
//! It replaces nothing and reveals nothing. A place that cannot be read, such as a program, says nothing.

use std::io;

use super::session::Session;
use crate::credentials::{self, Store};
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::secret::Secret;

/// Asks the portal whose secret this is; none where it does not tell.
pub type Whose<'w> = &'w dyn Fn(Secret) -> Result<Option<String>, Error>;

/// Returns the secret that a place holds; none where it holds nothing, or gives nothing back.
fn held(place: &Destination, keyring: &Store) -> Result<Option<Secret>, Error> {
    match place {
        Destination::File(path) => match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Ok(Some(credentials::file::read(path)?)),
        },
        Destination::Keyring(Some(profile)) => Ok(keyring.read(profile)?),
        _ => Ok(None),
    }
}

/// Returns the id of the key that this machine knows by this secret.
fn known(secret: &Secret, session: Session<'_>) -> Result<Option<String>, Error> {
    Ok(session.ledger.map(|ledger| ledger.which(secret)).transpose()?.and_then(|(id, _)| id))
}

/// Fails where a place holds what a new secret must not stand over: all but a secret whose key `may_go`. Where this machine does
/// not know it, `whose` is asked, if given. Returns true where something is there that is to be replaced.
pub fn claim(
    places: &[Destination],
    keyring: &Store,
    session: Session<'_>,
    may_go: &dyn Fn(&str) -> bool,
    whose: Option<Whose<'_>>,
) -> Result<bool, Error> {
    let mut is_there = false;
    for place in places {
        let declined = |problem: String| {
            let error = Error::new(Kind::Declined, format!("`{place}` {problem}"));
            Err(error.hint("Move it away, or name another place in the file."))
        };
        let secret = match held(place, keyring) {
            Ok(None) => continue,
            Ok(Some(secret)) => secret,
            Err(error) => {
                return declined("is there already, and no key can be read from it".to_owned())
                    .map_err(|declined: Error| declined.cause(error));
            }
        };
        let id = match (known(&secret, session)?, whose) {
            (None, Some(whose)) => whose(secret)?,
            (id, _) => id,
        };
        match id {
            Some(id) if may_go(&id) => is_there = true,
            Some(id) => return declined(format!("has the secret of another key (id {id})")),
            None => return declined("is there already, and what it has is no key that this machine knows".to_owned()),
        }
    }
    Ok(is_there)
}

/// Returns true where every place that gives a secret back has the one of this key, and there is such a place.
pub fn has_arrived(places: &[Destination], id: &str, keyring: &Store, session: Session<'_>) -> Result<bool, Error> {
    let mut has_place = false;
    for place in places.iter().filter(|place| place.gives_back()) {
        // What cannot be read has not arrived.
        let Ok(Some(secret)) = held(place, keyring) else { return Ok(false) };
        if known(&secret, session)?.as_deref() != Some(id) {
            return Ok(false);
        }
        has_place = true;
    }
    Ok(has_place)
}

/// Makes a key known to this machine that it did not make: its secret is at all places that give one back, and the portal says
/// whose it is. Nothing is changed but the ledger.
pub fn adopt(
    places: &[Destination],
    (id, name): (&str, Option<&str>),
    keyring: &Store,
    session: Session<'_>,
    whose: Whose<'_>,
) -> Result<(), Error> {
    let mut found = None;
    for place in places.iter().filter(|place| place.gives_back()) {
        let declined = |problem: &str| Err(Error::new(Kind::Declined, format!("`{place}` {problem}")));
        let Some(secret) = held(place, keyring)? else { return declined("has no secret") };
        let owner = match known(&secret, session)? {
            None => whose(secret.clone())?,
            known => known,
        };
        match owner {
            Some(owner) if owner == id => found = Some(secret),
            Some(owner) => return declined(&format!("has the secret of another key (id {owner})")),
            None => return declined("has a secret of which the portal does not tell whose it is"),
        }
    }
    let secret = found.ok_or_else(|| Error::new(Kind::Declined, "no place gives a secret back"))?;
    let ledger = session.ledger.ok_or_else(|| Error::new(Kind::Config, "there is no place for the ledger"))?;
    let now = session.clock.now();
    ledger.know(now, &secret, id, name)?;
    Ok(places.iter().try_for_each(|place| ledger.put(now, id, &place.to_string()))?)
}
