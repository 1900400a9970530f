//! GraphQL errors in a response: their messages, what they mean, and what they prove.
//!
//! Only the portal's own messages are kept of a body, truncated and with every known secret masked.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::portal::request_id::RequestId;
use crate::secret;

/// The most characters of a message that are kept, because nobody reads more.
const LONGEST_MESSAGE: usize = 600;

/// The most characters of a code or a path that are kept.
const LONGEST_NAME: usize = 120;

/// GraphQL errors of a response without data, or with incomplete data.
#[derive(Debug, Default)]
pub struct Refusal {
    /// The HTTP status of the response.
    pub status: u16,
    /// True for a request error of the GraphQL specification, which proves that nothing was executed.
    pub is_request_error: bool,
    /// True if `data` is absent or null.
    pub without_data: bool,
    pub errors: Vec<GraphQlError>,
    /// How long the portal asks us to wait.
    pub retry_after: Option<Duration>,
    /// The id of the request, if the response has one.
    pub request_id: Option<RequestId>,
}

/// One member of `errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphQlError {
    /// The portal's message, truncated, with every known secret masked.
    pub message: String,
    /// `extensions.code`.
    pub code: Option<String>,
    /// True if a broker answers in place of the portal.
    pub is_of_broker: bool,
    /// The response path, such as `devices.data.3.name`; empty if the portal gave none.
    pub path: String,
    /// The locations in the document: lines and columns, from 1.
    pub locations: Vec<(usize, usize)>,
    /// The id of the request, if the response has one.
    pub request_id: Option<RequestId>,
}

/// The meaning of a refusal. It decides messages and exit codes, never what may have been executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Unauthenticated,
    Forbidden,
    FeatureDisabled,
    NotFound,
    RateLimited,
    /// The document does not fit the portal's schema.
    Invalid,
    /// The portal failed, and a retry may succeed.
    Unavailable,
    Other,
}

impl Reason {
    /// Returns the meaning of `extensions.code` (codes assumed, and those that Apollo Server documents).
    fn from_code(code: &str) -> Option<Reason> {
        Some(match code {
            "UNAUTHENTICATED" | "UNAUTHORIZED" => Reason::Unauthenticated,
            "FORBIDDEN" => Reason::Forbidden,
            "FEATURE_DISABLED" => Reason::FeatureDisabled,
            "NOT_FOUND" => Reason::NotFound,
            "RATE_LIMITED" | "TOO_MANY_REQUESTS" => Reason::RateLimited,
            "GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED" => Reason::Invalid,
            "BAD_USER_INPUT" => Reason::Other,
            _ => return None,
        })
    }

    /// Returns the meaning of an HTTP status, if nothing else has one.
    pub fn from_status(status: u16) -> Reason {
        match status {
            401 => Reason::Unauthenticated,
            403 => Reason::Forbidden,
            404 => Reason::NotFound,
            429 => Reason::RateLimited,
            // Too late, too early, and closed by a proxy: these say nothing about the request itself.
            408 | 425 | 499 | 500..=599 => Reason::Unavailable,
            _ => Reason::Other,
        }
    }
}

impl Refusal {
    /// Returns true for a validation error: the document was refused for its contents, and nothing was executed.
    pub fn is_validation_error(&self) -> bool {
        self.is_request_error
            && (self.reason() == Reason::Invalid || matches!(self.status, 400 | 422) && self.says_nothing_else())
    }

    /// Returns true if nothing was executed and no other reason than the document is given. A mutation needs better
    /// proof.
    pub fn may_be_validation_error(&self, mutation: bool) -> bool {
        let by_shape = self.is_request_error && self.status == 200 && self.says_nothing_else();
        self.is_validation_error() || by_shape && !mutation
    }

    /// Some servers send no codes, no locations, and messages of their own.
    fn says_nothing_else(&self) -> bool {
        self.errors.iter().all(|error| error.code.is_none() && error.path.is_empty())
    }

    /// Masks possible unknown secrets, unless it is proven that nothing was executed, so that none was created.
    pub fn mask_suspects(&mut self) {
        for error in self.errors.iter_mut().filter(|_| !self.is_request_error) {
            error.message = secret::mask_suspects(&error.message);
            error.code = error.code.as_deref().map(secret::mask_suspects);
            error.path = secret::mask_suspects(&error.path);
        }
    }

    /// Returns true if a broker answers in place of the portal.
    pub fn is_of_broker(&self) -> bool {
        self.errors.iter().any(|error| error.is_of_broker)
    }

    /// Returns the first reason that a code gives, or else the meaning of the status and the form of the errors.
    pub fn reason(&self) -> Reason {
        let by_code = self.errors.iter().find_map(|error| Reason::from_code(error.code.as_deref()?));
        by_code.unwrap_or_else(|| match Reason::from_status(self.status) {
            // For servers without codes: such an error has locations in the document, and no response path, because no
            // field was executed. (graphql-js answers `data: null` to a mutation if the schema has no mutations.)
            Reason::Other if self.without_data && self.errors.iter().all(GraphQlError::is_of_the_document) => {
                Reason::Invalid
            }
            reason => reason,
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_of_broker() { "the broker refuses" } else { "the portal refuses" })?;
        for (n, error) in self.errors.iter().take(3).enumerate() {
            f.write_str(if n == 0 { ": " } else { "; " })?;
            f.write_str(error.message.trim_end_matches('.'))?;
        }
        match self.errors.len() {
            0..=3 => Ok(()),
            more => write!(f, "; and {} more", more - 3),
        }
    }
}

impl GraphQlError {
    /// Reads one member of `errors` of any form; masks known secrets in it.
    pub fn read(member: &Value) -> GraphQlError {
        let text = member.get("message").or(Some(member)).and_then(Value::as_str).unwrap_or("no message was given");
        let path = member.get("path").and_then(Value::as_array).map(|path| {
            let steps = path.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
            steps.collect::<Vec<_>>().join(".")
        });
        let code = member.pointer("/extensions/code").and_then(Value::as_str);
        GraphQlError {
            message: cut(secret::mask(text).into_owned(), LONGEST_MESSAGE),
            code: code.map(|code| cut(code.to_owned(), LONGEST_NAME)),
            is_of_broker: member.pointer("/extensions/broker") == Some(&Value::Bool(true)),
            path: cut(path.unwrap_or_default(), LONGEST_NAME),
            locations: member.get("locations").and_then(Value::as_array).into_iter().flatten().map(location).collect(),
            request_id: None,
        }
    }

    /// Adds the request id.
    pub fn of_request(self, id: Option<&RequestId>) -> GraphQlError {
        GraphQlError { request_id: id.cloned(), ..self }
    }

    fn is_of_the_document(&self) -> bool {
        !self.locations.is_empty() && self.path.is_empty()
    }
}

/// Truncates a text, and appends how much was cut.
fn cut(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}… and {} more bytes", &text[..at], text.len() - at),
    }
}

fn location(location: &Value) -> (usize, usize) {
    let number = |name| location.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    (number("line").unwrap_or(0), number("column").unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{GraphQlError, Reason, Refusal};
    use crate::secret::Secret;
    use serde_json::{Value, json};

    fn refusal(status: u16, is_request_error: bool, error: Value) -> Refusal {
        let errors = vec![GraphQlError::read(&error)];
        Refusal {
            status,
            is_request_error,
            without_data: is_request_error,
            errors,
            retry_after: None,
            request_id: None,
        }
    }

    #[test]
    fn a_code_wins_over_the_status() {
        let error = json!({"message": "no", "extensions": {"code": "FEATURE_DISABLED"}});
        assert_eq!(refusal(401, false, error).reason(), Reason::FeatureDisabled);
    }

    #[test]
    fn a_broker_refuses_in_its_own_name() {
        let error = |broker: Value| json!({"message": "no", "extensions": {"code": "FORBIDDEN", "broker": broker}});
        assert_eq!(refusal(403, true, error(json!(true))).to_string(), "the broker refuses: no");
        assert_eq!(refusal(403, true, error(json!("true"))).to_string(), "the portal refuses: no");
    }

    #[test]
    fn a_validation_error_is_known_by_its_shape() {
        let located = json!({"message": "Cannot query field", "locations": [{"line": 1, "column": 2}]});
        assert_eq!(refusal(200, true, located.clone()).reason(), Reason::Invalid);
        assert_eq!(refusal(400, true, located.clone()).reason(), Reason::Invalid);
        assert_eq!(refusal(200, false, located.clone()).reason(), Reason::Other);
        assert_eq!(refusal(401, true, located).reason(), Reason::Unauthenticated);
        let of_a_field = json!({"message": "no", "locations": [{}], "path": ["devices", "data", 3]});
        assert_eq!(refusal(200, true, of_a_field).reason(), Reason::Other);
        assert_eq!(refusal(200, true, json!("just words")).reason(), Reason::Other);
    }

    #[test]
    fn messages_are_truncated_and_the_key_is_masked_in_them() {
        let _key = Secret::new("k-123456".into());
        let error = GraphQlError::read(&json!({"message": "bad key k-123456"}));
        assert_eq!(error.message, "bad key [secret]");
        let long = GraphQlError::read(&json!({"message": "x".repeat(3_000_000)})).message;
        assert!(long.len() < 700 && long.ends_with("more bytes"), "{long}");
    }
}
