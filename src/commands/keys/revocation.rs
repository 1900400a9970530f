//! Revoking several keys: what became of each, whether they are gone, and what that makes of the run.
//!
//! It asks no question; whoever calls has had the answers.

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;

use super::inventory;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::output::{Column, Fields, Record, Value};
use crate::portal::keys::{self, ApiKey};
use crate::portal::{self, Portal};

/// What Ctrl-C may leave behind while the portal is asked.
const LEFT: &str = "Left while keys were being revoked: see which are gone with `optra keys list`.";

/// One of the keys that were named, and what became of it.
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
    /// Takes up a key that is to go.
    pub fn due(key: &ApiKey) -> Outcome {
        let (id, name) = (Some(key.id.clone()), key.name.clone());
        Outcome { id, name, revoked: false, error: None, failure: None }
    }

    /// Says that there is no such key to revoke.
    pub fn missing(word: &str, error: Error) -> Outcome {
        let mut outcome = Outcome { id: None, name: Some(word.to_owned()), revoked: false, error: None, failure: None };
        outcome.fail(error);
        outcome
    }

    /// Returns the failure of a key that was not found.
    pub fn miss(&self) -> Option<&Error> {
        self.failure.as_ref().filter(|_| self.id.is_none())
    }

    fn succeed(&mut self) {
        (self.revoked, self.error, self.failure) = (true, None, None);
    }

    fn fail(&mut self, failure: Error) {
        (self.revoked, self.error, self.failure) = (false, Some(failure.to_string()), Some(failure));
    }

    /// Asks the portal to revoke the key; returns true where it refuses what it would refuse for every key.
    fn revoke(&mut self, portal: &Portal, cx: &Context) -> bool {
        use Kind::{FeatureDisabled, Forbidden, RateLimited, Unauthenticated};
        let id = self.id.clone().unwrap_or_default();
        let result = match keys::revoke(portal, &id) {
            Ok(()) => {
                self.succeed();
                "done"
            }
            Err(error) => {
                let error = Error::from(error);
                let result = if error.may_have_been_executed() { "unknown" } else { "failed" };
                self.fail(error);
                result
            }
        };
        cx.note("keys revoke", "revoke", &[&id], self.name.as_deref(), result);
        let kind = self.failure.as_ref().map(Error::kind);
        matches!(kind, Some(FeatureDisabled | Forbidden | RateLimited | Unauthenticated))
    }

    /// Returns true where neither the portal's word nor a lost answer says for certain what became of the key.
    fn is_unproven(&self) -> bool {
        self.revoked || self.failure.as_ref().is_some_and(Error::may_have_been_executed)
    }

    /// Takes note of what was seen afterwards.
    fn settle(&mut self, is_there: bool) {
        match (is_there, self.failure.take()) {
            (false, _) => self.succeed(),
            (true, None) => {
                self.fail(Error::new(Kind::Failed, "the portal took the revocation, but the key is still there"))
            }
            (true, Some(failure)) if failure.is_lost_answer() => self.fail(failure.so("the key is still there")),
            // The portal said why.
            (true, Some(failure)) => self.fail(failure),
        }
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
/// The key in use comes last: after it the portal can be asked nothing more.
pub fn run(outcomes: &mut [Outcome], in_use: Option<&str>, cx: &Context) -> Result<(), Error> {
    let portal = cx.portal()?;
    let _hold = interrupt::hold(LEFT);
    let is_own = |outcome: &Outcome| outcome.id.is_some() && outcome.id.as_deref() == in_use;
    let mut stopped = false;
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.id.is_some() && !is_own(outcome)) {
        stopped = attempt(outcome, stopped, portal, cx);
    }
    verify(outcomes, portal);
    for own in outcomes.iter_mut().filter(|outcome| is_own(outcome)) {
        attempt(own, stopped, portal, cx);
        prove_dead(own, portal);
    }
    Ok(())
}

/// Revokes a key unless a refusal before it holds for this one too; returns whether one does for those that follow.
fn attempt(outcome: &mut Outcome, stopped: bool, portal: &Portal, cx: &Context) -> bool {
    if !stopped && !interrupt::is_pending() {
        return outcome.revoke(portal, cx);
    }
    outcome.fail(match stopped {
        true => Error::new(Kind::Declined, "not tried, after the refusal before it"),
        false => Error::new(Kind::Interrupted, "not tried, after the interruption"),
    });
    stopped
}

/// Looks whether the keys are gone.
fn verify(outcomes: &mut [Outcome], portal: &Portal) {
    if !outcomes.iter().any(Outcome::is_unproven) {
        return;
    }
    let left = inventory::shown(portal).map(|(keys, _)| keys.into_iter().map(|key| key.id).collect::<HashSet<_>>());
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_unproven()) {
        match &left {
            Ok(left) => outcome.settle(outcome.id.as_ref().is_some_and(|id| left.contains(id))),
            Err(error) => unseen(outcome, error),
        }
    }
}

/// Looks whether the key in use is dead: the portal must not take it any more.
fn prove_dead(own: &mut Outcome, portal: &Portal) {
    if !own.is_unproven() {
        return;
    }
    match portal::prove(portal).map_err(Error::from) {
        Ok(_) => own.settle(true),
        Err(error) if error.kind() == Kind::Unauthenticated => own.settle(false),
        Err(error) => unseen(own, &error),
    }
}

fn unseen(outcome: &mut Outcome, error: &Error) {
    if outcome.revoked {
        let message = format!("the portal took the revocation, but whether the key is gone cannot be seen: {error}");
        outcome.fail(Error::new(Kind::Partial, message));
    }
}

/// Prints what would be revoked.
pub fn tell_plan(outcomes: &[Outcome], in_use: Option<&str>, plan: Option<&Path>, cx: &Context) -> Result<(), Error> {
    if cx.out.is_machine() {
        let mut rows = cx.out.rows(&Fields::all());
        outcomes.iter().try_for_each(|outcome| rows.push(outcome))?;
        rows.finish()?;
    }
    for outcome in outcomes.iter().filter(|outcome| outcome.miss().is_none()) {
        cx.out.status(format_args!("Would revoke key {}.", outcome.called()));
        if outcome.id.is_some() && outcome.id.as_deref() == in_use {
            cx.out.warn("it is the key in use; without `--accept-risk lose-access` nothing would be revoked");
        }
    }
    match (plan, outcomes) {
        (None, []) => cx.out.status("There is no such key."),
        (None, _) => {}
        (Some(path), _) => {
            let apply = shell_words::quote(&path.display().to_string()).into_owned();
            let option = cx.config.chosen_portal();
            cx.out.status(format_args!("Look at it, then: `optra{option} keys revoke --apply {apply}`."));
        }
    }
    Ok(())
}

/// Prints what became of each key.
pub fn tell(outcomes: &[Outcome], cx: &Context) -> Result<(), Error> {
    if cx.out.is_machine() {
        let mut rows = cx.out.rows(&Fields::all());
        outcomes.iter().try_for_each(|outcome| rows.push(outcome))?;
        rows.finish()?;
    }
    for outcome in outcomes.iter().filter(|outcome| outcome.miss().is_none()) {
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
            let called = outcomes[0].called();
            let failure = outcomes.remove(0).failure.unwrap_or_else(|| Error::new(Kind::Failed, "it is still there"));
            Err(failure.so(format!("key {called} was not revoked")))
        }
        _ if interrupt::is_pending() => {
            Err(Error::new(Kind::Interrupted, format!("interrupted; {failed} of {all} keys were not revoked")))
        }
        1 => Err(Error::new(Kind::Partial, format!("1 of {all} keys was not revoked"))),
        _ => Err(Error::new(Kind::Partial, format!("{failed} of {all} keys were not revoked"))),
    }
}
