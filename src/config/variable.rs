//! The variables of the environment, each read in one way.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::error::Error;
use super::home::path;
use super::profile_name::profile_name;
use crate::output::Format;
use crate::text::duration;

pub fn format_variable() -> Result<Option<Format>, Error> {
    let Some(text) = variable("OPTRA_OUTPUT")? else { return Ok(None) };
    let problem = format!("is `{text}`, and none of table, json, ndjson, csv, geojson, sarif");
    Format::from_str(&text, false).map(Some).map_err(|_| invalid("OPTRA_OUTPUT", problem))
}

pub fn duration_variable(name: &str) -> Result<Option<Duration>, Error> {
    let duration = variable(name)?.map(|text| duration(&text));
    duration.transpose().map_err(|problem| invalid(name, problem))
}

pub fn number_variable(name: &str) -> Result<Option<u32>, Error> {
    let number = variable(name)?.map(|text| text.parse().map_err(|_| text));
    number.transpose().map_err(|text| invalid(name, format!("is `{text}`, which is no number")))
}

pub fn profile_variable() -> Result<Option<String>, Error> {
    let name = variable("OPTRA_PROFILE")?.map(|text| profile_name(&text));
    name.transpose().map_err(|problem| invalid("OPTRA_PROFILE", format!("cannot be used: {problem}")))
}

pub fn path_variable(name: &str) -> Result<Option<PathBuf>, Error> {
    let path = variable(name)?.map(|text| path(&text));
    path.transpose().map_err(|problem| invalid(name, problem))
}

/// Returns a variable that is not ours, if it is set and not empty. What is wrong with it is no reason to do nothing.
pub fn foreign(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// Returns a variable that is set and not empty. One that is no text is not passed over: it may be the key.
pub fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(invalid(name, "is no text".to_owned())),
    }
}

fn invalid(name: &str, problem: String) -> Error {
    Error::Invalid { what: format!("`{name}`"), problem }
}
