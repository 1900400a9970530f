//! Texts as people write, compare and read them: names in any Unicode normal form, durations, conditions, and prose.

mod clause;
pub mod prose;

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use unicode_normalization::UnicodeNormalization;

pub use clause::{Clause, Operand, Operator, TextPattern};

/// The longest remark, in characters: a longer text belongs in a ticket.
const LONGEST_REMARK: usize = 200;

/// Returns the time of this machine's clock. A year beyond the calendar becomes the latest time.
pub fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::MAX)
}

/// Returns a count with words that agree with it: `1 file is`, `2 files are`.
pub fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Returns true for texts that are equal after Unicode normalization.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || (!one.is_ascii() && !other.is_ascii() && one.nfc().eq(other.nfc()))
}

/// Quotes an untrusted text, such as an id, as one shell argument that is not an option.
pub fn argument(text: &str) -> String {
    arguments([text])
}

/// Quotes such texts as shell arguments that follow all options.
pub fn arguments<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<&str> = texts.into_iter().collect();
    let quoted: Vec<_> = texts.iter().map(|text| shell_words::quote(text)).collect();
    let is_option = texts.iter().any(|text| text.starts_with('-'));
    format!("{}{}", if is_option { "-- " } else { "" }, quoted.join(" "))
}

/// Reads a duration such as `30` (seconds), `500ms`, `10m`, `36h`, `90d` or `12w`; a day has 24 hours.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "is not a duration such as `30` (seconds), `500ms`, `10m`, `36h` or `90d`".to_owned();
    if let Ok(seconds) = text.parse() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let span: Span = text.parse().map_err(|_| wrong())?;
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    Duration::try_from(time).map_err(|_| wrong())
}

/// Reads a remark, which is one line.
pub fn line(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("says nothing".to_owned()),
        _ if text.chars().any(char::is_control) => {
            Err("is more than one line, or has control characters in it".to_owned())
        }
        1..=LONGEST_REMARK => Ok(text.to_owned()),
        count => Err(format!("has {count} characters, and {LONGEST_REMARK} are the most")),
    }
}

/// Reads an age, such as `90d`. A bare number would mean seconds, which nobody means by an age, so a unit is required.
pub fn age(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "is not an age such as `90d`, `12w` or `36h`".to_owned();
    if text.parse::<f64>().is_ok() {
        return Err(format!("has no unit; write it as `{text}d`, if days are meant"));
    }
    SignedDuration::try_from(duration(text).map_err(|_| wrong())?).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::{age, argument, arguments, duration, line};
    use jiff::SignedDuration;
    use std::time::Duration;

    #[test]
    fn ages_are_read_as_people_write_them() {
        assert_eq!(age("90d"), Ok(SignedDuration::from_hours(90 * 24)));
        assert_eq!(age("2w"), Ok(SignedDuration::from_hours(14 * 24)));
        for text in ["", "90", "soon", "-1d", "1 month"] {
            assert!(age(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_is_one_argument_whatever_it_holds() {
        assert_eq!(argument("key-0001"), "key-0001");
        assert_eq!(argument("$(rm x)"), "'$(rm x)'");
        assert_eq!(argument("--all"), "-- --all");
        assert_eq!(arguments(["a", "-b", "c d"]), "-- a -b 'c d'");
    }

    #[test]
    fn a_remark_is_one_line_and_not_too_long() {
        assert_eq!(line(" the laptop was stolen: größe ").as_deref(), Ok("the laptop was stolen: größe"));
        assert!(line(&"ä".repeat(200)).is_ok());
        for text in ["", " \n", "a\nb", "a\u{1b}[2J", &"ä".repeat(201)] {
            assert!(line(text).is_err(), "{text}");
        }
    }

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
