//! What is told of each request: who reads the log learns what was asked for, and no value of it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::request::Request;
use super::root::Root;
use crate::text;

/// More fields at the root of one request are counted, and not named.
const MOST_FIELDS: usize = 20;

/// Of a name, so many characters are told.
const LONGEST: usize = 80;

/// Is told of every request, on the thread of the server.
pub type Log = Box<dyn Fn(&Entry) + Send + Sync>;

/// One request, as the log tells it.
#[derive(Debug, Default, Serialize)]
pub struct Entry {
    pub time: String,
    /// The name of the operation that was to be executed, where there was one.
    pub operation: Option<String>,
    /// Its fields at the root, `query:devices`; not of a document that could not be read.
    pub fields: Vec<String>,
    /// True for a request that was sent on.
    pub allowed: bool,
    /// The status that the program got.
    pub status: u16,
    /// The length of the answer.
    pub bytes: usize,
}

impl Entry {
    /// Begins the entry of a request that came now.
    pub fn now() -> Entry {
        Entry { time: text::now().to_string(), ..Entry::default() }
    }

    /// Takes note of what is asked for.
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
