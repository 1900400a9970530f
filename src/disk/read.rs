//! Reading a file of ours: a regular one, of a size that it can have.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Reads the text of a file that is no larger than `most` bytes.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let kind = fs::metadata(path)?;
    // A pipe of this name would be waited for without end; of a directory the system says what it is.
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    match text.len() as u64 > most {
        true => Err(io::Error::other(format!("it is larger than {} KiB", most >> 10))),
        false => Ok(text),
    }
}
