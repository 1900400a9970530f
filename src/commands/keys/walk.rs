//! Scans files: the named ones, and all files below named directories.
//!
//! It follows no link, opens no pipe or device that it finds, and changes nothing. It warns once of what it cannot
//! read.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::context::Context;
use crate::disk::{self, Blocking};
use crate::error::Error;
use crate::interrupt;
use crate::scan::archive::{self, LONGEST_START, Members};
use crate::scan::{Hit, Scanner};
use crate::secret::Marks;

/// The deepest nesting of gzip that is unpacked.
const DEEPEST: usize = 4;

/// A scan of files.
pub struct Walk<'w> {
    scanner: Scanner<'w>,
    cx: &'w Context,
    unread: usize,
    packed: Vec<String>,
}

/// Called for each hit in a file.
type Tell<'t> = dyn FnMut(&Path, Hit) -> Result<(), Error> + 't;

impl<'w> Walk<'w> {
    /// Takes the marks of the keys to look for.
    pub fn new(marks: &'w Marks, cx: &'w Context) -> Walk<'w> {
        Walk { scanner: Scanner::new(marks), cx, unread: 0, packed: Vec::new() }
    }

    /// Scans all of these in the order of their names, and returns how many could not be read.
    pub fn all(mut self, paths: &[PathBuf], tell: &mut Tell<'_>) -> Result<usize, Error> {
        for path in paths {
            if path.as_os_str() == "-" {
                self.stream(path, Blocking(io::stdin().lock()), tell)?;
            } else if path.is_dir() {
                self.directory(path, tell)?;
            } else {
                // A pipe that was named on the command line is meant.
                match disk::open(path) {
                    Ok(file) => self.stream(path, file, tell)?,
                    Err(error) => self.unread(path, &error),
                }
            }
        }
        if !self.packed.is_empty() {
            let (count, first) = (self.packed.len(), &self.packed[0]);
            let further = if count == 1 { String::new() } else { format!(" and {} more", count - 1) };
            self.cx.out.warn(format_args!("{first}{further} cannot be unpacked, so keys inside are not found"));
        }
        Ok(self.unread)
    }

    fn directory(&mut self, top: &Path, tell: &mut Tell<'_>) -> Result<(), Error> {
        let mut waiting = vec![top.to_owned()];
        while let Some(path) = waiting.pop() {
            if self.cx.out.is_over() || interrupt::is_pending() {
                return Ok(());
            }
            match self.entries(&path, top) {
                Ok(Entries::Directory(paths)) => waiting.extend(paths.into_iter().rev()),
                Ok(Entries::File(file)) => self.stream(&path, file, tell)?,
                Ok(Entries::Other) => {}
                Err(error) => self.unread(&path, &error),
            }
        }
        Ok(())
    }

    fn entries(&self, path: &Path, top: &Path) -> io::Result<Entries> {
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

    fn stream(&mut self, path: &Path, mut from: impl Read, tell: &mut Tell<'_>) -> Result<(), Error> {
        let mut told = Ok(());
        let mut hit = |hit| {
            if told.is_ok() {
                told = tell(path, hit);
            }
        };
        let read = self.scan(path, &mut from, DEEPEST, &mut hit);
        if let Err(error) = read {
            self.unread(path, &error);
        }
        told
    }

    /// Scans a stream, after unpacking it if it is gzip, however often.
    fn scan(&mut self, path: &Path, from: &mut dyn Read, depth: usize, hit: &mut dyn FnMut(Hit)) -> io::Result<()> {
        let mut start = Vec::new();
        from.take(LONGEST_START as u64).read_to_end(&mut start)?;
        let is_gzip = archive::is_gzip(&start);
        let packed = archive::packed(&start).or(if depth == 0 && is_gzip { Some("gzip in gzip") } else { None });
        let mut whole = Cursor::new(&start).chain(from);
        if is_gzip && depth > 0 {
            return self.scan(path, &mut MultiGzDecoder::new(whole), depth - 1, hit);
        }
        let mut members = Members::new(&mut whole);
        let scanned = self.scanner.scan(&mut members, hit);
        let inside = members.packed.map(|packed| format!("{packed} in tar"));
        if let Some(packed) = packed.map(str::to_owned).or(inside) {
            self.packed.push(format!("`{}` ({packed})", path.display()));
        }
        scanned
    }

    fn unread(&mut self, path: &Path, error: &io::Error) {
        self.unread += 1;
        self.cx.out.warn(format_args!("cannot read `{}`: {error}", path.display()));
    }
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
