//! Files that somebody else has open. On Windows such a file is not replaced while a virus scanner, a backup or another run of
//! ours reads it, which takes a moment: we wait that long. Elsewhere a refusal is told at once.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// A file that is held longer is held by somebody who will not let go of it soon. Assumed.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is tried again.
const BLINK: Duration = Duration::from_millis(20);

/// Gives a temporary file its name, in the place of a file that is there.
pub fn persist(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match file.persist(path) {
            Err(refused) if may_pass(&refused.error, start, cfg!(windows)) => file = refused.file,
            persisted => return Ok(persisted.map(drop)?),
        }
        thread::sleep(BLINK);
    }
}

/// Gives a file another name, in the place of a file that is there.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    once_free(|| fs::rename(from, to))
}

/// Does with a file what nobody may do while another holds it.
pub fn once_free<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let start = Instant::now();
    loop {
        match act() {
            Err(refused) if may_pass(&refused, start, cfg!(windows)) => thread::sleep(BLINK),
            done => return done,
        }
    }
}

/// Returns true while a refusal may be that of a file which is held, `holds` where the system has such a thing.
fn may_pass(refused: &io::Error, start: Instant, holds: bool) -> bool {
    let is_held = matches!(refused.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy)
        || refused.raw_os_error() == Some(SHARING_VIOLATION);
    holds && is_held && start.elapsed() < PATIENCE
}

/// What Windows says of a file that is open without the leave to delete it; the standard library has no kind for it.
const SHARING_VIOLATION: i32 = 32;

#[cfg(test)]
mod tests {
    use super::{PATIENCE, may_pass};
    use std::io::{Error, ErrorKind};
    use std::time::Instant;

    #[test]
    fn only_a_refusal_that_may_pass_is_waited_for_and_not_for_ever() {
        let now = Instant::now();
        let held = Error::from(ErrorKind::PermissionDenied);
        assert!(may_pass(&held, now, true) && !may_pass(&held, now, false));
        assert!(!may_pass(&Error::from(ErrorKind::NotFound), now, true));
        let long_ago = now.checked_sub(PATIENCE).unwrap();
        assert!(!may_pass(&held, long_ago, true));
    }
}
