//! The keys that there are, and whether they are all.

use super::completeness::ensure_no_holes;
use crate::error::{Error, Kind};
use crate::portal::keys::{self, ApiKey};
use crate::portal::{Completeness, ListQuery, Portal};

/// The keys that a portal shows.
pub struct Inventory {
    pub keys: Vec<ApiKey>,
    pub completeness: Completeness,
}

impl Inventory {
    /// Lists all keys. A list with holes is an error.
    pub fn read(portal: &Portal) -> Result<Inventory, Error> {
        let (mut pages, mut all) = (keys::list(portal, &ListQuery::default())?, Vec::new());
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

    /// Returns true for a key that is there.
    pub fn has(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }
}
