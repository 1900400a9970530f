//! The hash chain of the log: each line has a hash over its entry and what precedes it, so that changed, moved or
//! dropped lines are detected. It handles bytes, and must not interpret entries.
//!
//! Whoever can write the file can also write a new chain, and a line dropped from the end leaves no gap: both are
//! detected only with a head that is kept elsewhere.
//!
//! A chained line ends with `,"chain":"HASH"}`. HASH is the SHA-256, as 64 lower-case hexadecimal digits, of these
//! bytes: `optra-log-entry-1`, a line feed, the previous hash, a line feed, and the line without its member `chain`.
//! The previous hash is that of the line directly before. If that line has none, or there is no line, it is the SHA-256
//! of `optra-log-before-1`, a line feed, and everything that precedes the line in the file.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem::find;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::disk;

/// Distinct prefixes for the hash of a line and the hash of what precedes it, so that neither passes for the other.
const ENTRY: &[u8] = b"optra-log-entry-1\n";
const BEFORE: &[u8] = b"optra-log-before-1\n";

const MEMBER: &str = ",\"chain\":\"";
const DIGITS: usize = 64;

/// The result of verifying a log.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// The number of entries with a correct hash.
    pub entries: usize,
    /// The number of lines before the chain, written by an older version of `optra`.
    pub not_chained: usize,
    /// The hash of the last line that has one.
    pub head: Option<String>,
    pub faults: Vec<Fault>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line} of the log: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl Fault {
    /// Returns the problem in two words, for a cell.
    pub fn brief(&self) -> String {
        let what = match self.problem {
            Problem::Changed => "changed",
            Problem::Unchained => "unchained",
            Problem::Head => "head missing",
        };
        self.line.map_or_else(|| what.to_owned(), |line| format!("line {line} {what}"))
    }
}

/// A fault in the chain.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Fault {
    /// The number of the line, from 1; `None` if a line is missing.
    pub line: Option<usize>,
    pub problem: Problem,
    pub message: String,
}

/// The kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Problem {
    /// The hash does not match the line and its predecessor.
    Changed,
    /// The line has no hash.
    Unchained,
    /// No line has the head that was given.
    Head,
}

impl Problem {
    fn at(self, line: Option<usize>) -> Fault {
        let message = match self {
            Problem::Changed => "it was changed, or a line before it was changed, moved, added or dropped",
            Problem::Unchained => {
                "it has no hash: a crash cut it off, or it was written by hand or by an older version of `optra`"
            }
            Problem::Head => "no entry has this head: entries were dropped from the end, or the log is another one",
        };
        Fault { line, problem: self, message: message.to_owned() }
    }
}

/// Returns the line of an entry, which is a JSON object, to be appended to the file.
pub fn line(entry: &str, file: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let open = entry.strip_suffix('}').ok_or_else(|| io::Error::other("the entry is not an object"))?;
    let hash = link(entry.as_bytes(), &previous(file)?);
    Ok(format!("{open}{MEMBER}{hash}\"}}\n").into_bytes())
}

/// Verifies a log, and looks for a given head.
pub fn verify(log: &[u8], head: Option<&str>) -> Chain {
    let mut found = Chain { entries: 0, not_chained: 0, head: None, faults: Vec::new() };
    let (mut before, mut last, mut has_head) = (Sha256::new_with_prefix(BEFORE), None::<String>, head.is_none());
    let whole = log.strip_suffix(b"\n").unwrap_or(log);
    let lines = if log.is_empty() { None } else { Some(whole.split(|byte| *byte == b'\n')) };
    for (n, line) in lines.into_iter().flatten().enumerate() {
        match split(line) {
            Some((entry, hash)) => {
                let previous = last.take().unwrap_or_else(|| hex(before.clone()));
                if link(&entry, &previous) == hash {
                    found.entries += 1;
                    has_head |= head == Some(&hash);
                } else {
                    found.faults.push(Problem::Changed.at(Some(n + 1)));
                }
                found.head = Some(hash.clone());
                last = Some(hash);
            }
            // The line was complete, but its end was changed, for example its line ending.
            None if find(line, MEMBER.as_bytes()).is_some_and(|at| line.len() >= at + MEMBER.len() + DIGITS + 2) => {
                found.faults.push(Problem::Changed.at(Some(n + 1)));
                last = None;
            }
            None if found.head.is_some() => {
                found.faults.push(Problem::Unchained.at(Some(n + 1)));
                last = None;
            }
            None => found.not_chained += usize::from(!line.is_empty()),
        }
        before.update(line);
        before.update(b"\n");
    }
    if !has_head {
        found.faults.push(Problem::Head.at(None));
    }
    found
}

/// Parses a hash.
pub fn parse_head(text: &str) -> Result<String, &'static str> {
    let head = text.to_ascii_lowercase();
    if is_hash(head.as_bytes()) { Ok(head) } else { Err("a head has 64 digits of hexadecimal") }
}

/// Returns the previous hash for a line that is appended now.
fn previous(file: &mut (impl Read + Seek)) -> io::Result<String> {
    let (last, is_cut) = disk::last_line(file)?;
    if let Some((_, hash)) = split(&last) {
        return Ok(hash);
    }
    let (mut before, mut block) = (Sha256::new_with_prefix(BEFORE), vec![0; 1 << 16]);
    file.seek(SeekFrom::Start(0))?;
    loop {
        match file.read(&mut block) {
            Ok(0) => break,
            Ok(count) => before.update(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // Appending the line completes the one that was cut.
    if is_cut {
        before.update(b"\n");
    }
    Ok(hex(before))
}

/// Splits a chained line into the entry as it was hashed, and the hash.
fn split(line: &[u8]) -> Option<(Vec<u8>, String)> {
    let rest = line.strip_suffix(b"\"}")?;
    let (rest, hash) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    // Inside a JSON string these quotes would be escaped.
    let open = rest.strip_suffix(MEMBER.as_bytes())?;
    is_hash(hash).then(|| ([open, b"}"].concat(), String::from_utf8_lossy(hash).into_owned()))
}

fn is_hash(text: &[u8]) -> bool {
    text.len() == DIGITS && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn link(entry: &[u8], previous: &str) -> String {
    let hash = Sha256::new_with_prefix(ENTRY).chain_update(previous).chain_update(b"\n");
    hex(hash.chain_update(entry))
}

pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
