//! How long ago: `90d`, `12w` or `36h`, as people write it.

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Reads an age; a day has 24 hours.
pub fn age(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "is no age such as `90d`, `12w` or `36h`".to_owned();
    let span: Span = text.parse().map_err(|_| wrong())?;
    let age = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    if age.is_negative() { Err(wrong()) } else { Ok(age) }
}

#[cfg(test)]
mod tests {
    use super::age;
    use jiff::SignedDuration;

    #[test]
    fn ages_are_read_as_people_write_them() {
        assert_eq!(age("90d"), Ok(SignedDuration::from_hours(90 * 24)));
        assert_eq!(age("2w"), Ok(SignedDuration::from_hours(14 * 24)));
        for text in ["", "90", "soon", "-1d", "1 month"] {
            assert!(age(text).is_err(), "{text}");
        }
    }
}
