//! What bash inserts into the line verbatim: the candidate, quoted, without the part that bash keeps.

use super::words::{Bash, Quote, Typed};

/// Returns the replacement for the end of the line, or `None` if the candidate does not begin with what is typed.
pub fn written(value: &str, typed: &Typed, replaced: &Bash, goes_on: bool) -> Option<String> {
    if !value.starts_with(&typed.current) {
        return None;
    }
    let new = value.get(replaced.kept..)?;
    Some(match replaced.quote {
        Quote::Single => new.replace('\'', r"'\''"),
        Quote::Double => new.chars().map(in_double_quotes).collect(),
        Quote::None => {
            let mut written = String::new();
            let mut before = value[..replaced.kept].chars().next_back();
            for (n, letter) in new.chars().enumerate() {
                let is_home = replaced.is_in_home && n == 0 && replaced.kept == 0;
                if !is_home && !is_plain(letter, before) {
                    written.push('\\');
                }
                written.push(letter);
                before = Some(letter);
            }
            // Bash adds no space, because it cannot tell whether the word is complete.
            written.push_str(if goes_on { "" } else { " " });
            written
        }
    })
}

/// Returns true for a character without special meaning. After `=` and `:`, a `~` is the home directory.
fn is_plain(letter: char, before: Option<char>) -> bool {
    match letter {
        '~' => before.is_some_and(|before| !matches!(before, '=' | ':')),
        '_' | '@' | '%' | '+' | ',' | '.' | '/' | '-' | '=' | ':' => true,
        letter => letter.is_alphanumeric(),
    }
}

fn in_double_quotes(letter: char) -> String {
    match letter {
        '"' | '\\' | '$' | '`' => format!("\\{letter}"),
        // In double quotes, a backslash does not protect `!` from history expansion.
        '!' => "\"\\!\"".to_owned(),
        letter => letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::shells::{Candidate, Shell};

    #[test]
    fn an_inserted_candidate_is_one_word_that_runs_nothing() {
        let completed = |word: &str, value: &str| {
            let breaks = " \t\n\"'><=;|&(:".to_owned();
            let typed = Shell::Bash.typed(vec![format!("optra {word}"), breaks]).unwrap();
            Shell::Bash.answer(&typed, &[Candidate { value: value.into(), help: None }])
        };
        for (word, value, put) in [
            ("", "ci", "ci \n"),
            ("", "$(x) `y`", "\\$\\(x\\)\\ \\`y\\` \n"),
            ("", "it's \"x\"", "it\\'s\\ \\\"x\\\" \n"),
            ("'it", "it's", "it'\\''s\n"),
            ("\"it", "it's $x!", "it's \\$x\"\\!\"\n"),
            ("status=O", "status=ON LINE", "ON\\ LINE \n"),
            ("file:", "file:a/", "a/\n"),
            ("", "~root", "\\~root \n"),
            ("~/", "~/k", "~/k \n"),
            ("", "name~", "name~\n"),
            ("name=", "name=~x", "\\~x \n"),
            ("", "Süd*", "Süd\\* \n"),
            ("x", "ci", ""),
        ] {
            assert_eq!(completed(word, value), put, "{word} {value}");
        }
    }
}
