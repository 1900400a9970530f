//! Where a secret goes, as the user names it and as the journal records it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A place for the secret of a new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    /// The system's keyring, in the entry of a profile; of the active one, if none is named.
    Keyring(Option<String>),
    File(PathBuf),
    /// A command that reads it from its stdin.
    Command(String),
}

impl Destination {
    /// Returns true for a destination that can be read back.
    pub fn gives_back(&self) -> bool {
        matches!(self, Destination::File(_) | Destination::Keyring(_))
    }

    /// Returns the destination in canonical form, independent of the working directory and the active profile.
    pub fn resolved(&self, profile: &str) -> Destination {
        match self {
            Destination::File(path) => Destination::File(absolute(path)),
            Destination::Keyring(None) => Destination::Keyring(Some(profile.to_owned())),
            place => place.clone(),
        }
    }
}

/// Resolves links in the directories that lead to a file, but keeps the file name.
fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (whole.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => whole,
    }
}

/// Returns true for a path that can only be a directory, existing or not.
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
        // On Windows an absolute path begins with a drive.
        let nowhere = std::path::absolute("/no/where/k").unwrap();
        let resolved = Destination::File(PathBuf::from("/no/where/k")).resolved("a");
        assert_eq!(resolved.to_string(), format!("file:{}", nowhere.display()));
    }
}
