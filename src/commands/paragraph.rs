//! Wraps prose to 80 columns, whatever the terminal, because it is pasted into bug reports.

use unicode_width::UnicodeWidthStr;

/// The widest line.
const WIDTH: usize = 80;

/// Wraps a text. The first line follows `before`, the others are indented below it. Text in backticks stays on one line
/// if it fits, so that it can be pasted.
pub fn paragraph(before: &str, text: &str) -> String {
    let indent = " ".repeat(before.width());
    let (mut lines, mut line, mut is_empty) = (String::new(), before.to_owned(), true);
    for piece in pieces(text) {
        if !is_empty && line.width() + 1 + piece.width() > WIDTH {
            lines.push_str(line.trim_end());
            lines.push('\n');
            (line, is_empty) = (indent.clone(), true);
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(&piece);
        is_empty = false;
    }
    lines + line.trim_end() + "\n"
}

/// Splits a text into words, and commands in backticks.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in text.split_whitespace() {
        match pieces.last_mut().filter(|_| is_open) {
            Some(piece) => {
                piece.push(' ');
                piece.push_str(word);
            }
            None => pieces.push(word.to_owned()),
        }
        is_open ^= word.matches('`').count() % 2 == 1;
    }
    // A command that is too long for a line is wrapped like prose.
    pieces.into_iter().flat_map(|piece| if piece.width() > 60 { words(&piece) } else { vec![piece] }).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, paragraph};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn lines_fit_and_commands_stay_whole() {
        let text = "Have a program print it, which is what people do who keep all of it there: `optra auth login`.";
        let told = paragraph("  - ", text);
        assert!(told.lines().all(|line| line.width() <= WIDTH), "{told}");
        assert_eq!(told.lines().nth(1), Some("    `optra auth login`."));
        assert_eq!(paragraph("x  ", ""), "x\n");
        let long = format!("`{}` is", "word ".repeat(40).trim());
        assert!(paragraph("", &long).lines().all(|line| line.width() <= WIDTH));
    }
}
