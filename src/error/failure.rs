//! The error that a verb returns: message, causes, hints, and facts for a program.

use std::fmt;
use std::time::Duration;

use super::kind::Kind;
use crate::portal::error::Certainty;
use crate::portal::{RequestId, Suggestion};

/// The beginning of the hint that gives the cursor to resume a listing with.
const RESUME: &str = "Resume with";

/// The way to a binding for a portal that refuses introspection, behind `optra` and the options that chose the portal.
/// The file has a request of the portal's web page, copied as curl.
pub const ADOPT_PASTED: &str = "portal adopt --from-curl \"$(cat request.sh)\"";

/// A failure with all that a report of it needs.
#[derive(Debug)]
pub struct Error {
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) hints: Vec<String>,
    pub(super) cause: Option<anyhow::Error>,
    pub(super) facts: Box<Facts>,
    /// False if a retry could do harm, whatever the kind.
    pub(super) again: bool,
}

/// Facts about a failure for a program; each is set only if it is known.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub retry_after: Option<Duration>,
    /// Whether the portal may have executed the request, if one was sent.
    pub certainty: Option<Certainty>,
    /// True if the error came from the portal itself, in a GraphQL response.
    pub is_of_portal: bool,
    /// True if a request was sent and no response could be understood.
    pub is_lost_answer: bool,
    /// The cursor to resume from, if a listing was interrupted.
    pub after: Option<String>,
    /// The parts of the contract that the portal lacks.
    pub lacks: Vec<String>,
    /// The id under which the portal's logs have the request.
    pub request_id: Option<RequestId>,
    /// The variables of a binding that the profile gave, if a wrong value may be the reason.
    pub profile_variables: Vec<String>,
}

impl Error {
    /// Makes an error; the message is one line, lower case, without a full stop, names in backticks.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), hints: Vec::new(), cause: None, facts: Box::default(), again: true }
    }

    /// Adds a sentence that names a command or an option to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hints.push(hint.into());
        self
    }

    /// Replaces the hints, for a caller that knows a better one.
    #[must_use]
    pub fn replace_hints(mut self, hint: impl Into<String>) -> Error {
        self.hints = vec![hint.into()];
        self
    }

    /// Adds hints on the values of the profile that may be wrong. A caller that replaces the hints of a refusal repeats it.
    #[must_use]
    pub fn hint_profile_variables(self) -> Error {
        let variables = self.facts.profile_variables.clone();
        let Some(first) = variables.first() else { return self };
        let names = variables.join("`, `");
        self.hint(format!("If `{names}` is wrong, give another value: `optra portal set {first}=VALUE`."))
            .hint("See what the profile gives: `optra portal set`.")
    }

    /// Sets the cause.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<anyhow::Error>) -> Error {
        self.cause = Some(cause.into());
        self
    }

    /// Adds the cursor to resume a listing from.
    #[must_use]
    pub fn resume_after(mut self, cursor: Option<&str>) -> Error {
        self.facts.after = cursor.map(str::to_owned);
        match cursor {
            Some(cursor) => self.hint(format!("{RESUME} `--after {}`.", shell_words::quote(cursor))),
            None => self,
        }
    }

    /// Replaces the resume hint of a listing whose output was discarded: to resume would lose the part that was
    /// fetched.
    #[must_use]
    pub fn not_resumable(mut self) -> Error {
        if self.facts.after.take().is_some() {
            self.hints.retain(|hint| !hint.starts_with(RESUME));
            return self.hint("Begin again, from the start: the same command may succeed later.");
        }
        self
    }

    /// Adds the options that chose the portal, `chosen`, to the commands in the hints.
    #[must_use]
    pub fn for_portal(mut self, chosen: &str) -> Error {
        if !chosen.is_empty() {
            self.hints.iter_mut().for_each(|hint| *hint = for_portal(hint, chosen));
        }
        self
    }

    /// Says which option, variable or setting makes the run read-only.
    #[must_use]
    pub fn read_only_by(self, setting: &str) -> Error {
        self.hint(format!("It is {setting} that says so."))
    }

    /// Sets what the portal lacks, for a program.
    #[must_use]
    pub fn lacking(mut self, lacks: Vec<String>) -> Error {
        self.facts.lacks = lacks;
        self
    }

    /// Adds hints on how to bind one of the portal's own fields to an operation.
    #[must_use]
    pub fn hint_binding(
        self,
        operation: &str,
        similar: &[String],
        suggestion: Option<&Suggestion>,
        shows_schema: bool,
    ) -> Error {
        let has = if similar.is_empty() { String::new() } else { format!("It has {}. ", similar.join(", ")) };
        match suggestion {
            Some(suggestion) => self
                .hint(format!("{has}If this means the same, bind it: `{suggestion}`"))
                .hint("To go through all that does not fit: `optra portal adopt`."),
            None if shows_schema => self.hint(format!(
                "{has}Bind a document of your own with `optra portal bind {operation} -f FILE`; `optra portal schema` \
                 shows what the portal has."
            )),
            None => self.hint(format!(
                "It refused introspection. Bind a document of your own with `optra portal bind {operation} -f FILE`, or have one \
                 made of a request of its web page, copied as curl into `request.sh`: `optra {ADOPT_PASTED}`."
            )),
        }
    }

    /// Sets the id under which the portal's logs have the request.
    #[must_use]
    pub fn of_request(mut self, id: Option<RequestId>) -> Error {
        self.facts.request_id = id;
        self
    }

    /// Returns the id under which the portal's logs have the request, if the portal sent one.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.facts.request_id.as_ref()
    }

    /// Returns the parts of the contract that the portal lacks.
    pub fn lacks(&self) -> &[String] {
        &self.facts.lacks
    }

    /// Returns the kind of this failure.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns what happened, without its causes.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the causes, the nearest first.
    pub fn causes(&self) -> Vec<String> {
        self.cause.iter().flat_map(anyhow::Error::chain).map(ToString::to_string).collect()
    }

    /// Returns the hints.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Marks the failure of an unknown mutation as possibly executed, unless the opposite is proven. Such an error is
    /// not retryable: nobody knows what the mutation would do a second time.
    #[must_use]
    pub fn of_a_mutation(self) -> Error {
        match self.may_have_been_executed() || self.kind() == Kind::BadAnswer {
            true => {
                let mut error = self.not_retryable();
                error.hints.insert(0, "It may have been done all the same: look before you send it again.".to_owned());
                error
            }
            false => self,
        }
    }

    /// Marks the error as not retryable, because the request may have been executed.
    #[must_use]
    pub fn not_retryable(mut self) -> Error {
        self.again = false;
        self
    }

    /// Returns true if a retry does no harm.
    pub fn is_retryable(&self) -> bool {
        self.again
    }

    /// Returns true if a portal may have executed the request without confirming it.
    pub fn may_have_been_executed(&self) -> bool {
        matches!(self.facts.certainty, Some(Certainty::Unknown | Certainty::Executed))
    }

    /// Returns true if the error came from the portal itself, and not from a proxy before it.
    pub fn is_of_portal(&self) -> bool {
        self.facts.is_of_portal
    }

    /// Returns true if a request was sent and no response could be understood.
    pub fn is_lost_answer(&self) -> bool {
        self.facts.is_lost_answer
    }

    /// Tells a failure apart from findings, for a command whose exit code 1 says that it found something.
    #[must_use]
    pub fn of_a_check(self) -> Error {
        if self.kind != Kind::Failed {
            return self;
        }
        let check = Error { kind: Kind::CheckFailed, ..self };
        match check.hints.is_empty() {
            true => check.hint("Whether there is anything to find is not known: `optra explain check_failed`."),
            false => check,
        }
    }

    /// Adds context: this error becomes the cause of another one of the same kind.
    #[must_use]
    pub fn context(self, message: impl Into<String>) -> Error {
        let kind = self.kind;
        self.reclassify(kind, message)
    }

    /// Adds context, as an error of another kind.
    #[must_use]
    pub fn reclassify(self, kind: Kind, message: impl Into<String>) -> Error {
        let Error { message: why, hints, cause, facts, again, .. } = self;
        let cause = match cause {
            Some(cause) => cause.context(why),
            None => anyhow::Error::msg(why),
        };
        Error { kind, message: message.into(), hints, cause: Some(cause), facts, again }
    }
}

/// Adds the options that chose the portal, `chosen`, to the commands in a sentence.
pub fn for_portal(sentence: &str, chosen: &str) -> String {
    ["api", "devices", "keys", "portal", "query"].iter().fold(sentence.to_owned(), |sentence, noun| {
        sentence.replace(&format!("optra {noun} "), &format!("optra{chosen} {noun} "))
    })
}

/// The message and its causes on one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.cause {
            Some(cause) => write!(f, ": {cause:#}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
