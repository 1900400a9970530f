//! Who makes keys and ends them: a portal, under one key of its own. What is decided here is decided for any such.

use super::completeness::ensure_no_holes;
use super::inventory::Inventory;
use crate::error::{Error, Kind};
use crate::portal::keys::{self, GeneratedApiKey};
use crate::portal::{self, ListQuery, Portal, Proof, RequestId};
use crate::secret::Secret;

/// A portal, as far as keys are concerned; in tests a model of one.
pub trait Issuer {
    /// Lists all keys. A list with holes is an error.
    fn keys(&self) -> Result<Inventory, Error>;

    /// Makes a key. Never sent twice.
    fn generate(&self, name: Option<&str>) -> Result<GeneratedApiKey, Error>;

    /// Deletes a key, at once and for ever. What the portal says of it is not yet what is. Returns the id of the request, where the
    /// portal told one.
    fn revoke(&self, id: &str) -> Result<Option<RequestId>, Error>;

    /// Proves that the key under which it is asked is accepted.
    fn prove(&self) -> Result<(), Error>;

    /// Returns true for the key under which it is asked.
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
