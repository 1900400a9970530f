//! The interface to a portal that generates and revokes keys, authenticated with one key.

use super::completeness::ensure_no_holes;
use super::inventory::Inventory;
use crate::error::{Error, Kind};
use crate::portal::keys::{self, GeneratedApiKey};
use crate::portal::{self, ListQuery, Portal, Proof, RequestId};
use crate::secret::Secret;

/// A portal, as far as keys are concerned; a model in tests.
pub trait Issuer {
    /// Lists all keys. A list that the portal refused in part is an error.
    fn keys(&self) -> Result<Inventory, Error>;

    /// Generates a key. Must not be sent twice.
    fn generate(&self, name: Option<&str>) -> Result<GeneratedApiKey, Error>;

    /// Revokes a key, immediately and irreversibly. The portal's answer is not yet a proof. Returns the id of the
    /// request, if the portal told one.
    fn revoke(&self, id: &str) -> Result<Option<RequestId>, Error>;

    /// Verifies that the portal accepts the key of the connection.
    fn prove(&self) -> Result<(), Error>;

    /// Returns true for the key of the connection.
    fn uses(&self, secret: &Secret) -> bool;
}

impl Issuer for Portal {
    fn keys(&self) -> Result<Inventory, Error> {
        let (mut pages, mut all) = (keys::list(self, &ListQuery::default())?, Vec::new());
        while let Some(page) = pages.next() {
            let page = page?;
            pages.prefetch();
            if page.nulls > 0 && page.errors.is_empty() {
                return Err(Error::new(Kind::Partial, "the portal gave some of the keys as null"));
            }
            all.extend(page.items);
        }
        ensure_no_holes(pages.completeness(), "keys")?;
        Ok(Inventory { keys: all, completeness: pages.completeness().clone() })
    }

    fn generate(&self, name: Option<&str>) -> Result<GeneratedApiKey, Error> {
        Ok(keys::generate(self, name)?)
    }

    fn revoke(&self, id: &str) -> Result<Option<RequestId>, Error> {
        Ok(keys::revoke(self, id)?)
    }

    fn prove(&self) -> Result<(), Error> {
        Ok(portal::prove(self).and_then(Proof::strong).map(drop)?)
    }

    fn uses(&self, secret: &Secret) -> bool {
        Portal::uses(self, secret)
    }
}
