//! Keys in files that their owner alone can read: those that a user names, and those that we keep.
//!
//! What we keep is checked on every read: no link, no other owner, no other reader, of the file and of its directory.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Error, key};
use crate::secret::Secret;

/// More than any key, so that a wrong file is not read to its end.
const MOST: u64 = 64 * 1024;

/// What of a profile's name stays as it is in the name of its file.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Reads the key in a file that the user named; `-` is stdin.
pub fn read(path: &Path) -> Result<Secret, Error> {
    if path.as_os_str() == "-" {
        return from(io::stdin().lock(), "stdin");
    }
    let what = format!("the key file `{}`", path.display());
    let unreadable = |source| Error::Unreadable { what: what.clone(), source };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::Error::other("it is no regular file; a pipe is read with `--key-file -`")));
    }
    let file = File::open(path).map_err(unreadable)?;
    refuse_readers(&file, path, 0o600)?;
    from(file, &what)
}

/// Checks that a key could be kept in this directory, and makes it.
pub fn probe(directory: &Path) -> Result<(), Error> {
    let failed = |source| Error::File { verb: "make", path: directory.to_owned(), source };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(directory).map_err(failed)?;
    own_directory(directory)?;
    tempfile::NamedTempFile::new_in(directory).map(drop).map_err(failed)
}

/// Reads the key that is kept for a profile; none if there is none.
pub fn read_kept(directory: &Path, profile: &str) -> Result<Option<Secret>, Error> {
    let path = path(directory, profile);
    let failed = |source| Error::File { verb: "read", path: path.clone(), source };
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(found) if found.is_symlink() => return Err(Error::Unsafe { path, problem: "is a link" }),
        Ok(found) if !found.is_file() => return Err(Error::Unsafe { path, problem: "is no regular file" }),
        Ok(_) => {}
    }
    own_directory(directory)?;
    let mut options = OpenOptions::new();
    options.read(true);
    // It may have become a link since it was looked at.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    let file = options.open(&path).map_err(failed)?;
    refuse_owners(&file, &path)?;
    refuse_readers(&file, &path, 0o600)?;
    from(file, "").map(Some).map_err(|error| match error {
        Error::Text(problem) => failed(io::Error::other(problem)),
        Error::Unreadable { source, .. } => failed(source),
        error => error,
    })
}

/// Keeps a profile's key: all of it or nothing, in a file that is private from the beginning.
pub fn keep(directory: &Path, profile: &str, secret: &Secret) -> Result<(), Error> {
    probe(directory)?;
    let path = path(directory, profile);
    let write = || {
        // Such files are made with the mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(secret.expose().as_bytes())?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|source| Error::File { verb: "write", path: path.clone(), source })?;
    match read_kept(directory, profile)? {
        Some(found) if found == *secret => Ok(()),
        _ => Err(Error::NotKept { store: "file", verb: "give it back" }),
    }
}

/// Forgets a profile's key; returns whether there was one.
pub fn forget(directory: &Path, profile: &str) -> Result<bool, Error> {
    let path = path(directory, profile);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Error::File { verb: "delete", path, source }),
    }
}

fn path(directory: &Path, profile: &str) -> PathBuf {
    // A name of dots alone would lead out of the directory, so a file has an ending.
    directory.join(format!("{}.key", utf8_percent_encode(profile, ESCAPED)))
}

fn from(reader: impl Read, what: &str) -> Result<Secret, Error> {
    let mut bytes = Vec::new();
    let read = reader.take(MOST).read_to_end(&mut bytes);
    read.map_err(|source| Error::Unreadable { what: what.to_owned(), source })?;
    key(bytes).map_err(Error::Text)
}

/// A directory that others can write to may hold a file of theirs under our name.
fn own_directory(directory: &Path) -> Result<(), Error> {
    let failed = |source| Error::File { verb: "read", path: directory.to_owned(), source };
    let opened = File::open(directory).map_err(failed)?;
    refuse_owners(&opened, directory)?;
    refuse_readers(&opened, directory, 0o700)
}

#[cfg(unix)]
fn refuse_owners(file: &File, path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata();
    let metadata = metadata.map_err(|source| Error::File { verb: "read", path: path.to_owned(), source })?;
    if metadata.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(Error::Unsafe { path: path.to_owned(), problem: "belongs to another user" })
}

/// A key that others can read is no secret any more.
#[cfg(unix)]
fn refuse_readers(file: &File, path: &Path, wanted: u32) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata();
    let metadata = metadata.map_err(|source| Error::Unreadable { what: format!("`{}`", path.display()), source })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(Error::Exposed { path: path.to_owned(), mode, wanted }) }
}

#[cfg(not(unix))]
fn refuse_owners(_: &File, _: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readers(_: &File, _: &Path, _: u32) -> Result<(), Error> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{forget, keep, path, read_kept};
    use crate::secret::Secret;
    use std::path::Path;

    #[test]
    fn what_is_kept_is_read_and_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path().join("keys");
        assert_eq!(read_kept(&directory, "a").unwrap(), None);
        let secret = Secret::new("k-of-a-file".into());
        keep(&directory, "a", &secret).unwrap();
        assert_eq!(read_kept(&directory, "a").unwrap(), Some(secret));
        assert!(forget(&directory, "a").unwrap());
        assert!(!forget(&directory, "a").unwrap());
    }

    #[test]
    fn no_name_leads_out_of_the_directory() {
        for (name, file) in
            [("a", "a.key"), ("..", "...key"), ("../x", "..%2Fx.key"), ("Süd", "S%C3%BCd.key"), ("", ".key")]
        {
            assert_eq!(path(Path::new("keys"), name), Path::new("keys").join(file));
        }
    }
}
