//! Unfinished rotations of all profiles, each with the command that resumes it.

use std::io::ErrorKind;
use std::path::Path;

use super::exam::Exam;
use super::record::Row;
use crate::commands::standing::{file_name, file_name_of_key};
use crate::config::profile_option;
use crate::disk::Refused;
use crate::error::Error;
use crate::journal::{Journal, Rotation, Stage};
use crate::lifecycle::name;
use crate::portal::Endpoint;

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let config = &exam.cx.config;
    let directory = match config.journal_dir() {
        Ok(directory) => directory,
        Err(error) => return vec![Row::of("rotation", &error.into(), exam.cx)],
    };
    match Journal::all(&directory) {
        Ok(all) if all.is_empty() => vec![Row::ok("rotation", "none is under way")],
        Ok(all) => all.iter().map(|(path, rotation)| row(path, rotation, exam)).collect(),
        // Of the directory itself, another row tells more.
        Err(error) if matches!(&error.source, Refused::Unusable(cause) if matches!(cause.kind(), ErrorKind::NotADirectory | ErrorKind::PermissionDenied)) =>
        {
            vec![Row::of("rotation", &error.into(), exam.cx)]
        }
        Err(error) => {
            let row = Row::of("rotation", &Error::from(error), exam.cx);
            vec![row.why("Go on with the version of optra that wrote it, or put it aside: `optra keys rotate --abort --force-forget`.")]
        }
    }
}

fn row(path: &Path, rotation: &Rotation, exam: &Exam<'_>) -> Row {
    let Rotation { stage, started, portal, old_id, old_name, .. } = rotation;
    let key = old_name.as_ref().map_or_else(|| format!("key {old_id}"), |name| format!("key `{name}` (id {old_id})"));
    let since = started.strftime("%Y-%m-%d %H:%M UTC");
    let on = if *stage == Stage::Aborting { "--abort" } else { "--resume" };
    let row = Row::warn("rotation", format_args!("of {key} at {portal}, at `{}`", stage.as_str()))
        .why(format_args!("It is under way since {since}; until its end two keys may work."));
    let sandbox = if exam.cx.config.sandbox() { " --sandbox" } else { "" };
    let sandbox_or = if exam.cx.config.sandbox() { "sandbox" } else { portal };
    let of_file = file_name_of_key(name::strip_nonce(&rotation.name), sandbox_or);
    if path.file_stem().is_some_and(|stem| *stem == *of_file) {
        return row.why(format_args!("It goes on with the file of keys: `optra{sandbox} keys apply -f FILE`."));
    }
    match whose(path, portal, exam) {
        Some(name) => row.mended_by(format_args!("optra{sandbox}{} keys rotate {on}", profile_option(&name))),
        None if exam.cx.config.sandbox() => row.mended_by(format_args!("optra --sandbox keys rotate {on}")),
        None => row.why(format_args!("Its profile is not in `config.toml` any more: `{}`.", path.display())),
    }
}

/// Returns the profile of a rotation, by the name of its journal file.
fn whose(path: &Path, portal: &str, exam: &Exam<'_>) -> Option<String> {
    let config = &exam.cx.config;
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let known = config.file().ok()?.profiles.keys().cloned().chain(config.profile_name());
    let base = Endpoint::parse(portal).map_or_else(|_| portal.to_owned(), |endpoint| endpoint.base());
    let mut of_it = known.filter(|name| file_name(name, &base) == stem);
    of_it.next()
}
