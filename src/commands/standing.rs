//! How a rotation stands: where it is noted, how it is shown, and the ways on from there.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::context::Context;
use crate::disk::Lock;
use crate::error::{Error, Kind};
use crate::journal::{self, Journal, Rotation, Stage};
use crate::output::{Column, Fields, Record, Value};

/// A rotation as it is shown, under way or done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    stage: String,
    portal: String,
    old_id: String,
    new_id: Option<String>,
    name: String,
    started: String,
}

impl Record for Standing {
    const NOUN: (&'static str, &'static str) = ("rotation", "rotations");
    const COLUMNS: &'static [Column<Standing>] = &[
        Column::whole("stage", |standing| standing.stage.cell()),
        Column::whole("portal", |standing| standing.portal.cell()),
        Column::whole("oldId", |standing| standing.old_id.cell()),
        Column::whole("newId", |standing| standing.new_id.cell()),
        Column::whole("name", |standing| standing.name.cell()),
        Column::whole("started", |standing| standing.started.cell()),
    ];
}

impl Standing {
    /// Tells of a rotation.
    pub fn of(rotation: &Rotation, stage: &str) -> Standing {
        Standing {
            stage: stage.to_owned(),
            portal: rotation.portal.clone(),
            old_id: rotation.old_id.clone(),
            new_id: rotation.new_id.clone(),
            name: rotation.name.clone(),
            started: rotation.started.to_string(),
        }
    }
}

/// Returns the journal of the profile in use, at the portal in use.
pub fn journal(cx: &Context) -> Result<Journal, Error> {
    Ok(Journal::new(file(cx, "json")?))
}

fn file(cx: &Context, ending: &str) -> Result<PathBuf, Error> {
    let portal = cx.config.as_file_name(&cx.endpoint()?.base());
    Ok(cx.config.journal_dir()?.join(format!("rotation-{}-{portal}.{ending}", cx.config.profile_file()?)))
}

/// Refuses what would get in the way of a rotation of the profile in use.
pub fn refuse_during(cx: &Context) -> Result<(), Error> {
    let under_way = journal(cx).and_then(|journal| Ok(journal.read()?)).unwrap_or_default();
    under_way.map_or(Ok(()), |under_way| Err(already(&under_way, cx)))
}

/// Adds the way on where a key that is not taken any more may have been rotated away.
pub fn hint_at_rotation(error: Error, cx: &Context) -> Error {
    if error.kind() != Kind::Unauthenticated {
        return error;
    }
    let hint = format!(
        "A rotation of this key broke off: go on with `optra{} keys rotate --resume`.",
        cx.config.chosen_portal()
    );
    match journal(cx).and_then(|journal| Ok(journal.read()?)) {
        Ok(Some(_)) => error.instead(hint),
        _ => error,
    }
}

/// Lets no other rotation of this profile run.
pub fn lock(cx: &Context) -> Result<Lock, Error> {
    let path = file(cx, "lock")?;
    journal::lock(&path, Duration::ZERO, || ())?
        .ok_or_else(|| Error::new(Kind::Declined, "another process is rotating a key of this profile right now"))
}

/// Shows the rotation under way.
pub fn tell(cx: &Context) -> Result<(), Error> {
    match journal(cx)?.read()? {
        Some(rotation) => Ok(cx.out.item(&Standing::of(&rotation, rotation.stage.word()), &Fields::all())?),
        None if cx.out.is_machine() => Ok(cx.out.text("null\n")?),
        None => {
            cx.out.status("no rotation is under way");
            Ok(())
        }
    }
}

/// Says that there is a rotation to be ended first.
pub fn already(under_way: &Rotation, cx: &Context) -> Error {
    let message = format!(
        "a rotation of key {} is under way since {}, at `{}`",
        under_way.old_id,
        under_way.started,
        under_way.stage.word()
    );
    ways_on(Error::new(Kind::Declined, message), under_way.stage, cx)
}

pub fn ways_on(error: Error, stage: Stage, cx: &Context) -> Error {
    let option = cx.config.chosen_portal();
    let error = error.hint(format!("Go on with `optra{option} keys rotate --resume`."));
    match stage {
        Stage::Revoking | Stage::Promoting => error,
        _ => error.hint(format!("Or take it back with `optra{option} keys rotate --abort`; the old key stays.")),
    }
}
