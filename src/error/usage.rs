//! Ends a run whose command line is not executed: help was requested, or the line is wrong.

use std::env;

use clap::ValueEnum;
use clap::error::ErrorKind;

use super::failure::Error;
use super::kind::Kind;
use super::report::report;
use super::typed_key;
use crate::config::Config;
use crate::output::{self, Format, Output};
use crate::secret::Suspicion;

/// Prints clap's message and returns the exit code; in JSON if that was requested.
pub fn exit_for_clap(stop: &clap::Error) -> u8 {
    let out = Output::new(&Config::fallback_output(format()));
    // Help for a missing command is for people, whatever the format.
    let is_wrong = stop.use_stderr() && stop.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_wrong && out.is_machine() {
        return report(&wrong(stop), &out);
    }
    if stop.use_stderr() {
        typed_key::register_typed_keys(Suspicion::Slight);
        let text = stop.render();
        let hint = typed_key::hint(&text.to_string());
        out.paragraphs(&text.to_string(), &text.ansi().to_string());
        hint.iter().for_each(|hint| out.hint(hint));
        return Kind::Usage.spec().exit;
    }
    match stop.print() {
        Ok(()) => 0,
        Err(error) => report(&output::Error::from(error).into(), &out),
    }
}

/// Converts clap's error: the first paragraph becomes the message, and each tip a hint.
fn wrong(stop: &clap::Error) -> Error {
    let text = stop.render().to_string();
    let (message, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message: Vec<&str> = message.trim_start_matches("error: ").split_whitespace().collect();
    let tips = rest.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
    let usage = rest.lines().find_map(|line| line.strip_prefix("Usage: "));
    let error = Error::new(Kind::Usage, message.join(" "));
    let error = tips.fold(error, |error, tip| error.hint(tip));
    usage.into_iter().fold(error, |error, usage| error.hint(format!("Usage: {usage}")))
}

/// Returns the output format in a command line that clap could not parse.
pub fn format() -> Option<Format> {
    let words: Vec<String> = env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    format_in(&words)
}

fn format_in(words: &[String]) -> Option<Format> {
    let given = words.iter().enumerate().find_map(|(n, word)| match word.as_str() {
        "-o" | "--output" => words.get(n + 1).map(String::as_str),
        word => word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")),
    });
    Format::from_str(given?, false).ok()
}

#[cfg(test)]
mod tests {
    use super::format_in;
    use crate::output::Format;

    #[test]
    fn the_format_is_found_in_an_invalid_command_line() {
        let found = |line: &str| format_in(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(found("optra --bogus -o json"), Some(Format::Json));
        assert_eq!(found("optra --output=ndjson x"), Some(Format::Ndjson));
        assert_eq!(found("optra -ocsv"), Some(Format::Csv));
        assert_eq!(found("optra keys -o"), None);
    }
}
