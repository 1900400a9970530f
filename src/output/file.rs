//! `--output-file`: writes the result to a file atomically. The file has no name until it is complete, so an existing
//! one stays until then.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::error::Error;
use super::stream::lock;
use crate::disk::Staged;

/// The output file: the handle writes to it and finally gives it its name.
pub struct ResultFile {
    path: PathBuf,
    staged: Arc<Mutex<Option<Staged>>>,
}

/// The write half.
struct Writer(Arc<Mutex<Option<Staged>>>);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *lock(&self.0) {
            Some(staged) => staged.append(bytes).map(|()| bytes.len()),
            None => Err(io::Error::other("the file is closed")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ResultFile {
    /// Creates the file and returns a writer to it.
    pub fn open(path: &Path) -> Result<(ResultFile, Box<dyn Write + Send>), Error> {
        let unusable = |source| Error::File { path: path.to_owned(), source };
        let staged = Arc::new(Mutex::new(Some(Staged::public(path).map_err(unusable)?)));
        let writer = Box::new(Writer(Arc::clone(&staged)));
        Ok((ResultFile { path: path.to_owned(), staged }, writer))
    }

    /// Gives the file its name, once it is complete.
    pub fn put(&self) -> Result<(), Error> {
        let Some(mut staged) = lock(&self.staged).take() else { return Ok(()) };
        let put = staged.sync().and_then(|()| staged.put(true));
        put.map_err(|source| Error::File { path: self.path.clone(), source })
    }

    /// Returns the file's path if it has not been put there: then a former file is unchanged.
    pub fn missed(&self) -> Option<&Path> {
        lock(&self.staged).is_some().then_some(&*self.path)
    }
}
