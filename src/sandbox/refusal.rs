//! Why a request or a field was refused: a message for people, and a code for programs.
//!
//! It also carries codes through the executor, whose field errors have only a message.

use apollo_compiler::resolvers::FieldError;
use apollo_compiler::response::GraphQLError;

/// The executor puts this before the message of every failed field.
const FROM_RESOLVER: &str = "resolver error: ";

/// The value of `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    ParseFailed,
    ValidationFailed,
    BadUserInput,
    Unauthenticated,
    Forbidden,
    FeatureDisabled,
    NotFound,
    RateLimited,
    Internal,
}

impl Code {
    const ALL: [Code; 9] = [
        Code::ParseFailed,
        Code::ValidationFailed,
        Code::BadUserInput,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::FeatureDisabled,
        Code::NotFound,
        Code::RateLimited,
        Code::Internal,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Code::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::BadUserInput => "BAD_USER_INPUT",
            Code::Unauthenticated => "UNAUTHENTICATED",
            Code::Forbidden => "FORBIDDEN",
            Code::FeatureDisabled => "FEATURE_DISABLED",
            Code::NotFound => "NOT_FOUND",
            Code::RateLimited => "RATE_LIMITED",
            Code::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// Returns the code for an HTTP status.
    pub(super) fn of_status(status: u16) -> Code {
        match status {
            401 => Code::Unauthenticated,
            403 => Code::Forbidden,
            404 => Code::NotFound,
            429 => Code::RateLimited,
            400..=499 => Code::BadUserInput,
            _ => Code::Internal,
        }
    }

    /// Returns `error` with this code.
    pub(super) fn mark(self, mut error: GraphQLError) -> GraphQLError {
        error.extensions.insert("code", self.as_str().into());
        error
    }
}

/// A refusal, in the portal's words.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into() }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Refusal {
        Refusal::new(Code::Internal, format!("The sandbox's database failed: {error}."))
    }
}

impl From<Refusal> for GraphQLError {
    fn from(refusal: Refusal) -> GraphQLError {
        refusal.code.mark(GraphQLError::new(refusal.message, None, &Default::default()))
    }
}

impl From<Refusal> for FieldError {
    fn from(refusal: Refusal) -> FieldError {
        FieldError { message: format!("{} {}", refusal.code.as_str(), refusal.message) }
    }
}

/// Restores the code and the message of a field error.
pub(super) fn restore(mut error: GraphQLError) -> GraphQLError {
    let refusal = error.message.strip_prefix(FROM_RESOLVER).and_then(|text| {
        let (code, message) = text.split_once(' ')?;
        let code = Code::ALL.into_iter().find(|known| known.as_str() == code)?;
        Some(Refusal::new(code, message))
    });
    match refusal {
        Some(Refusal { code, message }) => {
            error.message = message;
            code.mark(error)
        }
        // An error that no resolver returned is about the value of an argument.
        None => Code::BadUserInput.mark(error),
    }
}
