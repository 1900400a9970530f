//! The contract's scalars, read as leniently as a portal of unknown make asks for.
//!
//! Nothing is lost on the way: what cannot be understood as a time stays the text that it was.

use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Text, or a JSON number read as its digits: an 18-digit id arrives as either (assumed).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub String);

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Text {
        Text(text.into())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a whole number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
                Ok(Text(text))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }
        }

        from.deserialize_any(TextOrNumber)
    }
}

/// A moment, from RFC 3339 text or from milliseconds since 1970 (both assumed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateTime {
    /// Understood.
    At(Timestamp),
    /// Not understood; as the portal wrote it.
    Text(String),
}

impl DateTime {
    fn from_text(text: &str) -> DateTime {
        let moment = text.parse().ok().or_else(|| from_millis(text.parse().ok()?));
        moment.map_or_else(|| DateTime::Text(text.to_owned()), DateTime::At)
    }
}

fn from_millis(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<DateTime, D::Error> {
        struct TextOrMillis;

        impl Visitor<'_> for TextOrMillis {
            type Value = DateTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("RFC 3339 text or milliseconds since 1970")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<DateTime, E> {
                Ok(DateTime::from_text(text))
            }

            fn visit_i64<E: Error>(self, millis: i64) -> Result<DateTime, E> {
                Ok(from_millis(millis).map_or_else(|| DateTime::Text(millis.to_string()), DateTime::At))
            }

            fn visit_u64<E: Error>(self, millis: u64) -> Result<DateTime, E> {
                i64::try_from(millis)
                    .map_or_else(|_| Ok(DateTime::Text(millis.to_string())), |millis| self.visit_i64(millis))
            }

            // JavaScript has one number type, and a server may write 1.7e12 for a whole number of milliseconds.
            fn visit_f64<E: Error>(self, millis: f64) -> Result<DateTime, E> {
                self.visit_i64(millis as i64)
            }
        }

        from.deserialize_any(TextOrMillis)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateTime::At(moment) => moment.fmt(f),
            DateTime::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{DateTime, Text};

    #[test]
    fn an_id_may_be_a_number_of_18_digits() {
        for json in ["371650114937028608", "\"371650114937028608\""] {
            assert_eq!(serde_json::from_str::<Text>(json).unwrap().0, "371650114937028608");
        }
        assert!(serde_json::from_str::<Text>("[]").is_err());
        assert!(serde_json::from_str::<Text>("1.5").is_err());
    }

    #[test]
    fn a_time_may_be_text_or_milliseconds() {
        for json in [
            "\"2026-11-20T08:15:00Z\"",
            "\"2026-11-20T09:15:00+01:00\"",
            "1795162500000",
            "1795162500000.0",
            "\"1795162500000\"",
        ] {
            let read: DateTime = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), "\"2026-11-20T08:15:00Z\"", "{json}");
        }
    }

    #[test]
    fn a_time_that_is_none_stays_as_it_was() {
        for (json, text) in [("\"yesterday\"", "yesterday"), ("18446744073709551615", "18446744073709551615")] {
            assert_eq!(serde_json::from_str::<DateTime>(json).unwrap(), DateTime::Text(text.into()));
        }
    }
}
