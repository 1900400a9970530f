//! Texts as people write and compare them: names in whichever of Unicode's normal forms, and lengths of time.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo};
use unicode_normalization::UnicodeNormalization;

/// Returns true for texts that read the same.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || (!one.is_ascii() && !other.is_ascii() && one.nfc().eq(other.nfc()))
}

/// Reads a pattern such as `dock-*`, for [`is_like`].
pub fn pattern(text: &str) -> Result<glob::Pattern, glob::PatternError> {
    glob::Pattern::new(&text.nfc().to_string())
}

/// Returns true for a text that is like a pattern.
pub fn is_like(text: &str, pattern: &glob::Pattern) -> bool {
    if text.is_ascii() { pattern.matches(text) } else { pattern.matches(&text.nfc().to_string()) }
}

/// Reads a time such as `30` (seconds), `500ms`, `10m`, `36h`, `90d` or `12w`; a day has 24 hours.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "is no time such as `30` (seconds), `500ms`, `10m`, `36h` or `90d`".to_owned();
    if let Ok(seconds) = text.parse() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let span: Span = text.parse().map_err(|_| wrong())?;
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    Duration::try_from(time).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, millis) in [
            ("30", 30_000),
            ("0", 0),
            ("1.5", 1_500),
            ("30s", 30_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1m 30s", 90_000),
            ("1d", 86_400_000),
            ("2w", 1_209_600_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "soon", "-1", "-5s", "NaN", "1e300", "1 month", "-1d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
