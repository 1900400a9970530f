//! What this machine did to keys and what it is about to do, in files of its own. No secret is ever in them.

mod disk;
mod log;
mod rotation;

pub use disk::{Error, lock};
pub use log::{Entry, Log};
pub use rotation::{Journal, Rotation, Stage};
