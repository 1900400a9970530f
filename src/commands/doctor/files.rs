//! Files and directories of ours with the wrong owner or mode: keys that others can read, and files deciding about keys
//! that others can write.

use std::fs;
use std::path::{Path, PathBuf};

use super::exam::Exam;
use super::fix::Fix;
use super::record::Row;
use crate::config::{cache_dir, config_dir, keys_dir};
use crate::credentials;
use crate::disk::{self, Refused};
use crate::error::Error;
use crate::text::counted;

/// At most this many entries of a directory are checked.
const MOST: usize = 2_000;

/// Nothing of ours is nested deeper.
const DEEPEST: usize = 4;

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let (mut secret, mut deciding) = (Vec::new(), Vec::new());
    secret.extend(keys_dir().map(|directory| below(&directory, 1)).unwrap_or_default());
    if let Ok(directory) = config_dir() {
        deciding.push(directory.join("config.toml"));
        deciding.extend(["bindings", "queries"].iter().flat_map(|name| below(&directory.join(name), DEEPEST)));
    }
    if let Ok(directory) = exam.cx.config.journal_dir() {
        let (own, others) = below(&directory, 1).into_iter().partition(|path| path.ends_with("ledger.key"));
        secret.extend::<Vec<_>>(own);
        deciding.extend::<Vec<_>>(others);
    }
    deciding.extend(cache_dir().map(|directory| below(&directory.join("fits"), 1)).unwrap_or_default());
    let there = |path: &PathBuf| path.symlink_metadata().is_ok();
    secret.retain(there);
    deciding.retain(there);
    let count = secret.len() + deciding.len();
    let mut rows: Vec<Row> = secret.iter().filter_map(|path| exposed(path, exam)).collect();
    rows.extend(deciding.iter().filter(|path| path.is_file()).filter_map(|path| untrusted(path, exam)));
    match (rows.is_empty(), count) {
        (true, 0) => vec![Row::ok("files", "there are none yet")],
        (true, _) => {
            let have = counted(count, "file or directory has", "files and directories have");
            vec![Row::ok("files", format_args!("{have} the right owner and mode"))]
        }
        (false, _) => rows,
    }
}

/// Returns a directory and its content, down to `depth`.
fn below(directory: &Path, depth: usize) -> Vec<PathBuf> {
    let mut found = vec![directory.to_owned()];
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in entries.take(MOST) {
        // A link to a directory leads out of what is ours.
        let is_directory = path.symlink_metadata().is_ok_and(|found| found.is_dir());
        match is_directory && depth > 1 {
            true => found.extend(below(&path, depth - 1)),
            false => found.push(path),
        }
    }
    found.truncate(MOST);
    found
}

/// Checks a path that only its owner may read.
fn exposed(path: &Path, exam: &Exam<'_>) -> Option<Row> {
    let checked = if path.is_dir() { disk::check_private(path) } else { disk::open_private(path).map(drop) };
    let refused = checked.err()?;
    let wanted = if path.is_dir() { 0o700 } else { 0o600 };
    match refused {
        Refused::Exposed { mode, .. } => {
            let shown = path.display().to_string();
            let row = Row::fail("files", format_args!("`{shown}` can be read by others (mode {mode:03o})"))
                .why("Whoever has read a key in it can use it: consider `optra keys rotate`.")
                .mended_by(format_args!("chmod {wanted:o} {}", shell_words::quote(&shown)));
            // If others could write the file, it may have been changed: a person has to look, so there is no fix.
            Some(if mode & 0o022 == 0 { row.fix(vec![Fix::Hide(path.to_owned())]) } else { row })
        }
        Refused::Unsafe(problem) => {
            let error = credentials::Error::Unsafe { path: path.to_owned(), problem };
            Some(Row::of("files", &error.into(), exam.cx))
        }
        refused => Some(Row::fail("files", format_args!("`{}` cannot be read", path.display())).why(refused)),
    }
}

/// Checks a path that decides about keys, so only its owner may write it. There is no fix: it may have been changed
/// already.
fn untrusted(path: &Path, exam: &Exam<'_>) -> Option<Row> {
    match disk::check_file(path).err()? {
        Refused::Untrusted(untrusted) => Some(Row::of("files", &Error::from(untrusted), exam.cx)),
        refused => Some(Row::fail("files", format_args!("`{}` cannot be read", path.display())).why(refused)),
    }
}
