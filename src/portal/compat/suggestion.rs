//! A suggested binding, for a person to judge.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::pretty::pretty;

/// A document that may be bound to one of our operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// `keys.generate`
    pub operation: String,
    pub document: String,
    #[serde(rename = "likeness")]
    pub similarity: Similarity,
}

/// How similar the portal's names are to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Similarity {
    /// The root field has the same name.
    Same,
    /// Its name means the same.
    Alike,
    /// Its name has a part in common.
    Guess,
}

impl Similarity {
    /// Classifies a score from 0 to 1; above 1, the names are equal.
    pub fn of(score: f64) -> Similarity {
        match score {
            score if score > 1.0 => Similarity::Same,
            score if score > 0.8 => Similarity::Alike,
            _ => Similarity::Guess,
        }
    }

    /// Returns the words shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Similarity::Same => "same name",
            Similarity::Alike => "alike",
            Similarity::Guess => "a guess",
        }
    }
}

impl Suggestion {
    /// Creates a suggestion without a comparison of names.
    pub fn new(operation: &str, document: &str) -> Suggestion {
        Suggestion { operation: operation.to_owned(), document: document.to_owned(), similarity: Similarity::Guess }
    }

    /// Returns true if the document pages.
    pub fn pages(&self) -> bool {
        self.document.contains("$after")
            || self.document.contains("# paging: ") && !self.document.contains("# paging: none")
    }

    /// Returns the document as people save it: the head unchanged, the operation formatted.
    pub fn pretty(&self) -> String {
        let head = self.document.lines().take_while(|line| line.starts_with('#'));
        let head: String = head.flat_map(|line| [line, "\n"]).collect();
        pretty(&self.document).map_or_else(|| self.document.clone(), |operation| format!("{head}{operation}"))
    }

    /// Returns a shell line that binds the suggestion; `portal` is the option that names the portal.
    pub fn line(&self, portal: &str) -> String {
        let quoted = |text: &str| {
            // Single quotes read better than escapes, and shell-words would omit them.
            if text.contains('\'') { shell_words::quote(text).into_owned() } else { format!("'{text}'") }
        };
        let lines = self.document.lines().map(str::trim).filter(|line| !line.is_empty());
        let (mut lines, operation): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with('#'));
        let operation = operation.join(" ");
        lines.push(&operation);
        let written = match lines.as_slice() {
            [only] => format!("echo {}", quoted(only)),
            lines => format!("printf '%s\\n' {}", lines.iter().map(|line| quoted(line)).collect::<Vec<_>>().join(" ")),
        };
        format!("{written} | optra{portal} portal bind {} -f -", self.operation)
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(""))
    }
}
