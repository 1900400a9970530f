//! Checks the destinations of a key: whether a new secret may replace their content, and whose secret they hold.
//!
//! It replaces nothing and reveals nothing. Destinations that cannot be read back, such as commands, tell nothing.

use super::content;
use super::session::Session;
use crate::credentials::Store;
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::secret::Secret;

/// Asks the portal for the id of the key with this secret; `None` if it does not tell.
pub type Whose<'w> = &'w dyn Fn(Secret) -> Result<Option<String>, Error>;

/// Returns the secret that a destination holds; `None` if it is empty or cannot be read back.
fn held(place: &Destination, keyring: &Store) -> Result<Option<Secret>, Error> {
    match place {
        Destination::File(path) => Ok(content::read(path)?),
        Destination::Keyring(Some(profile)) => Ok(keyring.read(profile)?),
        _ => Ok(None),
    }
}

/// Returns the id of the key with this secret, from the ledger.
fn known(secret: &Secret, session: Session<'_>) -> Result<Option<String>, Error> {
    Ok(session.ledger.map(|ledger| ledger.which(secret)).transpose()?.and_then(|(id, _)| id))
}

/// Returns an error if a destination holds anything but the secret of a key that `may_go`. Asks `whose` about secrets
/// that the ledger does not know. Returns true if there is something to be replaced.
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
                return declined("exists already, and no key can be read from it".to_owned())
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
            None => return declined("exists already, and holds no key that this machine knows".to_owned()),
        }
    }
    Ok(is_there)
}

/// Returns true if every readable destination holds the secret of this key, and there is at least one.
pub fn has_arrived(places: &[Destination], id: &str, keyring: &Store, session: Session<'_>) -> Result<bool, Error> {
    let mut has_place = false;
    for place in places.iter().filter(|place| place.gives_back()) {
        // An unreadable secret has not arrived.
        let Ok(Some(secret)) = held(place, keyring) else { return Ok(false) };
        if known(&secret, session)?.as_deref() != Some(id) {
            return Ok(false);
        }
        has_place = true;
    }
    Ok(has_place)
}

/// Adds a key to the ledger that this machine did not generate: all readable destinations hold its secret, and the
/// portal says whose it is. Only the ledger changes.
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
            None => return declined("has a secret, and the portal does not tell whose it is"),
        }
    }
    let secret = found.ok_or_else(|| Error::new(Kind::Declined, "no place can be read back"))?;
    let ledger = session.ledger.ok_or_else(|| Error::new(Kind::Config, "there is no place for the ledger"))?;
    let now = session.clock.now();
    ledger.know(now, &secret, id, name)?;
    Ok(places.iter().try_for_each(|place| ledger.put(now, id, &place.to_string()))?)
}
