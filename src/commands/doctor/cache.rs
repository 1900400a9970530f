//! The schema cache: stale files do no harm, and can go.

use std::fs;
use std::path::PathBuf;

use super::exam::Exam;
use super::fix::Fix;
use super::record::Row;
use crate::config::cache_dir;
use crate::portal;

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let directory = match cache_dir() {
        Ok(directory) => directory.join("fits"),
        Err(error) => return vec![Row::of("cache", &error.into(), exam.cx)],
    };
    let files = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    let stale: Vec<PathBuf> = files.iter().filter(|path| portal::is_stale(path)).cloned().collect();
    match (stale.len(), files.len()) {
        (_, 0) => vec![Row::ok("cache", "no schema of a portal is cached")],
        (0, count) => vec![Row::ok("cache", format_args!("what was learned of portals is in use (files: {count})"))],
        (old, count) => {
            let what = format!("the cached schemas of portals are out of date, and not used (files: {old} of {count})");
            vec![Row::ok("cache", what).fix(stale.into_iter().map(Fix::Remove).collect())]
        }
    }
}
