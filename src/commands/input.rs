//! Input by people: ids, names and texts, from options and files.

use std::io::{self, Read};
use std::path::Path;

use crate::disk::{self, Blocking, Refused};
use crate::error::{Error, Kind};

/// Parses an id or a name: any text that is not blank.
pub fn id_or_name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("an id or a name must not be empty") } else { Ok(text.to_owned()) }
}

/// A name has to fit into a line.
const LONGEST_NAME: usize = 256;

/// Parses the name of something new: readable, and short enough for a log.
pub fn new_name(text: &str) -> Result<String, String> {
    let name = id_or_name(text)?;
    match name.chars().find(|letter| letter.is_control()) {
        Some(letter) => Err(format!("a name has no control characters, and this one has {letter:?}")),
        None if name.chars().count() > LONGEST_NAME => Err(format!("a name has at most {LONGEST_NAME} characters")),
        None => Ok(name),
    }
}

/// Larger than any text that a person writes.
const LARGEST: u64 = 16 << 20;

/// Reads a text file of the user's; `-` is stdin.
pub fn text(path: &Path, what: &str) -> Result<String, Error> {
    let read = match path.as_os_str() == "-" {
        true => bounded(Blocking(io::stdin().lock())),
        false => disk::open(path).and_then(bounded),
    };
    read.map_err(|cause| Error::new(Kind::Usage, format!("cannot read {what} from `{}`", path.display())).cause(cause))
}

/// Reads a text that decides about keys, so only the user may be able to write its file.
pub fn trusted_text(path: &Path, what: &str) -> Result<String, Error> {
    // Stdin and pipes come from the caller, so their permissions say nothing.
    if path.as_os_str() != "-" && path.is_file() {
        disk::check_file(path).map_err(|refused| match refused {
            Refused::Untrusted(untrusted) => Error::from(untrusted),
            refused => Error::new(Kind::Usage, format!("cannot read {what} from `{}`", path.display())).cause(refused),
        })?;
    }
    text(path, what)
}

/// Reads a text, up to a limit. A byte order mark is removed.
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
