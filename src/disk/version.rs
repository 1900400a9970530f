//! The format version of our files. It decides how the rest is read, so it is checked first.
//!
//! A version is raised when the meaning of a file changes; an addition needs none. Nothing here reads the rest.

use std::io;

use memchr::memmem::find;
use serde::Deserialize;

#[derive(Deserialize)]
struct Versioned {
    /// A file or line without a version has version 1.
    #[serde(default = "first")]
    version: u32,
}

fn first() -> u32 {
    1
}

/// A file in a format that this version of the program does not know.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} version of optra wrote it: its format is {found}, and this version knows {known}", if found > known { "a newer" } else { "an older" })]
pub struct OtherVersion {
    pub found: u32,
    pub known: u32,
}

/// Refuses an unknown version.
pub fn check_version(found: u32, known: u32) -> Result<(), OtherVersion> {
    if found == known { Ok(()) } else { Err(OtherVersion { found, known }) }
}

/// Refuses a JSON document of another version, and text that is not JSON.
pub fn check_document(text: &[u8], known: u32) -> io::Result<()> {
    let Versioned { version } = serde_json::from_slice(text)?;
    check_version(version, known).map_err(io::Error::other)
}

/// Refuses JSON lines if one of them has another version. Ignores a line that a crash has truncated.
pub fn check_lines(text: &[u8], known: u32) -> io::Result<()> {
    let named = text.split(|byte| *byte == b'\n').filter(|line| find(line, b"\"version\"").is_some());
    let mut versions = named.filter_map(|line| serde_json::from_slice::<Versioned>(line).ok());
    versions.try_for_each(|line| check_version(line.version, known)).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::{check_document, check_lines};

    #[test]
    fn another_version_is_reported_before_any_other_problem() {
        assert!(check_document(b"{\"version\":2}", 2).is_ok() && check_document(b"{}", 1).is_ok());
        let newer = check_document(b"{\"version\":3,\"stages\":[]}", 2).unwrap_err().to_string();
        assert_eq!(newer, "a newer version of optra wrote it: its format is 3, and this version knows 2");
        assert!(check_document(b"{\"version\":1}", 2).unwrap_err().to_string().starts_with("an older version"));
        assert!(check_document(b"{\"version\":", 2).is_err());
    }

    #[test]
    fn a_line_of_a_newer_version_is_found_among_others() {
        let old = "{\"note\":\"gone\"}\n{\"name\":\"a \\\"version\\\"\"}\n{\"version\":9,\"cut";
        assert!(check_lines(old.as_bytes(), 1).is_ok());
        assert!(check_lines(format!("{old}\n{{\"version\":2}}\n").as_bytes(), 1).is_err());
    }
}
