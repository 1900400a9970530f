//! Revokes several keys: the outcome of each, whether it is verified, and the result of the run.
//!
//! It asks nothing; the caller has confirmed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::session;
use crate::context::{Context, Rationale};
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::lifecycle::{self, Ended, RevokeTarget, verdict};
use crate::output::{Column, Fields, Record, Value};
use crate::portal::keys::ApiKey;
use crate::text::counted;

/// What Ctrl-C says about an unfinished request.
const LEFT: &str = "Interrupted while revoking keys: see which are gone with `optra keys list`.";

/// The outcome for one key.
#[derive(JsonSchema, Serialize)]
pub struct Outcome {
    pub id: Option<String>,
    name: Option<String>,
    /// True if the key is known to be gone.
    pub revoked: bool,
    /// True if this run revoked it.
    changed: bool,
    error: Option<String>,
    #[serde(skip)]
    failure: Option<Error>,
    /// True if nobody knows whether the key is gone.
    #[serde(skip)]
    is_unseen: bool,
}

impl Record for Outcome {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Outcome>] = &[
        Column::pinned("id", |outcome| outcome.id.cell()),
        Column::priority("name", 0, |outcome| outcome.name.cell()),
        Column::priority("revoked", 0, |outcome| outcome.revoked.cell()),
        Column::on_request("changed", |outcome| outcome.changed.cell()),
        Column::priority("error", 0, |outcome| outcome.error.cell()),
    ];
}

impl Outcome {
    /// Starts with a key that is to be revoked.
    pub fn due(key: &ApiKey) -> Outcome {
        let (id, name) = (Some(key.id.clone()), key.name.clone());
        Outcome { id, name, revoked: false, changed: false, error: None, failure: None, is_unseen: false }
    }

    /// Returns the outcome for a key that does not exist.
    pub fn missing(word: &str, error: Error) -> Outcome {
        let mut outcome = Outcome {
            id: None,
            name: Some(word.to_owned()),
            revoked: false,
            changed: false,
            error: None,
            failure: None,
            is_unseen: false,
        };
        outcome.fail(error);
        outcome
    }

    /// Returns the failure for a key that was not found.
    pub fn miss(&self) -> Option<&Error> {
        self.failure.as_ref().filter(|_| self.id.is_none())
    }

    fn fail(&mut self, failure: Error) {
        (self.revoked, self.error, self.failure) = (false, Some(failure.to_string()), Some(failure));
    }

    /// Records how the revocation ended.
    pub fn end(&mut self, ended: Ended) {
        self.is_unseen = ended.is_unseen();
        match ended.into_result() {
            Ok(()) => (self.revoked, self.changed, self.error, self.failure) = (true, true, None, None),
            Err(failure) => self.fail(failure),
        }
    }

    /// Says what is known of a key that is not known to be gone.
    fn verdict(&self) -> String {
        verdict(&format!("key {}", self.called()), self.is_unseen)
    }

    /// Returns the key, as a sentence names it.
    fn called(&self) -> String {
        match (&self.name, &self.id) {
            (Some(name), Some(id)) => format!("`{name}` (id {id})"),
            (Some(word), None) => format!("`{word}`"),
            (None, id) => format!("without a name (id {})", id.as_deref().unwrap_or("unknown")),
        }
    }
}

/// Revokes the keys and records the outcomes. The log gets what was verified, not what the portal answered.
pub fn run(
    outcomes: &mut [Outcome],
    in_use: Option<&str>,
    rationale: Rationale<'_>,
    cx: &Context,
) -> Result<(), Error> {
    let _hold = interrupt::hold(LEFT);
    let mut due: Vec<&mut Outcome> = outcomes.iter_mut().filter(|outcome| outcome.id.is_some()).collect();
    let target = due.iter().filter_map(|outcome| {
        let (id, name) = (outcome.id.as_deref()?, outcome.name.as_deref());
        Some(RevokeTarget { id, name, is_in_use: Some(id) == in_use, was_listed: true })
    });
    let target: Vec<RevokeTarget<'_>> = target.collect();
    let ended = session::run("keys revoke", rationale, cx, |session| Ok(lifecycle::revoke_all(session, &target)))?;
    due.iter_mut().zip(ended).for_each(|(outcome, ended)| outcome.end(ended));
    Ok(())
}

/// Prints what would be revoked; says that there is none, unless that was told (`is_told`).
pub fn tell_plan(outcomes: &[Outcome], in_use: Option<&str>, is_told: bool, cx: &Context) -> Result<(), Error> {
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
    if outcomes.is_empty() && !is_told {
        cx.out.status("There is no such key.");
    }
    Ok(())
}

/// Prints the outcomes.
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
            (Some(error), _) => cx.out.warn(format_args!("{}: {error}", outcome.verdict())),
        }
    }
    Ok(())
}

/// Turns the outcomes into the result of the run.
pub fn into_result(mut outcomes: Vec<Outcome>) -> Result<(), Error> {
    let (all, failed) = (outcomes.len(), outcomes.iter().filter(|outcome| !outcome.revoked).count());
    let what = if outcomes.iter().any(|outcome| outcome.is_unseen) { "not known to be revoked" } else { "not revoked" };
    let were = counted(failed, &format!("of {all} keys was"), &format!("of {all} keys were"));
    let message = format!("{were} {what}");
    match failed {
        0 => Ok(()),
        _ if all == 1 => {
            let verdict = outcomes[0].verdict();
            let failure = outcomes.remove(0).failure.unwrap_or_else(|| Error::new(Kind::Failed, "it is still there"));
            Err(failure.context(verdict))
        }
        _ if interrupt::is_pending() => Err(Error::new(Kind::Interrupted, format!("interrupted; {message}"))),
        _ => Err(Error::new(Kind::Partial, message)),
    }
}
