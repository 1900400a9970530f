//! Splits a line into words as the shells do, up to the cursor: quoting, and which part of a word bash replaces.

/// How the end of the line is quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quote {
    #[default]
    None,
    Single,
    Double,
}

/// The part of a word that bash replaces: everything after the last word break, or after the open quote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bash {
    /// The number of bytes of the word that bash keeps.
    pub kept: usize,
    pub quote: Quote,
    /// True if the word begins with a `~` that the shell expands to the home directory.
    pub is_in_home: bool,
}

/// What is typed, up to the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The finished words as the program would get them, beginning with its own name.
    pub words: Vec<String>,
    /// The word at the cursor.
    pub current: String,
    /// Which part of `current` bash replaces.
    pub(super) replaced: Bash,
}

/// The state of splitting a line.
#[derive(Default)]
struct Line {
    words: Vec<String>,
    /// The word that is being read; `None` between words.
    word: Option<String>,
    replaced: Bash,
    /// The value of `kept` after the open quote is closed.
    kept_outside: usize,
    /// True if the next word is the file of a redirection.
    is_redirected: bool,
}

impl Line {
    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take()
            && !std::mem::take(&mut self.is_redirected)
        {
            self.words.push(word);
        }
        self.replaced = Bash::default();
    }

    /// Keeps the word so far, unless more follows.
    fn keep(&mut self) {
        self.replaced.kept = self.word.as_ref().map_or(0, String::len);
    }

    fn open(&mut self, quote: Quote) {
        self.word.get_or_insert_default();
        self.kept_outside = self.replaced.kept;
        self.keep();
        self.replaced.quote = quote;
    }

    fn close(&mut self) {
        self.replaced.quote = Quote::None;
        self.replaced.kept = self.kept_outside;
    }
}

/// Reads a bash line up to the cursor. `breaks` is its `COMP_WORDBREAKS`.
pub fn of_bash(text: &str, breaks: &str) -> Option<Typed> {
    let mut line = Line::default();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (line.replaced.quote, letter) {
            (Quote::Single, '\'') | (Quote::Double, '"') => line.close(),
            (Quote::Single, letter) => line.push(letter),
            (Quote::Double, '\\') => match letters.next() {
                Some(escaped @ ('"' | '\\' | '$' | '`')) => line.push(escaped),
                Some(other) => {
                    line.push('\\');
                    line.push(other);
                }
                None => {}
            },
            (Quote::Double, letter) => line.push(letter),
            (Quote::None, '\'') => line.open(Quote::Single),
            (Quote::None, '"') => line.open(Quote::Double),
            (Quote::None, '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => line.push(escaped),
            },
            (Quote::None, ' ' | '\t') => line.end_word(),
            (Quote::None, '|' | '&' | ';' | '(' | '\n' | '`') => {
                line.end_word();
                line.words.clear();
                line.is_redirected = false;
            }
            (Quote::None, '<' | '>') => {
                line.end_word();
                line.is_redirected = true;
            }
            (Quote::None, letter) => {
                line.replaced.is_in_home |= letter == '~' && line.word.is_none();
                line.push(letter);
                if breaks.contains(letter) {
                    line.keep();
                }
            }
        }
    }
    let Line { mut words, word, replaced, is_redirected, .. } = line;
    let assignments = words.iter().take_while(|word| is_assignment(word)).count();
    words.drain(..assignments);
    (!is_redirected && !words.is_empty()).then(|| Typed { words, current: word.unwrap_or_default(), replaced })
}

fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Reads the last word of a fish line, which may be in an open quote.
pub fn of_fish(token: &str) -> String {
    let (mut word, mut quote) = (String::new(), Quote::None);
    let mut letters = token.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Quote::None, '\'') => quote = Quote::Single,
            (Quote::None, '"') => quote = Quote::Double,
            (Quote::Single, '\'') | (Quote::Double, '"') => quote = Quote::None,
            (_, '\\') => match (quote, letters.next()) {
                (_, None) => {}
                (Quote::Single, Some(next)) if !matches!(next, '\'' | '\\') => word.extend(['\\', next]),
                (Quote::Double, Some(next)) if !matches!(next, '"' | '\\' | '$') => word.extend(['\\', next]),
                (_, Some(next)) => word.push(next),
            },
            (_, letter) => word.push(letter),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::{Bash, Quote, of_bash, of_fish};

    /// The default `COMP_WORDBREAKS` of bash.
    const BREAKS: &str = " \t\n\"'><=;|&(:";

    #[test]
    fn a_line_of_bash_is_split_as_bash_splits_it() {
        let words = |line: &str| of_bash(line, BREAKS).map(|typed| (typed.words.join("|"), typed.current));
        let is = |words: &str, current: &str| Some((words.to_owned(), current.to_owned()));
        for (line, expected) in [
            ("optra ", is("optra", "")),
            ("optra keys re", is("optra|keys", "re")),
            ("optra keys revoke ci\\ ru", is("optra|keys|revoke", "ci ru")),
            ("optra keys revoke 'ci ru", is("optra|keys|revoke", "ci ru")),
            ("optra keys revoke \"a\\\"b $x", is("optra|keys|revoke", "a\"b $x")),
            ("optra --where 'status=x' --wh", is("optra|--where|status=x", "--wh")),
            ("optra '' x", is("optra|", "x")),
            ("A=1 B_2=x optra k", is("optra", "k")),
            ("true; optra k", is("optra", "k")),
            ("optra x | optra ke", is("optra", "ke")),
            ("optra run $(optra a b", is("optra|a", "b")),
            ("optra a > file b", is("optra|a", "b")),
            ("optra a > fi", None),
            ("opt", None),
            ("", None),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }

    #[test]
    fn bash_replaces_the_text_after_its_last_break_or_an_open_quote() {
        let replaced = |word: &str| of_bash(&format!("optra {word}"), BREAKS).unwrap().replaced;
        for (word, kept, quote) in [
            ("status=ON", 7, Quote::None),
            ("status\\=ON", 0, Quote::None),
            ("file:a/b", 5, Quote::None),
            ("'status=ON", 0, Quote::Single),
            ("status='ON", 7, Quote::Single),
            ("--where=\"status=O", 8, Quote::Double),
            ("ci\\ ru", 0, Quote::None),
            ("'ci ru'n", 0, Quote::None),
            ("a:'b:c'd", 2, Quote::None),
        ] {
            assert_eq!(replaced(word), Bash { kept, quote, is_in_home: false }, "{word}");
        }
        assert!(replaced("~/k").is_in_home && !replaced("\\~/k").is_in_home && !replaced("a~").is_in_home);
    }

    #[test]
    fn the_last_word_of_fish_loses_its_quotes() {
        for (token, word) in
            [("ci\\ ru", "ci ru"), ("'ci ru", "ci ru"), ("\"a\\$b", "a$b"), ("'it\\'s", "it's"), ("a\\", "a")]
        {
            assert_eq!(of_fish(token), word, "{token}");
        }
    }
}
