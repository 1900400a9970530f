//! Keys in private files: files that a user names, and our own.
//!
//! Every read of our own files checks the file and its directory: no link, no other owner, no access for others.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::Error;
use super::stored_key::StoredKey;
use super::text::key;
use crate::disk::{self, Blocking, Refused};
use crate::secret::Secret;

/// More than any key, so that a wrong file is not read to its end.
const MOST: u64 = 64 * 1024;

/// Reads the key from a file that the user named; `-` is stdin.
pub fn read(path: &Path) -> Result<Secret, Error> {
    if path.as_os_str() == "-" {
        return from(Blocking(io::stdin().lock()), "stdin");
    }
    let what = format!("the key file `{}`", path.display());
    let unreadable = |source| Error::Unreadable { what: what.clone(), source };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::Error::other("it is not a regular file; a pipe is read with `--key-file -`")));
    }
    let file = File::open(path).map_err(unreadable)?;
    disk::refuse_readers(&file, 0o600).map_err(|refused| match refused {
        Refused::Unusable(source) => unreadable(source),
        refused => unsafe_file(path, "read", refused),
    })?;
    from(file, &what)
}

/// Reads the key from a private file that it was delivered to; `None` if there is no file. Follows no link.
pub fn read_private(path: &Path) -> Result<Option<Secret>, Error> {
    let file = match disk::open_private(path) {
        Err(refused) if refused.is_absent() => return Ok(None),
        opened => opened.map_err(|refused| unsafe_file(path, "read", refused))?,
    };
    from(file, &format!("the key file `{}`", path.display())).map(Some)
}

/// Checks that a directory can hold a key, and leaves nothing behind: a login that fails makes none.
pub fn probe(directory: &Path) -> Result<(), Error> {
    let failed = |source| Error::File { verb: "make", path: directory.to_owned(), source };
    let is_missing =
        |path: &&Path| fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    match directory.ancestors().find(|path| !is_missing(path)) {
        Some(above) if above != directory => disk::Staged::new(&above.join(".trial")).map(drop).map_err(failed),
        _ => prepare(directory),
    }
}

/// Creates the directory, and checks that it can hold a key.
fn prepare(directory: &Path) -> Result<(), Error> {
    let failed = |source| Error::File { verb: "make", path: directory.to_owned(), source };
    disk::make_directory(directory).map_err(failed)?;
    disk::check_private(directory).map_err(|refused| unsafe_file(directory, "read", refused))?;
    disk::Staged::new(&directory.join(".trial")).map(drop).map_err(failed)
}

/// Reads the stored key of a profile; `None` if there is none.
pub fn read_stored(directory: &Path, profile: &str) -> Result<Option<StoredKey>, Error> {
    let path = path(directory, profile);
    let failed = |source| Error::File { verb: "read", path: path.clone(), source };
    let file = match disk::open_private(&path) {
        Err(Refused::Unusable(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|refused| unsafe_file(&path, "read", refused))?,
    };
    disk::check_private(directory).map_err(|refused| unsafe_file(directory, "read", refused))?;
    kept(file).map(Some).map_err(|error| match error {
        Error::Text(problem) => failed(io::Error::other(problem)),
        Error::Unreadable { source, .. } => failed(source),
        error => error,
    })
}

/// The prefix of the origin, on the line after the key. Key and origin are in one file, so that a crash cannot pair
/// one of them with a former value of the other.
const PORTAL: &[u8] = b"portal ";

/// Reads a key, and the origin on the line after it, if there is one.
fn kept(file: impl Read) -> Result<StoredKey, Error> {
    let bytes = Zeroizing::new(bytes(file, "")?);
    let text = bytes.trim_ascii();
    let end = text.iter().rposition(|byte| *byte == b'\n');
    let (secret, origin) = match end.map(|end| text.split_at(end)) {
        Some((secret, last)) if last[1..].starts_with(PORTAL) => (secret, Some(&last[1 + PORTAL.len()..])),
        _ => (text, None),
    };
    let origin = origin.map(|origin| String::from_utf8_lossy(origin).trim().to_owned());
    Ok(StoredKey { secret: key(secret.to_vec()).map_err(Error::Text)?, origin })
}

/// Stores a profile's key and its origin atomically, in a file that is private from the beginning.
pub fn keep(directory: &Path, profile: &str, secret: &Secret, origin: Option<&str>) -> Result<(), Error> {
    prepare(directory)?;
    // A failure only makes the key less safe.
    let _ = hide_from_git(directory);
    let path = path(directory, profile);
    let write = || {
        let mut file = disk::Staged::new(&path)?;
        match origin {
            Some(origin) => file.write(&[secret.expose().as_bytes(), b"\n", PORTAL, origin.as_bytes(), b"\n"])?,
            None => file.write(&[secret.expose().as_bytes(), b"\n"])?,
        }
        file.put(true)
    };
    write().map_err(|source| Error::File { verb: "write", path: path.clone(), source })?;
    match read_stored(directory, profile)? {
        Some(found) if found.secret == *secret => Ok(()),
        _ => Err(Error::NotStored { store: "file", verb: "return it" }),
    }
}

/// Adds the key directory to `.gitignore`: people keep the directory above in git with their settings, and no key may
/// get there.
fn hide_from_git(directory: &Path) -> io::Result<()> {
    let (Some(above), Some(name)) = (directory.parent(), directory.file_name()) else { return Ok(()) };
    let (path, name) = (above.join(".gitignore"), name.to_string_lossy());
    let text = match disk::read_text(&path, MOST) {
        Err(refused) if refused.is_absent() => String::new(),
        text => text?,
    };
    let is_hidden = text.lines().any(|line| line == "*" || line.trim_matches('/') == name);
    if is_hidden { Ok(()) } else { disk::append(&path, format!("/{name}/\n").as_bytes()) }
}

/// Deletes a profile's key; returns whether there was one.
pub fn forget(directory: &Path, profile: &str) -> Result<bool, Error> {
    let path = path(directory, profile);
    disk::remove(&path).map_err(|source| Error::File { verb: "delete", path, source })
}

/// Returns the path of a profile's key file.
pub fn path(directory: &Path, profile: &str) -> PathBuf {
    directory.join(name(profile))
}

/// Returns the name of a profile's key file.
pub fn name(profile: &str) -> String {
    // Dots stay unescaped, because an extension follows.
    format!("{}.key", profile.split('.').map(disk::file_name).collect::<Vec<_>>().join("."))
}

fn from(reader: impl Read, what: &str) -> Result<Secret, Error> {
    key(bytes(reader, what)?).map_err(Error::Text)
}

fn bytes(reader: impl Read, what: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = reader.take(MOST).read_to_end(&mut bytes);
    read.map_err(|source| Error::Unreadable { what: what.to_owned(), source })?;
    Ok(bytes)
}

fn unsafe_file(path: &Path, verb: &'static str, refused: Refused) -> Error {
    let path = path.to_owned();
    match refused {
        Refused::Unsafe(problem) => Error::Unsafe { path, problem },
        Refused::Exposed { mode, wanted } => Error::Exposed { path, mode, wanted },
        refused => Error::File { verb, path, source: refused.into() },
    }
}

#[cfg(test)]
mod tests {
    use super::{forget, keep, kept, path, read_stored};
    use crate::credentials::stored_key::StoredKey;
    use crate::secret::Secret;
    use std::path::Path;

    #[test]
    fn a_stored_key_is_read_back_and_deleted() {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path().join("keys");
        assert_eq!(read_stored(&directory, "a").unwrap(), None);
        for origin in [Some("https://a.example"), Some("https://b.example"), None] {
            let secret = Secret::new("k-of-a-file".into());
            keep(&directory, "a", &secret, origin).unwrap();
            let kept = StoredKey { secret, origin: origin.map(str::to_owned) };
            assert_eq!(read_stored(&directory, "a").unwrap(), Some(kept));
        }
        keep(&directory, "a", &Secret::new("k-of-a-file".into()), Some("https://a.example")).unwrap();
        assert!(forget(&directory, "a").unwrap());
        assert!(!forget(&directory, "a").unwrap());
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
    }

    #[test]
    fn the_line_after_a_key_is_its_portal_or_an_error() {
        let read = |text: &str| kept(text.as_bytes()).map(|kept| kept.origin);
        assert_eq!(read("k-of-a-file").unwrap(), None);
        assert_eq!(read("k-of-a-file\r\nportal https://a.example\r\n").unwrap().as_deref(), Some("https://a.example"));
        for text in ["portal https://a.example", "k-1\nk-2", "k-1\nk-2\nportal https://a.example", "\nportal x"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_directory() {
        for (name, file) in
            [("a", "a.key"), ("..", "...key"), ("../x", "..%2Fx.key"), ("süd", "s%C3%BCd.key"), ("", ".key")]
        {
            assert_eq!(path(Path::new("keys"), name), Path::new("keys").join(file));
        }
    }
}
