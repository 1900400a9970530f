//! Why a key could not be read, kept or forgotten.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::text::Problem;

/// A key that could not be read, kept or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Text(Problem),
    #[error("`{}` can be read by others (mode {mode:03o})", path.display())]
    Exposed { path: PathBuf, mode: u32, wanted: u32 },
    #[error("`{}` {problem}", path.display())]
    Unsafe { path: PathBuf, problem: &'static str },
    #[error("cannot read {what}")]
    Unreadable { what: String, source: io::Error },
    #[error("cannot {verb} the key file `{}`", path.display())]
    File { verb: &'static str, path: PathBuf, source: io::Error },
    #[error("no keyring can be reached")]
    Unavailable(#[source] anyhow::Error),
    #[error("the keyring is locked")]
    Locked(#[source] anyhow::Error),
    #[error("the keyring did not answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("the keyring cannot {verb} the key")]
    Failed { verb: &'static str, cause: anyhow::Error },
    #[error(
        "the keyring has {count} entries for the key of profile `{profile}`, and nobody can tell which one is meant"
    )]
    Ambiguous { profile: String, count: usize },
    #[error("the {store} took the key, but does not {verb}")]
    NotStored { store: &'static str, verb: &'static str },
    #[error("the key of profile `{profile}` was kept for {stored_for}, and is not sent to {asked}")]
    OtherOrigin { profile: String, stored_for: String, asked: String },
    #[error("the command for the key, `{command}`, {problem}")]
    Command { command: String, problem: String, stderr: String },
    #[error("a key is not stored by a command; the command only prints it")]
    ReadOnly,
}
