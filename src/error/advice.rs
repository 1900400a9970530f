//! Converts the errors of lower floors into the one error that a verb returns, with its kind and hints.

use std::io;
use std::path::Path;

use super::failure::Error;
use super::kind::Kind;
use crate::disk::{Distrust, Refused, Untrusted};
use crate::portal::error::{Failure, Unsupported};
use crate::portal::{Fault, Reason, Unset};
use crate::{config, credentials, journal, output, portal, prompt};

impl From<output::Error> for Error {
    fn from(error: output::Error) -> Error {
        let message = error.to_string();
        match error {
            output::Error::BrokenPipe => Error::new(Kind::BrokenPipe, message),
            output::Error::Filter(_) => Error::new(Kind::Failed, message),
            output::Error::File { source: cause, .. } | output::Error::Failed(cause) => {
                Error::new(Kind::Failed, message).cause(anyhow::Error::msg(cause.to_string()))
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
        if let Failure::Untrusted(_) = error.failure() {
            return match error.into_failure() {
                Failure::Untrusted(untrusted) => untrusted.into(),
                other => Error::new(kind, other.to_string()),
            };
        }
        let mut report = Error::new(kind, error.to_string());
        report.facts.retry_after = error.retry_after();
        report.facts.request_id = error.request_id().cloned();
        report.facts.certainty = Some(error.certainty());
        report.facts.is_of_portal = matches!(error.failure(), Failure::Refused(_)) && !error.is_of_broker();
        report.facts.is_lost_answer = matches!(kind, Kind::Timeout | Kind::Unreachable | Kind::BadAnswer);
        report.facts.profile_variables = error.profile_variables().to_vec();
        report = report.hint_profile_variables();
        // A null where a wrong value was given says nothing about the URL.
        let is_about_values = !error.profile_variables().is_empty() && kind == Kind::BadAnswer;
        report.hints.extend(hint.filter(|_| !is_about_values).map(str::to_owned));
        if let Some(wait) = report.facts.retry_after {
            report = report.hint(format!("Try again in {} s.", wait.as_secs()));
        }
        match error.into_failure() {
            Failure::Unsupported(Unsupported { operation, lacks, similar, suggestion, refusal, by_schema }) => {
                // Without a schema, the gaps are only inferred from the portal's message, so the message is shown too.
                let report = match refusal.filter(|_| !by_schema && !lacks.is_empty()) {
                    Some(refusal) => report.cause(anyhow::Error::msg(refusal.to_string())),
                    None => report,
                };
                report.lacking(lacks).hint_binding(&operation, &similar, suggestion.as_ref(), by_schema)
            }
            Failure::Binding { operation, path, .. } => {
                report.hint(format!("Fix `{}`, or remove it with `optra portal unbind {operation}`.", path.display()))
            }
            Failure::Unset { what: Unset::Missing { variable }, .. } => {
                report.hint(format!("Give it once: `optra portal set {variable}=VALUE`."))
            }
            Failure::Unset { what: Unset::WrongType { variable, .. }, .. } => report
                .hint(format!("Give another value: `optra portal set {variable}=VALUE`."))
                .hint("See what the profile gives: `optra portal set`."),
            Failure::MissingFields { fields } => report.lacking(fields),
            Failure::ReadOnly { by, .. } => report.read_only_by(&by),
            Failure::BindingRefused { operation, .. } => report.hint(format!(
                "See what fits with `optra portal check`, or remove it with `optra portal unbind {operation}`."
            )),
            Failure::Unreachable { source, .. }
            | Failure::ConnectionLost { source, .. }
            | Failure::Setup { source, .. } => report.cause(source),
            Failure::Certificate { fault, .. } => report.cause(fault),
            _ => report,
        }
    }
}

const NO_CERTIFICATE: &str = "Show it one: `--client-cert FILE --client-key FILE`.";

const AUTHORITY: &str = "Have the portal show a certificate of its own, with CA:FALSE; that one may be self-signed, and is \
                         trusted with `--cacert FILE`.";

const UNKNOWN_ISSUER: &str = "The certificate is not signed by an authority that this system trusts: name that \
                              authority's certificate with `--cacert FILE`.";

/// Also safe for a mutation: `doctor` does not send the request again.
const DOES_IT_ANSWER: &str = "Find out why: `optra doctor`.";

const CHECK_URL: &str = "Check that the URL is the portal's API base URL, which is not the web page's.";

const BROKER: &str = "`--only` and `--read-only` say what is allowed, where `optra run` or `optra broker` is started.";

const TOKEN: &str = "A token ends with its broker: use that of the broker that runs now.";

/// Returns the kind of a portal failure, and a hint.
fn advice(error: &portal::Error) -> (Kind, Option<&'static str>) {
    use Failure as E;
    match error.failure() {
        E::Unreachable { .. } => (Kind::Unreachable, Some("Find out why: `optra doctor`.")),
        E::Certificate { fault, .. } => (
            Kind::Unreachable,
            Some(match fault {
                Fault::UnknownIssuer(_) => UNKNOWN_ISSUER,
                Fault::Authority => AUTHORITY,
                Fault::WantsCertificate => NO_CERTIFICATE,
                Fault::Expired(_) | Fault::NotYet(_) => {
                    "Look whether the clock of this machine is right; if it is, the portal needs another certificate."
                }
                Fault::OldTls | Fault::NoCipher => {
                    "The portal, or the proxy before it, has to support TLS 1.2 or 1.3 with a cipher that is still safe."
                }
                Fault::OtherName(_) | Fault::NoTls => "Find out why: `optra doctor`.",
                Fault::Revoked | Fault::Purpose | Fault::Other(_) => "The portal needs another certificate.",
            }),
        ),
        E::Timeout { .. } => (Kind::Timeout, Some("Give it more time with `--timeout 2m`.")),
        E::ConnectionLost { .. } => (Kind::Unreachable, Some(DOES_IT_ANSWER)),
        E::Redirected { .. } => (
            Kind::BadAnswer,
            Some("If that is the portal's address, log in to it with `optra auth login --portal URL`."),
        ),
        E::BadAnswer { .. } => (Kind::BadAnswer, Some(CHECK_URL)),
        E::Setup { .. } => (Kind::Config, None),
        E::Untrusted(_) => (Kind::Declined, None),
        E::Unsupported(_) | E::BindingRefused { .. } | E::BindingUseless { .. } => (Kind::Unsupported, None),
        E::Binding { .. } | E::Unset { .. } => (Kind::Config, None),
        E::ReadOnly { .. } => (Kind::Declined, None),
        E::MissingFields { .. } => (Kind::Unsupported, Some("Leave it out of `--fields`, `--sort` and `--where`.")),
        E::Status { status: 404 | 405, .. } => (Kind::NotFound, Some(CHECK_URL)),
        E::Refused(_) | E::Status { .. } => match error.reason().unwrap_or(Reason::Other) {
            Reason::Unauthenticated if error.is_of_broker() => (Kind::Unauthenticated, Some(TOKEN)),
            Reason::Forbidden if error.is_of_broker() => (Kind::Forbidden, Some(BROKER)),
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
            Reason::Invalid => (Kind::Unsupported, Some("See what this portal can do: `optra portal check`.")),
            Reason::Unavailable => (Kind::Unreachable, Some(DOES_IT_ANSWER)),
            // The portal's own message says more than any hint of ours.
            Reason::Other => (Kind::Failed, matches!(error.failure(), E::Status { .. }).then_some(CHECK_URL)),
        },
    }
}

/// The user should inspect the file before making it safe: somebody may have changed it already.
impl From<Untrusted> for Error {
    fn from(untrusted: Untrusted) -> Error {
        let told =
            Error::new(Kind::Declined, format!("{untrusted}, and is not used: it decides what is done with a key"));
        match untrusted.problem {
            Distrust::Writable { .. } => told.hint(format!(
                "Look whether it is as you left it, and run `{}`.",
                on_file("chmod go-w", &untrusted.path)
            )),
            Distrust::Foreign => told.hint(format!(
                "If you trust it, make it yours: `{}`.",
                on_file("sudo chown \"$(id -u)\"", &untrusted.path)
            )),
        }
    }
}

/// Returns a shell line that applies a command to a file.
fn on_file(command: &str, path: &Path) -> String {
    let path = path.display().to_string();
    // A name that starts with a dash would be parsed as an option.
    let dashes = if path.starts_with('-') { "-- " } else { "" };
    format!("{command} {dashes}{}", shell_words::quote(&path))
}

/// Adds a hint if the directory of a file, which this variable names, is in the way.
fn elsewhere(error: Error, cause: &io::Error, variable: &str) -> Error {
    use io::ErrorKind as E;
    match cause.kind() {
        E::PermissionDenied
        | E::ReadOnlyFilesystem
        | E::StorageFull
        | E::NotFound
        | E::NotADirectory
        | E::AlreadyExists => {
            error.hint(format!("See which directories can be written: `optra doctor`; `{variable}` names another."))
        }
        _ => error,
    }
}

impl From<credentials::Error> for Error {
    fn from(error: credentials::Error) -> Error {
        use credentials::Error as E;
        let told = Error::new(kind_of(&error), error.to_string());
        match error {
            E::Exposed { path, wanted, .. } => {
                let chmod = on_file(&format!("chmod {wanted:o}"), &path);
                told.hint(format!("Run `{chmod}`, and consider whether somebody has read the key."))
            }
            E::Unsafe { .. } => told.hint("Look who put it there; `optra auth login` makes it anew once it is gone."),
            E::Unreadable { source, .. } => told.cause(source),
            E::File { source, .. } => elsewhere(told, &source, config::CONFIG_VARIABLE).cause(source),
            E::Unavailable(cause) => told
                .cause(cause)
                .hint("Start one, such as gnome-keyring or KWallet with its Secret Service.")
                .hint("Or keep the key elsewhere: `optra auth login --store file`, or `--store command --command 'pass show optra'`.")
                .hint("Or set `OPTRA_API_KEY` in the environment; then no store is needed."),
            E::Locked(cause) => {
                told.cause(cause).hint(UNLOCK).hint(ELSEWHERE)
            }
            E::Timeout(_) => told
                .hint("Look for a window that asks to unlock it; `OPTRA_STORE_TIMEOUT=60` leaves more time for that.")
                .hint(ELSEWHERE),
            E::Failed { cause, .. } => told.cause(cause),
            E::OtherOrigin { profile, asked, .. } => told.hint(format!(
                "Look who changed the portal of this profile. If it was you, log in there: `optra auth login{} --portal {asked}`.",
                config::profile_option(&profile)
            )),
            E::NotStored { .. } => told.hint(ELSEWHERE),
            E::Ambiguous { profile, .. } => {
                let option = config::profile_option(&profile);
                told.hint(format!("Log in again, which leaves one: `optra auth login{option}`."))
                    .hint(format!("Or forget them all: `optra auth logout{option}`."))
            }
            E::Command { stderr, .. } if !stderr.is_empty() => told.cause(anyhow::Error::msg(stderr)),
            E::Command { .. } | E::Text(_) | E::ReadOnly => told,
        }
    }
}

const UNLOCK: &str = if cfg!(target_os = "macos") {
    "Unlock it: `security unlock-keychain`, which asks for your password, over ssh too; then try again."
} else {
    "Unlock it, for example by logging in to the desktop, and try again."
};

const ELSEWHERE: &str = "Or set `OPTRA_API_KEY` in the environment; then no store is needed.";

fn kind_of(error: &credentials::Error) -> Kind {
    use credentials::Error as E;
    match error {
        E::Text(_) | E::Unreadable { .. } | E::ReadOnly => Kind::Usage,
        E::Exposed { .. } | E::Unsafe { .. } | E::OtherOrigin { .. } => Kind::Declined,
        E::Unavailable(_) => Kind::KeyringUnavailable,
        E::Locked(_) => Kind::KeyringLocked,
        E::Timeout(_) => Kind::KeyringTimeout,
        E::File { .. } | E::Failed { .. } | E::NotStored { .. } | E::Ambiguous { .. } | E::Command { .. } => {
            Kind::StoreFailed
        }
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Error {
        let told = Error::new(Kind::Config, error.to_string());
        match error {
            config::Error::Unusable { source, .. } => elsewhere(told, &source, config::CONFIG_VARIABLE).cause(source),
            config::Error::Untrusted(untrusted) => untrusted.into(),
            config::Error::Invalid { .. } | config::Error::NoHome | config::Error::NoConfig => told,
        }
    }
}

impl From<journal::Error> for Error {
    fn from(error: journal::Error) -> Error {
        match error.source {
            Refused::Untrusted(untrusted) => untrusted.into(),
            Refused::Unusable(ref cause) => {
                elsewhere(Error::new(Kind::Failed, error.to_string()), cause, config::STATE_VARIABLE)
                    .cause(anyhow::Error::msg(cause.to_string()))
            }
            ref refused => Error::new(Kind::Failed, error.to_string()).cause(anyhow::Error::msg(refused.to_string())),
        }
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
        let told = match &error {
            crate::sandbox::Error::File { source, .. } => elsewhere(told, source, config::STATE_VARIABLE),
            _ => told,
        };
        match std::error::Error::source(&error) {
            Some(source) => told.cause(anyhow::Error::msg(source.to_string())),
            None => told,
        }
    }
}
