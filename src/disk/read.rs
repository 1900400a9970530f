//! Reads files that can control the client: regular ones of limited size that nobody else could have written.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::refused::Refused;
use super::trust::check_opened;

/// Reads the text of a file of at most `most` bytes, without a byte order mark.
pub fn read_text(path: &Path, most: u64) -> Result<String, Refused> {
    let text = String::from_utf8(read_bytes(path, most)?);
    let text = text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Reads the bytes of a file of at most `most` bytes.
pub fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, Refused> {
    let kind = fs::metadata(path)?;
    // Opening a pipe of this name would block forever; a directory gets the system's own error.
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::other("it is not a regular file").into());
    }
    let file = File::open(path)?;
    check_opened(path, &file)?;
    let mut bytes = Vec::with_capacity(usize::try_from(kind.len().min(most)).unwrap_or_default() + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::other(format!("it is larger than {} KiB", most >> 10)).into()),
        false => Ok(bytes),
    }
}
