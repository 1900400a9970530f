//! The journal file of an unfinished rotation: ids, stages and places, never a secret.
//!
//! Each stage is written before its action begins, so that after a crash it is known what may have been done.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::destination::Destination;
use super::disk::{Error, read, unusable};
use crate::{disk, secret};

/// The stage of a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Being rolled back: the new key may be gone.
    Aborting,
    /// The portal may have been asked for the new key.
    Generating,
    /// The new key exists; its secret may not have arrived anywhere.
    Delivering,
    /// The secret is delivered, and was read back.
    Delivered,
    /// The portal accepts the new key.
    Proven,
    /// The hook ran; the old key works until the grace period is over.
    Waiting,
    /// The old key may be gone.
    Revoking,
    /// The old key is gone; the new one has yet to take its place.
    Promoting,
}

impl Stage {
    /// Returns the name.
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

/// An unfinished rotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub version: u32,
    /// A nonce that identifies what this rotation leaves behind.
    pub mark: String,
    pub stage: Stage,
    pub started: Timestamp,
    /// When the grace period began.
    pub waiting_since: Option<Timestamp>,
    pub portal: String,
    /// The key to be replaced.
    pub old_id: String,
    pub old_name: Option<String>,
    /// True if the old key is the one in use.
    pub own: bool,
    /// The requested name of the new key.
    pub name: String,
    /// True if the name has a nonce.
    pub marked: bool,
    /// The new key, once the portal has told its id.
    pub new_id: Option<String>,
    /// The ids of the keys before the request.
    pub before: Vec<String>,
    /// The destinations of the secret; empty for the profile's own store.
    pub to: Vec<Destination>,
    pub hook: Option<String>,
    /// The time limit of the hook, in seconds.
    pub hook_limit_s: u64,
    /// The grace period, in seconds.
    pub grace_s: u64,
    /// The user's reason.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Rotation {
    /// Returns a rotation that begins now, without its keys.
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

    /// Parses a journal file.
    pub(super) fn parse(bytes: &[u8]) -> io::Result<Rotation> {
        disk::check_document(bytes, VERSION)?;
        Ok(serde_json::from_slice(bytes)?)
    }

    /// Returns the text of the journal file.
    pub(super) fn text(&self) -> io::Result<String> {
        Ok(secret::mask_whole(&serde_json::to_string_pretty(self)?).into_owned())
    }
}

/// The version of the file format; other versions are rejected.
const VERSION: u32 = 2;

/// The journal file of a profile's rotation.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// Takes the path; the file exists while a rotation is unfinished.
    pub fn new(path: PathBuf) -> Journal {
        Journal { path }
    }

    /// Returns the unfinished rotation. A file that cannot be parsed is an error: it stands for a key somewhere.
    pub fn read(&self) -> Result<Option<Rotation>, Error> {
        let Some(bytes) = read(&self.path)? else { return Ok(None) };
        Rotation::parse(&bytes).map(Some).map_err(unusable("read", &self.path))
    }

    /// Returns all unfinished rotations in a directory, with their files. A file that cannot be parsed is an error.
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

    /// Writes the current stage.
    pub fn write(&self, rotation: &Rotation) -> Result<(), Error> {
        let write = |text: String| disk::replace(&self.path, text.as_bytes());
        rotation.text().and_then(write).map_err(unusable("write", &self.path))
    }

    /// Renames a file that cannot be parsed, and returns its new path.
    pub fn put_aside(&self) -> Result<PathBuf, Error> {
        let aside = self.path.with_extension("forgotten");
        disk::rename(&self.path, &aside).map_err(unusable("put aside", &self.path))?;
        Ok(aside)
    }

    /// Removes the file at the end of the rotation.
    pub fn remove(&self) -> Result<(), Error> {
        disk::remove(&self.path).map(drop).map_err(unusable("delete", &self.path))
    }
}
