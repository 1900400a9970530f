//! `--output-file`: the result in a file, whole or not at all. Until it is whole it has no name, so what was there stays.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::error::Error;
use super::stream::lock;
use crate::disk::Staged;

/// A file on its way, which the handle writes to and puts in the end.
pub struct ResultFile {
    path: PathBuf,
    staged: Arc<Mutex<Option<Staged>>>,
}

/// The side that is written to.
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
    /// Opens a file that is not there yet, or not to be seen; what is written to the other one gets in.
    pub fn open(path: &Path) -> Result<(ResultFile, Box<dyn Write + Send>), Error> {
        let unusable = |source| Error::File { path: path.to_owned(), source };
        let staged = Arc::new(Mutex::new(Some(Staged::public(path).map_err(unusable)?)));
        let writer = Box::new(Writer(Arc::clone(&staged)));
        Ok((ResultFile { path: path.to_owned(), staged }, writer))
    }

    /// Puts the file in its place, once all that belongs in it is there.
    pub fn put(&self) -> Result<(), Error> {
        let Some(mut staged) = lock(&self.staged).take() else { return Ok(()) };
        let put = staged.sync().and_then(|()| staged.put(true));
        put.map_err(|source| Error::File { path: self.path.clone(), source })
    }

    /// Returns where it belongs, if it has not been put: then what was there is still there.
    pub fn missed(&self) -> Option<&Path> {
        lock(&self.staged).is_some().then_some(&*self.path)
    }
}
