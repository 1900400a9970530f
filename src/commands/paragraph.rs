//! Wraps prose to the width of a terminal, or to 80 columns in a pipe, because it is pasted into bug reports.

use unicode_width::UnicodeWidthStr;

use crate::text::prose;

/// Wraps a text to `width` columns. The first line follows `before`, the others are indented below it. Text in backticks
/// stays on one line, so that it can be pasted.
pub fn paragraph(before: &str, text: &str, width: usize) -> String {
    let (indent, room) = (" ".repeat(before.width()), width.saturating_sub(before.width()));
    let mut told = String::new();
    for (n, line) in prose::lines(text, room, room).iter().enumerate() {
        let line = format!("{}{line}", if n == 0 { before } else { &indent });
        told.push_str(line.trim_end());
        told.push('\n');
    }
    told
}

#[cfg(test)]
mod tests {
    use super::paragraph;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn lines_fit_and_commands_stay_whole() {
        let text = "Have a program print it, which is what people do who keep all of it there: `optra auth login`.";
        let told = paragraph("  - ", text, 80);
        assert!(told.lines().all(|line| line.width() <= 80), "{told}");
        assert_eq!(told.lines().nth(1), Some("    `optra auth login`."));
        assert_eq!(paragraph("x  ", "", 80), "x\n");
        let command = format!("`{}`", "word ".repeat(40).trim());
        assert!(paragraph("  ", &format!("do {command} now"), 80).contains(&format!("\n  {command}\n  now\n")));
    }
}
