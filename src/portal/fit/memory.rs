//! What was learned of a portal, from one run to the next: the smaller documents that it accepted.
//!
//! It is a convenience and never a failure: what cannot be read, is old, is too large or is of another version is as if it
//! were not there, and what cannot be written is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Fitted, Operation};

/// The form of the file; another one is not read.
const VERSION: u32 = 2;

/// After this the portal may have learned something.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// More than all our documents together.
const LARGEST: u64 = 256 * 1024;

/// The fits of one portal.
#[derive(Debug, Default)]
pub struct Memory {
    path: Option<PathBuf>,
    fits: BTreeMap<String, Remembered>,
    /// Of which operations it was learned in this run.
    fresh: BTreeSet<&'static str>,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    version: u32,
    fits: BTreeMap<String, Remembered>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Remembered {
    /// Of which document this is a part: another version of this program asks for other things.
    of: String,
    fitted: Fitted,
    /// The length of a list that was looked at and is no page.
    #[serde(default)]
    confirmed: Option<usize>,
}

impl Memory {
    /// Reads what is remembered; nothing where there is no path.
    pub fn read(path: Option<PathBuf>) -> Memory {
        let fits = path.as_deref().and_then(load).unwrap_or_default();
        Memory { path, fits, fresh: BTreeSet::new() }
    }

    /// Returns the document that the portal accepted for an operation.
    pub fn recall(&self, operation: Operation) -> Option<Fitted> {
        let remembered = self.fits.get(operation.name)?;
        (remembered.of == digest(operation.document)).then(|| remembered.fitted.clone())
    }

    /// Takes note of a document that the portal accepted.
    pub fn remember(&mut self, operation: Operation, fitted: &Fitted) {
        let remembered = Remembered { of: digest(operation.document), fitted: fitted.clone(), confirmed: None };
        self.fits.insert(operation.name.to_owned(), remembered);
        self.fresh.insert(operation.name);
        self.keep();
    }

    /// Returns what was learned of an operation in an earlier run, unless a list of this length is known to be no page.
    pub fn doubtful(&self, operation: Operation, count: usize) -> Option<Fitted> {
        let remembered = self.fits.get(operation.name)?;
        let is_doubtful = !self.fresh.contains(operation.name) && remembered.confirmed != Some(count);
        is_doubtful.then(|| remembered.fitted.clone())
    }

    /// Takes note that a list of this length is no page.
    pub fn confirm(&mut self, operation: Operation, count: usize) {
        if let Some(remembered) = self.fits.get_mut(operation.name) {
            remembered.confirmed = Some(count);
            self.keep();
        }
    }

    /// Forgets an operation, because what was remembered proved wrong.
    pub fn forget(&mut self, operation: Operation) {
        if self.fits.remove(operation.name).is_some() {
            self.keep();
        }
    }

    fn keep(&self) {
        let Some(path) = &self.path else { return };
        let file = File { version: VERSION, fits: self.fits.clone() };
        let _ = store(path, &file);
    }
}

fn load(path: &Path) -> Option<BTreeMap<String, Remembered>> {
    let metadata = fs::metadata(path).ok()?;
    let age = SystemTime::now().duration_since(metadata.modified().ok()?).ok()?;
    if age > OLDEST || metadata.len() > LARGEST {
        return None;
    }
    let file: File = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (file.version == VERSION).then_some(file.fits)
}

fn store(path: &Path, file: &File) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
    temporary.write_all(&serde_json::to_vec(file)?)?;
    temporary.persist(path)?;
    Ok(())
}

/// Returns a short name for a text, which does not tell the text.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Memory, OLDEST};
    use crate::portal::fit::{Fitted, Learned, Operation, Paging};
    use std::fs::{self, File};
    use std::time::SystemTime;

    const OPERATION: Operation =
        Operation { word: "devices.list", name: "DevicesList", document: "query DevicesList { devices { after } }" };

    fn fitted() -> Fitted {
        Fitted {
            document: "{ devices }".into(),
            name: None,
            variables: vec![],
            left_out: vec!["model".into()],
            paging: Paging::Unknown,
            learned: Learned::Refusal,
            filters: vec![],
        }
    }

    #[test]
    fn what_was_remembered_is_recalled_for_the_same_document() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().join("deep/fits.json"));
        Memory::read(path.clone()).remember(OPERATION, &fitted());
        assert_eq!(Memory::read(path.clone()).recall(OPERATION), Some(fitted()));
        assert_eq!(Memory::read(path.clone()).recall(Operation { document: "query Other { x }", ..OPERATION }), None);
        Memory::read(path.clone()).forget(OPERATION);
        assert_eq!(Memory::read(path).recall(OPERATION), None);
    }

    #[test]
    fn old_broken_and_foreign_files_are_as_if_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fits.json");
        for text in ["", "{", "[]", "{\"version\":99,\"fits\":{}}", "{\"version\":2,\"fits\":5}"] {
            fs::write(&path, text).unwrap();
            assert_eq!(Memory::read(Some(path.clone())).recall(OPERATION), None, "{text}");
        }
        Memory::read(Some(path.clone())).remember(OPERATION, &fitted());
        let yesterday = SystemTime::now() - OLDEST - OLDEST;
        File::options().write(true).open(&path).unwrap().set_modified(yesterday).unwrap();
        assert_eq!(Memory::read(Some(path)).recall(OPERATION), None);
    }
}
