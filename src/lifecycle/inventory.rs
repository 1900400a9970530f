//! The keys that there are, and whether they are all.

use crate::portal::Completeness;
use crate::portal::keys::ApiKey;

/// The keys that a portal shows.
pub struct Inventory {
    pub keys: Vec<ApiKey>,
    pub completeness: Completeness,
}

impl Inventory {
    /// Returns true for a key that is there.
    pub fn has(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// Returns true where these are all keys.
    pub fn is_whole(&self) -> bool {
        self.completeness == Completeness::Complete
    }

    /// Returns the ids of all keys; none where not all are shown, or nobody can tell.
    pub fn ids(self) -> Option<Vec<String>> {
        // What is only on another page would look new afterwards.
        self.is_whole().then(|| self.keys.into_iter().map(|key| key.id).collect())
    }
}
