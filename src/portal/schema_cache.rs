//! The schema cache: the reduced documents that a portal accepted, kept from one run to the next.
//!
//! The cache is a convenience and never causes a failure: an unreadable, old, too large or different-version file
//! counts as missing, and a failure to write is ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::compat::CompatDocument;
use super::operation::Operation;
use crate::disk;

/// The format version of the file; other versions are ignored.
const VERSION: u32 = 3;

/// Entries expire, because the portal may have been upgraded.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// More than all our documents together.
const LARGEST: u64 = 256 * 1024;

/// The documents that one portal accepted.
#[derive(Debug, Default)]
pub struct SchemaCache {
    path: Option<PathBuf>,
    documents: BTreeMap<String, Entry>,
    /// The largest page that the portal allows, by operation, if it is smaller than usual.
    page_sizes: BTreeMap<String, usize>,
    /// The operations that the portal lacks.
    missing: BTreeSet<String>,
    /// The operations whose entries were written in this run.
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
    /// The digest of our document that was reduced: another version of this program has other documents.
    of: String,
    document: CompatDocument,
    /// The length of a list that was checked and is complete.
    #[serde(default)]
    confirmed: Option<usize>,
}

impl SchemaCache {
    /// Reads the cache; empty without a path.
    pub fn read(path: Option<PathBuf>) -> SchemaCache {
        let File { documents, page_sizes, missing, .. } = path.as_deref().and_then(load).unwrap_or_default();
        SchemaCache { path, documents, page_sizes, missing, fresh: BTreeSet::new() }
    }

    /// Returns the document that the portal accepted for an operation.
    pub fn get(&self, operation: Operation) -> Option<CompatDocument> {
        let entry = self.documents.get(operation.name)?;
        (entry.of == digest(operation.document)).then(|| entry.document.clone())
    }

    /// Returns true if the portal accepted all our documents unchanged so far.
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

    /// Records a document that the portal accepted.
    pub fn insert(&mut self, operation: Operation, document: &CompatDocument) {
        let entry = Entry { of: digest(operation.document), document: document.clone(), confirmed: None };
        self.documents.insert(operation.name.to_owned(), entry);
        self.fresh.insert(operation.name);
        self.save();
    }

    /// Returns an earlier run's document for an operation, unless a list of this length is confirmed to be complete.
    pub fn unconfirmed(&self, operation: Operation, count: usize) -> Option<CompatDocument> {
        let entry = self.documents.get(operation.name)?;
        let may_be_page = !self.fresh.contains(operation.name) && entry.confirmed != Some(count);
        may_be_page.then(|| entry.document.clone())
    }

    /// Records that a list of this length is complete.
    pub fn confirm(&mut self, operation: Operation, count: usize) {
        if let Some(entry) = self.documents.get_mut(operation.name) {
            entry.confirmed = Some(count);
            self.save();
        }
    }

    /// Removes the entry of an operation, which proved wrong.
    pub fn forget(&mut self, operation: Operation) {
        if self.documents.remove(operation.name).is_some() {
            self.save();
        }
    }

    /// Returns the largest page size that the portal is known to allow.
    pub fn page_size(&self, operation: Operation) -> Option<usize> {
        self.page_sizes.get(operation.name).copied()
    }

    /// Records the largest page size that the portal allows.
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

/// Returns true for a cache file that is unused: old, broken, of another version, or untrusted.
pub fn is_stale(path: &Path) -> bool {
    load(path).is_none()
}

fn load(path: &Path) -> Option<File> {
    let age = SystemTime::now().duration_since(fs::metadata(path).ok()?.modified().ok()?).ok()?;
    if age > OLDEST {
        return None;
    }
    // Its documents are sent to the portal, so an untrusted file is ignored.
    parse(&disk::read_bytes(path, LARGEST).ok()?)
}

fn parse(bytes: &[u8]) -> Option<File> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    (file.version == VERSION).then_some(file)
}

/// Returns the text of a cache file after it was read and written again.
#[cfg(any(test, fuzzing))]
pub fn rewritten(bytes: &[u8]) -> Option<String> {
    serde_json::to_string(&parse(bytes)?).ok()
}

/// Returns a short hash of a text.
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
    fn an_entry_is_returned_for_the_same_document_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().join("deep/fits.json"));
        SchemaCache::read(path.clone()).insert(OPERATION, &pruned());
        assert_eq!(SchemaCache::read(path.clone()).get(OPERATION), Some(pruned()));
        assert_eq!(SchemaCache::read(path.clone()).get(Operation { document: "query Other { x }", ..OPERATION }), None);
        SchemaCache::read(path.clone()).forget(OPERATION);
        assert_eq!(SchemaCache::read(path).get(OPERATION), None);
    }

    #[test]
    fn a_missing_operation_is_remembered_until_the_portal_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().join("fits.json"));
        assert!(SchemaCache::read(path.clone()).is_empty());
        SchemaCache::read(path.clone()).note(OPERATION, true);
        assert!(!SchemaCache::read(path.clone()).is_empty());
        SchemaCache::read(path.clone()).note(OPERATION, false);
        assert!(SchemaCache::read(path).is_empty());
    }

    #[test]
    fn old_broken_and_foreign_files_are_ignored() {
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
