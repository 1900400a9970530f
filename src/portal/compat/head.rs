//! The head of a binding: comments before its document that say what a GraphQL document cannot.
//!
//! It reads lines and their keywords, and knows nothing of documents or responses.

use super::document_error::{DocumentError, wrong};
use super::pager::Pager;

/// The keywords of a head, with their meanings.
const WORDS: [(&str, &str); 7] = [
    ("jq", "maps the portal's data to ours"),
    ("paging", "cursor, offset, page or none, with the variable that carries it"),
    ("next", "the path of the next cursor"),
    ("more", "the path of the flag for more pages"),
    ("total", "the path of the total count"),
    ("errors", "the path of the errors in its data"),
    ("once", "variables that a profile gives"),
];

/// The parsed head of a binding.
#[derive(Debug, Default)]
pub struct Head {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// The line number, from 1.
    at: usize,
    word: &'static str,
    value: String,
}

/// The `paging` line of a head.
#[derive(Debug, PartialEq, Eq)]
pub enum HeadPaging {
    /// One page is complete.
    NoPaging,
    By(Pager),
}

impl Head {
    /// Reads the comments before the document. Comments without a keyword are for people.
    pub fn read(text: &str) -> Result<Head, DocumentError> {
        let comments = text.lines().map(str::trim).enumerate();
        let comments = comments.take_while(|(_, line)| line.is_empty() || line.starts_with('#'));
        let mut head = Head::default();
        for (at, line) in comments {
            let Some((said, value)) = line.trim_start_matches('#').split_once(':') else { continue };
            let (said, value, at) = (said.trim(), value.trim(), at + 1);
            let Some(word) = word(said, at)? else { continue };
            match head.lines.iter_mut().find(|line| line.word == word) {
                None => head.lines.push(Line { at, word, value: value.to_owned() }),
                // A jq program may span several lines.
                Some(line) if word == "jq" => line.value.extend(["\n", value]),
                Some(_) => return Err(wrong(at, format!("`{word}` is said twice"))),
            }
        }
        Ok(head)
    }

    /// Returns the line number and the value of a keyword.
    pub fn get(&self, word: &str) -> Option<(usize, &str)> {
        self.lines.iter().find(|line| line.word == word).map(|line| (line.at, line.value.as_str()))
    }

    /// Returns the paging and its line number.
    pub fn paging(&self) -> Result<Option<(usize, HeadPaging)>, DocumentError> {
        let Some((at, value)) = self.get("paging") else { return Ok(None) };
        if value == "none" {
            return Ok(Some((at, HeadPaging::NoPaging)));
        }
        let pager = Pager::parse(value).map_err(|problem| wrong(at, problem))?;
        Ok(Some((at, HeadPaging::By(pager))))
    }

    /// Returns the variables that a profile sets, without `$`.
    pub fn once(&self) -> Result<Vec<String>, DocumentError> {
        let Some((at, value)) = self.get("once") else { return Ok(Vec::new()) };
        let names = value.split([',', ' ']).filter(|name| !name.is_empty());
        let bare = |name: &str| name.strip_prefix('$').filter(|name| !name.is_empty()).map(str::to_owned);
        names
            .map(|name| bare(name).ok_or_else(|| wrong(at, format!("`{name}` is not a variable such as `$name`"))))
            .collect()
    }
}

/// Returns the keyword of a comment; a misspelled keyword is an error, because it would be ignored silently.
fn word(said: &str, at: usize) -> Result<Option<&'static str>, DocumentError> {
    if let Some((word, _)) = WORDS.iter().find(|(word, _)| *word == said) {
        return Ok(Some(word));
    }
    let is_a_word = !said.is_empty() && said.bytes().all(|letter| letter.is_ascii_lowercase());
    let near = WORDS.iter().find(|(word, _)| is_a_word && strsim::osa_distance(word, said) == 1);
    match near {
        Some((word, what)) => Err(wrong(at, format!("`{said}` is not known; `{word}` is: {what}"))),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, HeadPaging};
    use crate::portal::compat::DocumentError;
    use crate::portal::compat::pager::Pager;

    fn read(text: &str) -> Result<Head, String> {
        Head::read(text).map_err(|DocumentError { line, problem }| format!("{line}: {problem}"))
    }

    #[test]
    fn a_head_is_the_comments_before_the_document() {
        let head =
            read("# Ours. See: the wiki.\n#paging: offset $skip\n\n# once: $org, $team\n{ devices } # total: .x")
                .unwrap();
        let pager = Pager::parse("offset $skip").unwrap();
        assert_eq!(head.paging().unwrap(), Some((2, HeadPaging::By(pager))));
        assert_eq!(head.once().unwrap(), ["org", "team"]);
        assert_eq!(head.get("total"), None);
        let head = read("# jq: {devices:\n# jq:   .x}\n# paging: none").unwrap();
        assert_eq!(head.get("jq"), Some((1, "{devices:\n.x}")));
        assert_eq!(head.paging().unwrap(), Some((3, HeadPaging::NoPaging)));
    }

    #[test]
    fn a_misspelled_keyword_is_an_error() {
        assert_eq!(read("# a\n# pagin: none").unwrap_err().split(';').next(), Some("2: `pagin` is not known"));
        assert_eq!(read("# more: .a\n# more: .b").unwrap_err(), "2: `more` is said twice");
        assert!(read("# paging: by hand").unwrap().paging().unwrap_err().problem.starts_with("`by hand`"));
        assert!(read("# once: org").unwrap().once().is_err());
        assert!(read("# note: this is for people").is_ok());
    }
}
