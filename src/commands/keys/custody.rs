//! Runs a rotation with the real destinations: begins, resumes or aborts it, and reports the result.

use super::home::home;
use super::{issuing, places};
use crate::commands::completeness::AllowPartial;
use crate::commands::session;
use crate::commands::standing::{Standing, recovery_hints, unreadable};
use crate::context::Context;
use crate::credentials::{Credential, Source};
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::journal::{Journal, Rotation, Stage};
use crate::lifecycle::{Broken, Custodian, Event, Issued, Rotating, Session, check_hook, finish};
use crate::portal::{Completeness, Portal};
use crate::secret::Secret;

/// The command, as the log names it.
const COMMAND: &str = "keys rotate";

/// Tests whether the destinations accept a secret, and leaves nothing there.
pub fn probe(rotation: &Rotation, force: bool, cx: &Context) -> Result<(), Error> {
    places::refuse_nowhere(&rotation.to, cx)?;
    places::warn_of_repositories(&rotation.to, cx);
    rotation.hook.as_deref().map_or(Ok(()), check_hook)?;
    with_custodian(rotation, cx, |custodian| custodian.open(force).map(drop))
}

/// Returns the unfinished rotation. A new reason replaces the recorded one.
pub fn under_way(journal: &Journal, reason: Option<&str>, cx: &Context) -> Result<Option<Rotation>, Error> {
    let under_way = journal.read().map_err(unreadable(cx))?;
    let with_reason =
        |rotation: Rotation| Rotation { reason: reason.map(str::to_owned).or(rotation.reason), ..rotation };
    Ok(under_way.map(with_reason))
}

/// The command that runs a rotation, and the command that resumes it after a failure.
#[derive(Clone, Copy)]
pub struct Driver<'d> {
    /// The command, as the log names it.
    pub command: &'static str,
    /// The command line that resumes it.
    pub goes_on: &'d str,
    pub allow: AllowPartial,
}

/// Begins a rotation, and runs it to its end.
pub fn begin(rotation: Rotation, force: bool, journal: &Journal, cx: &Context) -> Result<(), Error> {
    let goes_on = goes_on(cx);
    let driver = Driver { command: COMMAND, goes_on: &goes_on, allow: AllowPartial::default() };
    done(start(driver, rotation, force, journal, cx), cx)
}

/// Resumes an unfinished rotation.
pub fn resume(rotation: Rotation, journal: &Journal, allow: AllowPartial, cx: &Context) -> Result<(), Error> {
    ensure_home(&rotation, cx)?;
    let goes_on = goes_on(cx);
    done(go_on(Driver { command: COMMAND, goes_on: &goes_on, allow }, rotation, journal, cx), cx)
}

fn goes_on(cx: &Context) -> String {
    format!("optra{} keys rotate --resume", cx.config.portal_flags())
}

/// Reports a finished rotation, or adds recovery hints to the error.
fn done(ended: Result<Rotation, Broken>, cx: &Context) -> Result<(), Error> {
    let rotation = ended.map_err(told(cx))?;
    if cx.out.has_revealed() {
        // The new key with its secret is already the document on stdout, as for `keys generate`; there must be only
        // one.
        cx.out.status(sentence(&rotation));
        return Ok(());
    }
    Ok(cx.out.done(sentence(&rotation), &Standing::of(&rotation, "done"))?)
}

/// Says what a finished rotation has done.
pub fn sentence(rotation: &Rotation) -> String {
    let (old, new) = (&rotation.old_id, rotation.new_id.as_deref().unwrap_or("unknown"));
    format!("Rotated key `{}`: the new one (id {new}) works, the old one (id {old}) is gone.", rotation.name)
}

/// Begins a rotation and runs it to its end; reports nothing.
pub fn start(
    driver: Driver<'_>,
    rotation: Rotation,
    force: bool,
    journal: &Journal,
    cx: &Context,
) -> Result<Rotation, Broken> {
    let reason = rotation.reason.clone();
    flat(with_custodian(&rotation.clone(), cx, |custodian| {
        for left in custodian.open(force)? {
            session::tell(&Event::Leftover(left), cx);
        }
        session::run(driver.command, reason.as_deref(), cx, |session| {
            let rotating = Rotating::begin(rotation, session, custodian, journal)?;
            Ok(held(driver, || rotating.go()))
        })
    }))
}

/// Resumes a rotation and runs it to its end; reports nothing.
pub fn go_on(driver: Driver<'_>, rotation: Rotation, journal: &Journal, cx: &Context) -> Result<Rotation, Broken> {
    let reason = rotation.reason.clone();
    flat(with_custodian(&rotation.clone(), cx, |custodian| {
        if rotation.stage == Stage::Promoting {
            return Ok(held(driver, || finish(rotation, custodian, journal)));
        }
        session::run(driver.command, reason.as_deref(), cx, |session| {
            let rotating = Rotating::resume(rotation, session, custodian, journal);
            let judge = |completeness: &Completeness| driver.allow.ensure(completeness, "keys", cx);
            Ok(rotating.recover(false, &judge).and_then(|rotating| held(driver, || rotating.go())))
        })
    }))
}

/// A failure before the rotation began has no stage to resume from.
fn flat(ended: Result<Result<Rotation, Broken>, Error>) -> Result<Rotation, Broken> {
    ended.unwrap_or_else(|error| Err(Broken { error, at: None }))
}

/// Rolls back an unfinished rotation.
pub fn abort(rotation: Rotation, journal: &Journal, allow: AllowPartial, cx: &Context) -> Result<(), Error> {
    ensure_home(&rotation, cx)?;
    let reason = rotation.reason.clone();
    with_custodian(&rotation.clone(), cx, |custodian| {
        with_session(reason.as_deref(), cx, |session| {
            let rotating = Rotating::resume(rotation, session, custodian, journal);
            let judge = |completeness: &Completeness| allow.ensure(completeness, "keys", cx);
            let taken = rotating.recover(true, &judge).and_then(Rotating::abort).map_err(told(cx))?;
            if let Some(id) = &taken.revoked {
                cx.out.status(format_args!("Revoked the new key (id {id})."));
            }
            for place in taken.rotation.to.iter().filter(|_| taken.was_delivered) {
                match taken.given_back.contains(place) {
                    true => cx.out.status(format_args!("Restored the former content of `{place}`.")),
                    false => {
                        cx.out.status(format_args!("The secret that was delivered to `{place}` is not valid any more."))
                    }
                }
            }
            let sentence = format!("Rolled the rotation back; the old key (id {}) still works.", taken.rotation.old_id);
            Ok(cx.out.done(sentence, &Standing::of(&taken.rotation, "aborted"))?)
        })
    })
}

/// Runs to the end. Ctrl-C waits for the end of a step.
fn held(driver: Driver<'_>, go: impl FnOnce() -> Result<Rotation, Broken>) -> Result<Rotation, Broken> {
    let _hold = interrupt::hold(&format!("Interrupted during a rotation: resume it with `{}`.", driver.goes_on));
    go()
}

/// Adds recovery hints for the stage at which a rotation failed.
fn told(cx: &Context) -> impl Fn(Broken) -> Error {
    |Broken { error, at }| match at {
        Some(stage) => recovery_hints(error, stage, cx),
        None => error,
    }
}

fn ensure_home(rotation: &Rotation, cx: &Context) -> Result<(), Error> {
    let base = cx.endpoint()?.base();
    if base == rotation.portal {
        return Ok(());
    }
    let message = format!("the rotation under way is at {}, and this portal is {base}", rotation.portal);
    Err(Error::new(Kind::Declined, message))
}

fn with_session<T>(
    reason: Option<&str>,
    cx: &Context,
    change: impl FnOnce(Session<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    session::run(COMMAND, reason, cx, change)
}

/// Calls `change` with a custodian for the secrets of a rotation.
fn with_custodian<T>(
    rotation: &Rotation,
    cx: &Context,
    change: impl FnOnce(&mut Custodian<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let home = match home(cx) {
        // The old key may be forgotten already; then there is no store whose key is to be replaced.
        Err(error) if rotation.stage == Stage::Promoting && error.kind() == Kind::Unauthenticated => None,
        home => home?,
    };
    let profile = home.as_ref().map(|home| ("OPTRA_PROFILE", home.profile.clone()));
    change(&mut Custodian {
        destinations: rotation.to.clone(),
        home,
        keyring: places::keyring(cx),
        profiles: cx,
        connect: &|secret: Secret, key_id: Option<String>| -> Result<Portal, Error> {
            cx.connect(cx.endpoint()?, Credential { secret, source: Source::Environment, key_id })
        },
        print: &|issued: &Issued| issuing::print(issued, cx),
        mark: rotation.mark.clone(),
        variables: profile.into_iter().collect(),
        delivery: None,
    })
}
