//! What a check found, and how it is shown. `Row` makes every text safe to paste when it is added.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::Serialize;

use super::fix::Fix;
use super::paste::pasteable;
use crate::context::Context;
use crate::error::{Error, for_portal};
use crate::output::{Cell, Column, Record, Value};

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    Warn,
    Fail,
}

impl State {
    /// Returns the name.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "fail",
        }
    }
}

/// What a check found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Examined")]
pub struct Row {
    /// What was checked, in one word.
    pub check: &'static str,
    pub state: State,
    /// What was found.
    pub what: String,
    /// The cause, or why it matters.
    pub why: Option<String>,
    /// The command that fixes it.
    pub mend: Option<String>,
    /// What `--fix` did.
    pub fixed: Option<String>,
    /// What `--fix` would do.
    #[serde(skip)]
    fixes: Vec<Fix>,
}

impl Record for Row {
    const NOUN: (&'static str, &'static str) = ("check", "checks");
    const COLUMNS: &'static [Column<Row>] = &[
        Column::pinned("check", |row| row.check.cell()),
        Column::pinned("state", |row| row.state.as_str().cell()),
        Column::priority("what", 0, |row| row.what.cell()),
        Column::priority("why", 1, |row| row.why.cell()),
        Column::priority("mend", 1, |row| row.mend.cell()),
        Column::priority("fixed", 2, |row| row.fixed.as_ref().map_or(Cell::Nothing, Value::cell)),
    ];
}

impl Row {
    fn new(check: &'static str, state: State, what: &dyn Display) -> Row {
        let what = pasteable(&what.to_string());
        Row { check, state, what, why: None, mend: None, fixed: None, fixes: Vec::new() }
    }

    /// Returns a row for something that is in order.
    pub fn ok(check: &'static str, what: impl Display) -> Row {
        Row::new(check, State::Ok, &what)
    }

    /// Returns a row for a possible or future problem, or for something unknown.
    pub fn warn(check: &'static str, what: impl Display) -> Row {
        Row::new(check, State::Warn, &what)
    }

    /// Returns a row for something that does not work.
    pub fn fail(check: &'static str, what: impl Display) -> Row {
        Row::new(check, State::Fail, &what)
    }

    /// Adds a reason.
    #[must_use]
    pub fn why(mut self, why: impl Display) -> Row {
        let why = pasteable(&why.to_string());
        self.why = Some(self.why.take().map_or_else(|| why.clone(), |before| format!("{before}\n{why}")));
        self
    }

    /// Adds the command that fixes it.
    #[must_use]
    pub fn mended_by(mut self, command: impl Display) -> Row {
        self.mend = Some(pasteable(&command.to_string()));
        self
    }

    /// Adds what `--fix` does; then `optra doctor --fix` is the command that fixes it.
    #[must_use]
    pub fn fix(mut self, fixes: Vec<Fix>) -> Row {
        if !fixes.is_empty() && self.mend.is_none() {
            self = self.mended_by("optra doctor --fix");
        }
        self.fixes = fixes;
        self
    }

    /// Returns a failed row of an error: its causes, and the first command in its hints.
    pub fn of(check: &'static str, error: &Error, cx: &Context) -> Row {
        let chosen = cx.config.portal_flags();
        // A row of `doctor` must not send the user to `doctor`.
        let useful = error.hints().iter().filter(|hint| !hint.contains("optra doctor`"));
        let hints: Vec<String> = useful.map(|hint| for_portal(hint, &chosen)).collect();
        let mut row = Row::fail(check, error.message());
        for cause in error.causes() {
            row = row.why(cause);
        }
        match hints.iter().find_map(|hint| command(hint)) {
            Some(command) => row.mended_by(command),
            None => hints.iter().fold(row, |row, hint| row.why(hint)),
        }
    }

    /// Makes a warning or failure harmless, for a reason.
    #[cfg(all(unix, not(target_os = "macos")))]
    #[must_use]
    pub fn unneeded(self, why: impl Display) -> Row {
        let is_ok = self.state == State::Ok;
        if is_ok { self } else { Row { state: State::Ok, ..self }.why(why) }
    }

    /// Applies the fixes.
    pub fn mend(&mut self) {
        if self.fixes.is_empty() {
            return;
        }
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for fix in std::mem::take(&mut self.fixes) {
            match fix.apply() {
                Ok(()) => done.push(pasteable(&fix.to_string())),
                Err(error) => failed.push(pasteable(&format!("this did not work: {fix}: {error}"))),
            }
        }
        if failed.is_empty() {
            (self.state, self.mend) = (State::Ok, None);
        } else {
            self.state = State::Fail;
            self.why = Some(self.why.iter().cloned().chain(failed).collect::<Vec<_>>().join("\n"));
        }
        self.fixed = (!done.is_empty()).then(|| done.join("; "));
    }
}

/// Returns the first command that a sentence names in backticks, unless it is `auth status`, which checks the same
/// again.
fn command(sentence: &str) -> Option<&str> {
    let mut quoted = sentence.split('`').skip(1).step_by(2);
    let mends = |text: &&str| ["optra ", "chmod ", "sudo ", "unset "].iter().any(|start| text.starts_with(start));
    quoted.find(|text| mends(text) && !text.ends_with("auth status"))
}
