//! What can go wrong between this client and a portal, and whether the portal may have executed the request.
//!
//! An error does not say how to fix anything, and never quotes a body: a response may contain a secret.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::compat::{Suggestion, Unset};
use super::fault::Fault;
use super::graphql::{Reason, Refusal};
use super::request_id::RequestId;
use crate::disk::Untrusted;
use crate::secret;

/// Whether the portal executed a request. It is set where the failure is detected, from proofs alone, and nobody
/// guesses it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing was written to a connection, or the response is a request error of the GraphQL specification.
    NotExecuted,
    /// Neither is proven.
    Unknown,
    /// The response has the result, and something else is wrong.
    Executed,
}

/// A request that failed.
#[derive(Debug)]
pub struct Error {
    failure: Box<Failure>,
    certainty: Certainty,
    /// The id of the request, if the response has one.
    request_id: Option<RequestId>,
    /// The variables of a binding that the profile gave, if a wrong value may be the reason.
    given: Vec<String>,
}

/// What happened.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection was established.
    #[error("cannot reach the portal at {origin}")]
    Unreachable { origin: String, source: anyhow::Error },
    /// The portal's certificate is not valid, or the portal does not accept the client's.
    #[error("cannot reach the portal at {origin}{via}")]
    Certificate { origin: String, via: String, fault: Fault },
    #[error("the portal at {origin} did not answer within {}", seconds(*limit))]
    Timeout { origin: String, limit: Duration },
    /// The request was sent, and no complete response arrived.
    #[error("the connection to the portal at {origin} was lost")]
    ConnectionLost { origin: String, source: anyhow::Error },
    #[error("the portal at {origin} redirects to {target}, and a key is never sent to another address")]
    Redirected { origin: String, target: String },
    #[error("the portal at {origin} answered HTTP {status}{}", with_type(content_type))]
    Status { origin: String, status: u16, content_type: String, retry_after: Option<Duration> },
    #[error("{0}")]
    Refused(Refusal),
    /// The portal's schema lacks what the operation cannot do without.
    #[error("{0}")]
    Unsupported(Unsupported),
    /// The run needs these fields of an item.
    #[error("this portal does not have {}", fields.join(", "))]
    MissingFields { fields: Vec<String> },
    #[error("this run is read-only, and this document {what}")]
    ReadOnly { what: &'static str, by: String },
    /// The user's binding for an operation breaks a rule.
    #[error("the binding of `{operation}` cannot be used: line {line} of `{}`: {problem}", path.display())]
    Binding { operation: String, path: PathBuf, line: usize, problem: String },
    /// A variable of the user's binding has no value.
    #[error("the binding of `{operation}` cannot be used: {what}")]
    Unset { operation: &'static str, what: Unset },
    /// The portal refused the user's binding.
    #[error("the binding of `{operation}` does not fit this portal: {refusal}")]
    BindingRefused { operation: String, refusal: Refusal },
    /// The user's binding maps the portal's data to something unusable.
    #[error("the binding of `{operation}` cannot be used on this portal: {problem}")]
    BindingUseless { operation: String, problem: String },
    #[error("the answer of the portal at {origin} cannot be understood: {what}")]
    BadAnswer { origin: String, what: String },
    /// Somebody else could have written the document to send.
    #[error(transparent)]
    Untrusted(Untrusted),
    #[error("{what} cannot be used")]
    Setup { what: String, source: anyhow::Error },
}

/// What a portal lacks for one of our operations.
#[derive(Debug)]
pub struct Unsupported {
    /// `keys.generate`
    pub operation: String,
    /// What the operation cannot do without: `Mutation.generateApiKey`.
    pub lacks: Vec<String>,
    /// Root fields of the portal that share a word with it.
    pub similar: Vec<String>,
    /// A suggested binding.
    pub suggestion: Option<Suggestion>,
    /// The portal's refusal; `None` if the operation was not sent.
    pub refusal: Option<Refusal>,
    /// True if the portal's own schema shows the gap.
    pub by_schema: bool,
}

impl Error {
    /// Creates an error from what happened and what that proves.
    pub fn new(failure: Failure, certainty: Certainty) -> Error {
        Error { failure: Box::new(failure), certainty, request_id: None, given: Vec::new() }
    }

    /// Adds the request id, unless the error has one.
    pub(super) fn of_request(self, id: Option<RequestId>) -> Error {
        Error { request_id: self.request_id.or(id), ..self }
    }

    /// Adds the variables that the profile gave to the binding, unless the portal gave a reason that has nothing to do
    /// with a value.
    pub(super) fn given(self, names: &[&str]) -> Error {
        let is_about_values = match self.failure() {
            Failure::BadAnswer { .. } => true,
            _ => matches!(self.reason(), Some(Reason::Forbidden | Reason::NotFound | Reason::Invalid | Reason::Other)),
        };
        match is_about_values {
            true => Error { given: names.iter().map(ToString::to_string).collect(), ..self },
            false => self,
        }
    }

    /// Returns the variables that the profile gave to the binding, if a wrong value may be the reason.
    pub fn profile_variables(&self) -> &[String] {
        &self.given
    }

    /// Creates an error for something that cannot be used; nothing was sent.
    pub fn setup(what: impl Into<String>, source: impl Into<anyhow::Error>) -> Error {
        let failure = Failure::Setup { what: what.into(), source: source.into() };
        Error::new(failure, Certainty::NotExecuted)
    }

    /// Creates an error for a response that cannot be understood.
    pub fn bad_answer(origin: impl Into<String>, what: impl Into<String>, certainty: Certainty) -> Error {
        Error::new(Failure::BadAnswer { origin: origin.into(), what: what.into() }, certainty)
    }

    /// Creates an error for a document that would change something in a read-only run; nothing was sent.
    pub fn read_only(what: &'static str, by: &str) -> Error {
        Error::new(Failure::ReadOnly { what, by: by.to_owned() }, Certainty::NotExecuted)
    }

    /// Fails if the portal lacks fields that the run needs.
    pub fn ensure_given(fields: Vec<String>) -> Result<(), Error> {
        if fields.is_empty() { Ok(()) } else { Err(Error::new(Failure::MissingFields { fields }, Certainty::Executed)) }
    }

    /// Returns what happened.
    pub fn failure(&self) -> &Failure {
        &self.failure
    }

    /// Returns what happened, by value.
    pub fn into_failure(self) -> Failure {
        *self.failure
    }

    /// Returns the refusal, if the failure is one.
    pub(super) fn into_refusal(self) -> Option<Refusal> {
        match *self.failure {
            Failure::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Attributes a refusal to the user's binding, unless the portal gave another reason.
    pub(super) fn of_binding(mut self, operation: &str) -> Error {
        *self.failure = match *self.failure {
            Failure::Refused(refusal) if matches!(refusal.reason(), Reason::Invalid | Reason::Other) => {
                Failure::BindingRefused { operation: operation.to_owned(), refusal }
            }
            failure => failure,
        };
        self
    }

    /// Masks possible unknown secrets in the portal's own words.
    pub(super) fn mask_suspects(mut self) -> Error {
        match &mut *self.failure {
            Failure::Refused(refusal) | Failure::BindingRefused { refusal, .. } => refusal.mask_suspects(),
            Failure::Unsupported(Unsupported { refusal: Some(refusal), .. }) => refusal.mask_suspects(),
            Failure::Status { content_type, .. } => *content_type = secret::mask_suspects(content_type),
            Failure::BadAnswer { what, .. } | Failure::BindingUseless { problem: what, .. } => {
                *what = secret::mask_suspects(what);
            }
            _ => {}
        }
        self
    }

    /// Returns whether the portal may have executed the request.
    pub fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Returns the id under which the portal's logs have the request, if the portal sent one.
    pub fn request_id(&self) -> Option<&RequestId> {
        let refusal = match self.failure() {
            Failure::Refused(refusal) | Failure::BindingRefused { refusal, .. } => Some(refusal),
            Failure::Unsupported(Unsupported { refusal, .. }) => refusal.as_ref(),
            _ => None,
        };
        self.request_id.as_ref().or_else(|| refusal?.request_id.as_ref())
    }

    /// Returns the portal's reason, if the portal responded at all.
    pub fn reason(&self) -> Option<Reason> {
        match self.failure() {
            Failure::Refused(refusal) => Some(refusal.reason()),
            Failure::Status { status, .. } => Some(Reason::from_status(*status)),
            Failure::Unsupported(_) | Failure::BindingRefused { .. } => Some(Reason::Invalid),
            _ => None,
        }
    }

    /// Returns true if a broker refused in place of the portal.
    pub fn is_of_broker(&self) -> bool {
        matches!(self.failure(), Failure::Refused(refusal) if refusal.is_of_broker())
    }

    /// Returns true if the portal's schema lacks part of the request.
    pub fn is_unsupported(&self) -> bool {
        self.reason() == Some(Reason::Invalid)
    }

    /// Returns how long the portal asks us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.failure() {
            Failure::Refused(refusal) => refusal.retry_after,
            Failure::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        let certainty = if refusal.is_request_error { Certainty::NotExecuted } else { Certainty::Unknown };
        Error::new(Failure::Refused(refusal), certainty)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this portal cannot do `{}`: {}", self.operation, self.gap())
    }
}

impl Unsupported {
    /// Returns what is missing in a few words: `it has no query `device``.
    pub(super) fn gap(&self) -> String {
        match &self.refusal {
            Some(refusal) if self.lacks.is_empty() => refusal.to_string(),
            _ if self.lacks.iter().any(|lack| lack.starts_with('$')) => {
                format!("it has no argument `{}`", self.lacks.join("`, `"))
            }
            _ => match self.lacks.iter().find_map(|lack| lack.split_once(' ')) {
                Some((what, problem)) => format!("its {} {problem}", spoken(what)),
                None => {
                    let lacks: Vec<String> = self.lacks.iter().map(|lack| spoken(lack)).collect();
                    format!("it has no {}", lacks.join(", "))
                }
            },
        }
    }
}

/// Names a field without our type name, which the portal may name differently.
fn spoken(lack: &str) -> String {
    match lack.split_once('.') {
        Some(("Query", name)) => format!("query `{name}`"),
        Some(("Mutation", name)) => format!("mutation `{name}`"),
        Some((_, name)) => format!("member `{name}`"),
        None if lack == "Mutation" => "mutations".to_owned(),
        None => format!("`{lack}`"),
    }
}

fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

fn with_type(content_type: &str) -> String {
    if content_type.is_empty() { String::new() } else { format!(" with a body of type `{content_type}`") }
}
