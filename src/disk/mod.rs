//! Files as every floor above needs them: locks, and what may be read at all.
//!
//! It knows bytes and paths, and nothing of what is in a file.

mod lock;
mod read;

pub use lock::{Lock, lock};
pub use read::read_text;
