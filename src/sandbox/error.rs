//! Why a sandbox did not start.

use std::io;
use std::path::PathBuf;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is in use, or not permitted for this user.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen { port: u16, source: io::Error },
    /// The server could not be set up.
    #[error("cannot run a server")]
    Serve(#[source] io::Error),
    /// A file of the state cannot be created, read or written.
    #[error("cannot use `{}`", path.display())]
    File { path: PathBuf, source: io::Error },
    /// The database is broken, or cannot be read or written.
    #[error("cannot use the database `{}`", path.display())]
    Database { path: PathBuf, source: rusqlite::Error },
    /// The database belongs to another program.
    #[error("`{}` is not a sandbox's database", path.display())]
    Foreign { path: PathBuf },
    /// The database has the format of another version of this program.
    #[error("`{}` has the format {found} of another version; this one knows {known}", path.display())]
    Format { path: PathBuf, found: i32, known: i32 },
    /// The system returned no random numbers for a key.
    #[error("no random numbers to make a key of")]
    Random(#[from] getrandom::Error),
    /// The contract in the binary is not a valid schema.
    #[error("the contract is not a valid schema: {0}")]
    Contract(String),
}
