//! Words of PowerShell, which inserts a candidate verbatim.

use std::borrow::Cow;

/// All characters that PowerShell reads as a single quote, including the typographic ones.
const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];

/// Returns the word, quoted if needed. An unquoted comma would split it.
pub fn quoted(value: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '/' | '-' | '=' | ':');
    if value.chars().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let mut quoted = String::from("'");
    for letter in value.chars() {
        quoted.push(letter);
        if QUOTES.contains(&letter) {
            quoted.push(letter);
        }
    }
    quoted.push('\'');
    Cow::Owned(quoted)
}

/// Removes the quotes of a word; the last quote may still be open.
pub fn unquoted(word: &str) -> String {
    match word.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'').unwrap_or(rest).replace("''", "'"),
        None => {
            let rest = word.strip_prefix('"').unwrap_or(word);
            rest.strip_suffix('"').unwrap_or(rest).replace('`', "")
        }
    }
}
