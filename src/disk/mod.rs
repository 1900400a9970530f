//! File access for every floor above: which files may be read, how they are written, who can access them, and locks.
//!
//! It handles bytes and paths, and knows nothing of the contents. No other module creates a directory, a lock or a
//! temporary file.

mod blocking;
mod busy;
mod directory;
mod lock;
mod name;
mod private;
mod program;
mod read;
mod refused;
mod staged;
mod trust;
mod version;
mod write;

pub use blocking::{Blocking, Descriptor, open};
#[cfg(feature = "server")]
pub use directory::directory_of;
pub use directory::make_directory;
pub use lock::{Lock, lock};
pub use name::{file_name, limited};
pub use private::{check_private, is_ours, make_private, open_private, refuse_readers};
pub use program::{NotRun, find_program, is_program_there, run, started_as, words};
pub use read::{read_bytes, read_text};
pub use refused::{Distrust, Refused, Untrusted};
pub use staged::Staged;
pub use trust::{check_file, check_program};
pub use version::{check_document, check_lines, check_version};
#[cfg(feature = "server")]
pub use write::{add_line, replace_line};
pub use write::{append, append_whole, create, last_line, private_copy, remove, rename, replace, replace_unsynced};
