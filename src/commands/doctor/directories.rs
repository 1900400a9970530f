//! The directories of ours that runs write to. Each is tried with a file that never gets a name, so nothing is left.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::exam::Exam;
use super::record::{Row, State};
use crate::config::{self, CACHE_VARIABLE, CONFIG_VARIABLE, STATE_VARIABLE, cache_dir, config_dir};
use crate::disk::Staged;

/// A directory, and what does not work without it.
struct Place {
    path: Result<PathBuf, config::Error>,
    variable: &'static str,
    state: State,
    lost: &'static str,
}

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let config = &exam.cx.config;
    let settings = Place {
        path: config_dir(),
        variable: CONFIG_VARIABLE,
        state: State::Warn,
        lost: "no profile can be kept there, and no key with `--store file`",
    };
    let state = Place {
        path: config.journal_dir(),
        variable: STATE_VARIABLE,
        state: State::Fail,
        lost: "no API key is generated, rotated or revoked where that cannot be logged",
    };
    let cache = Place {
        path: cache_dir(),
        variable: CACHE_VARIABLE,
        state: State::Warn,
        lost: "what a portal can do is found out anew in every run",
    };
    let mut rows = Vec::new();
    for place in [settings, state, cache] {
        match &place.path {
            Err(error) => return vec![Row::fail("directories", error)],
            Ok(path) => rows.extend(try_to_write(path).err().map(|error| row(&place, path, &error))),
        }
    }
    if rows.is_empty() {
        rows.push(Row::ok("directories", "those of settings, state and cache can be written"));
    }
    rows
}

/// Tries whether files can be made in a directory, or the directory itself in the nearest one that is there.
fn try_to_write(path: &Path) -> io::Result<()> {
    let nearest = path.ancestors().find(|path| path.symlink_metadata().is_ok()).unwrap_or(path);
    Staged::new(&nearest.join(".optra-doctor")).map(drop)
}

fn row(place: &Place, path: &Path, error: &io::Error) -> Row {
    let what = format!("`{}` cannot be written", path.display());
    let row = if place.state == State::Fail { Row::fail("directories", what) } else { Row::warn("directories", what) };
    let row = row.why(error.kind()).why(place.lost);
    let shown = path.display().to_string();
    let quoted = shell_words::quote(&shown);
    match error.kind() {
        _ if cfg!(windows) => row.why(format_args!("`{}` names another place", place.variable)),
        ErrorKind::PermissionDenied => row.mended_by(format_args!("sudo install -d -o \"$(id -u)\" -m 700 {quoted}")),
        _ => row
            .why(format_args!("`{}` names another directory; one of `mktemp` does not last", place.variable))
            .mended_by(format_args!("export {}=\"$(mktemp -d)\"", place.variable)),
    }
}
