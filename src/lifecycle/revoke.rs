//! Revokes keys, and verifies the result: what is reported is what was verified.

use super::inventory::Inventory;
use super::issuer::Issuer;
use super::session::{Attempt, Session};
use crate::error::{Error, Kind};
use crate::portal::RequestId;

/// A key to revoke.
#[derive(Clone, Copy, Debug)]
pub struct RevokeTarget<'k> {
    pub id: &'k str,
    /// Its name, for the log.
    pub name: Option<&'k str>,
    /// True for the key of the connection: it is revoked last, and counts as gone once the portal rejects it.
    pub is_in_use: bool,
    /// True if the key was listed before, so that its absence proves something.
    pub was_listed: bool,
}

impl<'k> RevokeTarget<'k> {
    /// Returns the log entry before the request.
    fn attempt(&self) -> Attempt<'k> {
        Attempt { action: "revoke", id: Some(self.id), name: self.name, result: "asked", request_id: None }
    }
}

/// The outcome for a key.
#[derive(Debug)]
pub enum Ended {
    /// The key is verified to be gone.
    Gone,
    /// The key exists, for this reason.
    There(Error),
    /// The outcome is unknown, for this reason.
    Unseen(Error),
    /// No request was sent, for this reason.
    NotTried(Error),
}

impl Ended {
    /// Returns the result for the log; `None` if no request was sent.
    fn as_str(&self) -> Option<&'static str> {
        match self {
            Ended::Gone => Some("done"),
            Ended::There(_) => Some("failed"),
            Ended::Unseen(_) => Some("unknown"),
            Ended::NotTried(_) => None,
        }
    }

    /// Returns true if the outcome is unknown.
    pub fn is_unseen(&self) -> bool {
        matches!(self, Ended::Unseen(_))
    }

    /// Returns an error that says what is known of the key `called`.
    pub fn told_of(self, called: &str) -> Result<(), Error> {
        let told = verdict(called, self.is_unseen());
        self.into_result().map_err(|error| error.context(told))
    }

    /// Returns an error unless the key is known to be gone.
    pub fn into_result(self) -> Result<(), Error> {
        match self {
            Ended::Gone => Ok(()),
            Ended::There(error) | Ended::Unseen(error) | Ended::NotTried(error) => Err(error),
        }
    }
}

/// Says that a key was not revoked, or that the outcome is unknown.
pub fn verdict(called: &str, is_unseen: bool) -> String {
    match is_unseen {
        true => format!("whether {called} was revoked is not known"),
        false => format!("{called} was not revoked"),
    }
}

/// The portal's answer.
type Said = Result<(), Error>;

/// Revokes one key.
pub fn revoke(session: Session<'_>, target: RevokeTarget<'_>) -> Ended {
    revoke_all(Session { is_stopped: &|| false, ..session }, &[target]).pop().unwrap_or(Ended::Gone)
}

/// Revokes keys one by one, and verifies the results. Continues after a failure, unless it would repeat for all keys.
/// The key in use comes last: after it no request is possible.
///
/// The log gets an entry before each request, and another with the verified outcome.
pub fn revoke_all(session: Session<'_>, target: &[RevokeTarget<'_>]) -> Vec<Ended> {
    let ended = ask_and_look(session, target);
    for (target, (ended, request_id)) in target.iter().zip(&ended) {
        if let Some(result) = ended.as_str() {
            (session.note)(&Attempt { result, request_id: request_id.as_ref(), ..target.attempt() });
        }
        if let Ended::Gone = ended {
            session.know(|ledger| ledger.gone(session.clock.now(), target.id));
        }
    }
    ended.into_iter().map(|(ended, _)| ended).collect()
}

/// Returns each outcome, with the id of its request at the portal.
fn ask_and_look(session: Session<'_>, target: &[RevokeTarget<'_>]) -> Vec<(Ended, Option<RequestId>)> {
    let issuer = session.issuer;
    let mut stopped = false;
    let mut requests: Vec<Option<RequestId>> = vec![None; target.len()];
    let mut attempt = |n: usize, target: &RevokeTarget<'_>| {
        if stopped {
            return Err(Error::new(Kind::Declined, "not attempted after the previous refusal"));
        }
        if (session.is_stopped)() {
            return Err(Error::new(Kind::Interrupted, "not attempted after the interruption"));
        }
        (session.note)(&target.attempt());
        let said = issuer.revoke(target.id).map(|id| requests[n] = id);
        if let Err(error) = &said {
            requests[n] = error.request_id().cloned();
        }
        stopped = said.as_ref().is_err_and(refuses_all);
        said
    };
    let others = target.iter().enumerate().filter(|(_, target)| !target.is_in_use);
    let mut said: Vec<(usize, Said)> = others.map(|(n, target)| (n, attempt(n, target))).collect();
    let left = said.iter().any(|(_, said)| is_unproven(said)).then(|| issuer.keys());
    let mut ended: Vec<(usize, Ended)> =
        said.drain(..).map(|(n, said)| (n, judge(said, target[n], left.as_ref()))).collect();
    for (n, own) in target.iter().enumerate().filter(|(_, target)| target.is_in_use) {
        let said = attempt(n, own);
        let is_refused = said.as_ref().is_err_and(|error| error.kind() == Kind::Unauthenticated);
        ended.push((n, if is_refused || is_unproven(&said) { judge_own(said, issuer) } else { unproven(said) }));
    }
    ended.sort_by_key(|(n, _)| *n);
    ended.into_iter().map(|(_, ended)| ended).zip(requests).collect()
}

/// Returns true for errors that would repeat for every key.
fn refuses_all(error: &Error) -> bool {
    use Kind::{FeatureDisabled, Forbidden, RateLimited, Unauthenticated};
    matches!(error.kind(), FeatureDisabled | Forbidden | RateLimited | Unauthenticated)
}

/// Returns true if the outcome has to be verified. Even if this request was not executed, an earlier one without an
/// answer may have been.
fn is_unproven(said: &Said) -> bool {
    let may_be_gone = |error: &Error| matches!(error.kind(), Kind::NotFound | Kind::Failed);
    said.as_ref().err().is_none_or(|error| error.may_have_been_executed() || may_be_gone(error))
}

fn unproven(said: Said) -> Ended {
    match said {
        Ok(()) => Ended::Gone,
        Err(error) if matches!(error.kind(), Kind::Declined | Kind::Interrupted) => Ended::NotTried(error),
        Err(error) => Ended::There(error),
    }
}

/// Derives the outcome from the list of remaining keys, if there is one.
fn judge(said: Said, target: RevokeTarget<'_>, left: Option<&Result<Inventory, Error>>) -> Ended {
    let left = match left {
        _ if !is_unproven(&said) => return unproven(said),
        Some(Ok(left)) => left,
        Some(Err(error)) => return unseen(said, error),
        None => return unproven(said),
    };
    match (left.has(target.id), said) {
        (true, said) => Ended::There(still_there(said)),
        // The list never had the key, so its absence proves nothing.
        (false, Err(error)) if !target.was_listed => Ended::Unseen(error),
        (false, _) => Ended::Gone,
    }
}

/// Verifies the outcome for the key in use: the portal must reject it.
fn judge_own(said: Said, issuer: &dyn Issuer) -> Ended {
    match issuer.prove() {
        Ok(()) => Ended::There(match said {
            Ok(()) => Error::new(Kind::Failed, "the portal accepted the revocation, but the key still works"),
            said => still_there(said),
        }),
        Err(error) if error.kind() == Kind::Unauthenticated => Ended::Gone,
        Err(error) => unseen(said, &error),
    }
}

fn still_there(said: Said) -> Error {
    match said {
        Ok(()) => Error::new(Kind::Failed, "the portal accepted the revocation, but the key is still there"),
        Err(error) if error.is_lost_answer() => error.context("the key is still there"),
        // The portal gave a reason.
        Err(error) => error,
    }
}

fn unseen(said: Said, why: &Error) -> Ended {
    Ended::Unseen(said.err().unwrap_or_else(|| {
        let message = format!("the portal accepted the revocation, but cannot verify that the key is gone: {why}");
        Error::new(Kind::Partial, message)
    }))
}
