//! Parses a polling interval.

use std::time::Duration;

use crate::text::duration;

/// Parses a polling interval; zero would flood the portal with requests.
pub fn interval(text: &str) -> Result<Duration, String> {
    let interval = duration(text)?;
    if interval.is_zero() { Err("has to be more than 0".to_owned()) } else { Ok(interval) }
}
