//! `optra run --ephemeral`: generates a key for one program, and revokes it when the program ends, however it ends.

use std::process::Command;

use super::program::{Given, find, leave, not_run, run_beside};
use crate::commands::session;
use crate::context::{Context, Rationale};
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::journal::Held;
use crate::lifecycle::{Abandoned, Ended, LeasedKey, Session, abandoned};
use crate::secret::Secret;

/// What Ctrl-C says about an unfinished request.
const LEFT: &str = "Interrupted while generating or revoking the key of a run: `optra keys sweep` revokes it.";

/// The name of a key without `--name`.
const NAMELESS: &str = "optra";

/// Generates a key, runs the program with what `give` makes of it, and revokes the key.
pub fn run(
    mut command: Command,
    give: impl FnOnce(&mut Command, &Secret) -> Result<Given, Error>,
    name: Option<&str>,
    cx: &Context,
) -> Result<(), Error> {
    cx.ensure_writable()?;
    let program = command.get_program().to_owned();
    // Check that the program exists before generating a key.
    find(&program)?;
    sweep_before(cx)?;
    let hold = interrupt::hold(LEFT);
    let begin =
        |session: Session<'_>| LeasedKey::begin(session, &cx.leases()?, cx.portal_name()?, name.unwrap_or(NAMELESS));
    let key = session::run("run --ephemeral", Rationale::default(), cx, begin)?;
    let ran = give(&mut command, key.secret()).and_then(|given| {
        if !given.lives_here() {
            command.env("OPTRA_API_KEY_ID", key.id());
        }
        if interrupt::is_pending() {
            return Err(Error::new(Kind::Interrupted, format!("interrupted; `{}` was not run", program.display())));
        }
        // While the program runs, signals are its own; the key is revoked after it ends.
        let _program = interrupt::delegate_signals();
        run_beside(command).map_err(|cause| not_run(&program, cause))
    });
    let ended = end(key, cx);
    drop(hold);
    match (ran, ended) {
        (Ok(0), Err(error)) => Err(error),
        (ran, ended) => {
            if let Err(error) = ended {
                cx.out.error(&error, &[]);
                error.hints().iter().for_each(|hint| cx.out.hint(hint));
            }
            leave(ran?)
        }
    }
}

fn end(key: LeasedKey, cx: &Context) -> Result<(), Error> {
    let called = format!("`{}` (id {})", key.name(), key.id());
    session::run("run --ephemeral", Rationale::default(), cx, |session| key.end(session)).map_err(|error| {
        let hint = format!("Try again: `optra{} keys sweep`.", cx.config.portal_flags());
        error.context(format!("the key of this run, {called}, may still be alive")).hint(hint)
    })
}

/// Revokes the keys that earlier runs on this machine have left. A failure is a warning, and does not stop this run.
pub fn sweep_before(cx: &Context) -> Result<(), Error> {
    let left = match leases(cx) {
        Ok(left) if left.is_empty() || cx.config.read_only()?.is_some() => return Ok(()),
        left => left,
    };
    let swept = left.and_then(|left| {
        session::run("run", Rationale::default(), cx, |session| {
            let left = abandoned(left, session.issuer.keys()?, None, session.clock.now())?;
            left.into_iter().try_for_each(|left| sweep(left, session, cx))
        })
    });
    if let Err(error) = swept {
        cx.out.warn(format_args!("an earlier run left a key, which was not revoked: {error}"));
        cx.out.hint(format_args!("Try again: `optra{} keys sweep`.", cx.config.portal_flags()));
    }
    Ok(())
}

/// Returns the leases that earlier runs on this machine have left; none if there is no directory for them.
fn leases(cx: &Context) -> Result<Vec<Held>, Error> {
    let Ok(directory) = cx.leases() else { return Ok(Vec::new()) };
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    Ok(Held::left(&directory, &cx.portal_name()?)?)
}

fn sweep(left: Abandoned, session: Session<'_>, cx: &Context) -> Result<(), Error> {
    let called = format!("`{}` (id {})", left.key.name.as_deref().unwrap_or_default(), left.key.id);
    match left.end(session) {
        Ended::Gone => {
            cx.out.status(format_args!("Revoked key {called}, which an earlier run left."));
            Ok(())
        }
        ended => ended.into_result(),
    }
}
