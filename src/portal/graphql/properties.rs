//! What must hold of any body that a server sends: how it is read, and what it proves.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};

use super::envelope::{Envelope, data_of};
use super::refusal::{GraphQlError, Refusal};
use super::repair::repair as repaired;
use crate::draw::Draw;
use crate::portal::error::Certainty;
use crate::portal::http::Reply;

/// A reply with any status and body is an envelope or an error. The fast and the thorough decoder agree; a response
/// with a result never proves that nothing was executed, and error messages stay short.
pub fn envelope(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let status = draw.pick(&[200, 200, 400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 299, 301]);
    let mut headers = HeaderMap::new();
    for name in [CONTENT_TYPE, RETRY_AFTER] {
        if let Ok(value) = HeaderValue::from_str(&draw.text(30)) {
            headers.insert(name, value);
        }
    }
    let body = body(draw);
    let text = String::from_utf8_lossy(&body).into_owned();
    let quick = data_of::<Value>(&body).filter(|data| !data.is_null());
    match Envelope::open(Reply { origin: "https://portal.example".into(), status, headers, request_id: None, body }) {
        Err(error) => {
            assert!(quick.is_none() && error.certainty() != Certainty::NotExecuted, "{text}");
            assert!(error.to_string().len() < 2_000, "{error}");
        }
        Ok(envelope) => {
            let data = envelope.data().map(str::to_owned);
            assert!(
                data.as_deref().is_none_or(|data| serde_json::from_str::<&serde_json::value::RawValue>(data).is_ok())
            );
            if let Some(quick) = quick {
                assert_eq!(data.as_deref().and_then(|data| serde_json::from_str(data).ok()), Some(quick), "{text}");
            }
            if let Some(data) = data.as_deref().and_then(|data| serde_json::from_str::<Value>(data).ok()) {
                let (value, _) = envelope.repaired_data().unwrap_or_default();
                assert_eq!(value.as_object().map(|all| all.len()), data.as_object().map(|all| all.len()), "{text}");
            }
            holds(&envelope.refusal);
            let has_data = envelope.data().is_some() || !envelope.refusal.is_request_error;
            let certainty = envelope.refused().certainty();
            assert!(!has_data || certainty != Certainty::NotExecuted, "{status} {text}");
        }
    }
}

/// Errors in any form have short messages.
fn holds(refusal: &Refusal) {
    assert!(refusal.errors.len() <= 500);
    for GraphQlError { message, code, path, .. } in &refusal.errors {
        assert!(message.chars().count() < 700 && path.chars().count() < 200, "{refusal:?}");
        assert!(code.as_ref().is_none_or(|code| code.chars().count() < 200), "{refusal:?}");
    }
    assert!(refusal.to_string().len() < 12_000);
}

/// Draws a body: a response with members of any kind in any order, possibly truncated, or anything else.
fn body(mut draw: Draw<'_>) -> Vec<u8> {
    if draw.once_in(3) {
        return draw.bytes().to_vec();
    }
    let mut members = Vec::new();
    for _ in 0..draw.below(4) {
        let value = if draw.flag() { json!([{"message": draw.text(9), "path": draw.value(1)}]) } else { draw.value(4) };
        members.push(format!("{}:{value}", draw.pick(&["\"data\"", "\"errors\"", "\"extensions\"", "\"d\\u0061ta\""])));
    }
    let mut text = format!("{{{}}}", members.join(","));
    if draw.once_in(4) {
        text = text.replace("null", draw.pick(&["NaN", "-Infinity", "1e999", "123456789012345678901", "\"\\ud800\""]));
    }
    let mut body = text.into_bytes();
    if draw.once_in(8) {
        body.truncate(draw.below(body.len().max(1)));
    }
    body.extend(draw.bytes());
    body
}

/// Valid JSON with numbers that fit machine types is unchanged to the byte; repair is idempotent; and the size stays
/// bounded.
pub fn repair(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let value = draw.value(5);
    if !has_long_numbers(&value) {
        for text in [value.to_string(), format!("{value:#}")] {
            let repaired = repaired(text.as_bytes());
            assert_eq!((repaired.text, repaired.replaced), (text, 0));
        }
    }
    let rest = draw.bytes();
    let once = repaired(rest);
    assert!(once.text.len() <= rest.len() * 6 + 2);
    let twice = repaired(once.text.as_bytes());
    assert_eq!((&twice.text, twice.replaced), (&once.text, 0), "{:?}", String::from_utf8_lossy(rest));
    let has_long = rest.split(|byte| !byte.is_ascii_digit() && !b".+-eE".contains(byte)).any(|word| word.len() > 15);
    if let (Ok(value), false) = (serde_json::from_slice::<Value>(rest), has_long) {
        assert_eq!(serde_json::from_str::<Value>(&once.text).ok(), Some(value), "{}", String::from_utf8_lossy(rest));
    }
}

fn has_long_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.to_string().bytes().filter(u8::is_ascii_digit).count() > 15,
        Value::Array(items) => items.iter().any(has_long_numbers),
        Value::Object(members) => members.values().any(has_long_numbers),
        _ => false,
    }
}
