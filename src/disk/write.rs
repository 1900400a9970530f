//! Writes our files: complete after a crash, accessible to their owner only, and with their former owner and mode.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

use super::busy;
use super::directory::{chown_like_parent, directory_of, make_directory, sync_directory};

/// Replaces a file so that after a crash it is either the old one or the new one.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = prepare(path, bytes)?;
    file.as_file().sync_all()?;
    put(file, path)?;
    sync_directory(directory_of(path))
}

/// Replaces a file that can be recreated: after a crash of the machine it may be neither the old nor the new one.
pub fn replace_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put(prepare(path, bytes)?, path)
}

/// Writes a private temporary file, for a program that only reads files; it is deleted when the value is dropped.
pub fn private_copy(bytes: &[u8]) -> io::Result<TempPath> {
    let mut file = NamedTempFile::new()?;
    file.write_all(bytes)?;
    Ok(file.into_temp_path())
}

/// Writes a file that does not exist yet.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| chown_like_parent(path));
    if written.is_err() {
        // A partial file must neither pass for a complete one nor block the next try.
        let _ = fs::remove_file(path);
    }
    written
}

/// Appends a line in one write, so that lines of concurrent runs do not mix. If the last line was truncated, starts a
/// new one.
pub fn append(path: &Path, line: &[u8]) -> io::Result<()> {
    make_directory(directory_of(path))?;
    let (mut file, is_new) = open_end(path)?;
    add(&mut file, line)?;
    // Done last: a failure here must not leave an empty file behind.
    if is_new { chown_like_parent(path) } else { Ok(()) }
}

/// Appends a line for a caller that holds the lock. `line` makes it from the file's contents; a partial write, such as
/// on a full disk, is rolled back.
pub fn append_whole(path: &Path, line: impl FnOnce(&mut File) -> io::Result<Vec<u8>>) -> io::Result<()> {
    make_directory(directory_of(path))?;
    let (mut file, is_new) = open_end(path)?;
    let line = line(&mut file)?;
    let before = file.metadata()?.len();
    add(&mut file, &line).inspect_err(|_| {
        // If this fails too, the file ends with a truncated line.
        let _ = file.set_len(before);
    })?;
    if is_new { chown_like_parent(path) } else { Ok(()) }
}

/// Appends a line to a file that several programs may append to, and returns where the line begins. A partial write is
/// rolled back; the directory has to be there.
#[cfg(feature = "server")]
pub fn add_line(path: &Path, line: &[u8]) -> io::Result<u64> {
    let (mut file, is_new) = open_end(path)?;
    file.lock()?;
    let before = file.metadata()?.len();
    let end = usize::from(is_cut(&mut file)?);
    add(&mut file, line).inspect_err(|_| {
        // If this fails too, the file ends with a truncated line.
        let _ = file.set_len(before);
    })?;
    if is_new {
        chown_like_parent(path)?;
    }
    Ok(before + end as u64)
}

/// Replaces a line by one of the same length, which takes no room; returns false if another one is there.
#[cfg(feature = "server")]
pub fn replace_line(path: &Path, start: u64, old: &[u8], new: &[u8]) -> io::Result<bool> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits().cast_signed(),
    );
    let mut file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    file.lock()?;
    let mut found = vec![0; old.len()];
    file.seek(SeekFrom::Start(start))?;
    if old.len() != new.len() || file.read_exact(&mut found).is_err() || found != old {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(start))?;
    file.write_all(new).map(|()| true)
}

/// Opens a file for appending; returns whether it is new.
fn open_end(path: &Path) -> io::Result<(File, bool)> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // If a pipe of this name has no reader, opening it would block.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok((file, is_new))
}

fn add(file: &mut File, line: &[u8]) -> io::Result<()> {
    let end = if is_cut(file)? { &b"\n"[..] } else { b"" };
    file.write_all(&[end, line].concat())
}

/// Returns true if the last line is not terminated.
fn is_cut(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    Ok(file.read(&mut last)? == 1 && last != *b"\n")
}

/// Returns the last line of a file without its terminator, and whether the terminator is missing.
pub fn last_line(file: &mut (impl Read + Seek)) -> io::Result<(Vec<u8>, bool)> {
    const BLOCK: u64 = 4 << 10;
    let is_cut = is_cut(file)?;
    let (mut start, mut line) = (file.seek(SeekFrom::End(0))?.saturating_sub(u64::from(!is_cut)), Vec::new());
    while start > 0 {
        let from = start.saturating_sub(BLOCK);
        let mut block = vec![0; usize::try_from(start - from).unwrap_or_default()];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut block)?;
        let end = block.iter().rposition(|byte| *byte == b'\n');
        block.drain(..end.map_or(0, |end| end + 1));
        line = [block, line].concat();
        start = if end.is_some() { 0 } else { from };
    }
    Ok((line, is_cut))
}

/// Renames a file within its file system, replacing an existing one, and syncs the directory.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    busy::rename(from, to)?;
    sync_directory(directory_of(to))
}

/// Removes a file; returns whether it existed.
pub fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes the new contents to a temporary file beside `path`. It is created with mode 0600.
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

/// Removes write access for others.
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
    busy::persist(file, path)?;
    chown_like_parent(path)
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
