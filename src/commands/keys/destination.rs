//! Where the secret of a new key goes: named by the user, opened and proven before there is a key.
//!
//! What can be undone is done first, what cannot comes last; so a failure on the way leaves nothing behind that looks like a
//! delivery.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::config::{self, Profile, profile_option};
use crate::context::Context;
use crate::credentials::{self, Store};
use crate::error::{Error, Kind};
use crate::secret::Secret;

/// A place that the user named with `--to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    /// The operating system's keyring, under the name of a profile.
    Keyring(Option<String>),
    File(PathBuf),
    /// A program that reads it from its stdin.
    Command(String),
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Destination, String> {
        match text.split_once(':').unwrap_or((text, "")) {
            ("stdout", "") => Ok(Destination::Stdout),
            ("keyring", "") => Ok(Destination::Keyring(None)),
            ("keyring", name) => Ok(Destination::Keyring(Some(config::profile_name(name)?))),
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

/// A destination that was opened and proven.
pub struct Ready {
    name: String,
    place: Place,
}

enum Place {
    Stdout,
    Keyring { profile: String, store: Store, before: Option<Secret> },
    File { path: PathBuf, file: tempfile::NamedTempFile, force: bool },
    Command { words: String },
}

impl Destination {
    /// Returns true for a place that would have the secret if it had been delivered there, and has not.
    pub fn is_known_to_be_empty(&self) -> bool {
        matches!(self, Destination::File(path) if !path.exists())
    }

    /// Returns the same place, wherever it is named from later.
    pub fn absolute(&self) -> Destination {
        match self {
            Destination::File(path) => Destination::File(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
            place => place.clone(),
        }
    }

    /// Opens and tests it. Nothing that is there is replaced without `force`.
    fn prepare(&self, force: bool, cx: &Context) -> Result<Ready, Error> {
        let place = match self {
            Destination::Stdout if cx.out.goes_nowhere() => {
                return Err(Error::new(
                    Kind::Declined,
                    "no key was made: its secret would be lost, because stdout goes nowhere",
                )
                .hint("Take it into a variable or a file: `KEY=$(optra keys generate)`, or `--to file:PATH`."));
            }
            Destination::Stdout => Place::Stdout,
            Destination::Keyring(name) => keyring(name.as_deref(), force, cx)?,
            Destination::File(path) => file(path, force)?,
            Destination::Command(words) => {
                credentials::command::find(words)?;
                Place::Command { words: words.clone() }
            }
        };
        Ok(Ready { name: self.to_string(), place })
    }
}

fn keyring(name: Option<&str>, force: bool, cx: &Context) -> Result<Place, Error> {
    if cx.config.sandbox() {
        let message = "a key of the sandbox is of no use in the keyring: the sandbox is no profile's portal";
        return Err(Error::new(Kind::Usage, message));
    }
    cx.config.can_save()?;
    let profile = match name {
        Some(name) => name.to_owned(),
        None => cx.config.profile_name()?,
    };
    let noted = cx.config.file()?.profiles.get(&profile).and_then(|noted| noted.portal.clone());
    let endpoint = cx.endpoint()?;
    if let Some(noted) = noted.filter(|noted| *noted != endpoint.base()) {
        let message = format!("profile `{profile}` is for {noted}, and this key is for {}", endpoint.base());
        return Err(Error::new(Kind::Declined, message).hint("Name another profile: `--to keyring:NAME`."));
    }
    let store = Store::Keyring { limit: cx.config.store_timeout };
    store.probe(&profile)?;
    let before = store.read(&profile)?;
    if before.is_some() && !force {
        let message = format!("the keyring has a key of profile `{profile}` already");
        return Err(Error::new(Kind::Declined, message)
            .hint("Name another profile with `--to keyring:NAME`, or replace the key with `--force`."));
    }
    Ok(Place::Keyring { profile, store, before })
}

fn file(path: &Path, force: bool) -> Result<Place, Error> {
    let failed = |source| credentials::Error::File { verb: "write", path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => {
            let message = format!("`{}` is there already, and is no regular file", path.display());
            return Err(Error::new(Kind::Declined, message).hint("Name another file."));
        }
        Ok(_) if !force => {
            let message = format!("`{}` is there already", path.display());
            return Err(Error::new(Kind::Declined, message).hint("Name another file, or replace it with `--force`."));
        }
        _ => {}
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.is_dir() {
        let message = format!("`{}` cannot be written: its directory is not there", path.display());
        return Err(Error::new(Kind::StoreFailed, message)
            .hint(format!("Make it: `mkdir -p {}`.", shell_words::quote(&directory.to_string_lossy()))));
    }
    // Such files are made with the mode 0600, and go with the run if it ends before they have their name.
    let file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    Ok(Place::File { path: path.to_owned(), file, force })
}

impl Ready {
    /// Returns true for stdout, which everything else that is printed has to make room for.
    pub fn is_stdout(&self) -> bool {
        matches!(self.place, Place::Stdout)
    }

    /// Puts the secret where it can still be taken away again.
    fn stage(&mut self, secret: &Secret) -> Result<(), Error> {
        match &mut self.place {
            Place::Keyring { profile, store, .. } => Ok(store.keep(profile, secret)?),
            Place::File { path, file, .. } => {
                let write = |file: &mut tempfile::NamedTempFile| {
                    file.write_all(secret.expose().as_bytes())?;
                    file.write_all(b"\n")?;
                    file.as_file().sync_all()
                };
                write(file).map_err(|source| credentials::Error::File { verb: "write", path: path.clone(), source })?;
                Ok(())
            }
            Place::Stdout | Place::Command { .. } => Ok(()),
        }
    }

    /// Hands the secret to a program, which cannot be undone.
    fn hand_over(&self, secret: &Secret) -> Result<(), Error> {
        match &self.place {
            Place::Command { words } => Ok(credentials::command::give(words, secret)?),
            _ => Ok(()),
        }
    }

    /// Gives what was staged its name, or takes it away.
    fn commit(self, key_id: &str, cx: &Context) -> Result<(), Error> {
        match self.place {
            Place::Keyring { ref profile, .. } => {
                note_in_profile(profile, key_id, cx).inspect_err(|_| self.undo(cx))?;
                let option = profile_option(profile);
                cx.out.status(format_args!("The key of profile `{profile}` is in the keyring: `optra{option} …`."));
                Ok(())
            }
            Place::File { path, file, force } => {
                let persisted = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
                let failed = |error: tempfile::PersistError| credentials::Error::File {
                    verb: "write",
                    path,
                    source: error.error,
                };
                persisted.map(drop).map_err(|error| failed(error).into())
            }
            Place::Stdout | Place::Command { .. } => Ok(()),
        }
    }

    /// Takes away what was staged, and puts back what was there.
    fn undo(&self, cx: &Context) {
        if let Place::Keyring { profile, store, before } = &self.place {
            let undone = match before {
                Some(before) => store.keep(profile, before),
                None => store.forget(profile).map(drop),
            };
            if let Err(error) = undone {
                cx.out.warn(format_args!("the keyring still has the key of profile `{profile}`: {error}"));
            }
        }
    }
}

/// Notes that a profile's key is in the keyring.
fn note_in_profile(profile: &str, key_id: &str, cx: &Context) -> Result<(), Error> {
    let noted = cx.config.file()?.profiles.get(profile).cloned().unwrap_or_default();
    let (portal, key_id) = (Some(cx.endpoint()?.base()), Some(key_id.to_owned()));
    Ok(cx.config.save_profile(profile, &Profile { portal, store: config::Store::Keyring, key_id, ..noted })?)
}

/// Opens and tests all places, none of which may be named twice.
pub fn prepare(places: &[Destination], force: bool, cx: &Context) -> Result<Vec<Ready>, Error> {
    let all: Vec<Destination> = places.iter().map(Destination::absolute).collect();
    if let Some((_, twice)) = all.iter().enumerate().find(|(n, place)| all[..*n].contains(place)) {
        return Err(Error::new(Kind::Usage, format!("`{twice}` is named twice")));
    }
    places.iter().map(|place| place.prepare(force, cx)).collect()
}

/// Brings a new key's secret to all its destinations, or leaves it at none that can be taken back. `print` writes it to
/// stdout.
pub fn deliver(
    mut places: Vec<Ready>,
    secret: &Secret,
    key_id: &str,
    cx: &Context,
    print: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let handed = (|| {
        for place in &mut places {
            place.stage(secret).map_err(|error| at(&place.name, error))?;
        }
        for place in &places {
            place.hand_over(secret).map_err(|error| at(&place.name, error))?;
        }
        if places.iter().any(Ready::is_stdout) {
            print().map_err(|error| at("stdout", error))?;
        }
        Ok(())
    })();
    if let Err(error) = handed {
        places.iter().for_each(|place| place.undo(cx));
        return Err(error);
    }
    let mut places = places.into_iter();
    while let Some(place) = places.next() {
        let name = place.name.clone();
        if let Err(error) = place.commit(key_id, cx) {
            places.for_each(|place| place.undo(cx));
            return Err(at(&name, error));
        }
    }
    Ok(())
}

fn at(name: &str, error: Error) -> Error {
    error.within(Kind::StoreFailed, format!("the secret did not reach `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::Destination;

    #[test]
    fn destinations_are_read_and_written_alike() {
        for text in ["stdout", "keyring", "keyring:staging", "file:a:b", "command:gh secret set KEY"] {
            assert_eq!(text.parse::<Destination>().unwrap().to_string(), text);
        }
        for text in ["", "stdout:x", "file:", "command: ", "clipboard", "keyring:\u{7}"] {
            assert!(text.parse::<Destination>().is_err(), "{text}");
        }
    }
}
