//! The program that a name stands for: what is looked for before there is a key is what is started afterwards.

use std::ffi::{OsStr, OsString};

/// Returns what a program is started as. Windows by itself passes over a `.cmd`, so there it is the path that was found, or the
/// name where there is none: the system then says why. Elsewhere both look in the same places, and the name stays, because a
/// program is told it.
pub fn started_as(name: impl AsRef<OsStr>) -> OsString {
    let name = name.as_ref();
    if cfg!(windows) { which::which(name).map_or_else(|_| name.to_owned(), Into::into) } else { name.to_owned() }
}
