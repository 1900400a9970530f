//! Why a result could not be written.

use std::io;
use std::path::PathBuf;

/// A result that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The reader of the pipe has closed it, as `head` does.
    #[error("the reader of the output has gone")]
    BrokenPipe,
    /// The user's filter failed.
    #[error("{0}")]
    Filter(String),
    /// The file that the user named cannot be written.
    #[error("cannot write `{}`", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("cannot write the output")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::BrokenPipe { Error::BrokenPipe } else { Error::Failed(error) }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        io::Error::from(error).into()
    }
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Error {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Error::Failed(io::Error::other(format!("{other:?}"))),
        }
    }
}
