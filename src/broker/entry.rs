//! The log entry of a request: it shows which fields were requested, and no values.

use std::collections::BTreeSet;

use serde::Serialize;

use super::request::Request;
use super::root::Root;
use crate::text;

/// Further root fields of a request are counted, and not named.
const MOST_FIELDS: usize = 20;

/// Longer names are truncated.
const LONGEST: usize = 80;

/// Called for every request, on the thread of the server.
pub type Log = Box<dyn Fn(&Entry) + Send + Sync>;

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
    /// The status of the response.
    pub status: u16,
    /// The length of the response body.
    pub bytes: usize,
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
