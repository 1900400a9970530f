//! Values drawn from bytes, for properties: the same bytes always give the same value, and exhausted bytes give the
//! smallest. It knows nothing of its callers.
//!
//! It is compiled for tests and for `just fuzz` only.

use arbitrary::Unstructured;
use serde_json::{Map, Value};

/// Bytes that values are drawn from.
pub struct Draw<'b>(Unstructured<'b>);

/// Characters that may be special to a parser or a terminal.
const TELLING: &[char] = &[
    '"',
    '\'',
    '\\',
    '`',
    '$',
    '#',
    '@',
    '!',
    '?',
    '*',
    '+',
    '-',
    '=',
    '<',
    '>',
    '~',
    '&',
    '|',
    '%',
    '^',
    '/',
    '.',
    ',',
    ':',
    ';',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ' ',
    '\t',
    '\n',
    '\r',
    '\0',
    '\u{1b}',
    '\u{7f}',
    '\u{9b}',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200d}',
    '\u{202e}',
    '\u{2028}',
    '\u{2066}',
    '\u{feff}',
    '\u{fffd}',
    '\u{e0041}',
    'é',
    '\u{301}',
    'ß',
    'İ',
    '倉',
    '🏭',
    '0',
    '1',
    '9',
];

impl<'b> Draw<'b> {
    /// Draws from these bytes.
    pub fn of(bytes: &'b [u8]) -> Draw<'b> {
        Draw(Unstructured::new(bytes))
    }

    /// Draws a number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.int_in_range(0..=end.saturating_sub(1)).unwrap_or(0)
    }

    /// Draws a boolean.
    pub fn flag(&mut self) -> bool {
        self.once_in(2)
    }

    /// Draws true with a probability of 1 in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }

    /// Draws one of the given values.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Draws a number, often an edge case.
    pub fn number(&mut self) -> i64 {
        match self.below(4) {
            0 => i64::try_from(self.below(256)).unwrap_or(0),
            1 => self.pick(&[1, 0, -1, i64::MAX, i64::MIN, 1 << 53, 1_700_000_000_000]),
            _ => self.0.arbitrary().unwrap_or(0),
        }
    }

    /// Draws a text of at most `most` characters.
    pub fn text(&mut self, most: usize) -> String {
        let length = self.below(most + 1);
        (0..length).map(|_| self.letter()).collect()
    }

    fn letter(&mut self) -> char {
        match self.below(4) {
            0 => self.pick(TELLING),
            1 => self.0.arbitrary().unwrap_or('a'),
            _ => char::from(b'a' + u8::try_from(self.below(26)).unwrap_or(0)),
        }
    }

    /// Draws a text of at most `most` of these parts.
    pub fn joined(&mut self, of: &[&str], most: usize) -> String {
        let length = self.below(most + 1);
        (0..length).map(|_| self.pick(of)).collect()
    }

    /// Draws a JSON value, nested at most `depth` levels.
    pub fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => Value::Bool(self.flag()),
            2 => Value::from(self.number()),
            3 => serde_json::Number::from_f64(self.0.arbitrary().unwrap_or(0.5)).map_or(Value::Null, Value::Number),
            4 => Value::from(self.text(12)),
            5 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => Value::Object(self.members(depth - 1)),
        }
    }

    fn members(&mut self, depth: usize) -> Map<String, Value> {
        const NAMES: [&str; 12] =
            ["data", "errors", "message", "id", "name", "after", "total", "devices", "path", "locations", "code", ""];
        (0..self.below(5)).map(|_| (self.pick(&NAMES).to_owned(), self.value(depth))).collect()
    }

    /// Returns the remaining bytes as text.
    pub fn rest(self) -> String {
        String::from_utf8_lossy(self.0.take_rest()).into_owned()
    }

    /// Returns the remaining bytes.
    pub fn bytes(self) -> &'b [u8] {
        self.0.take_rest()
    }
}
