//! Words of PowerShell, which takes what is offered as it stands.

use std::borrow::Cow;

/// Quotes for PowerShell: the typographic ones, too.
const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];

/// Returns a word that means itself. A comma would make two of it.
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

/// Returns a word as it is meant, that may be in an open quote.
pub fn unquoted(word: &str) -> String {
    match word.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'').unwrap_or(rest).replace("''", "'"),
        None => {
            let rest = word.strip_prefix('"').unwrap_or(word);
            rest.strip_suffix('"').unwrap_or(rest).replace('`', "")
        }
    }
}
