//! The one language of conditions: a field, an operator and a value. Records and keys define which fields there are.
//!
//! It knows nothing of the values that are compared, and does not decide what a missing value means.

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{age, is_same};
use unicode_normalization::UnicodeNormalization;

/// A condition on one field.
#[derive(Clone, Debug)]
pub struct Clause {
    pub field: String,
    pub operator: Operator,
    pub operand: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Is,
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Clone, Debug)]
pub enum Operand {
    Text(TextPattern),
    Age(SignedDuration),
    Time(Timestamp),
    Number(f64),
}

/// A text to compare with, or a pattern to match.
#[derive(Clone, Debug)]
pub struct TextPattern {
    text: String,
    /// `None` if the text is literal.
    pattern: Option<glob::Pattern>,
}

impl TextPattern {
    /// Reads a text as people type it: with `*`, `?` or `[…]` it is also a pattern.
    pub fn new(text: &str) -> TextPattern {
        let is_pattern = text.contains(['*', '?', '[']);
        // An invalid pattern, such as a single bracket, is a literal text.
        TextPattern { text: text.to_owned(), pattern: is_pattern.then(|| pattern(text).ok()).flatten() }
    }

    /// Takes a literal text.
    pub fn exactly(text: &str) -> TextPattern {
        TextPattern { text: text.to_owned(), pattern: None }
    }

    /// Reads a text that must be a valid pattern, such as `ci-*`.
    pub fn like(text: &str) -> Result<TextPattern, String> {
        let pattern = pattern(text).map_err(|error| format!("is not a pattern such as `ci-*`: {error}"))?;
        Ok(TextPattern { text: text.to_owned(), pattern: Some(pattern) })
    }

    /// Returns true if `text` equals this text or matches its pattern.
    pub fn is_met_by(&self, text: &str) -> bool {
        let is_like = |pattern: &glob::Pattern| match text.is_ascii() {
            true => pattern.matches(text),
            false => pattern.matches(&text.nfc().to_string()),
        };
        is_same(&self.text, text) || self.pattern.as_ref().is_some_and(is_like)
    }

    /// Returns the text if it is literal.
    pub fn exact(&self) -> Option<&str> {
        self.pattern.is_none().then_some(&*self.text)
    }
}

fn pattern(text: &str) -> Result<glob::Pattern, glob::PatternError> {
    glob::Pattern::new(&text.nfc().to_string())
}

const HOW: &str = "write it as FIELD=VALUE or FIELD!=VALUE; of a time, FIELD older-than AGE, newer-than AGE, before DATE or \
                   after DATE; of a time or a number, FIELD<VALUE or FIELD>VALUE; `optra help filters` tells all";

impl Clause {
    /// Reads a condition such as `status=OFFLINE` or `lastSeenAt older-than 7d`.
    pub fn parse(text: &str) -> Result<Clause, String> {
        if let Some(clause) = in_words(text.trim()) {
            return clause;
        }
        let signs = ["!=", "==", "=", "~", "<=", ">=", "<", ">"];
        let found = signs.iter().filter_map(|sign| Some((text.find(sign)?, *sign)));
        // The first operator counts; of two at the same position, the longer one.
        let (at, sign) = found.min_by_key(|(at, sign)| (*at, std::cmp::Reverse(sign.len()))).ok_or(HOW)?;
        let (field, value) = (text[..at].trim().to_owned(), unquoted(text[at + sign.len()..].trim()));
        let (operator, operand) = match sign {
            "=" => (Operator::Is, Operand::Text(TextPattern::new(value))),
            "==" => (Operator::Is, Operand::Text(TextPattern::exactly(value))),
            "!=" => (Operator::IsNot, Operand::Text(TextPattern::new(value))),
            "~" => (Operator::Is, Operand::Text(TextPattern::like(value)?)),
            "<=" => (Operator::AtMost, compared(value)?),
            ">=" => (Operator::AtLeast, compared(value)?),
            "<" => (Operator::Less, compared(value)?),
            _ => (Operator::More, compared(value)?),
        };
        Ok(Clause { field, operator, operand })
    }

    /// Compares a time with the operand at the moment `now`; returns `None` if the operand is not a time.
    pub fn is_true_of_time(&self, time: Timestamp, now: Timestamp) -> Option<bool> {
        match &self.operand {
            Operand::Age(age) => Some(self.compares(now.duration_since(time).cmp(age))),
            Operand::Time(moment) => Some(self.compares(time.cmp(moment))),
            Operand::Text(_) | Operand::Number(_) => None,
        }
    }

    /// Returns true if `order` satisfies the operator.
    pub fn compares(&self, order: Ordering) -> bool {
        match self.operator {
            Operator::Less => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::More => order.is_gt(),
            Operator::AtLeast => order.is_ge(),
            Operator::IsNot => order.is_ne(),
            Operator::Is => order.is_eq(),
        }
    }
}

/// Reads a condition with an operator in words; returns `None` if the second word is not such an operator.
fn in_words(text: &str) -> Option<Result<Clause, String>> {
    // After a sign, a word belongs to the value.
    let (field, rest) =
        text.split_once(char::is_whitespace).filter(|(field, _)| !field.contains(['=', '!', '~', '<', '>']))?;
    let (word, value) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim_start(), ""));
    let value = unquoted(value.trim());
    let operand = match word {
        "older-than" => older(value, "before").map(|age| (Operator::More, Operand::Age(age))),
        "newer-than" => older(value, "after").map(|age| (Operator::Less, Operand::Age(age))),
        "before" => moment(value, "older-than").map(|(moment, _)| (Operator::Less, Operand::Time(moment))),
        // `after` a day begins when that day is over.
        "after" => moment(value, "newer-than").map(|(moment, next)| match next {
            Some(next) => (Operator::AtLeast, Operand::Time(next)),
            None => (Operator::More, Operand::Time(moment)),
        }),
        _ => return None,
    };
    Some(operand.map(|(operator, operand)| Clause { field: field.to_owned(), operator, operand }))
}

fn older(text: &str, of_date: &str) -> Result<SignedDuration, String> {
    age(text).map_err(|problem| match moment(text, "") {
        Ok(_) => format!("`{text}` is a date, not an age; write it as `{of_date} {text}`"),
        Err(_) => format!("`{text}` {problem}"),
    })
}

/// Reads a time. A day gives its beginning and the beginning of the next day.
fn moment(text: &str, of_age: &str) -> Result<(Timestamp, Option<Timestamp>), String> {
    if let Ok(moment) = text.parse() {
        return Ok((moment, None));
    }
    let begin = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let day = text.parse::<Date>().ok().and_then(|day| Some((begin(day)?, day.tomorrow().ok().and_then(begin))));
    day.ok_or_else(|| match age(text) {
        Ok(_) => format!("`{text}` is an age, not a date; write it as `{of_age} {text}`"),
        Err(_) => format!("`{text}` is not a date such as `2026-01-31`, nor a time such as `2026-01-31T12:00:00Z`"),
    })
}

/// Reads the operand of `<` and `>`: a time, an age or a number.
fn compared(text: &str) -> Result<Operand, String> {
    match (moment(text, ""), text.parse::<f64>()) {
        (Ok((moment, _)), _) => Ok(Operand::Time(moment)),
        (_, Ok(number)) => Ok(Operand::Number(number)),
        _ => age(text).map(Operand::Age),
    }
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{Clause, Operand, TextPattern};

    #[test]
    fn a_text_with_wildcards_is_also_a_pattern() {
        for (wanted, text, is_met) in [
            ("dock", "dock", true),
            ("dock", "docks", false),
            ("dock-*", "dock-1", true),
            ("dock-*", "dock-*", true),
            ("dock-?", "dock-12", false),
            ("ci-[ab]", "ci-a", true),
            // A name that looks like a pattern also matches itself.
            ("Camera [old]", "Camera [old]", true),
            ("Camera [", "Camera [", true),
            ("Z\u{fc}*", "Zu\u{308}rich", true),
            ("DOCK-*", "dock-1", false),
        ] {
            assert_eq!(TextPattern::new(wanted).is_met_by(text), is_met, "{wanted} {text}");
        }
        assert!(!TextPattern::exactly("dock-*").is_met_by("dock-1"));
        assert!(TextPattern::like("[").is_err());
    }

    #[test]
    fn times_are_compared_in_words() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        for (condition, time, is_true) in [
            ("t older-than 7d", "2026-11-16T11:00:00Z", true),
            ("t older-than 7d", "2026-11-17T12:00:00Z", false),
            ("t newer-than 36h", "2026-11-22T12:00:00Z", true),
            ("t newer-than 36h", "2026-11-21T12:00:00Z", false),
            ("t before 2026-11-16", "2026-11-15T23:59:59Z", true),
            ("t before 2026-11-16", "2026-11-16T00:00:00Z", false),
            ("t after 2026-11-16", "2026-11-16T23:59:59Z", false),
            ("t after 2026-11-16", "2026-11-17T00:00:00Z", true),
            ("t after 2026-11-16T12:00:00Z", "2026-11-16T12:00:01Z", true),
            ("t  before  \"2026-11-16T12:00:00Z\"", "2026-11-16T12:00:00Z", false),
            ("t>7d", "2026-11-16T11:00:00Z", true),
            ("t>2026-11-16", "2026-11-16T00:00:01Z", true),
        ] {
            let clause = Clause::parse(condition).unwrap();
            assert_eq!(clause.is_true_of_time(time.parse().unwrap(), now), Some(is_true), "{condition} {time}");
            assert_eq!(clause.field, "t");
        }
        for (wrong, said) in [
            ("t older-than 2026-01-01", "is a date, not an age; write it as `before 2026-01-01`"),
            ("t before 7d", "is an age, not a date; write it as `older-than 7d`"),
            ("t older-than 7", "`7` has no unit; write it as `7d`"),
            ("t after soon", "`soon` is not a date"),
            ("t after", "`` is not a date"),
            ("t", "write it as FIELD=VALUE"),
        ] {
            assert!(Clause::parse(wrong).unwrap_err().contains(said), "{wrong}: {:?}", Clause::parse(wrong));
        }
        // An operator word within the value is part of the value.
        assert!(matches!(Clause::parse("name=x older-than y").unwrap().operand, Operand::Text(_)));
    }
}
