//! Scans files: the named ones, and all files below named directories.
//!
//! It follows no link, opens no pipe or device that it finds, and changes nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::search::Search;
use crate::disk::{self, Blocking};
use crate::error::Error;
use crate::interrupt;
use crate::scan::Hit;

/// A scan of files.
pub struct Walk<'w, 's> {
    search: &'w mut Search<'s>,
}

/// Called for each hit in a file; the text is the member's path, if the file is an archive.
type Tell<'t> = dyn FnMut(&Path, &str, Hit) -> Result<(), Error> + 't;

impl<'w, 's> Walk<'w, 's> {
    pub fn new(search: &'w mut Search<'s>) -> Walk<'w, 's> {
        Walk { search }
    }

    /// Scans all of these in the order of their names.
    pub fn all(mut self, paths: &[PathBuf], tell: &mut Tell<'_>) -> Result<(), Error> {
        for path in paths {
            if path.as_os_str() == "-" {
                self.stream(path, Blocking(io::stdin().lock()), tell)?;
            } else if path.is_dir() {
                self.directory(path, tell)?;
            } else {
                // A pipe that was named on the command line is meant.
                match disk::open(path) {
                    Ok(file) => self.stream(path, file, tell)?,
                    Err(error) => self.search.unread(path.display(), &error),
                }
            }
        }
        Ok(())
    }

    fn directory(&mut self, top: &Path, tell: &mut Tell<'_>) -> Result<(), Error> {
        let mut waiting = vec![top.to_owned()];
        while let Some(path) = waiting.pop() {
            if self.search.is_over() || interrupt::is_pending() {
                return Ok(());
            }
            match entries(&path, top) {
                Ok(Entries::Directory(paths)) => waiting.extend(paths.into_iter().rev()),
                Ok(Entries::File(file)) => self.stream(&path, file, tell)?,
                Ok(Entries::Other) => {}
                Err(error) => self.search.unread(path.display(), &error),
            }
        }
        Ok(())
    }

    fn stream(&mut self, path: &Path, from: impl io::Read, tell: &mut Tell<'_>) -> Result<(), Error> {
        self.search.stream(&path.display(), from, &mut |inside, hit| tell(path, inside, hit))
    }
}

fn entries(path: &Path, top: &Path) -> io::Result<Entries> {
    let kind = if path == top { fs::metadata(path)? } else { fs::symlink_metadata(path)? }.file_type();
    if kind.is_dir() {
        if path != top && path.file_name().is_some_and(|name| name == ".git") {
            return Ok(Entries::Other);
        }
        let mut paths = Vec::new();
        for entry in fs::read_dir(path)? {
            paths.push(entry?.path());
        }
        paths.sort_unstable();
        return Ok(Entries::Directory(paths));
    }
    Ok(if kind.is_file() { Entries::File(open(path)?) } else { Entries::Other })
}

enum Entries {
    Directory(Vec<PathBuf>),
    File(File),
    Other,
}

/// Opens a file without following a link, and without blocking if it has become a pipe.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW).bits().cast_signed();
    File::options().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}
