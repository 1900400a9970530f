//! The error for a requested profile that does not exist.

use crate::config::{Config, profile_option};
use crate::error::{Error, Kind};

/// Returns that error, with the existing profiles and how to create this one; `rest` continues the sentence.
pub fn missing(config: &Config, kind: Kind, name: &str, rest: &str) -> Error {
    let error = Error::new(kind, format!("there is no profile `{name}`{rest}"));
    let known: Vec<String> = match config.file() {
        Ok(file) => file.profiles.keys().map(|name| format!("`{name}`")).collect(),
        Err(_) => Vec::new(),
    };
    let error = if known.is_empty() { error } else { error.hint(format!("There is {}.", known.join(", "))) };
    // Omit what the environment sets already; but its key is not the profile's.
    let portal = if config.portal_variable.is_some() { "" } else { " --portal URL" };
    let key = if config.api_key.is_some() { " --key-file PATH" } else { "" };
    error.hint(format!("Make it: `optra auth login{}{portal}{key}`.", profile_option(name)))
}
