//! The bindings for a portal: one plain `.graphql` file per operation, which people can write, read and keep in git.

use std::io;
use std::path::{Path, PathBuf};

use super::compat::{CompatDocument, DocumentError, parse_binding};
use super::error::{Certainty, Error, Failure};
use super::operation::Operation;
use crate::disk::{self, Refused};

/// More than any hand-written document.
const LARGEST: u64 = 256 * 1024;

/// The directory of a portal's bindings; `None` if no bindings are used.
#[derive(Clone, Debug)]
pub struct Bindings {
    directory: Option<PathBuf>,
}

impl Bindings {
    /// Takes the directory, which need not exist.
    pub fn new(directory: Option<PathBuf>) -> Bindings {
        Bindings { directory }
    }

    /// Returns an operation's binding. An unusable binding is an error, because the user wants exactly that document
    /// to be sent.
    pub fn get(&self, operation: Operation) -> Result<Option<CompatDocument>, Error> {
        let Some(directory) = &self.directory else { return Ok(None) };
        let path = path(directory, operation);
        read(&path)?.map(|text| self.check(operation, &text, &path)).transpose()
    }

    /// Returns the bound operations among these, each with the text of its binding.
    pub fn all(&self, operations: impl Iterator<Item = Operation>) -> Result<Vec<(Operation, String)>, Error> {
        let Some(directory) = &self.directory else { return Ok(Vec::new()) };
        let mut bound = Vec::new();
        for operation in operations {
            bound.extend(read(&path(directory, operation))?.map(|text| (operation, text)));
        }
        Ok(bound)
    }

    /// Checks a binding in a file, saved or not.
    pub fn check(&self, operation: Operation, text: &str, path: &Path) -> Result<CompatDocument, Error> {
        parse_binding(operation, text).map_err(|DocumentError { line, problem }| {
            let (operation, path) = (operation.word.to_owned(), path.to_owned());
            Error::new(Failure::Binding { operation, path, line, problem }, Certainty::NotExecuted)
        })
    }

    /// Saves a checked binding atomically.
    pub fn keep(&self, operation: Operation, text: &str) -> Result<PathBuf, Error> {
        let directory = self.directory.as_deref().unwrap_or(Path::new("."));
        let path = path(directory, operation);
        let text = format!("{}\n", text.trim_end());
        disk::replace(&path, text.as_bytes()).map_err(|source| unusable(&path, source))?;
        Ok(path)
    }

    /// Deletes a binding; returns whether there was one.
    pub fn forget(&self, operation: Operation) -> Result<bool, Error> {
        let Some(directory) = &self.directory else { return Ok(false) };
        let path = path(directory, operation);
        disk::remove(&path).map_err(|source| unusable(&path, source))
    }
}

fn path(directory: &Path, operation: Operation) -> PathBuf {
    directory.join(format!("{}.graphql", operation.word))
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match disk::read_text(path, LARGEST) {
        Err(refused) if refused.is_absent() => Ok(None),
        Err(Refused::Untrusted(untrusted)) => Err(Error::new(Failure::Untrusted(untrusted), Certainty::NotExecuted)),
        text => text.map(Some).map_err(|refused| unusable(path, refused.into())),
    }
}

fn unusable(path: &Path, source: io::Error) -> Error {
    Error::setup(format!("the binding `{}`", path.display()), source)
}
