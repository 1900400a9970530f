//! The kinds of failure: one exhaustive table gives exit codes, machine codes, and their help.
//!
//! A new kind does not compile until it has a row.

use strum::VariantArray;

/// What kind of failure ends a run, in the order of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Kind {
    BrokenPipe,
    Failed,
    Findings,
    Usage,
    Partial,
    Unauthenticated,
    Forbidden,
    FeatureDisabled,
    NotFound,
    Declined,
    Unreachable,
    Timeout,
    RateLimited,
    Unsupported,
    BadAnswer,
    KeyringUnavailable,
    KeyringLocked,
    KeyringTimeout,
    StoreFailed,
    Config,
    CheckFailed,
    Internal,
    ProgramNotRun,
    ProgramNotFound,
    Interrupted,
}

/// The table row of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    pub exit: u8,
    /// `error.code` in machine formats.
    pub code: &'static str,
    pub meaning: &'static str,
    /// True if the same command may succeed later.
    pub retryable: bool,
}

impl Kind {
    /// Returns the row of this kind.
    pub const fn spec(self) -> Spec {
        match self {
            Kind::BrokenPipe => spec(0, "closed", "the reader closed the pipe early, as `head` does"),
            Kind::Failed => spec(1, "failed", "it failed for a reason that has no code here"),
            Kind::Findings => spec(1, "findings", "a check has findings, as `keys audit` or `keys scan`"),
            Kind::Usage => spec(2, "usage", "the command line is wrong"),
            Kind::Partial => spec(3, "partial", "some items failed, or a listing is incomplete"),
            Kind::Unauthenticated => spec(4, "unauthenticated", "there is no key, or the portal rejects it"),
            Kind::Forbidden => spec(5, "forbidden", "the key's role does not allow this; keys need Admin"),
            Kind::FeatureDisabled => spec(5, "feature_disabled", "API keys are not enabled for the organization"),
            Kind::NotFound => spec(6, "not_found", "nothing has that name or id, or more than one has"),
            Kind::Declined => spec(7, "declined", "a safety rule, an answer of no, or no terminal to ask"),
            Kind::Unreachable => again(8, "unreachable", "the portal cannot be reached, or fails"),
            Kind::Timeout => again(8, "timeout", "no answer in time, or a deadline has passed"),
            Kind::RateLimited => again(8, "rate_limited", "the portal asks to wait"),
            Kind::Unsupported => spec(9, "unsupported", "the portal cannot do this"),
            Kind::BadAnswer => spec(9, "bad_answer", "the portal's response cannot be understood"),
            Kind::KeyringUnavailable => spec(10, "keyring_unavailable", "there is no keyring on this machine"),
            Kind::KeyringLocked => again(10, "keyring_locked", "the keyring is locked"),
            Kind::KeyringTimeout => again(10, "keyring_timeout", "the keyring did not answer in time"),
            Kind::StoreFailed => spec(10, "store_failed", "the key could not be stored, read back or deleted"),
            Kind::Config => spec(11, "config", "a setting is wrong, missing or contradicts another"),
            Kind::CheckFailed => spec(12, "check_failed", "a check could not be made, as on a full disk"),
            Kind::Internal => spec(70, "internal", "a bug in `optra`"),
            Kind::ProgramNotRun => spec(126, "not_executable", "the program for `run` cannot be executed"),
            Kind::ProgramNotFound => spec(127, "no_program", "the program for `run` does not exist"),
            Kind::Interrupted => spec(130, "interrupted", "Ctrl-C"),
        }
    }
}

const fn spec(exit: u8, code: &'static str, meaning: &'static str) -> Spec {
    Spec { exit, code, meaning, retryable: false }
}

const fn again(exit: u8, code: &'static str, meaning: &'static str) -> Spec {
    Spec { retryable: true, ..spec(exit, code, meaning) }
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use std::collections::HashSet;

    use strum::VariantArray;

    #[test]
    fn codes_are_unique_and_exits_are_in_order() {
        let rows: Vec<_> = Kind::VARIANTS.iter().map(|kind| kind.spec()).collect();
        assert_eq!(rows.iter().map(|row| row.code).collect::<HashSet<_>>().len(), rows.len());
        assert!(rows.is_sorted_by_key(|row| row.exit));
    }
}
