//! What a store has of a profile: the key, and the origin that it is for.

use crate::secret::Secret;

/// What is kept of a profile's key.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    pub secret: Secret,
    /// The origin that it is for; keys of older versions have none.
    pub origin: Option<String>,
}
