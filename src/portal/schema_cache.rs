//! What was learned of a portal, from one run to the next: the smaller documents that it accepted.
//!
//! It is a convenience and never a failure: what cannot be read, is old, is too large or is of another version is as if it
//! were not there, and what cannot be written is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::compat::CompatDocument;
use super::operation::Operation;
use crate::disk;

/// The form of the file; another one is not read.
const VERSION: u32 = 3;

/// After this the portal may have learned something.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// More than all our documents together.
const LARGEST: u64 = 256 * 1024;

/// The documents that one portal accepted.
#[derive(Debug, Default)]
pub struct SchemaCache {
    path: Option<PathBuf>,
    documents: BTreeMap<String, Entry>,
    /// The largest page that it allows, by operation, where that is less than usual.
    page_sizes: BTreeMap<String, usize>,
    /// The operations that it cannot do.
    missing: BTreeSet<String>,
    /// Of which operations it was learned in this run.
    fresh: BTreeSet<&'static str>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct File {
    version: u32,
    documents: BTreeMap<String, Entry>,
    #[serde(default)]
    page_sizes: BTreeMap<String, usize>,
    #[serde(default)]
    missing: BTreeSet<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    /// Of which document this is a part: another version of this program asks for other things.
    of: String,
    document: CompatDocument,
    /// The length of a list that was looked at and is no page.
    #[serde(default)]
    confirmed: Option<usize>,
}

impl SchemaCache {
    /// Reads what is remembered; nothing where there is no path.
    pub fn read(path: Option<PathBuf>) -> SchemaCache {
        let File { documents, page_sizes, missing, .. } = path.as_deref().and_then(load).unwrap_or_default();
        SchemaCache { path, documents, page_sizes, missing, fresh: BTreeSet::new() }
    }

    /// Returns the document that the portal accepted for an operation.
    pub fn get(&self, operation: Operation) -> Option<CompatDocument> {
        let entry = self.documents.get(operation.name)?;
        (entry.of == digest(operation.document)).then(|| entry.document.clone())
    }

    /// Returns true where the portal took everything as it is written, as far as it was asked.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.missing.is_empty()
    }

    /// Takes note of whether the portal can do an operation at all.
    pub fn note(&mut self, operation: Operation, is_missing: bool) {
        let is_news = match is_missing {
            true => self.missing.insert(operation.name.to_owned()),
            false => self.missing.remove(operation.name),
        };
        if is_news {
            self.save();
        }
    }

    /// Takes note of a document that the portal accepted.
    pub fn insert(&mut self, operation: Operation, document: &CompatDocument) {
        let entry = Entry { of: digest(operation.document), document: document.clone(), confirmed: None };
        self.documents.insert(operation.name.to_owned(), entry);
        self.fresh.insert(operation.name);
        self.save();
    }

    /// Returns what was learned of an operation in an earlier run, unless a list of this length is known to be no page.
    pub fn doubtful(&self, operation: Operation, count: usize) -> Option<CompatDocument> {
        let entry = self.documents.get(operation.name)?;
        let is_doubtful = !self.fresh.contains(operation.name) && entry.confirmed != Some(count);
        is_doubtful.then(|| entry.document.clone())
    }

    /// Takes note that a list of this length is no page.
    pub fn confirm(&mut self, operation: Operation, count: usize) {
        if let Some(entry) = self.documents.get_mut(operation.name) {
            entry.confirmed = Some(count);
            self.save();
        }
    }

    /// Forgets an operation, because what was remembered proved wrong.
    pub fn forget(&mut self, operation: Operation) {
        if self.documents.remove(operation.name).is_some() {
            self.save();
        }
    }

    /// Returns the largest page that the portal is known to allow.
    pub fn page_size(&self, operation: Operation) -> Option<usize> {
        self.page_sizes.get(operation.name).copied()
    }

    /// Takes note that the portal allows no larger page.
    pub fn limit_page(&mut self, operation: Operation, size: usize) {
        if self.page_sizes.insert(operation.name.to_owned(), size) != Some(size) {
            self.save();
        }
    }

    fn save(&self) {
        let Some(path) = &self.path else { return };
        let (documents, page_sizes, missing) = (self.documents.clone(), self.page_sizes.clone(), self.missing.clone());
        let file = File { version: VERSION, documents, page_sizes, missing };
        let _ = serde_json::to_vec(&file).map(|bytes| disk::replace_unsynced(path, &bytes));
    }
}

/// Returns true for a file of what was learned that is not used any more: old, broken, of another version, or not to be trusted.
pub fn is_stale(path: &Path) -> bool {
    load(path).is_none()
}

fn load(path: &Path) -> Option<File> {
    let age = SystemTime::now().duration_since(fs::metadata(path).ok()?.modified().ok()?).ok()?;
    if age > OLDEST {
        return None;
    }
    // Its documents are sent: one that somebody else could have written is none.
    parse(&disk::read_bytes(path, LARGEST).ok()?)
}

fn parse(bytes: &[u8]) -> Option<File> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    (file.version == VERSION).then_some(file)
}

/// Returns the text of a file as it would be written after it was read.
#[cfg(any(test, fuzzing))]
pub fn rewritten(bytes: &[u8]) -> Option<String> {
    serde_json::to_string(&parse(bytes)?).ok()
}

/// Returns a short name for a text, which does not tell the text.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, SchemaCache};
    use crate::portal::compat::{CompatDocument, Evidence, Paging};
    use crate::portal::operation::Operation;
    use std::fs::{self, File};
    use std::time::SystemTime;

    const OPERATION: Operation =
        Operation { word: "devices.list", name: "DevicesList", document: "query DevicesList { devices { after } }" };

    fn pruned() -> CompatDocument {
        CompatDocument {
            document: "{ devices }".into(),
            name: None,
            variables: vec![],
            omitted: vec!["model".into()],
            paging: Paging::Unknown,
            evidence: Evidence::Refusal,
            pushdowns: vec![],
            numbers: vec![],
            once: vec![],
            mapping: None,
            is_projection: false,
        }
    }

    #[test]
    fn what_was_remembered_is_recalled_for_the_same_document() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().join("deep/fits.json"));
        SchemaCache::read(path.clone()).insert(OPERATION, &pruned());
        assert_eq!(SchemaCache::read(path.clone()).get(OPERATION), Some(pruned()));
        assert_eq!(SchemaCache::read(path.clone()).get(Operation { document: "query Other { x }", ..OPERATION }), None);
        SchemaCache::read(path.clone()).forget(OPERATION);
        assert_eq!(SchemaCache::read(path).get(OPERATION), None);
    }

    #[test]
    fn what_a_portal_cannot_do_is_known_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().join("fits.json"));
        assert!(SchemaCache::read(path.clone()).is_empty());
        SchemaCache::read(path.clone()).note(OPERATION, true);
        assert!(!SchemaCache::read(path.clone()).is_empty());
        SchemaCache::read(path.clone()).note(OPERATION, false);
        assert!(SchemaCache::read(path).is_empty());
    }

    #[test]
    fn old_broken_and_foreign_files_are_as_if_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fits.json");
        for text in ["", "{", "[]", "{\"version\":99,\"documents\":{}}", "{\"version\":3,\"documents\":5}"] {
            fs::write(&path, text).unwrap();
            assert_eq!(SchemaCache::read(Some(path.clone())).get(OPERATION), None, "{text}");
        }
        SchemaCache::read(Some(path.clone())).insert(OPERATION, &pruned());
        let yesterday = SystemTime::now() - OLDEST - OLDEST;
        File::options().write(true).open(&path).unwrap().set_modified(yesterday).unwrap();
        assert_eq!(SchemaCache::read(Some(path)).get(OPERATION), None);
    }
}
