//! Files of ours on the disk: whole after a crash, and for their owner only.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk::{self, Lock};

/// A file of ours that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} `{}`", path.display())]
pub struct Error {
    verb: &'static str,
    path: PathBuf,
    pub source: io::Error,
}

/// Says of which file it is that something failed.
pub fn unusable(verb: &'static str, path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error { verb, path: path.clone(), source }
}

/// Takes the lock of a file of ours, as [`crate::disk::lock`] does.
pub fn lock(path: &Path, patience: Duration, tell: impl FnOnce()) -> Result<Option<Lock>, Error> {
    let failed = unusable("lock", path);
    make_directory_of(path).map_err(&failed)?;
    disk::lock(path, patience, tell).map_err(failed)
}

/// Makes the directory that a file of ours is in, for its owner only.
pub fn make_directory_of(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path.parent().unwrap_or(Path::new(".")))
}

/// Writes a file so that after a crash it is the old one or the new one, whole.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_directory_of(path)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    // Such files are made with the mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_directory(directory)
}

#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    std::fs::File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
