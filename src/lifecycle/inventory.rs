//! A portal's keys, and whether the list is complete.

use crate::portal::Completeness;
use crate::portal::keys::ApiKey;

/// The keys that a portal lists.
pub struct Inventory {
    pub keys: Vec<ApiKey>,
    pub completeness: Completeness,
}

impl Inventory {
    /// Returns true if the list has the key.
    pub fn has(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// Returns true if these are all keys.
    pub fn is_whole(&self) -> bool {
        self.completeness == Completeness::Complete
    }

    /// Returns the ids of all keys; `None` unless the list is complete.
    pub fn ids(self) -> Option<Vec<String>> {
        // An old key on a missing page would look new later.
        self.is_whole().then(|| self.keys.into_iter().map(|key| key.id).collect())
    }
}
