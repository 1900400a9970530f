//! Executes the steps of a plan one by one: what each does to its key, and its outcome.
//!
//! It decides nothing and asks nothing; the caller has confirmed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::custody::{self, Driver, sentence};
use super::home::{ensure_place, home};
use super::places;
use super::situation::Snapshot;
use crate::commands::completeness::AllowPartial;
use crate::commands::risk::AcceptRisk;
use crate::commands::session;
use crate::commands::standing::file_of_key;
use crate::context::Context;
use crate::credentials::{Credential, Source};
use crate::disk::Lock;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::journal::{self, Journal, Rotation};
use crate::lifecycle::{
    Abandoned, Action, Broken, Delivery, Desired, Issuer, KeyInUse, LeasedKey, Notes, RevokeTarget, Session, Step,
    adopt, claim, ensure_unique, has_arrived, name, revoke,
};
use crate::output::{Column, Fields, Record, Value};
use crate::portal::Portal;
use crate::secret::Secret;
use crate::text::{counted, is_same};

/// The command, as the log names it.
const COMMAND: &str = "keys apply";

/// The time limit of a hook, as for `keys rotate`.
const HOOK_LIMIT_S: u64 = 600;

/// The outcome for one key.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    action: Action,
    name: Option<String>,
    /// The id of the former key.
    id: Option<String>,
    /// The id of the current key, if it is another.
    new_id: Option<String>,
    /// True if this run changed something.
    changed: bool,
    reason: String,
    error: Option<String>,
    #[serde(skip)]
    failure: Option<Error>,
    #[serde(skip)]
    called: String,
    #[serde(skip)]
    is_named: bool,
}

impl Record for Outcome {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Outcome>] = &[
        Column::pinned("action", |outcome| outcome.action.cell()),
        Column::priority("name", 0, |outcome| outcome.name.cell()),
        Column::priority("id", 0, |outcome| outcome.id.cell()),
        Column::priority("newId", 0, |outcome| outcome.new_id.cell()),
        Column::priority("changed", 0, |outcome| outcome.changed.cell()),
        Column::prose("reason", 0, |outcome| outcome.reason.cell()),
        Column::priority("error", 0, |outcome| outcome.error.cell()),
    ];
}

/// Keeps other processes from executing a plan at this portal.
pub fn lock(cx: &Context) -> Result<Lock, Error> {
    let portal = cx.config.as_file_name(&cx.portal_name()?);
    let path = cx.config.journal_dir()?.join(format!("apply-{portal}.lock"));
    journal::lock(&path, Duration::ZERO, || ())?
        .ok_or_else(|| Error::new(Kind::Declined, "another `keys apply` is under way at this portal"))
}

/// What the steps share.
pub struct Executor<'c> {
    pub file: &'c [Desired],
    /// The command line that resumes.
    pub goes_on: &'c str,
    pub accept_risk: AcceptRisk,
    pub allow: AllowPartial,
    pub reason: Option<String>,
}

impl Executor<'_> {
    /// Executes all steps in order. After a failure the others still run, except revocations of keys that the file does
    /// not name, and everything if the failure would repeat.
    pub fn all(&self, steps: &[Step], mut snapshot: Snapshot, cx: &Context) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut stopped: Option<&str> = None;
        for step in steps {
            let has_failed = outcomes.iter().any(|outcome| outcome.failure.is_some());
            let refused = |why: &str| Err(Error::new(Kind::Declined, format!("not tried: {why}")));
            let done = match (step.action, stopped) {
                (Action::Nothing, _) => Ok((None, false)),
                (Action::Unknown, _) => Err(Error::new(Kind::Declined, step.reason.clone())),
                _ if interrupt::is_pending() => {
                    Err(Error::new(Kind::Interrupted, "not attempted after the interruption"))
                }
                (_, Some(why)) => refused(why),
                (Action::Revoke, None) if !step.is_named && has_failed => refused("another key is not as in the file"),
                (_, None) => self.one(step, &mut snapshot, cx),
            };
            if done.as_ref().is_err_and(|error| is_of_all(error.kind())) {
                stopped = stopped.or(Some("what failed before would fail again"));
            }
            let (new_id, changed, failure) = match done {
                Ok((new_id, changed)) => (new_id, changed, None),
                Err(error) => (None, false, Some(error)),
            };
            let error = failure.as_ref().map(Error::to_string);
            let (name, id, reason, called) = (step.name.clone(), step.id.clone(), step.reason.clone(), called(step));
            outcomes.push(Outcome {
                action: step.action,
                name,
                id,
                new_id,
                changed,
                reason,
                error,
                failure,
                called,
                is_named: step.is_named,
            });
        }
        outcomes
    }

    /// Executes one step; returns the id of the current key, and whether anything changed.
    fn one(&self, step: &Step, snapshot: &mut Snapshot, cx: &Context) -> Result<(Option<String>, bool), Error> {
        let wanted = self.file.iter().find(|desired| step.is_named && Some(&desired.name) == step.name.as_ref());
        if step.is_in_use && matches!(step.action, Action::Rotate | Action::Revoke) {
            let what = format!("{} is, or may be, the key in use, and would be revoked", called(step));
            let instead = format!("To replace it where it is: `optra{} keys rotate`.", cx.config.portal_flags());
            self.accept_risk.ensure(what, instead, &[], cx)?;
        }
        let new_id = match (step.action, wanted) {
            (Action::Make, Some(wanted)) => self.make(wanted, snapshot, cx)?,
            (Action::Rotate, Some(wanted)) => self.rotate(wanted, step, snapshot, cx)?,
            (Action::Adopt, Some(wanted)) => self.adopt(wanted, step, cx)?,
            (Action::Revoke, _) => self.revoke(step, snapshot, cx)?,
            _ => None,
        };
        Ok((new_id, true))
    }

    fn hold(&self) -> interrupt::Hold {
        interrupt::hold(&format!("Interrupted while changing a key: resume it with `{}`.", self.goes_on))
    }

    fn run<T>(&self, cx: &Context, change: impl FnOnce(Session<'_>) -> Result<T, Error>) -> Result<T, Error> {
        session::run(COMMAND, self.reason.as_deref(), cx, change)
    }

    /// Generates a key under a lease, so that a later run finds it after a crash. First it settles the keys that such a
    /// crash left.
    fn make(&self, wanted: &Desired, snapshot: &mut Snapshot, cx: &Context) -> Result<Option<String>, Error> {
        let _hold = self.hold();
        let is_wanted = |left: &Abandoned| {
            left.key.name.as_deref().is_some_and(|called| is_same(name::strip_nonce(called), &wanted.name))
        };
        let (left, others) = snapshot.left.drain(..).partition::<Vec<_>, _>(is_wanted);
        snapshot.left = others;
        let keyring = places::keyring(cx);
        self.run(cx, |session| {
            let put = |id: &str| {
                let places = wanted.to.iter().map(ToString::to_string);
                places.for_each(|place| session.know(|ledger| ledger.put(session.clock.now(), id, &place)));
            };
            for left in left {
                let id = left.key.id.clone();
                if has_arrived(&wanted.to, &id, &keyring, session)? {
                    put(&id);
                    left.keep()?;
                    cx.out
                        .status(format_args!("Key `{}` (id {id}) had arrived before the run was killed.", wanted.name));
                    return Ok(Some(id));
                }
                left.end(session).told_of(&format!("the key (id {id}) that a killed run left"))?;
                snapshot.keys.retain(|key| key.id != id);
            }
            // A key of this name besides the leftovers satisfies the file.
            let is_called = |called: &str| is_same(name::strip_nonce(called), &wanted.name);
            if snapshot.keys.iter().any(|key| key.name.as_deref().is_some_and(is_called)) {
                return Ok(None);
            }
            let is_dead = |id: &str| snapshot.keys.iter().all(|key| key.id != id);
            let is_there = claim(&wanted.to, &keyring, session, &is_dead, None)?;
            places::warn_of_repositories(&wanted.to, cx);
            let mut delivery = Delivery::open(&wanted.to, "", is_there, &keyring, cx)?;
            let key = LeasedKey::lasting(session, &cx.leases_of_places()?, cx.portal_name()?, &wanted.name)?;
            let (id, secret) = (key.id().to_owned(), key.secret().clone());
            let arrived = ensure_unique(session, key.issued())
                .and_then(|()| delivery.deliver(&secret, Some(&id), &|| Err(Error::new(Kind::Internal, "no stdout"))));
            if let Err(failure) = arrived {
                return Err(key.fail(session, failure));
            }
            put(&id);
            key.keep()?;
            let proven = under(secret, Some(id.clone()), cx).and_then(|portal| Issuer::prove(&portal));
            proven.map_err(|error| {
                error.context(format!("the new key (id {id}) was delivered, and the portal does not take it"))
            })?;
            cx.out.status(format_args!("Made key `{}` (id {id}).", wanted.name));
            Ok(Some(id))
        })
    }

    /// Begins a rotation, or resumes the unfinished one.
    fn rotate(
        &self,
        wanted: &Desired,
        step: &Step,
        snapshot: &Snapshot,
        cx: &Context,
    ) -> Result<Option<String>, Error> {
        let journal = Journal::new(file_of_key(&wanted.name, cx)?);
        let driver = Driver { command: COMMAND, goes_on: self.goes_on, allow: self.allow };
        let ended = match journal.read()? {
            // The file may name another hook by now, and the sandbox has another address. Once the old key is gone, the
            // run uses another key, which must not be forgotten in the old one's place.
            Some(rotation) => {
                let own = rotation.own && snapshot.keys.iter().any(|key| key.id == rotation.old_id);
                let (hook, portal) = (wanted.hook.clone(), cx.endpoint()?.base());
                let rotation = Rotation { own, hook, grace_s: wanted.grace.as_secs(), portal, ..rotation };
                custody::go_on(driver, rotation, &journal, cx)
            }
            None => custody::start(driver, self.rotation(wanted, step, snapshot, cx)?, true, &journal, cx),
        };
        let rotation = ended.map_err(|Broken { error, at }| match at {
            Some(_) => error.hint(format!("The rotation goes on with `{}`.", self.goes_on)),
            None => error,
        })?;
        cx.out.status(sentence(&rotation));
        Ok(rotation.new_id)
    }

    /// Checks everything that can be checked before there is a new key.
    fn rotation(&self, wanted: &Desired, step: &Step, snapshot: &Snapshot, cx: &Context) -> Result<Rotation, Error> {
        let old = snapshot.keys.iter().find(|key| Some(&key.id) == step.id.as_ref());
        let old = old.ok_or_else(|| Error::new(Kind::NotFound, "the key is not there any more"))?;
        let (mark, home, keyring) = (name::nonce()?, home(cx)?, places::keyring(cx));
        ensure_place(home.as_ref(), step.is_in_use, &wanted.to, &mark, cx)?;
        let may_go = |id: &str| id == old.id || snapshot.keys.iter().all(|key| key.id != id);
        let is_known = snapshot.known.iter().any(|known| known.id == old.id);
        let whose = |secret: Secret| whose(secret, cx);
        let asked: Option<crate::lifecycle::Whose<'_>> = if is_known { None } else { Some(&whose) };
        self.run(cx, |session| claim(&wanted.to, &keyring, session, &may_go, asked))?;
        let (called, marked) = name::successor(None, Some(&wanted.name))?;
        let rotation = Rotation {
            own: step.is_in_use,
            name: called,
            marked,
            before: snapshot.keys.iter().map(|key| key.id.clone()).collect(),
            to: wanted.to.clone(),
            hook: wanted.hook.clone(),
            hook_limit_s: HOOK_LIMIT_S,
            grace_s: wanted.grace.as_secs(),
            old_name: old.name.clone(),
            old_id: old.id.clone(),
            reason: self.reason.clone(),
            ..Rotation::begun(cx.endpoint()?.base(), mark, crate::text::now())
        };
        custody::probe(&rotation, true, cx)?;
        Ok(rotation)
    }

    fn adopt(&self, wanted: &Desired, step: &Step, cx: &Context) -> Result<Option<String>, Error> {
        let Some(id) = &step.id else { return Ok(None) };
        let adopted = self.run(cx, |session| {
            adopt(&wanted.to, (id, step.name.as_deref()), &places::keyring(cx), session, &|secret| whose(secret, cx))
        });
        adopted.map_err(|error| {
            let (option, to) = (cx.config.portal_flags(), wanted.to.first().map(ToString::to_string));
            let to = to.map_or_else(String::new, |to| format!(" --to {}", shell_words::quote(&to)));
            let called = crate::text::argument(id);
            error.hint(format!(
                "If nobody has its secret any more, replace it: `optra{option} keys rotate{to} {called}`."
            ))
        })?;
        cx.out.status(format_args!("Adopted key {}: its secret is where the file says.", called(step)));
        Ok(None)
    }

    fn revoke(&self, step: &Step, snapshot: &Snapshot, cx: &Context) -> Result<Option<String>, Error> {
        let Some(id) = &step.id else { return Ok(None) };
        let _hold = self.hold();
        let is_in_use = snapshot.in_use.id() == Some(id);
        let doomed = RevokeTarget { id, name: step.name.as_deref(), is_in_use, was_listed: true };
        self.run(cx, |session| revoke(session, doomed).told_of(&format!("key {}", called(step))))?;
        cx.out.status(format_args!("Revoked key {}.", called(step)));
        if is_in_use {
            cx.forget_key()?;
        }
        Ok(None)
    }
}

fn under(secret: Secret, key_id: Option<String>, cx: &Context) -> Result<Portal, Error> {
    cx.connect(cx.endpoint()?, Credential { secret, source: Source::Environment, key_id })
}

/// Asks the portal for the id of the key with this secret.
fn whose(secret: Secret, cx: &Context) -> Result<Option<String>, Error> {
    let portal = under(secret, None, cx)?;
    match KeyInUse::ask(&portal, Notes::default()).map_err(Error::from) {
        Ok(told) => Ok(told.id().map(str::to_owned)),
        // The key was revoked.
        Err(error) if error.kind() == Kind::Unauthenticated => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns true for failures that every other step would have too.
fn is_of_all(kind: Kind) -> bool {
    use Kind::{FeatureDisabled, Forbidden, RateLimited, Timeout, Unreachable};
    matches!(kind, FeatureDisabled | Forbidden | RateLimited | Timeout | Unreachable)
}

/// Returns the key, as a sentence names it.
pub fn called(step: &Step) -> String {
    match (&step.name, &step.id) {
        (Some(name), Some(id)) => format!("`{name}` (id {id})"),
        (Some(name), None) => format!("`{name}`"),
        (None, id) => format!("without a name (id {})", id.as_deref().unwrap_or("unknown")),
    }
}

/// Prints the outcomes.
pub fn tell(outcomes: &[Outcome], cx: &Context) -> Result<(), Error> {
    if cx.out.is_machine() {
        let mut rows = cx.out.rows(&Fields::all());
        outcomes.iter().try_for_each(|outcome| rows.push(outcome))?;
        rows.finish()?;
    }
    if outcomes.iter().all(|outcome| outcome.action == Action::Nothing) {
        cx.out.status("All keys match the file; nothing was changed.");
    }
    let several = outcomes.iter().filter(|outcome| outcome.action != Action::Nothing).count() > 1;
    for outcome in outcomes.iter().filter(|outcome| several || outcome.action == Action::Unknown) {
        if let Some(failure) = &outcome.failure {
            cx.out.warn(format_args!("key {}: {failure}", outcome.called));
            failure.hints().iter().for_each(|hint| cx.out.hint(hint));
        }
    }
    Ok(())
}

/// Turns the outcomes into the result of the run.
pub fn into_result(outcomes: Vec<Outcome>) -> Result<(), Error> {
    let is_due = |outcome: &Outcome| outcome.action != Action::Nothing;
    let all = outcomes.iter().filter(|outcome| outcome.is_named || is_due(outcome)).count();
    let due: Vec<Outcome> = outcomes.into_iter().filter(is_due).collect();
    let is_only = due.len() == 1;
    let mut failed: Vec<Outcome> = due.into_iter().filter(|outcome| outcome.failure.is_some()).collect();
    let of = counted(all, "key", "keys");
    let are = counted(failed.len(), &format!("of {of} is"), &format!("of {of} are"));
    let message = format!("{are} not as in the file");
    match failed.len() {
        0 => Ok(()),
        _ if interrupt::is_pending() => Err(Error::new(Kind::Interrupted, format!("interrupted; {message}"))),
        _ if is_only && failed[0].action != Action::Unknown => {
            let Outcome { failure, called, .. } = failed.remove(0);
            let failure = failure.unwrap_or_else(|| Error::new(Kind::Failed, message));
            Err(failure.context(format!("key {called} is not as in the file")))
        }
        _ => Err(Error::new(Kind::Partial, message)),
    }
}
