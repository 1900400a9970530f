//! The log: a line of JSON for every change to a key on this machine, append-only, each chained to the previous one.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::chain::{self, Chain};
use super::disk::{Error, lock, read, read_lines, unusable};
use crate::{disk, secret};

/// A change that was made, or requested and perhaps made.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Entry {
    pub time: Timestamp,
    /// The portal's API base URL, or `sandbox`.
    pub portal: String,
    /// The profile of the key in use; `None` for a key from the environment.
    pub profile: Option<String>,
    /// The command: `keys revoke`.
    pub command: String,
    /// The mutation: `generate` or `revoke`.
    pub action: String,
    /// The ids of the affected keys.
    pub ids: Vec<String>,
    /// The name of the key, if it has one.
    pub name: Option<String>,
    /// `asked` before the request, then `done`, `failed` or `unknown`.
    pub result: String,
    /// The id of the request at the portal.
    #[serde(default, rename = "requestId")]
    pub request_id: Option<String>,
    /// The user's reason.
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(flatten)]
    pub approval: Approval,
    #[serde(flatten)]
    pub who: Who,
}

/// Who approved the plan that it was done by, where approvals were required; else nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Approval {
    /// The SHA-256 of the plan's bytes, which were signed, in hexadecimal.
    pub plan: Option<String>,
    /// Who wrote the plan, and signed it.
    pub written_by: Option<String>,
    /// The people who signed it beside the writer.
    pub approved_by: Vec<String>,
}

impl Approval {
    /// Notes who wrote and who approved a plan of these bytes.
    pub fn new(plan: &[u8], writer: &str, approved_by: Vec<String>) -> Approval {
        let plan = chain::hex(Sha256::new_with_prefix(plan));
        Approval { plan: Some(plan), written_by: Some(writer.to_owned()), approved_by }
    }
}

/// Who made the change, as far as machine and environment tell. Lines of older versions have none of this.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(default)]
pub struct Who {
    /// The user on this machine.
    pub user: Option<String>,
    /// The machine.
    pub host: Option<String>,
    /// The CI job, by its URL or number.
    pub job: Option<String>,
    /// Who started that job.
    pub actor: Option<String>,
}

/// Appending takes a moment; whoever holds the lock longer than this is stuck.
const PATIENCE: Duration = Duration::from_secs(10);

/// The log file.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
}

impl Log {
    /// Takes the path; the file need not exist.
    pub fn new(path: PathBuf) -> Log {
        Log { path }
    }

    /// Appends a line. A lock serializes concurrent runs, so that the chain has no fork.
    pub fn append(&self, entry: &Entry) -> Result<(), Error> {
        let failed = unusable("write", &self.path);
        let locked = lock(&self.path.with_extension("log.lock"), PATIENCE, || ())?;
        let _lock = locked.ok_or_else(|| failed(io::Error::other("another run is writing to it")))?;
        let text = serde_json::to_string(entry).map_err(|error| failed(error.into()))?;
        // A portal may use a secret as the name of a key.
        let entry = secret::mask_whole(&text);
        disk::append_whole(&self.path, |file| chain::line(&entry, file)).map_err(failed)
    }

    /// Verifies the chain, and that an entry has the given head.
    pub fn verify(&self, head: Option<&str>) -> Result<Chain, Error> {
        Ok(chain::verify(&read(&self.path)?.unwrap_or_default(), head))
    }

    /// Returns true if this machine revoked the key with this id, or asked for it and does not know what became of that.
    pub fn may_have_revoked(&self, portal: &str, id: &str) -> Result<bool, Error> {
        let (entries, _) = self.read()?;
        let is_of_key = |entry: &&Entry| entry.portal == portal && entry.ids.iter().any(|other| other == id);
        let last = entries.iter().filter(is_of_key).rfind(|entry| entry.action == "revoke");
        Ok(last.is_some_and(|entry| entry.result != "failed"))
    }

    /// Returns true if a key of this name was requested, and the run ended before it logged the result.
    pub fn is_cut_off(&self, portal: &str, name: &str) -> Result<bool, Error> {
        let (entries, _) = self.read()?;
        let of_name = |entry: &&Entry| {
            entry.action == "generate" && entry.portal == portal && entry.name.as_deref() == Some(name)
        };
        Ok(entries.iter().rfind(of_name).is_some_and(|entry| entry.result == "asked"))
    }

    /// Reads all entries, the oldest first, and counts broken lines.
    pub fn read(&self) -> Result<(Vec<Entry>, usize), Error> {
        Ok(entries(&read_lines(&self.path)?))
    }
}

/// Parses the entries of a text, and counts broken lines.
pub(super) fn entries(text: &[u8]) -> (Vec<Entry>, usize) {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read: Vec<Option<Entry>> = lines.map(|line| serde_json::from_slice(line).ok()).collect();
    let broken = read.iter().filter(|entry| entry.is_none()).count();
    (read.into_iter().flatten().collect(), broken)
}

#[cfg(test)]
mod tests {
    use super::{Approval, Entry, Log, Who};
    use jiff::Timestamp;

    #[test]
    fn a_line_of_an_older_version_is_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.log");
        let line =
            r#"{"time":"2026-01-01T00:00:00Z","portal":"p","profile":null,"command":"keys revoke","action":"revoke","#;
        std::fs::write(&path, format!("{line}\"ids\":[\"7\"],\"name\":null,\"result\":\"done\"}}\n")).unwrap();
        let (entries, broken) = Log::new(path).read().unwrap();
        assert_eq!((entries.len(), broken, &entries[0].who), (1, 0, &Who::default()));
    }

    fn entry() -> Entry {
        Entry {
            time: Timestamp::UNIX_EPOCH,
            portal: "https://portal.example".into(),
            profile: None,
            command: "keys revoke".into(),
            action: "revoke".into(),
            ids: vec!["7".into()],
            name: Some("a\nb".into()),
            result: "done".into(),
            request_id: Some("7d1f".into()),
            reason: None,
            approval: Approval::default(),
            who: Who { user: Some("me".into()), ..Who::default() },
        }
    }

    #[test]
    fn an_attempt_that_failed_revoked_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().join("keys.log"));
        let may_have = |id| log.may_have_revoked("https://portal.example", id).unwrap();
        assert!(!may_have("7"));
        for (result, expected) in
            [("asked", true), ("failed", false), ("asked", true), ("unknown", true), ("done", true)]
        {
            log.append(&Entry { result: result.into(), ..entry() }).unwrap();
            assert_eq!((may_have("7"), may_have("8")), (expected, false), "{result}");
        }
    }

    #[test]
    fn a_line_that_was_cut_off_swallows_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.log");
        std::fs::write(&path, b"{\"time\":\"20").unwrap();
        let log = Log::new(path);
        log.append(&entry()).unwrap();
        log.append(&entry()).unwrap();
        assert_eq!(log.read().unwrap(), (vec![entry(), entry()], 1));
    }

    #[test]
    fn what_is_added_is_read_and_what_is_broken_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/keys.log");
        let log = Log::new(path.clone());
        assert_eq!(log.read().unwrap(), (vec![], 0));
        let entry = entry();
        log.append(&entry).unwrap();
        std::fs::write(&path, [std::fs::read(&path).unwrap(), b"{\n".to_vec()].concat()).unwrap();
        log.append(&entry).unwrap();
        assert_eq!(log.read().unwrap(), (vec![entry.clone(), entry], 1));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
    }
}
