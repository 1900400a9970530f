//! The directories for our files on this platform, and the variables that override them.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::error::Error;
use super::home::home;
use super::variable::path_variable;

/// The variable that names the directory of [`config_dir`].
pub const CONFIG_VARIABLE: &str = "OPTRA_CONFIG_DIR";

/// The variable that names the directory above [`state_dir`].
pub const STATE_VARIABLE: &str = if cfg!(windows) { "LOCALAPPDATA" } else { "XDG_STATE_HOME" };

/// The variable that names the directory above [`cache_dir`].
pub const CACHE_VARIABLE: &str = if cfg!(windows) { "LOCALAPPDATA" } else { "XDG_CACHE_HOME" };

/// Returns the directory of files that a user may write by hand, and of key files.
pub fn config_dir() -> Result<PathBuf, Error> {
    match path_variable(CONFIG_VARIABLE)? {
        Some(path) => Ok(path),
        None => Ok(places()?.config_dir().join("optra")),
    }
}

/// Returns the directory of key files: beside the settings, but on Windows in a directory that does not roam.
pub fn keys_dir() -> Result<PathBuf, Error> {
    let is_named = path_variable(CONFIG_VARIABLE)?.is_some();
    Ok(if cfg!(windows) && !is_named { state_dir() } else { config_dir() }?.join("keys"))
}

/// Returns the directory of files that can be recreated.
pub fn cache_dir() -> Result<PathBuf, Error> {
    let cache = places()?.cache_dir().join("optra");
    // On Windows, the cache and the state share a directory.
    Ok(if cfg!(windows) { cache.join("cache") } else { cache })
}

/// Returns the directory of files that outlive a run and are not written by hand. On Windows it is private and does
/// not follow the user to other machines.
pub fn state_dir() -> Result<PathBuf, Error> {
    let places = places()?;
    Ok(places.state_dir().unwrap_or_else(|| places.cache_dir()).join("optra"))
}

/// The XDG directories that command-line programs use, on macOS too.
fn places() -> Result<impl BaseStrategy, Error> {
    home()?;
    etcetera::base_strategy::choose_base_strategy().map_err(|_| Error::NoHome)
}
