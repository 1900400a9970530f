//! Repairs JSON that strict parsers refuse because of one bad value, without losing others: a string that is invalid
//! Unicode, a number with more digits than machine types hold, `NaN`.
//!
//! It is used after strict parsing failed, and does not know what the values mean.

/// A repaired text; it is valid JSON if the rest of the input was.
pub struct Repaired {
    pub text: String,
    /// The number of replacement characters.
    pub replaced: usize,
}

/// A number with more digits may not fit the types that JSON numbers are usually parsed into.
const EXACT_DIGITS: usize = 15;

/// The escape that replaces invalid Unicode.
const REPLACEMENT: &str = "\\ufffd";

/// Repairs a body. Long numbers become strings, which keep all digits.
pub fn repair(body: &[u8]) -> Repaired {
    let lossy = String::from_utf8_lossy(body);
    let mut rest = lossy.trim_start_matches('\u{feff}');
    let mut repaired = Repaired { text: String::with_capacity(rest.len()), replaced: 0 };
    if matches!(lossy, std::borrow::Cow::Owned(_)) {
        repaired.replaced += lossy.matches('\u{fffd}').count();
    }
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' | 'N' | 'I' => word_length(rest),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match first {
            '"' => repaired.string(token),
            '-' | '0'..='9' | 'N' | 'I' => repaired.number(token),
            _ => repaired.text.push(first),
        }
        rest = after;
    }
    repaired
}

impl Repaired {
    fn string(&mut self, token: &str) {
        let mut rest = token;
        while let Some(at) = rest.find(|letter: char| letter == '\\' || letter < ' ') {
            let (before, from) = rest.split_at(at);
            self.text.push_str(before);
            let used = self.letter(from);
            rest = &from[used..];
        }
        self.text.push_str(rest);
    }

    /// Writes an escape or a control character, and returns the number of bytes consumed.
    fn letter(&mut self, from: &str) -> usize {
        match (from.as_bytes().first(), unit(from)) {
            // A pair of surrogates is one character.
            (_, Some(0xd800..=0xdbff)) if matches!(unit(&from[6..]), Some(0xdc00..=0xdfff)) => self.copy(from, 12),
            (_, Some(0xd800..=0xdfff)) => {
                self.text.push_str(REPLACEMENT);
                self.replaced += 1;
                6
            }
            (Some(b'\\'), _) => self.copy(from, 1 + from[1..].chars().next().map_or(0, char::len_utf8)),
            (Some(control), _) => {
                self.text.push_str(&format!("\\u{control:04x}"));
                1
            }
            (None, _) => 0,
        }
    }

    fn copy(&mut self, from: &str, length: usize) -> usize {
        self.text.push_str(&from[..length]);
        length
    }

    fn number(&mut self, token: &str) {
        let digits = token.bytes().filter(u8::is_ascii_digit).count();
        let value = token.parse::<f64>();
        match value {
            Ok(value) if value.is_finite() && digits <= EXACT_DIGITS => self.text.push_str(token),
            // `NaN` and `Infinity` are JavaScript numbers, but not JSON.
            Ok(_) if digits == 0 => self.text.push_str("null"),
            Ok(_) => self.text.push_str(&format!("\"{token}\"")),
            Err(_) => self.text.push_str(token),
        }
    }
}

/// Returns the UTF-16 code unit of an escape such as `\ud83d` at the start of a text.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// Returns the length of the string that begins here, including its quotes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.bytes().enumerate().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn word_length(text: &str) -> usize {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn one_bad_value_does_not_affect_the_others() {
        for (json, text, replaced) in [
            (r#"{"a":"cam \ud83d"}"#, r#"{"a":"cam \ufffd"}"#, 1),
            (
                r#"["\ud83d\ude00","\ude00","\ud83d\ud83d\ude00"]"#,
                r#"["\ud83d\ude00","\ufffd","\ufffd\ud83d\ude00"]"#,
                2,
            ),
            (r#"["\\ud83d","\"\ud800\""]"#, r#"["\\ud83d","\"\ufffd\""]"#, 1),
            ("[\"a\tb\nc\"]", r#"["a\u0009b\u000ac"]"#, 0),
            ("[NaN,-Infinity,Infinity,-1.5e3]", "[null,null,null,-1.5e3]", 0),
            ("[123456789012345678901234567890,1e400]", r#"["123456789012345678901234567890","1e400"]"#, 0),
            ("{\"a\":12345,\"b\":true,\"c\":null}", "{\"a\":12345,\"b\":true,\"c\":null}", 0),
            ("\u{feff}[]", "[]", 0),
            ("[\"\\", "[\"\\", 0),
            ("[\"\\u12", "[\"\\u12", 0),
            ("\"é\\", "\"é\\", 0),
        ] {
            let repaired = repair(json.as_bytes());
            assert_eq!((repaired.text.as_str(), repaired.replaced), (text, replaced), "{json}");
        }
        let repaired = repair(b"[\"a\xff\"]");
        assert_eq!((repaired.text.as_str(), repaired.replaced), ("[\"a\u{fffd}\"]", 1));
    }
}
