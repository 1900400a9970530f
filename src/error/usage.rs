//! Ends a run whose command line is not executed: help was requested, or the line is wrong.

use std::env;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::failure::Error;
use super::kind::Kind;
use super::report::report;
use super::typed_key::register_typed_keys;
use crate::config::Config;
use crate::output::{self, Format, Output};
use crate::secret::{self, Suspicion};

/// The longest wrong word that is repeated, in characters: longer than any command or id.
const LONGEST_WORD: usize = 80;

/// Prints requested help, and reports anything else like any other error; returns the exit code.
pub fn exit_for_clap(stop: &clap::Error) -> u8 {
    let out = Output::new(&Config::fallback_output(format()));
    if stop.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Help for a missing command is for people, whatever the format.
        let text = stop.render();
        out.paragraphs(&text.to_string(), &text.ansi().to_string());
        return Kind::Usage.spec().exit;
    }
    if stop.use_stderr() {
        return report(&wrong(stop), &out);
    }
    match stop.print() {
        Ok(()) => 0,
        Err(error) => report(&output::Error::from(error).into(), &out),
    }
}

/// Converts clap's error: the first paragraph becomes the message, each tip and the usage a hint.
fn wrong(stop: &clap::Error) -> Error {
    let text = shortened(stop);
    let (message, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message: Vec<&str> = message.trim_start_matches("error: ").split_whitespace().collect();
    let tips = rest.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
    let usage = rest.lines().find_map(|line| line.strip_prefix("Usage: "));
    let message = message.join(" ");
    let message = match message.strip_suffix(']').and_then(|message| message.rsplit_once(" [possible values: ")) {
        Some((wrong, values)) => format!("{}; possible values: {values}", in_backticks(wrong)),
        None => in_backticks(&message),
    };
    let error = Error::new(Kind::Usage, message);
    let error = tips.fold(error, |error, tip| error.hint(sentence(&in_backticks(tip))));
    usage.into_iter().fold(error, |error, usage| {
        let is_of_command = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_lowercase());
        let command: Vec<&str> = usage.split(' ').take_while(is_of_command).collect();
        let help = format!("`{} --help` tells more.", command.join(" "));
        // clap makes the usage from what was typed, so it says something only where an argument is missing.
        error.hint(match stop.kind() {
            ErrorKind::MissingRequiredArgument => format!("Usage: `{usage}`; {help}"),
            _ => help,
        })
    })
}

/// Returns clap's text, with the wrong words cut where nobody reads them to their end: one may be a whole file. Such a
/// word is masked first, because half a secret is not found any more.
fn shortened(stop: &clap::Error) -> String {
    let mut text = stop.render().to_string();
    for kind in [ContextKind::InvalidValue, ContextKind::InvalidArg, ContextKind::InvalidSubcommand] {
        let Some(ContextValue::String(typed)) = stop.get(kind) else { continue };
        if typed.chars().nth(LONGEST_WORD).is_some() {
            register_typed_keys(Suspicion::Slight);
            let masked = secret::mask(typed);
            let word = match masked.char_indices().nth(LONGEST_WORD) {
                Some((end, _)) => format!("{}…", &masked[..end]),
                None => masked.into_owned(),
            };
            text = text.replace(typed, &word);
        }
    }
    text
}

/// Puts what clap quotes into backticks. An apostrophe in a word quotes nothing.
fn in_backticks(text: &str) -> String {
    let (mut told, mut rest, mut is_open) = (String::with_capacity(text.len()), text, false);
    while let Some(at) = rest.find('\'') {
        let (before, after) =
            (rest[..at].chars().next_back().or(told.chars().next_back()), rest[at + 1..].chars().next());
        let is_quote = if is_open {
            after.is_none_or(|letter| !letter.is_alphanumeric())
        } else {
            before.is_none_or(|letter| letter == ' ' || letter == '(')
        };
        told.push_str(&rest[..at]);
        told.push(if is_quote { '`' } else { '\'' });
        is_open ^= is_quote;
        rest = &rest[at + 1..];
    }
    told + rest
}

/// Makes a whole sentence of a tip.
fn sentence(tip: &str) -> String {
    let mut letters = tip.chars();
    let first = letters.next().map_or_else(String::new, |letter| letter.to_uppercase().to_string());
    let end = if tip.ends_with(['.', '?', ':']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Returns the output format in a command line that clap could not parse.
pub fn format() -> Option<Format> {
    let words: Vec<String> = env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    format_in(&words)
}

fn format_in(words: &[String]) -> Option<Format> {
    let given = words.iter().enumerate().find_map(|(n, word)| match word.as_str() {
        "-o" | "--output" => words.get(n + 1).map(String::as_str),
        word => word
            .strip_prefix("--output=")
            .or_else(|| word.strip_prefix("-o").map(|format| format.strip_prefix('=').unwrap_or(format))),
    });
    Format::from_str(given?, false).ok()
}

#[cfg(test)]
mod tests {
    use super::{format_in, in_backticks, sentence};
    use crate::output::Format;

    #[test]
    fn what_clap_quotes_stands_in_backticks_and_a_tip_is_a_sentence() {
        for (text, told) in [
            ("unexpected argument '--filds' found", "unexpected argument `--filds` found"),
            ("to pass '--x' as a value, use '-- --x'", "to pass `--x` as a value, use `-- --x`"),
            (
                "invalid value 'O'Brien' for '[ID|NAME]': it isn't one",
                "invalid value `O'Brien` for `[ID|NAME]`: it isn't one",
            ),
            (
                "a value is required for '--to <PLACE>' but none was supplied",
                "a value is required for `--to <PLACE>` but none was supplied",
            ),
            ("''", "``"),
            ("don't", "don't"),
        ] {
            assert_eq!(in_backticks(text), told);
        }
        assert_eq!(sentence("a similar argument exists: `--status`"), "A similar argument exists: `--status`.");
        assert_eq!(sentence("`-o json` does that"), "`-o json` does that.");
    }

    #[test]
    fn the_format_is_found_in_an_invalid_command_line() {
        let found = |line: &str| format_in(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(found("optra --bogus -o json"), Some(Format::Json));
        assert_eq!(found("optra --output=ndjson x"), Some(Format::Ndjson));
        assert_eq!(found("optra -o=json x"), Some(Format::Json));
        assert_eq!(found("optra -ocsv"), Some(Format::Csv));
        assert_eq!(found("optra keys -o"), None);
    }
}
