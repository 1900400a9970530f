//! What can go wrong between this client and a portal, in the words of what happened, and what the portal may have done.
//!
//! It never says how to mend anything, and never quotes a body: an answer may hold a secret.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::compat::{Suggestion, Unset};
use super::fault::Fault;
use super::graphql::{Reason, Refusal};
use super::request_id::RequestId;
use crate::disk::Untrusted;
use crate::secret;

/// What the portal may have done with a request. It is set where the failure is seen, from proofs of safety alone, and
/// nobody guesses it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing was written to a connection, or the answer is a request error of the GraphQL specification.
    NotExecuted,
    /// Nothing proves either.
    Unknown,
    /// The answer has what was asked for, and something else is wrong.
    Executed,
}

/// A request that did not bring what was asked for.
#[derive(Debug)]
pub struct Error {
    failure: Box<Failure>,
    certainty: Certainty,
    /// The request that was answered so, where the answer tells.
    request_id: Option<RequestId>,
}

/// What happened.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection was made.
    #[error("cannot reach the portal at {origin}")]
    Unreachable { origin: String, source: anyhow::Error },
    /// The portal is not who it should be, or does not take us for who we should be.
    #[error("cannot reach the portal at {origin}{via}")]
    Certificate { origin: String, via: String, fault: Fault },
    #[error("the portal at {origin} did not answer within {}", seconds(*limit))]
    Timeout { origin: String, limit: Duration },
    /// The request was sent, and no whole answer came.
    #[error("the connection to the portal at {origin} was lost")]
    ConnectionLost { origin: String, source: anyhow::Error },
    #[error("the portal at {origin} redirects to {target}, and a key is never sent to another address")]
    Redirected { origin: String, target: String },
    #[error("the portal at {origin} answered HTTP {status}{}", with_type(content_type))]
    Status { origin: String, status: u16, content_type: String, retry_after: Option<Duration> },
    #[error("{0}")]
    Refused(Refusal),
    /// The portal's schema lacks what the operation makes no sense without.
    #[error("{0}")]
    Unsupported(Unsupported),
    /// The run cannot do without these fields of an item.
    #[error("this portal does not have {}", fields.join(", "))]
    NotGiven { fields: Vec<String> },
    #[error("this run is read-only, and this document {what}")]
    ReadOnly { what: &'static str, by: String },
    /// The user's own document for an operation breaks a rule.
    #[error("the binding of `{operation}` cannot be used: line {line} of `{}`: {problem}", path.display())]
    Binding { operation: String, path: PathBuf, line: usize, problem: String },
    /// A variable of the user's own document has no value.
    #[error("the binding of `{operation}` cannot be used: {what}")]
    Unset { operation: &'static str, what: Unset },
    /// The user's own document does not fit the portal.
    #[error("the binding of `{operation}` does not fit this portal: {refusal}")]
    BindingRefused { operation: String, refusal: Refusal },
    /// What the user's own document makes of the portal's data is not what is needed.
    #[error("the binding of `{operation}` cannot be used on this portal: {problem}")]
    BindingUseless { operation: String, problem: String },
    #[error("the answer of the portal at {origin} cannot be understood: {what}")]
    BadAnswer { origin: String, what: String },
    /// Somebody else could have written what is to be sent.
    #[error(transparent)]
    Untrusted(Untrusted),
    #[error("{what} cannot be used")]
    Setup { what: String, source: anyhow::Error },
}

/// What a portal lacks for an operation of ours.
#[derive(Debug)]
pub struct Unsupported {
    /// `keys.generate`
    pub operation: String,
    /// What the operation makes no sense without: `Mutation.generateApiKey`.
    pub lacks: Vec<String>,
    /// Root fields of the portal's that share a word with it.
    pub similar: Vec<String>,
    /// A binding that looks right.
    pub suggestion: Option<Suggestion>,
    /// What the portal said; none where it was not asked.
    pub refusal: Option<Refusal>,
    /// True where the portal's own schema shows it.
    pub by_schema: bool,
}

impl Error {
    /// Makes an error of what happened and of what it proves.
    pub fn new(failure: Failure, certainty: Certainty) -> Error {
        Error { failure: Box::new(failure), certainty, request_id: None }
    }

    /// Says which request it was, unless that is known.
    pub(super) fn of_request(self, id: Option<RequestId>) -> Error {
        Error { request_id: self.request_id.or(id), ..self }
    }

    /// Says that something cannot be used; nothing was sent.
    pub fn setup(what: impl Into<String>, source: impl Into<anyhow::Error>) -> Error {
        let failure = Failure::Setup { what: what.into(), source: source.into() };
        Error::new(failure, Certainty::NotExecuted)
    }

    /// Says that an answer cannot be understood.
    pub fn bad_answer(origin: impl Into<String>, what: impl Into<String>, certainty: Certainty) -> Error {
        Error::new(Failure::BadAnswer { origin: origin.into(), what: what.into() }, certainty)
    }

    /// Says that a document would change something where nothing may be changed, and by which setting; nothing was sent.
    pub fn read_only(what: &'static str, by: &str) -> Error {
        Error::new(Failure::ReadOnly { what, by: by.to_owned() }, Certainty::NotExecuted)
    }

    /// Fails if there are fields that the run cannot do without and that the portal does not give.
    pub fn not_given(fields: Vec<String>) -> Result<(), Error> {
        if fields.is_empty() { Ok(()) } else { Err(Error::new(Failure::NotGiven { fields }, Certainty::Executed)) }
    }

    /// Returns what happened.
    pub fn failure(&self) -> &Failure {
        &self.failure
    }

    /// Returns what happened, to be taken apart.
    pub fn into_failure(self) -> Failure {
        *self.failure
    }

    /// Returns the refusal, if it is one.
    pub(super) fn into_refusal(self) -> Option<Refusal> {
        match *self.failure {
            Failure::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Says that it was the user's own document that was refused, unless the portal says that it was something else.
    pub(super) fn of_binding(mut self, operation: &str) -> Error {
        *self.failure = match *self.failure {
            Failure::Refused(refusal) if matches!(refusal.reason(), Reason::Invalid | Reason::Other) => {
                Failure::BindingRefused { operation: operation.to_owned(), refusal }
            }
            failure => failure,
        };
        self
    }

    /// Masks what may be a secret that nobody knows yet in the portal's own words.
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

    /// Returns what the portal may have done.
    pub fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Returns the id by which the portal finds the request again, where it told one.
    pub fn request_id(&self) -> Option<&RequestId> {
        let refusal = match self.failure() {
            Failure::Refused(refusal) | Failure::BindingRefused { refusal, .. } => Some(refusal),
            Failure::Unsupported(Unsupported { refusal, .. }) => refusal.as_ref(),
            _ => None,
        };
        self.request_id.as_ref().or_else(|| refusal?.request_id.as_ref())
    }

    /// Returns what the portal meant, where it answered at all.
    pub fn reason(&self) -> Option<Reason> {
        match self.failure() {
            Failure::Refused(refusal) => Some(refusal.reason()),
            Failure::Status { status, .. } => Some(Reason::from_status(*status)),
            Failure::Unsupported(_) | Failure::BindingRefused { .. } => Some(Reason::Invalid),
            _ => None,
        }
    }

    /// Returns true if the portal's schema lacks what was asked for.
    pub fn is_unsupported(&self) -> bool {
        self.reason() == Some(Reason::Invalid)
    }

    /// Returns how long the portal asks to wait.
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

/// Names a field without the name of our own type, which the portal may call something else.
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
