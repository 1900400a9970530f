//! A key from a file that its owner alone can read, or from stdin.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{Error, key};
use crate::secret::Secret;

/// More than any key, so that a wrong file is not read to its end.
const MOST: u64 = 64 * 1024;

/// Reads the key in a file; `-` is stdin.
pub fn read(path: &Path) -> Result<Secret, Error> {
    if path.as_os_str() == "-" {
        return from(io::stdin().lock(), "stdin");
    }
    let what = format!("the key file `{}`", path.display());
    let unreadable = |source| Error::Unreadable { what: what.clone(), source };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::Error::other("it is no regular file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    refuse_exposed(&file, path).and_then(|()| from(file, &what))
}

fn from(reader: impl Read, what: &str) -> Result<Secret, Error> {
    let mut bytes = Vec::new();
    let read = reader.take(MOST).read_to_end(&mut bytes);
    read.map_err(|source| Error::Unreadable { what: what.to_owned(), source })?;
    key(bytes).map_err(Error::Text)
}

/// A key that others can read is no secret any more.
#[cfg(unix)]
fn refuse_exposed(file: &File, path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata();
    let metadata = metadata.map_err(|source| Error::Unreadable { what: format!("`{}`", path.display()), source })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(Error::Exposed { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &File, _: &Path) -> Result<(), Error> {
    Ok(())
}
