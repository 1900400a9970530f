//! Revoking several keys: what became of each, whether they are gone, and what that makes of the run.
//!
//! It asks no question; whoever calls has had the answers.

use std::collections::HashSet;

use serde::Serialize;

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Column, Fields, Record, Value};
use crate::portal::Portal;
use crate::portal::keys::{self, ApiKey};

/// What became of one key.
#[derive(Serialize)]
pub struct Outcome {
    pub id: Option<String>,
    name: Option<String>,
    /// True where the key is known to be gone.
    pub revoked: bool,
    error: Option<String>,
    #[serde(skip)]
    failure: Option<Error>,
}

impl Record for Outcome {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Outcome>] = &[
        Column::whole("id", |outcome| outcome.id.cell()),
        Column::shown("name", 0, |outcome| outcome.name.cell()),
        Column::shown("revoked", 0, |outcome| outcome.revoked.cell()),
        Column::shown("error", 0, |outcome| outcome.error.cell()),
    ];
}

impl Outcome {
    /// Says that there is no such key to revoke.
    pub fn missing(word: &str, error: Error) -> Outcome {
        let mut outcome = Outcome { id: None, name: Some(word.to_owned()), revoked: false, error: None, failure: None };
        outcome.fail(error);
        outcome
    }

    fn of(key: ApiKey, result: Result<(), Error>) -> Outcome {
        let mut outcome = Outcome { id: Some(key.id), name: key.name, revoked: false, error: None, failure: None };
        match result {
            Ok(()) => outcome.succeed(),
            Err(error) => outcome.fail(error),
        }
        outcome
    }

    fn succeed(&mut self) {
        (self.revoked, self.error, self.failure) = (true, None, None);
    }

    fn fail(&mut self, failure: Error) {
        (self.revoked, self.error, self.failure) = (false, Some(failure.to_string()), Some(failure));
    }

    /// The key, as a sentence names it.
    fn called(&self) -> String {
        match (&self.name, &self.id) {
            (Some(name), Some(id)) => format!("`{name}` (id {id})"),
            (Some(word), None) => format!("`{word}`"),
            (None, id) => format!("without a name (id {})", id.as_deref().unwrap_or("unknown")),
        }
    }
}

/// Revokes the keys one by one and looks whether they are gone; goes on after a failure, unless it refuses all.
///
/// `in_use` comes last: after it the portal can be asked nothing more.
pub fn run(keys: Vec<ApiKey>, in_use: Option<&str>, cx: &Context) -> Result<Vec<Outcome>, Error> {
    let portal = cx.portal()?;
    let (own, others): (Vec<ApiKey>, Vec<ApiKey>) = keys.into_iter().partition(|key| Some(&*key.id) == in_use);
    let mut outcomes = revoke(others, portal);
    if !outcomes.is_empty() {
        verify(&mut outcomes, portal);
    }
    outcomes.extend(revoke(own, portal));
    Ok(outcomes)
}

fn revoke(keys: Vec<ApiKey>, portal: &Portal) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for key in keys {
        // What refuses one key refuses them all.
        let stopped = outcomes.last().and_then(|outcome| outcome.failure.as_ref()).is_some_and(|failure| {
            use Kind::{Declined, FeatureDisabled, Forbidden, RateLimited, Unauthenticated};
            matches!(failure.kind(), Declined | FeatureDisabled | Forbidden | RateLimited | Unauthenticated)
        });
        let result = match stopped {
            true => Err(Error::new(Kind::Declined, "not tried, after the refusal before it")),
            false => keys::revoke(portal, &key.id).map_err(Error::from),
        };
        outcomes.push(Outcome::of(key, result));
    }
    outcomes
}

/// Looks whether the keys are gone: neither the portal's word nor a lost answer says so for certain.
fn verify(outcomes: &mut [Outcome], portal: &Portal) {
    let is_unclear = |outcome: &Outcome| outcome.failure.as_ref().is_none_or(|failure| failure.is_lost_answer());
    if !outcomes.iter().any(is_unclear) {
        return;
    }
    let left: Result<Vec<_>, _> = keys::list(portal).collect();
    let left = left.map(|pages| pages.into_iter().flat_map(|page| page.items).map(|key| key.id).collect());
    let left: HashSet<String> = match left {
        Ok(left) => left,
        Err(error) => {
            let error = Error::from(error).to_string();
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.revoked) {
                let unseen =
                    format!("the portal took the revocation, but whether the key is gone cannot be seen: {error}");
                outcome.fail(Error::new(Kind::Partial, unseen));
            }
            return;
        }
    };
    for outcome in outcomes.iter_mut().filter(|outcome| is_unclear(outcome)) {
        match (outcome.id.as_ref().is_some_and(|id| left.contains(id)), outcome.revoked) {
            (true, true) => {
                outcome.fail(Error::new(Kind::Failed, "the portal took the revocation, but still lists the key"))
            }
            (false, false) => outcome.succeed(),
            _ => {}
        }
    }
}

/// Prints what became of each key.
pub fn tell(outcomes: &[Outcome], cx: &Context) -> Result<(), Error> {
    if cx.out.is_machine() {
        let mut rows = cx.out.rows(&Fields::all());
        outcomes.iter().try_for_each(|outcome| rows.push(outcome))?;
        rows.finish()?;
    }
    for outcome in outcomes {
        match (&outcome.error, outcomes.len()) {
            (None, _) => cx.out.status(format_args!("Revoked key {}.", outcome.called())),
            (Some(_), 1) => {}
            (Some(error), _) => cx.out.warn(format_args!("key {} was not revoked: {error}", outcome.called())),
        }
    }
    Ok(())
}

/// Turns the outcomes into that of the run.
pub fn conclude(mut outcomes: Vec<Outcome>) -> Result<(), Error> {
    let (all, failed) = (outcomes.len(), outcomes.iter().filter(|outcome| !outcome.revoked).count());
    match failed {
        0 => Ok(()),
        _ if all == 1 => {
            Err(outcomes.remove(0).failure.unwrap_or_else(|| Error::new(Kind::Failed, "it was not revoked")))
        }
        _ => Err(Error::new(Kind::Partial, format!("{failed} of {all} keys were not revoked"))),
    }
}
