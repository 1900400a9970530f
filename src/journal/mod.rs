//! Files that record what this machine did to keys, and what it is about to do. They must never hold a secret.

mod chain;
mod destination;
mod disk;
mod lease;
mod ledger;
mod log;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod rotation;

pub use chain::{Chain, Fault, parse_head};
pub use destination::Destination;
pub use disk::{Error, lock};
pub use lease::{Held, Lease};
pub use ledger::{KnownKey, Ledger, PASSED_ON, Sought, SoughtKey};
pub use log::{Approval, Entry, Log, Who};
pub use rotation::{Journal, Rotation, Stage};
