//! Where a secret goes, as the user names it and as the journal notes it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A place for the secret of a new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    /// The operating system's keyring, under the name of a profile; of the one in use, where none is named.
    Keyring(Option<String>),
    File(PathBuf),
    /// A program that reads it from its stdin.
    Command(String),
}

impl Destination {
    /// Returns true for a place that would have the secret if it had been delivered there, and has not.
    pub fn is_known_to_be_empty(&self) -> bool {
        matches!(self, Destination::File(path) if !path.exists())
    }

    /// Returns true for a place that gives the secret back.
    pub fn gives_back(&self) -> bool {
        matches!(self, Destination::File(_) | Destination::Keyring(_))
    }

    /// Returns the same place, wherever and by whomever it is named from later. Two names of one place become one.
    pub fn resolved(&self, profile: &str) -> Destination {
        match self {
            Destination::File(path) => Destination::File(absolute(path)),
            Destination::Keyring(None) => Destination::Keyring(Some(profile.to_owned())),
            place => place.clone(),
        }
    }
}

/// Links in the directories that lead to a file are followed, and the file's own name is kept.
fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (whole.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => whole,
    }
}

/// Returns true for what can only be a directory, whether or not it is there.
fn is_directory(path: &str) -> bool {
    !path.is_empty() && (path.ends_with(std::path::is_separator) || Path::new(path).file_name().is_none())
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Destination, String> {
        match text.split_once(':').unwrap_or((text, "")) {
            ("stdout", "") => Ok(Destination::Stdout),
            ("keyring", "") => Ok(Destination::Keyring(None)),
            ("keyring", name) => Ok(Destination::Keyring(Some(name.to_owned()))),
            ("file", path) if is_directory(path) => {
                Err(format!("`{path}` is the name of a directory; name a file in it"))
            }
            ("file", path) if !path.is_empty() => Ok(Destination::File(PathBuf::from(path))),
            ("command", words) if !words.trim().is_empty() => Ok(Destination::Command(words.to_owned())),
            _ => Err("write it as stdout, keyring, keyring:PROFILE, file:PATH or command:'CMD ARGS'".to_owned()),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Stdout => f.write_str("stdout"),
            Destination::Keyring(None) => f.write_str("keyring"),
            Destination::Keyring(Some(name)) => write!(f, "keyring:{name}"),
            Destination::File(path) => write!(f, "file:{}", path.display()),
            Destination::Command(words) => write!(f, "command:{words}"),
        }
    }
}

impl Serialize for Destination {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Destination {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Destination, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Destination;
    use std::path::PathBuf;

    #[test]
    fn destinations_are_read_and_written_alike() {
        for text in ["stdout", "keyring", "keyring:staging", "file:a:b", "command:gh secret set KEY"] {
            assert_eq!(text.parse::<Destination>().unwrap().to_string(), text);
        }
        for text in ["", "stdout:x", "file:", "file:sub/", "file:..", "file:/", "command: ", "clipboard"] {
            assert!(text.parse::<Destination>().is_err(), "{text}");
        }
    }

    #[test]
    fn two_names_of_one_place_are_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        let file = |name: &str| Destination::File(folder.path().join(name)).resolved("a");
        assert_eq!(file("k"), file("d/../k"));
        assert_ne!(file("k"), file("d/k"));
        assert_eq!(Destination::Keyring(None).resolved("a"), Destination::Keyring(Some("a".into())).resolved("b"));
        // Windows has an absolute path begin with a disk.
        let nowhere = std::path::absolute("/no/where/k").unwrap();
        let resolved = Destination::File(PathBuf::from("/no/where/k")).resolved("a");
        assert_eq!(resolved.to_string(), format!("file:{}", nowhere.display()));
    }
}
