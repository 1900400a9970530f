//! A lock file: locked by one process at a time, and released however that process ends.
//!
//! The file's contents stay unchanged, and a symbolic link is not followed: it may lead to another user's file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::directory::chown_like_parent;

/// The time between two tries.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// After this time the user should learn what the run waits for.
const SILENCE: Duration = Duration::from_secs(1);

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock; returns `None` if another process still holds it after `patience`. Calls `tell` once if the wait is
/// long.
pub fn lock(path: &Path, patience: Duration, tell: impl FnOnce()) -> io::Result<Option<Lock>> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a pipe of this name would block forever.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    chown_like_parent(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let (start, mut tell) = (Instant::now(), Some(tell));
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) if start.elapsed() >= patience => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if start.elapsed() > SILENCE
            && let Some(tell) = tell.take()
        {
            tell();
        }
        thread::sleep(POLL_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::lock;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn only_one_process_holds_the_lock_and_the_file_is_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        fs::write(&path, "kept").unwrap();
        let held = lock(&path, Duration::ZERO, || ()).unwrap();
        assert!(held.is_some() && lock(&path, Duration::ZERO, || ()).unwrap().is_none());
        drop(held);
        assert!(lock(&path, Duration::ZERO, || ()).unwrap().is_some());
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_and_a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(lock(&link, Duration::ZERO, || ()).is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(lock(&pipe, Duration::ZERO, || ()).is_err());
    }
}
