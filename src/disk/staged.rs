//! A file that gets its name only once it is complete: a run that ends before that leaves nothing behind.
//!
//! On Linux the file has no name at all until then, so not even a killed run leaves one. Elsewhere it has a temporary
//! name, and the file is deleted when the value is dropped.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::busy;
use super::directory::{chown_like_parent, directory_of, sync_directory};

/// More room than any key needs; it is reserved before there is a key.
const ROOM: [u8; 4096] = [0; 4096];

/// A private file that has not got its name yet.
pub struct Staged {
    path: PathBuf,
    inner: Inner,
}

enum Inner {
    #[cfg(target_os = "linux")]
    Unnamed(File),
    Named(NamedTempFile),
}

impl Staged {
    /// Creates the file in its directory, and checks that the name is possible and that there is a little room.
    pub fn new(path: &Path) -> io::Result<Staged> {
        let mut staged = Staged::open(path, 0o600)?;
        staged.file().write_all(&ROOM)?;
        // Finds out now if the name is too long; any other test would leave a file behind if the run ended in between.
        match path.symlink_metadata() {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(staged),
        }
    }

    /// Creates a file for output that is not secret and grows. Follows a link, and takes the mode of the file that it
    /// will replace, or the mode that a shell would give.
    pub fn public(path: &Path) -> io::Result<Staged> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = match fs::metadata(&path) {
            Ok(before) if !before.is_file() => return Err(io::Error::other("it is not a regular file")),
            Ok(before) => Some(before.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mut staged = Staged::open(&path, 0o666)?;
        if let Some(before) = before {
            staged.file().set_permissions(before)?;
        }
        Ok(staged)
    }

    fn open(path: &Path, mode: u32) -> io::Result<Staged> {
        let directory = directory_of(path);
        let inner = match unnamed(directory, mode) {
            Some(inner) => inner,
            None => Inner::Named(named(directory, mode)?),
        };
        Ok(Staged { path: path.to_owned(), inner })
    }

    /// Appends to the file.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file().write_all(bytes)
    }

    /// Syncs everything that was written to the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file().sync_all()
    }

    fn file(&mut self) -> &mut File {
        match &mut self.inner {
            #[cfg(target_os = "linux")]
            Inner::Unnamed(file) => file,
            Inner::Named(file) => file.as_file_mut(),
        }
    }

    /// Replaces the contents.
    pub fn write(&mut self, parts: &[&[u8]]) -> io::Result<()> {
        let file = self.file();
        file.rewind()?;
        parts.iter().try_for_each(|part| file.write_all(part))?;
        // Truncates last: room that was given back earlier might be gone.
        file.set_len(parts.iter().map(|part| part.len() as u64).sum())?;
        file.sync_all()
    }

    /// Gives the file its name; replaces an existing file only if `replace` is true.
    pub fn put(self, replace: bool) -> io::Result<()> {
        let path = self.path;
        match self.inner {
            #[cfg(target_os = "linux")]
            Inner::Unnamed(file) => link(&file, &path, replace)?,
            Inner::Named(file) if replace => busy::persist(file, &path)?,
            Inner::Named(file) => drop(file.persist_noclobber(&path)?),
        }
        chown_like_parent(&path)?;
        sync_directory(directory_of(&path))
    }
}

#[cfg(target_os = "linux")]
fn unnamed(directory: &Path, mode: u32) -> Option<Inner> {
    use std::os::unix::fs::OpenOptionsExt;
    // Without /proc, an unnamed file cannot get a name.
    if !Path::new("/proc/self/fd").is_dir() {
        return None;
    }
    let flags = rustix::fs::OFlags::TMPFILE.bits().cast_signed();
    File::options().write(true).mode(mode).custom_flags(flags).open(directory).ok().map(Inner::Unnamed)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path, _: u32) -> Option<Inner> {
    None
}

#[cfg(unix)]
fn named(directory: &Path, mode: u32) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new().permissions(fs::Permissions::from_mode(mode)).tempfile_in(directory)
}

#[cfg(not(unix))]
fn named(directory: &Path, mode: u32) -> io::Result<NamedTempFile> {
    use std::os::windows::fs::OpenOptionsExt;
    /// Lets others rename the file while it is open, as we do at the end.
    const FILE_SHARE_DELETE: u32 = 4;
    if mode != 0o600 {
        return NamedTempFile::new_in(directory);
    }
    let make = |path: &Path| {
        drop(File::create_new(path)?);
        let opened = super::private::keep_to_owner(path).and_then(|()| {
            // This fails while somebody reads who opened the file before it was private.
            busy::retry_while_busy(|| File::options().write(true).share_mode(FILE_SHARE_DELETE).open(path))
        });
        opened.inspect_err(|_| drop(fs::remove_file(path)))
    };
    tempfile::Builder::new().make_in(directory, make)
}

#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path, replace: bool) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    let give = |name: &Path| linkat(CWD, &*open, CWD, name, AtFlags::SYMLINK_FOLLOW);
    match give(path) {
        Err(error) if replace && error == rustix::io::Errno::EXIST => {}
        given => return Ok(given?),
    }
    // `linkat` replaces no file, so the new one gets a name beside it first.
    let beside = tempfile::Builder::new().make_in(directory_of(path), |name| Ok(give(name)?))?;
    beside.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Staged;
    use std::fs;

    #[test]
    fn the_file_exists_once_it_is_put_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let count = || fs::read_dir(folder.path()).unwrap().count();
        let unfinished = usize::from(!cfg!(target_os = "linux"));
        for replace in [false, true] {
            let mut staged = Staged::new(&path).unwrap();
            staged.write(&[b"secret", b"\n"]).unwrap();
            assert_eq!(count(), usize::from(replace) + unfinished, "nothing but what was there before");
            staged.put(replace).unwrap();
            assert_eq!((fs::read_to_string(&path).unwrap().as_str(), count()), ("secret\n", 1));
        }
        let mut other = Staged::new(&path).unwrap();
        other.write(&[b"other"]).unwrap();
        assert!(other.put(false).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "secret\n");
    }

    #[test]
    fn a_public_file_grows_unseen_and_replaces_the_target_of_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        fs::write(&path, "old").unwrap();
        #[cfg_attr(not(unix), expect(unused_mut, reason = "creating a link needs a privilege there"))]
        let mut link = path.clone();
        #[cfg(unix)]
        {
            link.set_file_name("link");
            std::os::unix::fs::symlink(&path, &link).unwrap();
        }
        let mut staged = Staged::public(&link).unwrap();
        staged.append(b"one\n").unwrap();
        staged.append(b"two\n").unwrap();
        staged.sync().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        staged.put(true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        assert!(Staged::public(folder.path()).is_err() && Staged::public(&folder.path().join("no/where")).is_err());
    }

    #[test]
    fn an_impossible_file_name_is_refused_immediately() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["n".repeat(300), "no/where".to_owned()] {
            assert!(Staged::new(&folder.path().join(name)).is_err());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
