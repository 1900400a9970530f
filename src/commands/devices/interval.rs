//! How often devices are looked at, as it is typed.

use std::time::Duration;

use crate::text::duration;

/// Reads how often to look; without a pause a portal would be asked for nothing else.
pub fn interval(text: &str) -> Result<Duration, String> {
    let interval = duration(text)?;
    if interval.is_zero() { Err("has to be more than 0".to_owned()) } else { Ok(interval) }
}
