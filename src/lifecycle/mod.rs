//! The life of a key: which there are, which is the one in use, and how one ends. One answer to each question.
//!
//! It takes what it needs and returns what came of it. It prints nothing and asks nobody; verbs do.

mod completeness;
mod inventory;
mod key_in_use;
mod revoke;

pub use completeness::{ensure_no_holes, incomplete};
pub use inventory::Inventory;
pub use key_in_use::KeyInUse;
pub use revoke::{Doomed, Ended, revoke, revoke_all};
