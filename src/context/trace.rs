//! What `-v` and `-vv` tell of each request, fit to be pasted into a question to strangers.
//!
//! Secrets are masked by value on their way out; what may hold one that nobody knows yet is not told at all.

use std::sync::Arc;

use crate::output::Output;
use crate::portal::{Exchange, Observers};

/// Headers whose value says nothing of anybody.
const HARMLESS: [&str; 10] = [
    "accept",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "user-agent",
    "via",
    "x-request-id",
];

/// The operations whose answer is a new secret.
const SECRETIVE: [&str; 1] = ["KeysGenerate"];

/// Of a body, so much is told.
const MOST: usize = 16 * 1024;

/// Returns who is told of requests, in a line each, in full, or not at all; and of what a person who waits should know.
pub fn observers(verbosity: u8, out: &Arc<Output>) -> Observers {
    let (trace, notices, retries) = (Arc::clone(out), Arc::clone(out), Arc::clone(out));
    Observers {
        exchanges: match verbosity {
            0 => None,
            1 => Some(Arc::new(move |exchange| trace.status(line(exchange)))),
            _ => Some(Arc::new(move |exchange| full(exchange).iter().for_each(|line| trace.status(line)))),
        },
        notices: Some(Arc::new(move |sentence| notices.warn(sentence))),
        retries: Some(Arc::new(move |sentence| retries.notice(sentence))),
    }
}

fn line(exchange: &Exchange<'_>) -> String {
    let Exchange { operation, url, status, answer, took, .. } = exchange;
    let operation = if operation.is_empty() { "a document" } else { operation };
    format!("{operation}: POST {url}: HTTP {status}, {} bytes, {} ms", answer.len(), took.as_millis())
}

fn full(exchange: &Exchange<'_>) -> Vec<String> {
    let Exchange { operation, url, request_headers, request, status, answer_headers, answer, took } = exchange;
    let (request, answer) = match operation {
        // A document of the user's own, its variables and its answer may hold anything.
        &"" => ("(the document given)".to_owned(), "(the answer on stdout)".to_owned()),
        operation if SECRETIVE.contains(operation) => (body(request), "(not told: it holds a new secret)".to_owned()),
        _ => (body(request), body(answer)),
    };
    let mut lines = vec![format!("> POST {url}")];
    lines.extend(request_headers.iter().map(|header| format!("> {}", told(header))));
    lines.push(format!("> {request}"));
    lines.push(format!("< HTTP {status}, after {} ms", took.as_millis()));
    // What a portal says beside a new secret may repeat it, and nobody knows it yet.
    let is_told = !SECRETIVE.contains(operation);
    let header = |header: &(String, String)| if is_told { told(header) } else { format!("{}: [not told]", header.0) };
    lines.extend(answer_headers.iter().map(|one| format!("< {}", header(one))));
    lines.push(format!("< {answer}"));
    lines
}

fn told((name, value): &(String, String)) -> String {
    let value = if HARMLESS.contains(&name.as_str()) { value } else { "[not told]" };
    format!("{name}: {value}")
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]);
    match bytes.len().checked_sub(MOST) {
        None | Some(0) => text.into_owned(),
        Some(more) => format!("{text}… and {more} more bytes"),
    }
}
