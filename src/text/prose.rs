//! Wraps prose between words, and never inside text that is meant to be pasted.

use unicode_width::UnicodeWidthStr;

/// Wraps a text to lines of `room` columns; the first one has `first`. Text in backticks is kept whole, and so is a
/// word, even if no line has room for it.
pub fn lines(text: &str, first: usize, room: usize) -> Vec<String> {
    let (mut lines, mut line, mut used, mut left) = (Vec::new(), String::new(), 0, first);
    for (n, piece) in pieces(text).into_iter().enumerate() {
        let width = piece.width();
        let is_begun = n > 0 && !line.is_empty();
        if is_begun && used + 1 + width > left {
            lines.push(line.trim_end().to_owned());
            (line, used, left) = (String::new(), 0, room);
        } else if is_begun {
            line.push(' ');
            used += 1;
        }
        line.push_str(piece);
        used += width;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Splits a text at spaces outside of backticks.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut is_open) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            // An unclosed backtick is an ordinary character.
            '`' => is_open = !is_open && text[at + 1..].contains('`'),
            ' ' if !is_open => {
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn prose_is_broken_between_words_and_what_is_pasted_is_whole() {
        for (text, first, room, expected) in [
            ("one two three", 7, 5, &["one two", "three"][..]),
            ("one two three", 80, 80, &["one two three"]),
            ("do `a b c` now", 8, 8, &["do", "`a b c`", "now"]),
            ("do `a b c d e f`, now", 8, 8, &["do", "`a b c d e f`,", "now"]),
            ("it isn`t closed", 4, 6, &["it", "isn`t", "closed"]),
            ("倉庫 倉庫 倉庫", 9, 4, &["倉庫 倉庫", "倉庫"]),
            ("371650114937032704 is long", 4, 8, &["371650114937032704", "is long"]),
            ("a  b", 9, 9, &["a  b"]),
            ("", 9, 9, &[""]),
        ] {
            assert_eq!(lines(text, first, room), expected, "{text}");
        }
    }
}
