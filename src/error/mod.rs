//! The one error that a verb returns, and the only place where lower errors become it and get their hints.
//!
//! What happened is the message, why is the cause, and what to do is a hint that can be pasted.

mod kind;
mod report;
mod usage;

use std::fmt;
use std::time::Duration;

pub use kind::Kind;
pub use report::report;
pub use usage::stop;

use crate::portal::error::{Certainty, Lacking, Reason};
use crate::{config, credentials, journal, output, portal, prompt};

/// A failure, ready to be told.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    cause: Option<anyhow::Error>,
    facts: Box<Facts>,
    /// False where trying again would do harm, whatever the kind.
    again: bool,
}

/// What a program may want to know of a failure, where there is something to know.
#[derive(Debug, Default)]
struct Facts {
    retry_after: Option<Duration>,
    /// What the portal may have done, where it was asked.
    certainty: Option<Certainty>,
    /// The cursor to go on with, where a listing broke off.
    after: Option<String>,
    /// What of the contract the portal lacks.
    lacks: Vec<String>,
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
    pub fn instead(mut self, hint: impl Into<String>) -> Error {
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
            Some(cursor) => self.hint(format!("Go on from there with `--after {}`.", shell_words::quote(cursor))),
            None => self,
        }
    }

    /// Names what the portal lacks, for a program.
    #[must_use]
    pub fn lacking(mut self, lacks: Vec<String>) -> Error {
        self.facts.lacks = lacks;
        self
    }

    /// Tells how what a portal has may be used for an operation of ours.
    #[must_use]
    pub fn hint_binding(self, operation: &str, alike: &[String], proposal: Option<portal::Proposal>) -> Error {
        let has = if alike.is_empty() { String::new() } else { format!("It has {}. ", alike.join(", ")) };
        match proposal {
            Some(proposal) => self.hint(format!("{has}If this means the same, bind it: {proposal}")),
            None => self.hint(format!(
                "{has}Bind a document of your own with `optra portal bind {operation} -f FILE`; `optra portal schema` \
                 shows what the portal has."
            )),
        }
    }

    /// Returns what kind of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the ways out.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Forbids to try again: what was asked for may have been done.
    #[must_use]
    pub fn not_again(mut self) -> Error {
        self.again = false;
        self
    }

    /// Returns true where trying again does no harm.
    pub fn may_be_repeated(&self) -> bool {
        self.again
    }

    /// Returns true where a portal may have done what was asked although it did not say so.
    pub fn may_have_been_executed(&self) -> bool {
        self.facts.certainty == Some(Certainty::Unknown)
    }

    /// Returns true where no answer came that could be understood.
    pub fn is_lost_answer(&self) -> bool {
        matches!(self.kind, Kind::Timeout | Kind::Unreachable | Kind::BadAnswer)
    }

    /// Says what came of it: this error becomes the cause of another, of the same kind.
    #[must_use]
    pub fn so(self, message: impl Into<String>) -> Error {
        let kind = self.kind;
        self.within(kind, message)
    }

    /// Says what came of it, where that is a failure of another kind.
    #[must_use]
    pub fn within(self, kind: Kind, message: impl Into<String>) -> Error {
        let Error { message: why, hints, cause, facts, again, .. } = self;
        let cause = match cause {
            Some(cause) => cause.context(why),
            None => anyhow::Error::msg(why),
        };
        Error { kind, message: message.into(), hints, cause: Some(cause), facts, again }
    }
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

impl From<output::Error> for Error {
    fn from(error: output::Error) -> Error {
        match error {
            output::Error::Closed => Error::new(Kind::Closed, error.to_string()),
            output::Error::Filter(_) => Error::new(Kind::Failed, error.to_string()),
            output::Error::Failed(ref cause) => {
                Error::new(Kind::Failed, error.to_string()).cause(anyhow::Error::msg(cause.to_string()))
            }
        }
    }
}

impl From<portal::endpoint::Invalid> for Error {
    fn from(error: portal::endpoint::Invalid) -> Error {
        Error::new(Kind::Config, format!("the portal URL {error}"))
    }
}

impl From<portal::Error> for Error {
    fn from(error: portal::Error) -> Error {
        let (kind, hint) = advice(&error);
        let mut told = Error::new(kind, error.to_string());
        told.facts.retry_after = error.retry_after();
        told.facts.certainty = Some(error.certainty());
        told.hints.extend(hint.map(str::to_owned));
        if let Some(wait) = told.facts.retry_after {
            told = told.hint(format!("Try again in {} s.", wait.as_secs()));
        }
        use portal::Error::{Binding, BindingRefused, BrokenOff, NotGiven, Setup, Unfit, Unreachable};
        match error {
            Unfit(lacking) => {
                // Without a schema, what is lacking is only read out of the portal's words.
                let read_out = (!lacking.by_schema && !lacking.lacks.is_empty()).then_some(&lacking.refusal);
                let told = match read_out {
                    Some(Some(refusal)) => told.cause(anyhow::Error::msg(refusal.to_string())),
                    _ => told,
                };
                let Lacking { operation, lacks, alike, proposal, .. } = *lacking;
                told.lacking(lacks).hint_binding(&operation, &alike, proposal)
            }
            Binding { operation, path, .. } => {
                told.hint(format!("Mend `{}`, or take it back with `optra portal unbind {operation}`.", path.display()))
            }
            NotGiven { fields } => told.lacking(fields),
            BindingRefused { operation, .. } => told.hint(format!(
                "See what fits with `optra portal check`, or take it back with `optra portal unbind {operation}`."
            )),
            Unreachable { source, .. } | BrokenOff { source, .. } | Setup { source, .. } => {
                if format!("{source:#}").contains("UnknownIssuer") {
                    told = told.instead(UNKNOWN_ISSUER);
                }
                told.cause(source)
            }
            _ => told,
        }
    }
}

/// What keeps a run from changing anything.
pub const READ_ONLY: &str = "It is `--read-only`, `OPTRA_READ_ONLY`, or `read_only` of the profile that says so.";

const UNKNOWN_ISSUER: &str = "The certificate is not signed by an authority that this system trusts: name that \
                              authority's certificate with `--cacert FILE`.";

const CHECK_URL: &str = "Check that the URL is the portal's API base URL, which is not the web page's.";

/// Returns the kind of a portal's failure and the way out.
fn advice(error: &portal::Error) -> (Kind, Option<&'static str>) {
    use portal::Error as E;
    match error {
        E::Unreachable { .. } => (Kind::Unreachable, Some("Check the portal's URL with `optra auth status`.")),
        E::Timeout { .. } => (Kind::Timeout, Some("Give it more time with `--timeout 2m`.")),
        E::BrokenOff { .. } => (Kind::Unreachable, None),
        E::Redirected { .. } => (
            Kind::BadAnswer,
            Some("If that is the portal's address, log in to it with `optra auth login --portal URL`."),
        ),
        E::BadAnswer { .. } => (Kind::BadAnswer, Some(CHECK_URL)),
        E::Setup { .. } => (Kind::Config, None),
        E::Unfit(_) | E::BindingRefused { .. } => (Kind::Unsupported, None),
        E::Binding { .. } => (Kind::Config, None),
        E::ReadOnly(_) => (Kind::Declined, Some(READ_ONLY)),
        E::NotGiven { .. } => (Kind::Unsupported, Some("Leave it out of `--fields`, `--sort` and `--where`.")),
        E::Status { status: 404 | 405, .. } => (Kind::NotFound, Some(CHECK_URL)),
        E::Refused(_) | E::Status { .. } => match error.reason().unwrap_or(Reason::Other) {
            Reason::Unauthenticated => {
                (Kind::Unauthenticated, Some("See which key was used with `optra auth status`."))
            }
            Reason::Forbidden => (Kind::Forbidden, Some("API keys and their management need the Admin role.")),
            Reason::FeatureDisabled => (
                Kind::FeatureDisabled,
                Some("API keys are switched off for this organization; Optra's support can switch them on."),
            ),
            Reason::NotFound => (Kind::NotFound, None),
            Reason::RateLimited => (Kind::RateLimited, None),
            Reason::Invalid => (Kind::Unsupported, None),
            Reason::Unavailable => (Kind::Unreachable, None),
            Reason::Other => (Kind::Failed, None),
        },
    }
}

impl From<credentials::Error> for Error {
    fn from(error: credentials::Error) -> Error {
        use credentials::Error as E;
        let told = Error::new(kind_of(&error), error.to_string());
        match error {
            E::Exposed { path, wanted, .. } => {
                let path = path.display().to_string();
                // A name that starts with a dash would be read as an option.
                let dashes = if path.starts_with('-') { "-- " } else { "" };
                let chmod = format!("chmod {wanted:o} {dashes}{}", shell_words::quote(&path));
                told.hint(format!("Run `{chmod}`, and consider whether somebody has read the key."))
            }
            E::Unsafe { .. } => told.hint("Look who put it there; `optra auth login` makes it anew once it is gone."),
            E::Unreadable { source, .. } | E::File { source, .. } => told.cause(source),
            E::Unavailable(cause) => told
                .cause(cause)
                .hint("Start one, such as gnome-keyring or KWallet with its Secret Service.")
                .hint("Or keep the key elsewhere: `optra auth login --store file`, or `--store command --command 'pass show optra'`.")
                .hint("Or set `OPTRA_API_KEY` in the environment; then no store is needed."),
            E::Locked(cause) => {
                told.cause(cause).hint("Unlock it, for example by logging in to the desktop, and try again.").hint(ELSEWHERE)
            }
            E::Timeout(_) => told
                .hint("Look for a window that asks to unlock it; `OPTRA_STORE_TIMEOUT=60` leaves more time for that.")
                .hint(ELSEWHERE),
            E::Failed { cause, .. } => told.cause(cause),
            E::NotKept { .. } => told.hint(ELSEWHERE),
            E::Command { stderr, .. } if !stderr.is_empty() => told.cause(anyhow::Error::msg(stderr)),
            E::Command { .. } | E::Text(_) | E::ReadOnly => told,
        }
    }
}

const ELSEWHERE: &str = "Or set `OPTRA_API_KEY` in the environment; then no store is needed.";

fn kind_of(error: &credentials::Error) -> Kind {
    use credentials::Error as E;
    match error {
        E::Text(_) | E::Unreadable { .. } | E::ReadOnly => Kind::Usage,
        E::Exposed { .. } | E::Unsafe { .. } => Kind::Declined,
        E::Unavailable(_) => Kind::KeyringUnavailable,
        E::Locked(_) => Kind::KeyringLocked,
        E::Timeout(_) => Kind::KeyringTimeout,
        E::File { .. } | E::Failed { .. } | E::NotKept { .. } | E::Command { .. } => Kind::StoreFailed,
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Error {
        let told = Error::new(Kind::Config, error.to_string());
        match error {
            config::Error::Unusable { source, .. } => told.cause(source),
            config::Error::Invalid { .. } | config::Error::NoHome | config::Error::NoConfig => told,
        }
    }
}

impl From<journal::Error> for Error {
    fn from(error: journal::Error) -> Error {
        Error::new(Kind::Failed, error.to_string()).cause(error.source)
    }
}

impl From<prompt::Error> for Error {
    fn from(error: prompt::Error) -> Error {
        let message = error.to_string();
        match error {
            prompt::Error::Nobody(_) | prompt::Error::NoAnswer => Error::new(Kind::Declined, message),
            prompt::Error::Failed(source) => Error::new(Kind::Failed, message).cause(source),
        }
    }
}

#[cfg(feature = "sandbox")]
impl From<crate::sandbox::Error> for Error {
    fn from(error: crate::sandbox::Error) -> Error {
        let message = error.to_string();
        let told = Error::new(Kind::Failed, message);
        match std::error::Error::source(&error) {
            Some(source) => told.cause(anyhow::Error::msg(source.to_string())),
            None => told,
        }
    }
}
