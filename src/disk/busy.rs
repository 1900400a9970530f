//! Retries on files that another process has open. On Windows such a file cannot be replaced while a virus scanner, a
//! backup or another run reads it, so we wait for a moment. Elsewhere an error is returned immediately.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// The longest wait: a file that is open for longer will not be free soon. Assumed.
const PATIENCE: Duration = Duration::from_secs(1);

/// The time between two tries.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Renames a temporary file to `path`, and replaces an existing file.
pub fn persist(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match file.persist(path) {
            Err(refused) if may_pass(&refused.error, start, cfg!(windows)) => file = refused.file,
            persisted => return Ok(persisted.map(drop)?),
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// Renames a file, and replaces an existing file.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    retry_while_busy(|| fs::rename(from, to))
}

/// Retries a file operation that fails while another process has the file open.
pub fn retry_while_busy<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let start = Instant::now();
    loop {
        match act() {
            Err(refused) if may_pass(&refused, start, cfg!(windows)) => thread::sleep(POLL_INTERVAL),
            done => return done,
        }
    }
}

/// Returns true while an error may mean that the file is open elsewhere; `holds` says whether this system locks open
/// files.
fn may_pass(refused: &io::Error, start: Instant, holds: bool) -> bool {
    let is_held = matches!(refused.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy)
        || refused.raw_os_error() == Some(SHARING_VIOLATION);
    holds && is_held && start.elapsed() < PATIENCE
}

/// The Windows error for a file that is open without FILE_SHARE_DELETE; the standard library has no `ErrorKind` for
/// it.
const SHARING_VIOLATION: i32 = 32;

#[cfg(test)]
mod tests {
    use super::{PATIENCE, may_pass};
    use std::io::{Error, ErrorKind};
    use std::time::Instant;

    #[test]
    fn only_a_transient_error_is_retried_and_not_forever() {
        let now = Instant::now();
        let busy = Error::from(ErrorKind::PermissionDenied);
        assert!(may_pass(&busy, now, true) && !may_pass(&busy, now, false));
        assert!(!may_pass(&Error::from(ErrorKind::NotFound), now, true));
        let long_ago = now.checked_sub(PATIENCE).unwrap();
        assert!(!may_pass(&busy, long_ago, true));
    }
}
