//! The life of a key: which there are, which is the one in use, how one is made, delivered, replaced and ended. One answer to
//! each question.
//!
//! It takes what it needs and returns what came of it. It prints nothing, asks nobody and reads no configuration; verbs do.

mod backup;
#[cfg(test)]
mod choices;
mod completeness;
mod custody;
mod delivery;
mod hook;
mod inventory;
mod issue;
mod issuer;
mod key_in_use;
#[cfg(test)]
mod model;
pub mod name;
mod reconcile;
mod recovery;
mod revoke;
mod rotation;
mod session;

pub use completeness::{ensure_no_holes, incomplete};
pub use custody::{Custodian, Home};
pub use delivery::{Delivery, Profiles};
pub use inventory::Inventory;
pub use issue::{Issued, Request, take_back};
pub use issuer::Issuer;
pub use key_in_use::{KeyInUse, Notes};
pub use revoke::{Doomed, Ended, revoke, revoke_all};
pub use rotation::{Broken, Rotating, finish};
pub use session::{Deed, Event, Session, SystemClock};
