//! A failure, ready to be told: its message, its causes, the ways out, and what a program may want to know of it.

use std::fmt;
use std::time::Duration;

use super::kind::Kind;
use crate::portal::error::Certainty;
use crate::portal::{RequestId, Suggestion};

/// How the hint begins that says where a listing goes on.
const GO_ON: &str = "Resume with";

/// A failure, ready to be told.
#[derive(Debug)]
pub struct Error {
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) hints: Vec<String>,
    pub(super) cause: Option<anyhow::Error>,
    pub(super) facts: Box<Facts>,
    /// False where trying again would do harm, whatever the kind.
    pub(super) again: bool,
}

/// What a program may want to know of a failure, where there is something to know.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub retry_after: Option<Duration>,
    /// What the portal may have done, where it was asked.
    pub certainty: Option<Certainty>,
    /// True where the portal itself said it, in an answer of GraphQL.
    pub is_of_portal: bool,
    /// True where a portal was asked and gave no answer that could be understood.
    pub is_lost_answer: bool,
    /// The cursor to go on with, where a listing broke off.
    pub after: Option<String>,
    /// What of the contract the portal lacks.
    pub lacks: Vec<String>,
    /// The id by which the portal finds the request again.
    pub request_id: Option<RequestId>,
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

    /// Replaces the hints, where a caller knows the better way out.
    #[must_use]
    pub fn replace_hints(mut self, hint: impl Into<String>) -> Error {
        self.hints = vec![hint.into()];
        self
    }

    /// Adds why it happened.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<anyhow::Error>) -> Error {
        self.cause = Some(cause.into());
        self
    }

    /// Says where a listing can be gone on with.
    #[must_use]
    pub fn go_on_after(mut self, cursor: Option<&str>) -> Error {
        self.facts.after = cursor.map(str::to_owned);
        match cursor {
            Some(cursor) => self.hint(format!("{GO_ON} `--after {}`.", shell_words::quote(cursor))),
            None => self,
        }
    }

    /// Says of a listing whose part went nowhere that it has to begin again: what would come after that part is not all.
    #[must_use]
    pub fn begun_again(mut self) -> Error {
        if self.facts.after.take().is_some() {
            self.hints.retain(|hint| !hint.starts_with(GO_ON));
            return self.hint("Begin again, from the start: the same command may succeed later.");
        }
        self
    }

    /// Has the commands of its hints go where this one went; `chosen` are the options that say where.
    #[must_use]
    pub fn for_portal(mut self, chosen: &str) -> Error {
        if !chosen.is_empty() {
            self.hints.iter_mut().for_each(|hint| *hint = for_portal(hint, chosen));
        }
        self
    }

    /// Says what keeps the run from changing anything: an option, a variable or a setting.
    #[must_use]
    pub fn read_only_by(self, setting: &str) -> Error {
        self.hint(format!("It is {setting} that says so."))
    }

    /// Names what the portal lacks, for a program.
    #[must_use]
    pub fn lacking(mut self, lacks: Vec<String>) -> Error {
        self.facts.lacks = lacks;
        self
    }

    /// Tells how what a portal has may be used for an operation of ours.
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
                 made of a request of its web page: `optra portal adopt --from-curl 'curl …'`."
            )),
        }
    }

    /// Says by which id the portal finds the request again.
    #[must_use]
    pub fn of_request(mut self, id: Option<RequestId>) -> Error {
        self.facts.request_id = id;
        self
    }

    /// Returns the id by which the portal finds the request again, where it told one.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.facts.request_id.as_ref()
    }

    /// Returns what of the contract the portal lacks.
    pub fn lacks(&self) -> &[String] {
        &self.facts.lacks
    }

    /// Returns what kind of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns what happened, without its causes.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns why it happened, the nearest cause first.
    pub fn causes(&self) -> Vec<String> {
        self.cause.iter().flat_map(anyhow::Error::chain).map(ToString::to_string).collect()
    }

    /// Returns the ways out.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Says of a mutation that it may have been done, where nothing proves the opposite: nobody knows what it would do the second
    /// time.
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

    /// Forbids to try again: what was asked for may have been done.
    #[must_use]
    pub fn not_retryable(mut self) -> Error {
        self.again = false;
        self
    }

    /// Returns true where trying again does no harm.
    pub fn may_be_repeated(&self) -> bool {
        self.again
    }

    /// Returns true where a portal may have done what was asked although it did not say so.
    pub fn may_have_been_executed(&self) -> bool {
        matches!(self.facts.certainty, Some(Certainty::Unknown | Certainty::Executed))
    }

    /// Returns true where the portal itself said it, and not what may stand before it.
    pub fn is_of_portal(&self) -> bool {
        self.facts.is_of_portal
    }

    /// Returns true where a portal gave no answer that could be understood.
    pub fn is_lost_answer(&self) -> bool {
        self.facts.is_lost_answer
    }

    /// Says what came of it: this error becomes the cause of another, of the same kind.
    #[must_use]
    pub fn context(self, message: impl Into<String>) -> Error {
        let kind = self.kind;
        self.reclassify(kind, message)
    }

    /// Says what came of it, where that is a failure of another kind.
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

/// Has the commands of a sentence go to a portal; `chosen` are the options that say which.
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
