//! The contract's scalars, decoded leniently, because portals vary.
//!
//! Nothing is lost: a time that cannot be parsed stays text.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use compact_str::{CompactString, ToCompactString, format_compact};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Text, or a JSON number read as its digits: an 18-digit id arrives as either (assumed).
///
/// Up to 24 bytes are stored without an allocation: a device has a dozen such texts, and a fleet many devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(CompactString);

impl Text {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>> From<T> for Text {
    fn from(text: T) -> Text {
        Text(CompactString::new(text))
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.0.into_string()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn inline_schema() -> bool {
        String::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
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
                Ok(Text::from(text))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_compact_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_compact_string()))
            }

            // `1.5e3` is an integer too; one with more digits than a float holds would change.
            fn visit_f64<E: Error>(self, number: f64) -> Result<Text, E> {
                let is_exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
                if is_exact { Ok(Text(format_compact!("{number:.0}"))) } else { Err(E::custom("not a whole number")) }
            }
        }

        from.deserialize_any(TextOrNumber)
    }
}

/// A time, from RFC 3339 text or from a number since 1970 (both assumed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateTime {
    /// Parsed.
    At(Timestamp),
    /// Not parsed; as the portal wrote it.
    Text(String),
}

impl DateTime {
    /// Parses text as RFC 3339 or as a number; keeps anything else as it is.
    fn from_text(text: &str) -> DateTime {
        let timestamp = text.parse().ok().or_else(|| since_1970(text.parse().ok()?));
        timestamp.map_or_else(|| DateTime::Text(text.to_owned()), DateTime::At)
    }

    fn from_number(number: f64, text: impl ToString) -> DateTime {
        since_1970(number).map_or_else(|| DateTime::Text(text.to_string()), DateTime::At)
    }
}

/// Converts a number in the unit that makes it a time from 2001 on; returns `None` if no unit does, such as for 0.
///
/// The ranges are disjoint up to the year 5138: seconds, milliseconds, microseconds and nanoseconds differ by 1,000.
fn since_1970(number: f64) -> Option<Timestamp> {
    let per_second = [1.0, 1e3, 1e6, 1e9].into_iter().find(|unit| (1e9..1e11).contains(&(number / unit)))?;
    #[expect(clippy::cast_possible_truncation, reason = "a float holds whole milliseconds until the year 5138 exactly")]
    let millis = (number * (1e3 / per_second)).round() as i64;
    Timestamp::from_millisecond(millis).ok()
}

impl JsonSchema for DateTime {
    fn schema_name() -> Cow<'static, str> {
        "DateTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "RFC 3339; as the portal wrote it where it is not understood" })
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<DateTime, D::Error> {
        struct TextOrTime;

        impl Visitor<'_> for TextOrTime {
            type Value = DateTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("RFC 3339 text or a time since 1970")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<DateTime, E> {
                Ok(DateTime::from_text(text))
            }

            #[expect(clippy::cast_precision_loss, reason = "a time needs fewer digits")]
            fn visit_i64<E: Error>(self, number: i64) -> Result<DateTime, E> {
                Ok(DateTime::from_number(number as f64, number))
            }

            #[expect(clippy::cast_precision_loss, reason = "a time needs fewer digits")]
            fn visit_u64<E: Error>(self, number: u64) -> Result<DateTime, E> {
                Ok(DateTime::from_number(number as f64, number))
            }

            // JavaScript has one number type, and a server may write 1.7e12 for an integer number of milliseconds.
            fn visit_f64<E: Error>(self, number: f64) -> Result<DateTime, E> {
                Ok(DateTime::from_number(number, number))
            }
        }

        from.deserialize_any(TextOrTime)
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
            assert_eq!(serde_json::from_str::<Text>(json).unwrap().as_str(), "371650114937028608");
        }
        assert_eq!(serde_json::from_str::<Text>("1.5e3").unwrap().as_str(), "1500");
        assert!(serde_json::from_str::<Text>("123456789012345678901234567890").is_err());
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
            "1795162500",
            "1795162500.0",
            "\"1795162500\"",
            "1795162500000000",
        ] {
            let read: DateTime = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), "\"2026-11-20T08:15:00Z\"", "{json}");
        }
    }

    #[test]
    fn an_invalid_time_stays_text() {
        for (json, text) in [
            ("\"yesterday\"", "yesterday"),
            ("0", "0"),
            ("17951622", "17951622"),
            ("-1795162500", "-1795162500"),
            ("99999999999999999999", "100000000000000000000"),
        ] {
            assert_eq!(serde_json::from_str::<DateTime>(json).unwrap(), DateTime::Text(text.into()));
        }
    }
}
