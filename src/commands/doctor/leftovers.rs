//! What earlier runs left behind: unfinished files of a killed run, keys of deleted profiles, rotations that were put
//! aside.
//!
//! Only unfinished files are certainly stale: nobody reads them, and no run takes a day to finish one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::exam::Exam;
use super::fix::Fix;
use super::record::Row;
use crate::config::{cache_dir, config_dir, keys_dir, state_dir};
use crate::text::counted;
use crate::{credentials, disk};

/// No run takes this long to finish a file.
const DEAD: Duration = Duration::from_secs(24 * 60 * 60);

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let unfinished: Vec<PathBuf> =
        directories(exam).iter().flat_map(|directory| entries(directory)).filter(|path| is_dead(path)).collect();
    if !unfinished.is_empty() {
        let first = unfinished[0].display();
        let files = counted(unfinished.len(), "unfinished file", "unfinished files");
        let row = Row::warn("leftovers", format_args!("{files} of a run that was killed, such as `{first}`"));
        rows.push(row.why("Nothing reads an unfinished file.").fix(unfinished.into_iter().map(Fix::Remove).collect()));
    }
    rows.extend(orphans(exam));
    if let Ok(directory) = exam.cx.config.journal_dir() {
        let aside =
            entries(&directory).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "forgotten"));
        rows.extend(aside.map(|path| {
            Row::warn("leftovers", format_args!("`{}` is a rotation that was put aside", path.display()))
                .why("A new key may be there whose secret nobody has. Look for it, revoke it, and delete the file.")
                .mended_by(format_args!("optra{} keys list", exam.cx.config.portal_flags()))
        }));
    }
    if rows.is_empty() { vec![Row::ok("leftovers", "there are none")] } else { rows }
}

/// Key files without a profile: nothing uses them, and the portal may still accept the key.
fn orphans(exam: &Exam<'_>) -> Vec<Row> {
    let (Ok(directory), Ok(contents)) = (keys_dir(), exam.cx.config.file()) else { return Vec::new() };
    if exam.cx.config.options.no_config {
        return Vec::new();
    }
    let known: Vec<String> = contents.profiles.keys().map(|name| credentials::file::name(name)).collect();
    let of_nobody = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".key") && !known.iter().any(|known| *known == name)
    };
    let files = entries(&directory).into_iter().filter(of_nobody);
    let row = |path: PathBuf| {
        Row::warn("leftovers", format_args!("the key file `{}` is of no profile", path.display()))
            .why("The portal may still take the key. Revoke it there, and delete the file.")
    };
    files.map(row).collect()
}

/// Returns the directories that hold files of ours.
fn directories(exam: &Exam<'_>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Ok(directory) = config_dir() {
        found.extend(entries(&directory.join("bindings")).into_iter().filter(|path| path.is_dir()));
        found.push(directory);
    }
    found.extend(keys_dir());
    found.extend(state_dir());
    found.extend(exam.cx.config.journal_dir());
    found.extend(cache_dir().map(|directory| directory.join("fits")));
    found
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Returns true for a temporary file of ours that no run will finish.
fn is_dead(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_temporary = name
        .strip_prefix(".tmp")
        .is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !is_temporary || !disk::is_ours(path) {
        return false;
    }
    let age = |found: fs::Metadata| SystemTime::now().duration_since(found.modified().ok()?).ok();
    path.symlink_metadata().ok().filter(fs::Metadata::is_file).and_then(age).is_some_and(|age| age > DEAD)
}
