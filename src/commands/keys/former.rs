//! What the destinations of a rotation held before: kept beside the new secret until the old key is gone, because it may be
//! the old key's, and a rotation that is taken back has to give it back.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::destination::Destination;
use crate::context::Context;
use crate::credentials::{self, Store};
use crate::error::Error;

/// A place that can hold one thing only.
enum Place {
    File(PathBuf),
    Keyring { store: Store, name: String },
}

/// Keeps what is there. What was kept before is older, and stays.
pub fn keep(destinations: &[Destination], cx: &Context) -> Result<(), Error> {
    for (place, _) in places(destinations, cx)? {
        match place {
            Place::File(path) => copy(&path, &beside(&path)).map_err(|source| unusable(&path, source))?,
            Place::Keyring { store, name } => {
                if let (Some(secret), None) = (store.read(&name)?, store.read(&slot(&name))?) {
                    store.keep(&slot(&name), &secret)?;
                }
            }
        }
    }
    Ok(())
}

/// Puts back what was kept, and returns the destinations that have it again.
pub fn give_back(destinations: &[Destination], cx: &Context) -> Result<Vec<String>, Error> {
    let mut given = Vec::new();
    for (place, named) in places(destinations, cx)? {
        match place {
            Place::File(path) => match fs::rename(beside(&path), &path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => {
                    renamed.map_err(|source| unusable(&path, source))?;
                    given.push(named);
                }
            },
            Place::Keyring { store, name } => {
                if let Some(secret) = store.read(&slot(&name))? {
                    store.keep(&name, &secret)?;
                    store.forget(&slot(&name))?;
                    given.push(named);
                }
            }
        }
    }
    Ok(given)
}

/// Lets go of what was kept: the old key is gone.
pub fn forget(destinations: &[Destination], cx: &Context) -> Result<(), Error> {
    for (place, _) in places(destinations, cx)? {
        match place {
            Place::File(path) => match fs::remove_file(beside(&path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(&path, error)),
                _ => {}
            },
            Place::Keyring { store, name } => drop(store.forget(&slot(&name))?),
        }
    }
    Ok(())
}

/// Returns the places, and what they are called.
fn places(destinations: &[Destination], cx: &Context) -> Result<Vec<(Place, String)>, Error> {
    let mut places = Vec::new();
    for destination in destinations {
        match destination {
            Destination::File(path) => places.push((Place::File(path.clone()), destination.to_string())),
            Destination::Keyring(name) => {
                let name = name.clone().map_or_else(|| cx.config.profile_name(), Ok)?;
                let store = Store::Keyring { limit: cx.config.store_timeout };
                places.push((Place::Keyring { store, name }, destination.to_string()));
            }
            Destination::Stdout | Destination::Command(_) => {}
        }
    }
    Ok(places)
}

/// The name of the place beside a profile's key. No profile has a name with a control character.
fn slot(profile: &str) -> String {
    format!("{profile}\tbefore")
}

/// `me.key` is kept as `.me.key.before-rotation`.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".before-rotation");
    path.with_file_name(name)
}

/// Copies a file, where there is one and no copy yet; all of it or nothing, readable by its owner only.
fn copy(path: &Path, to: &Path) -> io::Result<()> {
    let content = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        content => content?,
    };
    let mut file = tempfile::NamedTempFile::new_in(to.parent().unwrap_or(Path::new(".")))?;
    file.write_all(&content)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(to) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

fn unusable(path: &Path, source: io::Error) -> Error {
    credentials::Error::File { verb: "keep the former content of", path: path.to_owned(), source }.into()
}
