//! Refusals with any message, from a server that may not even speak GraphQL.

use reqwest::header::HeaderMap;

use crate::draw::Draw;
use crate::portal::compat::{Negotiation, Next, Rejection};
use crate::portal::graphql::Envelope;
use crate::portal::http::Reply;
use crate::portal::operation::Operation;
use crate::portal::operations::operations;

const PARTS: [&str; 34] = [
    "Cannot query field ",
    "Unknown argument ",
    "Unknown field ",
    "Variable ",
    " on type ",
    " on field ",
    " is required",
    "\"devices\"",
    "\"data\"",
    "\"id\"",
    "\"tags\"",
    "\"location\"",
    "\"first\"",
    "\"after\"",
    "\"$first\"",
    "\"$id\"",
    "\"Device\"",
    "\"Query\"",
    "\"Query.devices\"",
    "\"secret\"",
    "'name'",
    "`total`",
    "‘status’",
    "“model”",
    "'",
    "\"",
    "`",
    " argument ",
    " field ",
    " type ",
    ". Did you mean ",
    "doesn't",
    "\u{1b}",
    "İ",
];

/// Whatever a server answers, a negotiation ends after few tries, and each document that it tries is smaller than the
/// last one and derived from the operation's own.
pub fn refusal(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let all: Vec<Operation> = operations().collect();
    let operation = draw.pick(&all);
    let mut negotiation = Negotiation::new(operation, None, None);
    if draw.flag() {
        let fields = (0..draw.below(3)).map(|_| draw.pick(&["name", "tags", "location.name", "x", ""]).to_owned());
        negotiation = negotiation.projected(fields.collect());
    }
    let (mut tries, mut length, mut was_projected) = (0, usize::MAX, false);
    loop {
        let sent = negotiation.document().map_or(operation.document, |document| &document.document).to_owned();
        let is_projected = negotiation.document().is_some_and(|document| document.is_projection);
        assert!(sent.split_whitespace().any(|word| word.starts_with(operation.name)), "{sent}");
        let size: usize = sent.split_whitespace().map(str::len).sum();
        assert!(size < length || was_projected || tries == 0, "{sent}");
        (length, was_projected) = (size, is_projected);
        let body = if draw.once_in(4) { draw.value(4) } else { errors(&mut draw) };
        let status = draw.pick(&[200, 400, 422, 401, 500]);
        let body = body.to_string().into_bytes();
        let Ok(envelope) =
            Envelope::open(Reply { origin: String::new(), status, headers: HeaderMap::new(), request_id: None, body })
        else {
            return;
        };
        let rejection = Rejection { refusal: &envelope.refusal, sent: &sent };
        let mut next = negotiation.rejected(&rejection);
        if next == Next::Introspect {
            negotiation.learn_schema(None);
            next = negotiation.rejected(&rejection);
        }
        if next != Next::Try {
            assert!(next != Next::Introspect && next != Next::BindingRefused);
            return;
        }
        tries += 1;
        assert!(tries <= 4, "{sent}");
    }
}

fn errors(draw: &mut Draw<'_>) -> serde_json::Value {
    let errors: Vec<serde_json::Value> = (0..=draw.below(4))
        .map(|_| {
            let mut error = serde_json::json!({ "message": draw.joined(&PARTS, 7) });
            if draw.flag() {
                let places =
                    (0..draw.below(3)).map(|_| serde_json::json!({"line": draw.below(40), "column": draw.below(40)}));
                error["locations"] = places.collect();
            }
            if draw.once_in(3) {
                error["extensions"] =
                    serde_json::json!({"code": draw.pick(&["GRAPHQL_VALIDATION_FAILED", "FORBIDDEN", "X"])});
            }
            error
        })
        .collect();
    serde_json::json!({ "errors": errors })
}
