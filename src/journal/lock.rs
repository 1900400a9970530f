//! One at a time: a file that is locked while a process lives, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::disk::{Error, make_directory_of, unusable};

/// Held while it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock; waits for it if told to, else returns none while another process holds it.
pub fn lock(path: &Path, wait: bool) -> Result<Option<Lock>, Error> {
    let failed = unusable("lock", path);
    make_directory_of(path).map_err(&failed)?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(&failed)?;
    if wait {
        file.lock().map_err(&failed)?;
        return Ok(Some(Lock { _file: file }));
    }
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
