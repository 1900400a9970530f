//! Files that only their owner can read. The checks look at the opened file, not at its name.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use super::refused::Refused;

/// Opens one of our private files: a regular file, not a symbolic link, owned by us, and unreadable for others.
pub fn open_private(path: &Path) -> Result<File, Refused> {
    let found = fs::symlink_metadata(path)?;
    if found.is_symlink() {
        return Err(Refused::Unsafe("is a link"));
    }
    if !found.is_file() {
        return Err(Refused::Unsafe("is not a regular file"));
    }
    let mut options = OpenOptions::new();
    options.read(true);
    // The file may have been replaced by a link or a pipe since it was checked.
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    refuse_owners(&file)?;
    refuse_readers(&file, 0o600)?;
    Ok(file)
}

/// Checks a directory: whoever can write to it could replace our file.
#[cfg(unix)]
pub fn check_private(directory: &Path) -> Result<(), Refused> {
    let opened = File::open(directory)?;
    refuse_owners(&opened)?;
    refuse_readers(&opened, 0o700)
}

/// Windows opens no directory as a file and has no modes.
#[cfg(not(unix))]
pub fn check_private(directory: &Path) -> Result<(), Refused> {
    match fs::metadata(directory)?.is_dir() {
        true => Ok(()),
        false => Err(Refused::Unsafe("is not a directory")),
    }
}

/// Makes one of our files or directories accessible to its owner only. Refuses one that others could write: its
/// contents may have been changed, so a person has to look.
#[cfg(unix)]
pub fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    let found = opened.metadata()?;
    let refused = |problem| Err(std::io::Error::other(problem));
    if found.uid() != rustix::process::geteuid().as_raw() {
        return refused("it belongs to another user");
    }
    if found.mode() & 0o022 != 0 {
        return refused("others could have changed it");
    }
    opened.set_permissions(fs::Permissions::from_mode(found.mode() & 0o700))
}

#[cfg(not(unix))]
pub fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Restricts a new, empty file to its owner. Windows has no modes; there, the user's config directory is private
/// anyway, but the user may want a file anywhere. Setting an ACL takes unsafe code or the system's `icacls`.
#[cfg(windows)]
pub fn keep_to_owner(path: &Path) -> std::io::Result<()> {
    use std::process::{Command, Stdio};
    /// The well-known SID of the file's owner, which is the same in every language.
    const OWNER: &str = "*S-1-3-4:F";
    let mut rights = Command::new("icacls");
    rights.arg(path).args(["/inheritance:r", "/grant:r", OWNER]).stdin(Stdio::null());
    let ended = rights.output()?;
    if ended.status.success() {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("`icacls` failed ({})", ended.status)))
    }
}

/// Returns true if we or the administrator own the path itself: for a link, its owner counts, not the target's.
#[cfg(unix)]
pub fn is_ours(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|found| found.uid() == own || found.uid() == 0)
}

#[cfg(not(unix))]
pub fn is_ours(_: &Path) -> bool {
    true
}

#[cfg(unix)]
fn refuse_owners(file: &File) -> Result<(), Refused> {
    use std::os::unix::fs::MetadataExt;
    if file.metadata()?.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(Refused::Unsafe("belongs to another user"))
}

/// Refuses a file that others can read: it is no secret any more. `wanted` is the mode that it should have.
#[cfg(unix)]
pub fn refuse_readers(file: &File, wanted: u32) -> Result<(), Refused> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(Refused::Exposed { mode, wanted }) }
}

#[cfg(not(unix))]
fn refuse_owners(_: &File) -> Result<(), Refused> {
    Ok(())
}

#[cfg(not(unix))]
pub fn refuse_readers(_: &File, _: u32) -> Result<(), Refused> {
    Ok(())
}
