//! Why a request is not forwarded; messages name the field. They never contain the value of a variable.

use super::root::Root;

/// Why a request is not forwarded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A field that is not allowed.
    #[error("this broker does not allow `{0}`")]
    Field(Root),
    /// A mutation, with `--read-only`.
    #[error("this broker does not allow the mutation `{0}`: nothing may be changed")]
    ReadOnly(String),
    /// Introspection, where only named fields are allowed.
    #[error("this broker does not allow `{0}`: the schema is not shown")]
    Introspection(String),
    #[error("this broker does not allow a subscription")]
    Subscription,
    /// A directive that is not a standard one.
    #[error("this broker does not allow the directive `@{0}`")]
    Directive(String),
    /// A batch, a persisted query, or another request that is not one document.
    #[error("this broker does not allow {0}: a request is one document with its variables")]
    NotOneDocument(&'static str),
    /// The body is not a valid request.
    #[error("the request cannot be read: {0}")]
    Malformed(&'static str),
    /// The document cannot be parsed.
    #[error("the document cannot be read, line {line}: {problem}")]
    Unreadable { line: usize, problem: String },
}

impl Refused {
    /// Returns `extensions.code` and the status.
    pub fn code(&self) -> (&'static str, u16) {
        match self {
            Refused::Malformed(_) => ("BAD_USER_INPUT", 400),
            Refused::Unreadable { .. } => ("GRAPHQL_PARSE_FAILED", 400),
            _ => ("FORBIDDEN", 403),
        }
    }
}
