//! Sanitizes text from outside for a terminal: characters that move the cursor, recolour, reorder or hide text become
//! visible.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns one line with every harmful character as an escape such as `\u{202e}`.
pub fn safe(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_harmful) else { return Cow::Borrowed(text) };
    let mut escaped = text[..first].to_owned();
    for character in text[first..].chars() {
        match character {
            character if !is_harmful(character) => escaped.push(character),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            // Writing to a string cannot fail.
            other => drop(write!(escaped, "\\u{{{:x}}}", u32::from(other))),
        }
    }
    Cow::Owned(escaped)
}

/// The longest text that is shown, in bytes.
const LONGEST: usize = 8 << 10;

/// Truncates a text that is too long to read, and appends its size.
pub fn readable(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    Cow::Owned(format!("{}… ({} KiB)", &text[..end], text.len() >> 10))
}

fn is_harmful(character: char) -> bool {
    matches!(character,
        // C0, DEL and C1: escape sequences begin with these.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Zero-width characters, direction marks, line and paragraph separators.
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{61c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Tags: invisible copies of ASCII.
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn control_characters_are_shown_as_escapes() {
        for (text, shown) in [
            ("dock-01", "dock-01"),
            ("Zürich 🏭 倉庫", "Zürich 🏭 倉庫"),
            ("\u{1b}[31mred\u{1b}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("in\u{200b}visible", "in\\u{200b}visible"),
            // The zero-width joiner combines several emoji into one, and is harmless.
            ("👩\u{200d}🔧", "👩\u{200d}🔧"),
        ] {
            assert_eq!(safe(text), shown);
        }
    }
}
