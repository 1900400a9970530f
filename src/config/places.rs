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

/// Returns the directory of what can be had again.
pub fn cache_dir() -> Result<PathBuf, Error> {
    Ok(places()?.cache_dir().join("optra"))
}

/// Returns the directory of what outlives a run and is not written by hand.
pub fn state_dir() -> Result<PathBuf, Error> {
    let places = places()?;
    Ok(places.state_dir().unwrap_or_else(|| places.data_dir()).join("optra"))
}

fn places() -> Result<impl BaseStrategy, Error> {
    home()?;
    etcetera::base_strategy::choose_native_strategy().map_err(|_| Error::NoHome)
}
