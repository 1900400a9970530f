//! What a run says besides its result, on stderr: lines for a person, or one JSON value per line for a program.
//!
//! It makes no decisions about the streams, and writes no result.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::handle::Output;
use super::safe::{readable, safe};
use super::stream::{self, lock};
use crate::secret;
use crate::text::prose;

/// How a cause begins, and its further lines.
const BECAUSE: &str = "  because: ";
const BELOW: &str = "           ";

/// How far right a sentence goes on that begins at the left.
const HANGING: usize = 2;

/// On a narrower terminal there is no room for any of that.
const NARROWEST: usize = 2 * BELOW.len();

impl Output {
    /// Prints a status; nothing with `--quiet`.
    pub fn status(&self, sentence: impl Display) {
        if !self.quiet {
            self.say(None, &sentence.to_string());
        }
    }

    /// Prints a hint that belongs to no error; nothing with `--quiet`.
    pub fn note(&self, sentence: impl Display) {
        if !self.quiet {
            self.hint(sentence);
        }
    }

    /// Warns of a problem that was overcome; nothing with `--quiet`.
    pub fn notice(&self, sentence: impl Display) {
        if !self.quiet {
            self.warn(sentence);
        }
    }

    /// Prints a warning, even with `--quiet`.
    pub fn warn(&self, sentence: impl Display) {
        self.say(Some(("warning", AnsiColor::Yellow)), &sentence.to_string());
    }

    /// Warns of a fault that would repeat with each key or request of a run, such as a full disk; returns false if this
    /// topic was told before.
    pub fn warn_once(&self, topic: &'static str, sentence: impl Display) -> bool {
        let is_new = lock(&self.warned).insert(topic);
        if is_new {
            self.warn(sentence);
        }
        is_new
    }

    /// Prints an error and its causes.
    pub fn error(&self, sentence: impl Display, causes: &[String]) {
        self.say(Some(("error", AnsiColor::Red)), &sentence.to_string());
        self.flush_before();
        for cause in causes {
            let mut indent = BECAUSE;
            for line in cause.lines() {
                self.write_line(None, indent, line);
                indent = BELOW;
            }
        }
    }

    /// Prints the id of the request that failed, for a search in the portal's logs.
    pub fn request(&self, id: impl Display) {
        self.say(Some(("request", AnsiColor::Cyan)), &id.to_string());
    }

    /// Prints a hint for an error.
    pub fn hint(&self, sentence: impl Display) {
        self.say(Some(("hint", AnsiColor::Cyan)), &sentence.to_string());
    }

    /// Prints our own paragraphs on stderr, in colour if stderr has it.
    pub fn paragraphs(&self, plain: &str, colored: &str) {
        self.flush_before();
        let is_harmless = plain.lines().all(|line| matches!(safe(line), Cow::Borrowed(_)));
        let text = match readable(plain) {
            Cow::Borrowed(_) if is_harmless => secret::mask(if self.err.color { colored } else { plain }).into_owned(),
            // They may quote untrusted arguments. Truncated or sanitized text is not coloured.
            short => secret::mask(&short).lines().map(|line| format!("{}\n", safe(line))).collect(),
        };
        self.write_err(text.as_bytes());
    }

    /// Prints a JSON error on stderr, for a program.
    pub fn error_json(&self, value: &impl Serialize) {
        self.flush_before();
        if let Ok(line) = serde_json::to_string(value) {
            self.write_err(format!("{}\n", secret::mask(&line)).as_bytes());
        }
    }

    /// Prints one line on stderr, whatever the text contains: foreign text must not look like our own lines. Ignores a
    /// failure to write, because nobody is left to tell.
    fn say(&self, label: Option<(&str, AnsiColor)>, sentence: &str) {
        self.flush_before();
        self.write_line(label, "", sentence);
    }

    /// Waits until the user leaves the pager, and writes what stderr held back.
    pub(super) fn end_paging(&self) {
        let ended = self.paging.end(&mut **lock(&self.out.to));
        self.tell_of_pager(ended.problem);
        let waiting = self.paging.stderr_buffer.release();
        let _ = lock(&self.err.to).write_all(&waiting);
    }

    pub(super) fn tell_of_pager(&self, problem: Option<String>) {
        if let Some(problem) = problem {
            self.write_line(Some(("warning", AnsiColor::Yellow)), "", &problem);
        }
    }

    /// Writes a line, behind an `indent` for what is no line by itself. On a terminal it is broken between words: what follows
    /// is further right than any line of ours begins, so that words of others do not look like one.
    fn write_line(&self, label: Option<(&str, AnsiColor)>, indent: &str, sentence: &str) {
        let masked = secret::mask(sentence);
        let masked = readable(&masked);
        if self.speaks_json() {
            // A program that reads stderr gets one JSON value per line.
            let (member, text) = (label.map_or("status", |(label, _)| label), format!("{indent}{masked}"));
            let line = serde_json::Map::from_iter([(member.to_owned(), text.into())]);
            return self.write_err(format!("{}\n", serde_json::Value::Object(line)).as_bytes());
        }
        let before = label.map_or_else(|| indent.to_owned(), |(label, _)| format!("{label}: {indent}"));
        let below = if before.is_empty() { HANGING } else { before.len() };
        let sentence = safe(&masked);
        let sentence = self.broken(&sentence, before.len(), below);
        let line = match label {
            Some((label, color)) if self.err.color => {
                let style = Style::new().bold().fg_color(Some(color.into()));
                format!("{style}{label}:{style:#} {indent}{sentence}\n")
            }
            _ => format!("{before}{sentence}\n"),
        };
        self.write_err(line.as_bytes());
    }

    /// Wraps a line between words, where a terminal would break words. A line that begins with a space is laid out already.
    fn broken<'s>(&self, line: &'s str, before: usize, below: usize) -> Cow<'s, str> {
        let room =
            || stream::width_of_stderr().filter(|_| self.err.terminal && !self.accessible && !line.starts_with(' '));
        match room() {
            Some(room) if room > NARROWEST && before + line.width() > room => {
                let lines = prose::lines(line, room - before, room - below);
                Cow::Owned(lines.join(&format!("\n{}", " ".repeat(below))))
            }
            _ => Cow::Borrowed(line),
        }
    }

    /// Writes to stderr in one piece, so that concurrent output of others does not split it.
    pub(super) fn write_err(&self, bytes: &[u8]) {
        if self.err.terminal && self.paging.stderr_buffer.captures(bytes) {
            return;
        }
        if self.err.terminal {
            self.paging.disturb();
        }
        let _ = lock(&self.err.to).write_all(bytes);
    }
}
