//! The log of requests for `-v` and `-vv`, safe to paste into a public question; and the trace that a run is part of.
//!
//! Known secrets are masked by value on output; text that may contain an unknown secret is not logged at all.

use std::sync::Arc;

use serde_json::Value;

use crate::config::foreign_variable;
use crate::output::Output;
use crate::portal::{Exchange, Observers, TraceContext, is_request_id_header};
use crate::secret;

/// Headers whose values identify nobody.
const HARMLESS: [&str; 11] = [
    "accept",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "traceparent",
    "tracestate",
    "user-agent",
    "via",
];

/// The operations whose response holds a new secret.
const SECRETIVE: [&str; 1] = ["KeysGenerate"];

/// The most bytes of a body that are logged.
const MOST: usize = 16 * 1024;

/// Returns the observers: of requests, logged in one line, in full or not at all; and of notices for a person who
/// waits.
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

/// Returns the trace that this run is part of, from the W3C variables. An invalid value is ignored.
pub fn context(verbosity: u8, out: &Output) -> Option<TraceContext> {
    let ignored = |name: &str| {
        if verbosity > 0 {
            out.status(format_args!("`{name}` is not well-formed, and is not sent on"));
        }
    };
    let Some(trace) = TraceContext::new(&foreign_variable("TRACEPARENT")?) else {
        ignored("TRACEPARENT");
        return None;
    };
    let Some(state) = foreign_variable("TRACESTATE") else { return Some(trace) };
    Some(trace.clone().with_state(&state).unwrap_or_else(|| {
        ignored("TRACESTATE");
        trace
    }))
}

fn line(exchange: &Exchange<'_>) -> String {
    let Exchange { operation, url, status, request_id, answer, took, .. } = exchange;
    let operation = if operation.is_empty() { "a document" } else { operation };
    let request = request_id.map_or_else(String::new, |id| format!(", request {id}"));
    format!("{operation}: POST {url}: HTTP {status}, {} bytes, {} ms{request}", answer.len(), took.as_millis())
}

fn full(exchange: &Exchange<'_>) -> Vec<String> {
    let Exchange { operation, url, request_headers, request, status, answer_headers, answer, took, .. } = exchange;
    let (request, answer) = match operation {
        // The user's own document, its variables and its response may hold anything.
        &"" => ("(the document given)".to_owned(), "(the answer on stdout)".to_owned()),
        operation if SECRETIVE.contains(operation) => {
            (body(request), "(not shown: it contains a new secret)".to_owned())
        }
        _ => (body(request), body(answer)),
    };
    // A name or an id may be a key that was typed by mistake, and the portal may echo it.
    let typed = secret::strong_suspects(&variables(exchange.request));
    let without_typed = |text: String| typed.iter().fold(text, |text, word| text.replace(word.as_str(), secret::MASK));
    let (request, answer) = (without_typed(request), without_typed(answer));
    let mut lines = vec![format!("> POST {url}")];
    lines.extend(request_headers.iter().map(|header| format!("> {}", told(header))));
    lines.push(format!("> {request}"));
    lines.push(format!("< HTTP {status}, after {} ms", took.as_millis()));
    // The headers beside a new secret may repeat it, and it is not registered yet.
    let is_told = !SECRETIVE.contains(operation);
    let header = |header: &(String, String)| if is_told { told(header) } else { format!("{}: [not shown]", header.0) };
    lines.extend(answer_headers.iter().map(|one| format!("< {}", header(one))));
    lines.push(format!("< {answer}"));
    lines
}

fn told((name, value): &(String, String)) -> String {
    let is_harmless = HARMLESS.contains(&name.as_str()) || is_request_id_header(name);
    let value = if is_harmless { value } else { "[not shown]" };
    format!("{name}: {value}")
}

/// Returns the request's variables except the cursor.
fn variables(request: &[u8]) -> String {
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    let named = request["variables"].as_object().into_iter().flatten().filter(|(name, _)| *name != "after");
    named.map(|(_, value)| format!("{value}\n")).collect()
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]);
    match bytes.len().checked_sub(MOST) {
        None | Some(0) => text.into_owned(),
        Some(more) => format!("{text}… and {more} more bytes"),
    }
}
