//! What `-v` and `-vv` tell of each request, fit to be pasted into a question to strangers.
//!
//! Secrets are masked by value on their way out; what may hold one that nobody knows yet is not told at all.

use std::rc::Rc;

use crate::output::Output;
use crate::portal::{Exchange, Observer};

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

/// Returns who tells of requests: nobody, in a line each, or in full.
pub fn observer(verbosity: u8, out: &Rc<Output>) -> Option<Observer> {
    let out = Rc::clone(out);
    match verbosity {
        0 => None,
        1 => Some(Box::new(move |exchange| out.status(line(exchange)))),
        _ => Some(Box::new(move |exchange| out.status(full(exchange)))),
    }
}

fn line(exchange: &Exchange<'_>) -> String {
    let Exchange { operation, url, status, answer, took, .. } = exchange;
    let operation = if operation.is_empty() { "a document" } else { operation };
    format!("{operation}: POST {url}: HTTP {status}, {} bytes, {} ms", answer.len(), took.as_millis())
}

fn full(exchange: &Exchange<'_>) -> String {
    let Exchange { operation, url, request_headers, request, status, answer_headers, answer, took } = exchange;
    let (request, answer) = match operation {
        // A document of the user's own, its variables and its answer may hold anything.
        &"" => ("(the document given)".to_owned(), "(the answer on stdout)".to_owned()),
        operation if SECRETIVE.contains(operation) => (body(request), "(not told: it holds a new secret)".to_owned()),
        _ => (body(request), body(answer)),
    };
    let (asked, told) = (headers('>', request_headers), headers('<', answer_headers));
    format!("> POST {url}\n{asked}> {request}\n< HTTP {status}, after {} ms\n{told}< {answer}", took.as_millis())
}

fn headers(mark: char, headers: &[(String, String)]) -> String {
    let value = |name: &str, value: &str| match HARMLESS.contains(&name) {
        true => value.to_owned(),
        false => "[not told]".to_owned(),
    };
    headers.iter().map(|(name, text)| format!("{mark} {name}: {}\n", value(name, text))).collect()
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]);
    match bytes.len().checked_sub(MOST) {
        None | Some(0) => text.into_owned(),
        Some(more) => format!("{text}… and {more} more bytes"),
    }
}
