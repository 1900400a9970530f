//! The settings of a run: options, environment and file, each read once. All other modules get their settings from
//! here.
//!
//! It holds no secret but `OPTRA_API_KEY`, and does not decide which portal gets that key.

mod ci;
mod error;
mod file;
mod header;
mod home;
mod lines;
mod options;
mod places;
mod profile_name;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod proxy;
mod resolve;
mod settings;
mod variable;

pub use ci::{CiSystem, job};
pub use error::Error;
pub use file::{Profile, Store};
pub use home::{expanded, path};
pub use lines::{Line, lines};
pub use options::Options;
pub use places::{CACHE_VARIABLE, CONFIG_VARIABLE, STATE_VARIABLE, cache_dir, config_dir, keys_dir, state_dir};
pub use profile_name::profile_name;
pub use proxy::proxy_for;
pub use resolve::{Config, Origin, config_file, profile_option};
pub use settings::{SETTINGS, Setting};
pub use variable::{foreign_variable, reason_variable, variable};
