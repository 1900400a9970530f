//! Creates directories that only their owner can access and that survive a crash.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Creates a directory and its parents. Existing ones stay unchanged.
pub fn make_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_directory(parent)?;
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are Unix's"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Another process created it first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => chown_like_parent(path),
    }
}

/// Returns the parent directory of a file.
pub fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a new file in this directory survive a crash, if the file system can: some network file systems report that
/// they cannot.
#[cfg(unix)]
pub fn sync_directory(path: &Path) -> io::Result<()> {
    match std::fs::File::open(path)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

#[cfg(not(unix))]
pub fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a file that root creates in a user's directory to that user: a run as root with the user's HOME must not lock
/// the user out.
#[cfg(unix)]
pub fn chown_like_parent(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, lchown};
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let around = std::fs::metadata(directory_of(path))?;
    if around.uid() == 0 { Ok(()) } else { lchown(path, Some(around.uid()), Some(around.gid())) }
}

#[cfg(not(unix))]
pub fn chown_like_parent(_: &Path) -> io::Result<()> {
    Ok(())
}
