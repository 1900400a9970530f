//! A rotation under way, as it stands on the disk: ids, stages and places, never a secret.
//!
//! Each stage is written down before what it names is begun, so that whoever comes after a crash knows what may have
//! been done.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::destination::Destination;
use super::disk::{Error, read, unusable};
use crate::{disk, secret};

/// How far a rotation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It is being taken back: the new key may be gone.
    Aborting,
    /// The portal may have been asked for the new key.
    Generating,
    /// The new key is there; its secret may not have arrived anywhere.
    Delivering,
    /// The secret is where it belongs and was read back.
    Delivered,
    /// The portal takes the new key.
    Proven,
    /// The hook ran; the old key still works until the time of grace is over.
    Waiting,
    /// The old key may be gone.
    Revoking,
    /// The old key is gone; the new one has to take its place.
    Promoting,
}

impl Stage {
    /// Returns its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Aborting => "aborting",
            Stage::Generating => "generating",
            Stage::Delivering => "delivering",
            Stage::Delivered => "delivered",
            Stage::Proven => "proven",
            Stage::Waiting => "waiting",
            Stage::Revoking => "revoking",
            Stage::Promoting => "promoting",
        }
    }
}

/// A rotation under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub version: u32,
    /// What this rotation leaves on the way is known by.
    pub mark: String,
    pub stage: Stage,
    pub started: Timestamp,
    /// When the time of grace began.
    pub waiting_since: Option<Timestamp>,
    pub portal: String,
    /// The key that is to be replaced.
    pub old_id: String,
    pub old_name: Option<String>,
    /// True where the old key is the one in use.
    pub own: bool,
    /// What the portal is asked to call the new key.
    pub name: String,
    /// True where nobody else would make a key of this name.
    pub marked: bool,
    /// The new key, once the portal has told of it.
    pub new_id: Option<String>,
    /// The keys that were there before.
    pub before: Vec<String>,
    /// Where the secret goes; nowhere else than into the profile's own store, if there is none.
    pub to: Vec<Destination>,
    pub hook: Option<String>,
    /// How long the hook may take, in seconds.
    pub hook_limit_s: u64,
    /// How long both keys work, in seconds.
    pub grace_s: u64,
    /// Why, in the words of who began it.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Rotation {
    /// Makes one that begins now, with nothing said of its keys yet.
    pub fn begun(portal: String, mark: String, now: Timestamp) -> Rotation {
        Rotation {
            version: VERSION,
            mark,
            stage: Stage::Generating,
            started: now,
            waiting_since: None,
            portal,
            old_id: String::new(),
            old_name: None,
            own: false,
            name: String::new(),
            marked: false,
            new_id: None,
            before: Vec::new(),
            to: Vec::new(),
            hook: None,
            hook_limit_s: 0,
            grace_s: 0,
            reason: None,
        }
    }

    /// Reads what stands in a file.
    pub(super) fn parse(bytes: &[u8]) -> io::Result<Rotation> {
        disk::check_document(bytes, VERSION)?;
        Ok(serde_json::from_slice(bytes)?)
    }

    /// Writes it as it stands in a file.
    pub(super) fn text(&self) -> io::Result<String> {
        Ok(secret::mask_whole(&serde_json::to_string_pretty(self)?).into_owned())
    }
}

/// The form of the file; another one is not understood.
const VERSION: u32 = 2;

/// The file of a profile's rotation.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// Takes the file, which is there while a rotation is under way.
    pub fn new(path: PathBuf) -> Journal {
        Journal { path }
    }

    /// Returns the rotation under way. A file that is not understood is an error: it stands for a key somewhere.
    pub fn read(&self) -> Result<Option<Rotation>, Error> {
        let Some(bytes) = read(&self.path)? else { return Ok(None) };
        Rotation::parse(&bytes).map(Some).map_err(unusable("read", &self.path))
    }

    /// Returns all rotations under way that are noted in a directory, with their files. One that is not understood is an
    /// error.
    pub fn all(directory: &Path) -> Result<Vec<(PathBuf, Rotation)>, Error> {
        let failed = unusable("read", directory);
        let entries = match fs::read_dir(directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(&failed)?,
        };
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(&failed)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.starts_with("rotation-") || !name.ends_with(".json") {
                continue;
            }
            if let Some(rotation) = (Journal { path: path.clone() }).read()? {
                all.push((path, rotation));
            }
        }
        Ok(all)
    }

    /// Writes down how far the rotation has come.
    pub fn write(&self, rotation: &Rotation) -> Result<(), Error> {
        let write = |text: String| disk::replace(&self.path, text.as_bytes());
        rotation.text().and_then(write).map_err(unusable("write", &self.path))
    }

    /// Puts a file that is not understood out of the way, and returns where it is then.
    pub fn put_aside(&self) -> Result<PathBuf, Error> {
        let aside = self.path.with_extension("forgotten");
        disk::rename(&self.path, &aside).map_err(unusable("put aside", &self.path))?;
        Ok(aside)
    }

    /// Ends the rotation.
    pub fn remove(&self) -> Result<(), Error> {
        disk::remove(&self.path).map(drop).map_err(unusable("delete", &self.path))
    }
}
