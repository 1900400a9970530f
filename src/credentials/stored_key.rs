//! What a store holds for a profile: the key and its origin.

use crate::secret::Secret;

/// A stored key.
#[derive(Debug, PartialEq, Eq)]
pub struct StoredKey {
    pub secret: Secret,
    /// The origin that the key is for; older versions stored none.
    pub origin: Option<String>,
}
