//! Reads environment variables, with one parser for each kind of value.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::error::Error;
use super::home::path;
use super::profile_name::profile_name;
use crate::output::{Format, Pager};
use crate::text::{duration, line};

pub fn format_variable() -> Result<Option<Format>, Error> {
    let Some(text) = variable("OPTRA_OUTPUT")? else { return Ok(None) };
    let problem = format!("is `{text}`, and none of table, json, ndjson, csv, tsv, yaml, geojson, sarif");
    Format::from_str(&text, false).map(Some).map_err(|_| invalid("OPTRA_OUTPUT", problem))
}

pub fn duration_variable(name: &str) -> Result<Option<Duration>, Error> {
    let duration = variable(name)?.map(|text| duration(&text));
    duration.transpose().map_err(|problem| invalid(name, problem))
}

pub fn number_variable(name: &str) -> Result<Option<u32>, Error> {
    let number = variable(name)?.map(|text| text.parse().map_err(|_| text));
    number.transpose().map_err(|text| invalid(name, format!("is `{text}`, which is not a number")))
}

pub fn profile_variable() -> Result<Option<String>, Error> {
    let name = variable("OPTRA_PROFILE")?.map(|text| profile_name(&text));
    name.transpose().map_err(|problem| invalid("OPTRA_PROFILE", format!("cannot be used: {problem}")))
}

pub fn path_variable(name: &str) -> Result<Option<PathBuf>, Error> {
    let path = variable(name)?.map(|text| path(&text));
    path.transpose().map_err(|problem| invalid(name, problem))
}

/// Returns the reason for a change of keys, if the environment sets one.
pub fn reason_variable() -> Result<Option<String>, Error> {
    let reason = variable("OPTRA_REASON")?.map(|text| line(&text));
    reason.transpose().map_err(|problem| invalid("OPTRA_REASON", problem))
}

/// Returns the pager. An empty variable turns the pager off.
pub fn pager_variable() -> Result<Pager, Error> {
    let named = ["OPTRA_PAGER", "PAGER"].into_iter().find(|name| env::var_os(name).is_some());
    let Some(by) = named else { return Ok(Pager::Usual) };
    Ok(match variable(by)? {
        Some(words) if words.trim() != "cat" => Pager::Named { words, by },
        _ => Pager::Off,
    })
}

/// Returns the value of a boolean variable; `None` if it is not set. A word that is neither yes nor no is an error: a
/// guess may switch a safety off.
pub fn flag_variable(name: &str) -> Result<Option<bool>, Error> {
    let Some(text) = variable(name)? else { return Ok(None) };
    // The word is not repeated: it may be anything, even a key.
    let problem = "is neither yes nor no: 1, true, yes and on say yes, and 0, false, no and off say no";
    yes_or_no(&text).map(Some).ok_or_else(|| invalid(name, problem.to_owned()))
}

/// Returns the value of another program's boolean variable. Any word but a no is a yes.
pub fn foreign_flag(name: &str) -> bool {
    foreign_variable(name).is_some_and(|text| yes_or_no(&text) != Some(false))
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Returns a variable that is set and not empty. One that is not Unicode is an error, not unset: it may be the key.
pub fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(invalid(name, "is not valid Unicode".to_owned())),
    }
}

/// Returns another program's variable if it is set and not empty. An invalid one is no error.
pub fn foreign_variable(name: &str) -> Option<String> {
    let value = env::var_os(name)?.to_string_lossy().into_owned();
    Some(value).filter(|value| !value.is_empty())
}

fn invalid(name: &str, problem: String) -> Error {
    Error::Invalid { what: format!("`{name}`"), problem }
}
