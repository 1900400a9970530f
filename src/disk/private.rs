//! Files that their owner alone can read: what is ours and nobody else's is checked on what was opened, not on its name.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use super::refused::Refused;

/// Opens a file of ours: a regular one, no link, whose owner we are, and nobody else reads.
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
    // It may have become a link or a pipe since it was looked at.
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

/// Checks a directory: others that can write to it may put a file of theirs under our name.
#[cfg(unix)]
pub fn check_private(directory: &Path) -> Result<(), Refused> {
    let opened = File::open(directory)?;
    refuse_owners(&opened)?;
    refuse_readers(&opened, 0o700)
}

/// Windows opens no directory as a file, and there is no mode to look at.
#[cfg(not(unix))]
pub fn check_private(directory: &Path) -> Result<(), Refused> {
    match fs::metadata(directory)?.is_dir() {
        true => Ok(()),
        false => Err(Refused::Unsafe("is not a directory")),
    }
}

/// Makes a file or directory of ours one that its owner alone can read. What others could write is left as it is: it may not be
/// what it was any more, and somebody has to look.
#[cfg(unix)]
pub fn hide(path: &Path) -> std::io::Result<()> {
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
pub fn hide(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Takes a new file from everybody but its owner, before there is anything in it. Windows has no modes; the directory of a user's
/// keys is the user's alone there, but a file may be wanted anywhere. To set its rights takes code that is not safe, or the
/// system's own program.
#[cfg(windows)]
pub fn keep_to_owner(path: &Path) -> std::io::Result<()> {
    use std::process::{Command, Stdio};
    /// Whoever owns the file, in words of any language.
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

/// Returns true for what is ours or the administrator's, as it is named: a link is whose it is, and not whose it leads to.
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

/// What others can read is no secret any more; `wanted` is the mode that it should have.
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
