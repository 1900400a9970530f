//! How long ago: `90d`, `12w` or `36h`, as people write it.

use jiff::SignedDuration;

use crate::text::duration;

/// Reads an age. A bare number would be seconds, which nobody means of an age: the unit has to be said.
pub fn age(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "is no age such as `90d`, `12w` or `36h`".to_owned();
    if text.parse::<f64>().is_ok() {
        return Err(format!("has no unit; write it as `{text}d`, if days are meant"));
    }
    SignedDuration::try_from(duration(text).map_err(|_| wrong())?).map_err(|_| wrong())
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
