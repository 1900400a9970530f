//! The status of a rotation: its journal, how it is shown, and recovery hints.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::disk::{self, Lock};
use crate::error::{Error, Kind};
use crate::journal::{self, Journal, Rotation, Stage};
use crate::output::{Column, Fields, Record, Value};

/// A rotation as it is shown, unfinished or done.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    stage: String,
    portal: String,
    old_id: String,
    new_id: Option<String>,
    name: String,
    started: String,
    /// True if this run changed which key is in use, or rolled that back.
    changed: bool,
}

impl Record for Standing {
    const NOUN: (&'static str, &'static str) = ("rotation", "rotations");
    const COLUMNS: &'static [Column<Standing>] = &[
        Column::pinned("stage", |standing| standing.stage.cell()),
        Column::pinned("portal", |standing| standing.portal.cell()),
        Column::pinned("oldId", |standing| standing.old_id.cell()),
        Column::pinned("newId", |standing| standing.new_id.cell()),
        Column::pinned("name", |standing| standing.name.cell()),
        Column::pinned("started", |standing| standing.started.cell()),
        Column::on_request("changed", |standing| standing.changed.cell()),
    ];
}

impl Standing {
    /// Returns the status of a rotation.
    pub fn of(rotation: &Rotation, stage: &str) -> Standing {
        Standing {
            stage: stage.to_owned(),
            portal: rotation.portal.clone(),
            old_id: rotation.old_id.clone(),
            new_id: rotation.new_id.clone(),
            name: rotation.name.clone(),
            started: rotation.started.to_string(),
            changed: stage != rotation.stage.as_str(),
        }
    }
}

/// Returns the journal of the active profile at the portal.
pub fn journal(cx: &Context) -> Result<Journal, Error> {
    Ok(Journal::new(file(cx, "json")?))
}

fn file(cx: &Context, ending: &str) -> Result<PathBuf, Error> {
    let name = file_name(&cx.config.profile_name()?, &cx.endpoint()?.base());
    Ok(cx.config.journal_dir()?.join(format!("{name}.{ending}")))
}

/// Returns the journal file of a rotation that `keys apply` began for a key of this name.
pub fn file_of_key(name: &str, cx: &Context) -> Result<PathBuf, Error> {
    let file = file_name_of_key(name, &cx.portal_name()?);
    Ok(cx.config.journal_dir()?.join(format!("{file}.json")))
}

/// Returns the name of that file without its extension. It cannot be a profile's, because no profile has a control
/// character in its name.
pub fn file_name_of_key(name: &str, portal: &str) -> String {
    file_name(&format!("\tkey\t{name}"), portal)
}

/// Returns the name of a profile's journal and lock at a portal, without the extension.
pub fn file_name(profile: &str, base: &str) -> String {
    let name = format!("{}-{}", disk::file_name(profile), disk::file_name(base));
    format!("rotation-{}", disk::limited(name))
}

/// Returns an error if the active profile has an unfinished rotation.
pub fn refuse_during(cx: &Context) -> Result<(), Error> {
    let under_way = journal(cx).and_then(|journal| Ok(journal.read()?)).unwrap_or_default();
    under_way.map_or(Ok(()), |under_way| Err(already(&under_way, cx)))
}

/// Adds a hint to an authentication error: the key may have been rotated away.
pub fn hint_at_rotation(error: Error, cx: &Context) -> Error {
    if error.kind() != Kind::Unauthenticated {
        return error;
    }
    let hint = format!(
        "A rotation of this key was interrupted: resume it with `optra{} keys rotate --resume`.",
        cx.config.portal_flags()
    );
    match journal(cx).and_then(|journal| Ok(journal.read()?)) {
        Ok(Some(_)) => error.replace_hints(hint),
        _ => error,
    }
}

/// Keeps other processes from rotating a key of this profile.
pub fn lock(cx: &Context) -> Result<Lock, Error> {
    let path = file(cx, "lock")?;
    journal::lock(&path, Duration::ZERO, || ())?
        .ok_or_else(|| Error::new(Kind::Declined, "another process is rotating a key of this profile right now"))
}

/// Shows the unfinished rotation.
pub fn tell(cx: &Context) -> Result<(), Error> {
    match journal(cx)?.read()? {
        Some(rotation) => Ok(cx.out.item(&Standing::of(&rotation, rotation.stage.as_str()), &Fields::all())?),
        None if cx.out.is_machine() => Ok(cx.out.text("null\n")?),
        None => {
            cx.out.status("no rotation is under way");
            Ok(())
        }
    }
}

/// Adds hints on how to get rid of an unreadable journal.
pub fn unreadable(cx: &Context) -> impl Fn(journal::Error) -> Error {
    |error| {
        let option = cx.config.portal_flags();
        let error = Error::from(error);
        if error.kind() == Kind::Declined {
            return error;
        }
        error.hint("Go on with the version of optra that wrote it.").hint(format!(
            "Or put it aside, and look after its keys yourself: `optra{option} keys rotate --abort --force-forget`."
        ))
    }
}

/// Discards the unfinished rotation, whatever its state, and says what it leaves behind.
pub fn forget(journal: &Journal, cx: &Context) -> Result<(), Error> {
    let rotation = match journal.read() {
        Ok(Some(rotation)) => rotation,
        Ok(None) => return Err(Error::new(Kind::NotFound, "no rotation is under way")),
        Err(_) => {
            let aside = journal.put_aside()?;
            cx.out.status(format_args!("Put the unreadable journal aside, as `{}`.", aside.display()));
            cx.out.warn("a new key may be there whose secret nobody has: look with `optra keys list`");
            return Ok(());
        }
    };
    journal.remove()?;
    let Rotation { old_id, new_id, name, to, stage, .. } = &rotation;
    let new = new_id.as_ref().map_or_else(|| format!("perhaps one called `{name}`"), |id| format!("id {id}"));
    cx.out
        .warn(format_args!("left behind at `{}`: the old key (id {old_id}), and the new one ({new})", stage.as_str()));
    for place in to.iter().filter(|_| *stage >= Stage::Delivering) {
        cx.out.warn(format_args!("`{place}` may have the new secret, and what it had before may be beside it"));
    }
    let option = cx.config.portal_flags();
    cx.out.hint(format_args!("See which of them are there: `optra{option} keys list`, and revoke what nobody has."));
    Ok(cx.out.done("Forgot the rotation; nothing was revoked.".to_owned(), &Standing::of(&rotation, "forgotten"))?)
}

/// Returns the error for another unfinished rotation.
pub fn already(under_way: &Rotation, cx: &Context) -> Error {
    let message = format!(
        "a rotation of key {} is under way since {}, at `{}`",
        under_way.old_id,
        under_way.started,
        under_way.stage.as_str()
    );
    recovery_hints(Error::new(Kind::Declined, message), under_way.stage, cx)
}

pub fn recovery_hints(error: Error, stage: Stage, cx: &Context) -> Error {
    let option = cx.config.portal_flags();
    if stage == Stage::Aborting {
        return error.hint(format!("Finish rolling it back: `optra{option} keys rotate --abort`; the old key stays."));
    }
    let error = error.hint(format!("Resume it with `optra{option} keys rotate --resume`."));
    match stage {
        Stage::Revoking | Stage::Promoting => error
            .hint(format!("If that can never succeed, forget it: `optra{option} keys rotate --abort --force-forget`.")),
        _ => error.hint(format!("Or roll it back with `optra{option} keys rotate --abort`; the old key stays.")),
    }
}
