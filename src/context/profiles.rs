//! What is said of a profile that is asked for and is not there: one way, whoever asks.

use crate::config::{Config, profile_option};
use crate::error::{Error, Kind};

/// Says that there is no such profile, which there are, and how to make it; `rest` goes on with the sentence.
pub fn missing(config: &Config, kind: Kind, name: &str, rest: &str) -> Error {
    let error = Error::new(kind, format!("there is no profile `{name}`{rest}"));
    let known: Vec<String> = match config.file() {
        Ok(file) => file.profiles.keys().map(|name| format!("`{name}`")).collect(),
        Err(_) => Vec::new(),
    };
    let error = if known.is_empty() { error } else { error.hint(format!("There is {}.", known.join(", "))) };
    // What the environment gives already is not said again; its key is not the one of the profile.
    let portal = if config.portal_variable.is_some() { "" } else { " --portal https://…" };
    let key = if config.api_key.is_some() { " --key-file PATH" } else { "" };
    error.hint(format!("Make it: `optra auth login{}{portal}{key}`.", profile_option(name)))
}
