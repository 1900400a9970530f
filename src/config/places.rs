//! Where files go on this platform, and the variables that say otherwise.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::error::Error;
use super::home::home;
use super::variable::path_variable;

/// Returns the directory of what a user may write by hand, and of key files.
pub fn config_dir() -> Result<PathBuf, Error> {
    match path_variable("OPTRA_CONFIG_DIR")? {
        Some(path) => Ok(path),
        None => Ok(places()?.config_dir().join("optra")),
    }
}

/// Returns the directory of key files: beside the settings, but on Windows with what stays on the machine.
pub fn keys_dir() -> Result<PathBuf, Error> {
    let is_named = path_variable("OPTRA_CONFIG_DIR")?.is_some();
    Ok(if cfg!(windows) && !is_named { state_dir() } else { config_dir() }?.join("keys"))
}

/// Returns the directory of what can be had again.
pub fn cache_dir() -> Result<PathBuf, Error> {
    let cache = places()?.cache_dir().join("optra");
    // Windows has one place for this and the state.
    Ok(if cfg!(windows) { cache.join("cache") } else { cache })
}

/// Returns the directory of what outlives a run and is not written by hand. On Windows its owner alone can read it, and it does not
/// follow a user to other machines.
pub fn state_dir() -> Result<PathBuf, Error> {
    let places = places()?;
    Ok(places.state_dir().unwrap_or_else(|| places.cache_dir()).join("optra"))
}

/// The places that programs for a terminal have; on macOS those are Unix's, and not those of its applications.
fn places() -> Result<impl BaseStrategy, Error> {
    home()?;
    etcetera::base_strategy::choose_base_strategy().map_err(|_| Error::NoHome)
}
