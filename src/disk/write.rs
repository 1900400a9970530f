//! Writing files of ours: whole after a crash, for their owner only, and with the owner and mode that they had.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::directory::{directory_of, give_to_neighbours, make_directory, sync_directory};
use super::held;

/// Writes a file so that after a crash it is the old one or the new one, whole.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = prepare(path, bytes)?;
    file.as_file().sync_all()?;
    put(file, path)?;
    sync_directory(directory_of(path))
}

/// The same for what can be had again: after a crash of the machine it may be neither.
pub fn replace_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put(prepare(path, bytes)?, path)
}

/// Writes a file that is not there yet.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| give_to_neighbours(path));
    if written.is_err() {
        // Half a file must not pass for a whole one, nor stand in the way of the next try.
        let _ = fs::remove_file(path);
    }
    written
}

/// Adds a line at the end of a file, in one piece, so that two who do so at once do not mix. A line before it that was cut off
/// does not swallow it.
pub fn append(path: &Path, line: &[u8]) -> io::Result<()> {
    make_directory(directory_of(path))?;
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Of a pipe of this name nobody may read what is written.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let mut file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let end = if is_cut(&mut file)? { &b"\n"[..] } else { b"" };
    file.write_all(&[end, line].concat())?;
    // Only now: what fails here must not leave a file that is there and empty.
    if is_new { give_to_neighbours(path) } else { Ok(()) }
}

/// Returns true for a file whose last line has no end.
fn is_cut(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    Ok(file.read(&mut last)? == 1 && last != *b"\n")
}

/// Gives a file another name in its file system, in the place of one that is there, and sees to it that this lasts.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    held::rename(from, to)?;
    sync_directory(directory_of(to))
}

/// Removes a file; returns whether there was one.
pub fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes what is to be put, beside its place. Such files are made with the mode 0600.
fn prepare(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let directory = directory_of(path);
    make_directory(directory)?;
    let mut file = NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    if let Ok(before) = fs::metadata(path) {
        file.as_file().set_permissions(for_us_to_write(before.permissions()))?;
    }
    Ok(file)
}

/// What others could write they can only read from now on.
#[cfg(unix)]
fn for_us_to_write(before: fs::Permissions) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(before.mode() & !0o022)
}

#[cfg(not(unix))]
fn for_us_to_write(before: fs::Permissions) -> fs::Permissions {
    before
}

fn put(file: NamedTempFile, path: &Path) -> io::Result<()> {
    held::persist(file, path)?;
    give_to_neighbours(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::{append, replace};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_file_is_for_its_owner_only_and_an_old_one_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/file");
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        replace(&path, b"one").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"two").unwrap();
        append(&path, b"three").unwrap();
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (0o644, "two\nthree"));
    }
}
