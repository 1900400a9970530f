//! What can go wrong between this client and a portal, in the words of what happened.
//!
//! It never says how to mend anything, and never quotes a body: an answer may hold a secret.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::fit::Proposal;
use crate::secret;

/// So many characters of one message are kept: more is not read by anybody.
const LONGEST_MESSAGE: usize = 600;

/// So many characters of a code or a path are kept.
const LONGEST_NAME: usize = 120;

/// A request that did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection was made; nothing was sent.
    #[error("cannot reach the portal at {origin}")]
    Unreachable { origin: String, source: anyhow::Error },
    #[error("the portal at {origin} did not answer within {}", seconds(*limit))]
    Timeout { origin: String, limit: Duration, sent: bool },
    /// The request was sent, and no whole answer came.
    #[error("the connection to the portal at {origin} broke off")]
    BrokenOff { origin: String, source: anyhow::Error },
    #[error("the portal at {origin} redirects to {target}, and a key is never sent to another address")]
    Redirected { origin: String, target: String },
    #[error("the portal at {origin} answered HTTP {status}{}", with_type(content_type))]
    Status { origin: String, status: u16, content_type: String, retry_after: Option<Duration> },
    #[error("{0}")]
    Refused(Refusal),
    /// The portal's schema lacks what the operation makes no sense without; nothing ran.
    #[error("{0}")]
    Unfit(Box<Lacking>),
    /// The run cannot do without these fields of an item.
    #[error("this portal does not give {}", fields.join(", "))]
    NotGiven { fields: Vec<String> },
    /// Nothing was sent.
    #[error("nothing may be changed in this run, and this document {0}")]
    ReadOnly(&'static str),
    /// The user's own document for an operation breaks a rule; nothing was sent.
    #[error("the binding of `{operation}` cannot be used: line {line} of `{}`: {problem}", path.display())]
    Binding { operation: String, path: PathBuf, line: usize, problem: String },
    /// The user's own document does not fit the portal; nothing ran.
    #[error("the binding of `{operation}` does not fit this portal: {refusal}")]
    BindingRefused { operation: String, refusal: Refusal },
    #[error("the answer of the portal at {origin} cannot be understood: {what}")]
    BadAnswer { origin: String, what: String },
    #[error("{what} cannot be used")]
    Setup { what: String, source: anyhow::Error },
}

/// What the portal may have done with a request, from proofs of safety alone. A code such as `FORBIDDEN` proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing was written to a connection, or the answer is a request error of the GraphQL specification.
    NotExecuted,
    /// Nothing proves either.
    Unknown,
}

/// What a portal lacks for an operation of ours.
#[derive(Debug)]
pub struct Lacking {
    /// `keys.generate`
    pub operation: String,
    /// What the operation makes no sense without: `Mutation.generateApiKey`.
    pub lacks: Vec<String>,
    /// Root fields of the portal's that share a word with it.
    pub alike: Vec<String>,
    /// A binding that looks right.
    pub proposal: Option<Proposal>,
    /// What the portal said; none where it was not asked.
    pub refusal: Option<Refusal>,
    /// True where the portal's own schema shows it.
    pub by_schema: bool,
}

/// GraphQL errors that came instead of data, or beside too little of it.
#[derive(Debug, Default)]
pub struct Refusal {
    /// The HTTP status that the errors came with.
    pub status: u16,
    /// True for what the GraphQL specification calls a request error: it proves that nothing was executed.
    pub is_request_error: bool,
    /// True where there is no data: none at all, or null.
    pub without_data: bool,
    pub errors: Vec<GraphQlError>,
    /// The `Retry-After` header, where it was a number of seconds.
    pub retry_after: Option<Duration>,
}

/// One member of an answer's `errors`.
#[derive(Clone, Debug)]
pub struct GraphQlError {
    /// The portal's words, with every known secret masked.
    pub message: String,
    /// `extensions.code`.
    pub code: Option<String>,
    /// The response path, such as `devices.data.3.name`; empty where the portal gave none.
    pub path: String,
    /// Where the error points in the document: lines and columns, from 1.
    pub(super) locations: Vec<(usize, usize)>,
}

/// What a refusal comes down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Unauthenticated,
    Forbidden,
    FeatureDisabled,
    NotFound,
    RateLimited,
    /// The document does not fit the portal's schema; nothing ran.
    Invalid,
    /// The portal failed, and may not fail again.
    Unavailable,
    Other,
}

impl Error {
    /// Returns what the portal meant, where it answered at all.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Error::Refused(refusal) => Some(refusal.reason()),
            Error::Status { status, .. } => Some(Reason::from_status(*status)),
            Error::Unfit(_) | Error::BindingRefused { .. } => Some(Reason::Invalid),
            _ => None,
        }
    }

    /// Returns true if the portal's schema lacks what was asked for; nothing ran.
    pub fn is_unfit(&self) -> bool {
        self.reason() == Some(Reason::Invalid)
    }

    /// Returns true if the portal takes no value for a variable; nothing was sent.
    pub fn is_about_variable(&self, name: &str) -> bool {
        matches!(self, Error::Unfit(lacking) if lacking.lacks == [format!("${name}")])
    }

    /// Returns what the portal may have done. All that is no proof of safety leaves it unknown.
    pub fn certainty(&self) -> Certainty {
        match self {
            Error::Timeout { sent: false, .. } | Error::Unreachable { .. } | Error::Setup { .. } => {}
            Error::ReadOnly(_) | Error::Unfit(_) | Error::Binding { .. } | Error::BindingRefused { .. } => {}
            Error::Refused(refusal) if refusal.is_request_error => {}
            _ => return Certainty::Unknown,
        }
        Certainty::NotExecuted
    }

    /// Returns how long the portal asked us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Refused(refusal) => refusal.retry_after,
            Error::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl Reason {
    /// Returns what `extensions.code` means (codes assumed, and those that Apollo Server documents).
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

    fn from_status(status: u16) -> Reason {
        match status {
            401 => Reason::Unauthenticated,
            403 => Reason::Forbidden,
            404 => Reason::NotFound,
            429 => Reason::RateLimited,
            500..=599 => Reason::Unavailable,
            _ => Reason::Other,
        }
    }
}

impl Refusal {
    /// Returns true if the document was refused for what it asks, which proves that nothing ran.
    pub fn is_of_the_document(&self) -> bool {
        self.is_request_error
            && (self.reason() == Reason::Invalid || matches!(self.status, 400 | 422) && self.says_nothing_else())
    }

    /// Returns true if nothing ran, and nothing says that it was for another reason than the document. A mutation needs
    /// better proof.
    pub fn may_be_of_the_document(&self, mutates: bool) -> bool {
        let by_shape = self.is_request_error && self.status == 200 && self.says_nothing_else();
        self.is_of_the_document() || by_shape && !mutates
    }

    /// Some servers give no codes, no places, and words of their own.
    fn says_nothing_else(&self) -> bool {
        self.errors.iter().all(|error| error.code.is_none() && error.path.is_empty())
    }

    /// Returns the first reason that a code gives, else what the status and the shape of the answer say.
    pub fn reason(&self) -> Reason {
        let by_code = self.errors.iter().find_map(|error| Reason::from_code(error.code.as_deref()?));
        by_code.unwrap_or_else(|| match Reason::from_status(self.status) {
            // Servers without codes: such an error points into the document, and has no response path, because no field
            // ran. (graphql-js answers `data: null` to a mutation where there are none.)
            Reason::Other if self.without_data && self.errors.iter().all(GraphQlError::is_of_the_document) => {
                Reason::Invalid
            }
            reason => reason,
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the portal refuses")?;
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

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this portal cannot do `{}`: ", self.operation)?;
        match &self.refusal {
            Some(refusal) if self.lacks.is_empty() => refusal.fmt(f),
            _ if self.lacks.iter().any(|lack| lack.starts_with('$')) => {
                write!(f, "it takes no `{}`", self.lacks.join("`, `"))
            }
            _ => match self.lacks.iter().find_map(|lack| lack.split_once(' ')) {
                Some((what, problem)) => write!(f, "its `{what}` {problem}"),
                None => write!(f, "it has no `{}`", self.lacks.join("`, `")),
            },
        }
    }
}

impl GraphQlError {
    /// Reads one member of `errors`, whatever its shape; a secret that it repeats is masked.
    pub(super) fn read(member: &Value) -> GraphQlError {
        let text = member.get("message").or(Some(member)).and_then(Value::as_str).unwrap_or("no message was given");
        let path = member.get("path").and_then(Value::as_array).map(|path| {
            let steps = path.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
            steps.collect::<Vec<_>>().join(".")
        });
        let code = member.pointer("/extensions/code").and_then(Value::as_str);
        GraphQlError {
            message: cut(secret::mask(text).into_owned(), LONGEST_MESSAGE),
            code: code.map(|code| cut(code.to_owned(), LONGEST_NAME)),
            path: cut(path.unwrap_or_default(), LONGEST_NAME),
            locations: member.get("locations").and_then(Value::as_array).into_iter().flatten().map(place).collect(),
        }
    }

    fn is_of_the_document(&self) -> bool {
        !self.locations.is_empty() && self.path.is_empty()
    }
}

/// Shortens a text, and says that it did.
fn cut(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}… and {} more bytes", &text[..at], text.len() - at),
    }
}

fn place(location: &Value) -> (usize, usize) {
    let number = |name| location.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    (number("line").unwrap_or(0), number("column").unwrap_or(0))
}

fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

fn with_type(content_type: &str) -> String {
    if content_type.is_empty() { String::new() } else { format!(" with a body of type `{content_type}`") }
}

#[cfg(test)]
mod tests {
    use super::{GraphQlError, Reason, Refusal};
    use crate::secret::Secret;
    use serde_json::{Value, json};

    fn refusal(status: u16, is_request_error: bool, error: Value) -> Refusal {
        let errors = vec![GraphQlError::read(&error)];
        Refusal { status, is_request_error, without_data: is_request_error, errors, retry_after: None }
    }

    #[test]
    fn a_code_wins_over_the_status() {
        let error = json!({"message": "no", "extensions": {"code": "FEATURE_DISABLED"}});
        assert_eq!(refusal(401, false, error).reason(), Reason::FeatureDisabled);
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
    fn words_are_cut_and_the_key_is_masked_in_them() {
        let _key = Secret::new("k-123456".into());
        let error = GraphQlError::read(&json!({"message": "bad key k-123456"}));
        assert_eq!(error.message, "bad key [secret]");
        let long = GraphQlError::read(&json!({"message": "x".repeat(3_000_000)})).message;
        assert!(long.len() < 700 && long.ends_with("more bytes"), "{long}");
    }
}
