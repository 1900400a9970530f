//! The log entry of a request: it shows which fields were requested, and no values.

use std::collections::BTreeSet;
use std::io;

use serde::Serialize;

use super::request::Request;
use super::root::Root;
use crate::text;

/// Further root fields of a request are counted, and not named.
const MOST_FIELDS: usize = 20;

/// Longer names are truncated.
const LONGEST: usize = 80;

/// Where requests are logged, on the thread of the server.
pub trait Log: Send + Sync {
    /// Logs a request that is about to be sent on. If this fails, it is not sent.
    fn begin(&self, entry: &Entry) -> io::Result<Line>;

    /// Completes the line of a request that was begun, or adds that of one which is not sent on.
    fn end(&self, begun: Option<&Line>, entry: &Entry) -> io::Result<()>;
}

/// A line that is not complete yet: where it begins, and what it is.
#[derive(Debug, Default)]
pub struct Line {
    pub start: u64,
    pub text: Vec<u8>,
}

/// A request, as the log shows it.
#[derive(Debug, Default, Serialize)]
pub struct Entry {
    pub time: String,
    /// The name of the operation to execute, if there is one.
    pub operation: Option<String>,
    /// The root fields, `query:devices`; empty if the document could not be parsed.
    pub fields: Vec<String>,
    /// True if the request was forwarded.
    pub allowed: bool,
    /// The status of the response; `None` until there is one.
    pub status: Option<u16>,
    /// The length of the response body.
    pub bytes: Option<usize>,
}

impl Entry {
    /// Begins the entry of a request that arrived now.
    pub fn now() -> Entry {
        Entry { time: text::now().to_string(), ..Entry::default() }
    }

    /// Adds the operation and fields of a request.
    pub fn of(self, request: &Request) -> Entry {
        let only = match request.document.names.as_slice() {
            [one] => Some(one),
            _ => None,
        };
        let operation = request.operation.as_ref().or(only).map(|name| short(name));
        Entry { operation, fields: told(&request.document.roots), ..self }
    }
}

fn told(roots: &BTreeSet<Root>) -> Vec<String> {
    let mut told: Vec<String> = roots.iter().take(MOST_FIELDS).map(|root| short(&root.to_string())).collect();
    if let Some(more) = roots.len().checked_sub(MOST_FIELDS).filter(|more| *more > 0) {
        told.push(format!("and {more} more"));
    }
    told
}

fn short(name: &str) -> String {
    name.chars().take(LONGEST).collect()
}
