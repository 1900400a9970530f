//! The envelope of a response: its data and errors, or what the server sent instead.
//!
//! An error never quotes a body: what cannot be decoded may be a secret.

use std::fmt;
use std::ops::Range;

use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::refusal::{GraphQlError, Refusal};
use super::repair::{Repaired, repair};
use super::strict::Strict;
use crate::portal::error::{Certainty, Error, Failure};
use crate::portal::http::Reply;
use crate::secret;

/// More errors than a person reads, or than one document can cause.
const MOST_ERRORS: usize = 500;

/// A larger response is not repaired, because repair takes a multiple of its size.
pub const LARGEST_REPAIRED: usize = 16 << 20;

/// A response from a server that speaks GraphQL.
pub struct Envelope {
    /// The body as received.
    pub body: Vec<u8>,
    /// The body after repair, if it needed one.
    repaired: Option<Repaired>,
    /// The range of `data` in the readable text; `None` if `data` is absent (not if it is `null`).
    data: Option<Range<usize>>,
    pub refusal: Refusal,
    pub origin: String,
}

/// The members that are read. Of duplicates the last one counts, as in most parsers.
#[derive(Default)]
struct Members<'a> {
    data: Option<&'a RawValue>,
    errors: Value,
}

impl Envelope {
    /// Parses a reply as an envelope; the error says what it is instead.
    pub fn open(reply: Reply) -> Result<Envelope, Error> {
        let as_it_came = std::str::from_utf8(&reply.body).ok().and_then(members);
        let is_repairable = as_it_came.is_none() && reply.body.len() <= LARGEST_REPAIRED;
        let repaired = is_repairable.then(|| repair(&reply.body));
        let found = as_it_came.or_else(|| members(&repaired.as_ref()?.text));
        let Some(Members { data, errors }) = found.filter(|found| found.data.is_some() || !found.errors.is_null())
        else {
            return Err(no_envelope(&reply));
        };
        let text = repaired.as_ref().map_or(reply.body.as_slice(), |repaired| repaired.text.as_bytes());
        let data = data.map(|data| {
            let start = data.get().as_ptr() as usize - text.as_ptr() as usize;
            start..start + data.get().len()
        });
        // A list by the specification; some servers send a single error instead.
        let list = match &errors {
            Value::Null => &[],
            Value::Array(errors) => &errors[..],
            single => std::slice::from_ref(single),
        };
        let of_request = |error: &Value| GraphQlError::read(error).of_request(reply.request_id.as_ref());
        let refusal = Refusal {
            status: reply.status,
            is_request_error: data.is_none() && is_of_graphql(&errors) && is_of_a_server(reply.status),
            without_data: data.as_ref().is_none_or(|data| &text[data.clone()] == b"null"),
            errors: list.iter().take(MOST_ERRORS).map(of_request).collect(),
            retry_after: reply.retry_after(),
            request_id: reply.request_id.clone(),
        };
        Ok(Envelope { origin: reply.origin, body: reply.body, repaired, data, refusal })
    }

    /// Returns the text of `data`, unless it is absent or null.
    pub fn data(&self) -> Option<&str> {
        let text = match &self.repaired {
            Some(repaired) => repaired.text.as_str(),
            None => std::str::from_utf8(&self.body).ok()?,
        };
        text.get(self.data.clone()?).filter(|data| *data != "null")
    }

    /// Returns the body after repair, if it needed one.
    pub fn repaired_text(&mut self) -> Option<String> {
        self.repaired.take().map(|repaired| repaired.text)
    }

    /// Decodes `data`; an error names the path and the kind of problem, never the value.
    pub fn decode<D: DeserializeOwned>(&self) -> Result<D, String> {
        let data = self.data().unwrap_or_default();
        serde_json::from_str(data).map(|Strict(data)| data).map_err(|_| {
            // Tracking the path costs time, so only a failure pays for it, in a second pass.
            let mut json = serde_json::Deserializer::from_str(data);
            match serde_path_to_error::deserialize::<_, Strict<D>>(&mut json) {
                Ok(_) => "`data` cannot be read".to_owned(),
                Err(error) => format!("`data.{}` is missing or of another type", error.path()),
            }
        })
    }

    /// Returns `data` with all text and numbers repaired, and the number of replacement characters; `None` if it is
    /// too large.
    pub fn repaired_data(&self) -> Option<(Value, usize)> {
        let data = self.data().filter(|data| data.len() <= LARGEST_REPAIRED)?;
        let Repaired { text, replaced } = repair(data.as_bytes());
        let before = self.repaired.as_ref().map_or(0, |repaired| repaired.replaced);
        Some((serde_json::from_str(&text).ok()?, replaced + before))
    }

    /// Returns true if a member of `data` is not null, which proves that something was executed.
    pub fn has_result(&self) -> bool {
        let data = self.data().and_then(|data| serde_json::from_str::<serde_json::Map<String, Value>>(data).ok());
        data.is_some_and(|data| data.values().any(|member| !member.is_null()))
    }

    /// Creates the error for an envelope without the requested data.
    pub fn refused(self) -> Error {
        if self.refusal.errors.is_empty() {
            let what = match self.data() {
                Some(_) => "its `data` is not what was requested",
                None => "it has neither data nor errors",
            };
            let error = Error::bad_answer(self.origin, what, Certainty::Unknown);
            return error.of_request(self.refusal.request_id);
        }
        self.refusal.into()
    }
}

/// Decodes the data of a response without errors in one pass; returns `None` for any other response.
pub fn data_of<D: DeserializeOwned>(body: &[u8]) -> Option<D> {
    #[derive(Deserialize)]
    struct Complete<D> {
        data: Strict<D>,
        #[serde(default)]
        errors: Option<IgnoredAny>,
    }
    // A derived deserializer would accept a list for an object.
    body.trim_ascii_start().strip_prefix(b"{")?;
    let answer: Complete<D> = serde_json::from_slice(body).ok()?;
    answer.errors.is_none().then_some(answer.data.0)
}

/// Returns true for errors in the form of the GraphQL specification: a list of objects, each with a message.
fn is_of_graphql(errors: &Value) -> bool {
    let has_message = |error: &Value| error.get("message").is_some_and(Value::is_string);
    errors.as_array().is_some_and(|errors| !errors.is_empty() && errors.iter().all(has_message))
}

/// Returns false for a status that a proxy may send after it has forwarded the request.
fn is_of_a_server(status: u16) -> bool {
    matches!(status, 200..=299 | 400..=499) && !matches!(status, 408 | 425 | 429 | 499)
}

fn members(text: &str) -> Option<Members<'_>> {
    serde_json::from_str(text).ok()
}

fn no_envelope(reply: &Reply) -> Error {
    let (origin, status) = (reply.origin.clone(), reply.status);
    if !(200..300).contains(&status) {
        let content_type = content_type(reply);
        let failure = Failure::Status { origin, status, content_type, retry_after: reply.retry_after() };
        return Error::new(failure, Certainty::Unknown);
    }
    let is_json = serde_json::from_slice::<IgnoredAny>(&reply.body).is_ok();
    let what = if is_json { "it is JSON, but not a GraphQL response".to_owned() } else { what_came_instead(reply) };
    Error::bad_answer(origin, what, Certainty::Unknown)
}

fn what_came_instead(reply: &Reply) -> String {
    let body = reply.body.trim_ascii_start();
    if body.is_empty() {
        "the body is empty".to_owned()
    } else if body.starts_with(b"<") {
        "it is a web page, not JSON".to_owned()
    } else if serde_json::from_slice::<IgnoredAny>(body).is_err_and(|error| error.is_eof()) {
        "it breaks off before its end".to_owned()
    } else {
        format!("it is not JSON ({} bytes of type `{}`)", reply.body.len(), content_type(reply))
    }
}

/// Returns the `Content-Type`, truncated. Masks it first: a truncated secret could not be masked.
fn content_type(reply: &Reply) -> String {
    secret::mask(reply.header(CONTENT_TYPE)).chars().take(80).collect()
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Members<'a>, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "data" => members.data = Some(map.next_value()?),
                        "errors" => members.errors = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(members)
            }
        }

        from.deserialize_map(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::Envelope;
    use crate::portal::error::Certainty;
    use crate::portal::http::Reply;
    use reqwest::header::HeaderMap;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { origin: String::new(), status, headers: HeaderMap::new(), request_id: None, body: body.into() }
    }

    fn certainty(status: u16, body: &str) -> Certainty {
        match Envelope::open(reply(status, body)) {
            Ok(envelope) => envelope.refused().certainty(),
            Err(error) => error.certainty(),
        }
    }

    #[test]
    fn only_a_request_error_proves_that_nothing_was_executed() {
        for (status, body) in [
            (200, r#"{"errors":[{"message":"no"}]}"#),
            (400, r#"{"errors":[{"message":"no","extensions":{"code":"SOMETHING_NEW"}}]}"#),
            (403, r#"{"extensions":{},"errors":[{"message":"no"}]}"#),
        ] {
            assert_eq!(certainty(status, body), Certainty::NotExecuted, "{status} {body}");
        }
        for (status, body) in [
            (200, r#"{"errors":[{"message":"no"}],"data":null}"#),
            (200, r#"{"data":{"generateApiKey":null},"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}"#),
            (500, r#"{"errors":[{"message":"no"}]}"#),
            (429, r#"{"errors":[{"message":"slow down"}]}"#),
            (408, r#"{"errors":[{"message":"late"}]}"#),
            (403, r#"{"message":"Forbidden"}"#),
            (403, "<html>"),
            (200, r#"{"errors":["no"]}"#),
            (200, r#"{"errors":[]}"#),
            (200, r#"{"errors":{"message":"no"}}"#),
            (200, "[]"),
            (200, ""),
        ] {
            assert_eq!(certainty(status, body), Certainty::Unknown, "{status} {body}");
        }
    }

    #[test]
    fn the_last_duplicate_counts_and_invalid_unicode_is_replaced() {
        let open = |body: &str| Envelope::open(reply(200, body)).map(|envelope| envelope.data().map(str::to_owned));
        assert_eq!(open(r#"{"data":1,"data":{"a":2}}"#).unwrap().unwrap(), r#"{"a":2}"#);
        assert_eq!(open("\u{feff}{\"data\":3,\"errors\":[\"\\ud800\"]}").unwrap().unwrap(), "3");
    }
}
