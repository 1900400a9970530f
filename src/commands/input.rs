//! What people type, or keep in files: ids, names and texts.

use std::io::{self, Read};
use std::path::Path;

use crate::disk::{self, Blocking, Refused};
use crate::error::{Error, Kind};

/// Reads an id or a name: any text but an empty one.
pub fn id_or_name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("an id or a name must not be empty") } else { Ok(text.to_owned()) }
}

/// Names are for people, in a line among others.
const LONGEST_NAME: usize = 256;

/// Reads a name that is given to something: one that people can read, and that no log grows by.
pub fn new_name(text: &str) -> Result<String, String> {
    let name = id_or_name(text)?;
    match name.chars().find(|letter| letter.is_control()) {
        Some(letter) => Err(format!("a name has no control characters, and this one has {letter:?}")),
        None if name.chars().count() > LONGEST_NAME => Err(format!("a name has at most {LONGEST_NAME} characters")),
        None => Ok(name),
    }
}

/// More than any text of a person's.
const LARGEST: u64 = 16 << 20;

/// Reads a text that the user keeps in a file; `-` is stdin.
pub fn text(path: &Path, what: &str) -> Result<String, Error> {
    let read = match path.as_os_str() == "-" {
        true => bounded(Blocking(io::stdin().lock())),
        false => disk::open(path).and_then(bounded),
    };
    read.map_err(|cause| Error::new(Kind::Usage, format!("cannot read {what} from `{}`", path.display())).cause(cause))
}

/// Reads such a text that decides what is done to keys, which nobody else may have written.
pub fn trusted_text(path: &Path, what: &str) -> Result<String, Error> {
    // Who gives a pipe or stdin gives it now.
    if path.as_os_str() != "-" && path.is_file() {
        disk::check_file(path).map_err(|refused| match refused {
            Refused::Untrusted(untrusted) => Error::from(untrusted),
            refused => Error::new(Kind::Usage, format!("cannot read {what} from `{}`", path.display())).cause(refused),
        })?;
    }
    text(path, what)
}

/// Reads a text that may have no end. A mark of byte order is no part of it.
fn bounded(from: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        io::Error::other(format!("it is not valid UTF-8, at line {line}"))
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
