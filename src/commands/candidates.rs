//! The command tree with candidates for completions: names that this machine knows, fields, places, files.
//!
//! It must not send a request, touch a store, wait or fail: whoever presses Tab wants to go on typing. A key press must
//! not send an admin key anywhere, nor make a key look used.

use std::sync::{Arc, Mutex};

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::offers::{self, Line};
use super::query;
use crate::config::{Config, Options};
use crate::shells::{Candidate, Typed};

/// Returns the candidates for the current word.
pub fn candidates(tree: fn() -> Command, typed: Typed) -> Vec<Candidate> {
    let config = Some(Config::load(options(&typed.words))).filter(|config| config.problems.is_empty());
    let line = Arc::new(Line { typed, config: Mutex::new(config), tree });
    let mut words: Vec<std::ffi::OsString> = line.typed.words.iter().map(Into::into).collect();
    words.push((&line.typed.current).into());
    let mut tree = with_live_names(tree(), &line);
    let here = std::env::current_dir().ok();
    let last = words.len() - 1;
    let found = clap_complete::engine::complete(&mut tree, words, last, here.as_deref()).unwrap_or_default();
    let mut found: Vec<Candidate> = found.iter().filter_map(candidate).collect();
    // Where names are offered, options are noise.
    let is_option = |candidate: &Candidate| candidate.value.starts_with('-');
    if line.typed.current.is_empty() && !found.iter().all(is_option) {
        found.retain(|candidate| !is_option(candidate));
    }
    found
}

fn candidate(found: &CompletionCandidate) -> Option<Candidate> {
    let help = found.get_help().map(ToString::to_string);
    let help = help.and_then(|help| help.lines().next().map(str::to_owned));
    Some(Candidate { value: found.get_value().to_str()?.to_owned(), help })
}

/// Finds the options that decide which names are meant; the rest of the line may be invalid.
fn options(words: &[String]) -> Options {
    let value = |name: &str| {
        words.iter().enumerate().find_map(|(n, word)| match word.strip_prefix(name)? {
            "" => words.get(n + 1).cloned(),
            rest => rest.strip_prefix('=').map(str::to_owned),
        })
    };
    Options {
        profile: value("--profile"),
        portal: value("--portal"),
        #[cfg(feature = "sandbox")]
        sandbox: words.iter().any(|word| word == "--sandbox"),
        no_config: words.iter().any(|word| word == "--no-config"),
        ..Options::default()
    }
}

fn with_live_names(tree: Command, line: &Arc<Line>) -> Command {
    // Documents are read only where one may be typed.
    let tree = match line.typed.words.iter().any(|word| word == "query") {
        true => {
            let documents = query::commands(&query::globals(&tree));
            tree.mut_subcommand("query", |query| query.subcommands(documents))
        }
        false => tree,
    };
    walk(tree, &[], line)
}

/// Attaches candidates to each argument of a command.
fn walk(command: Command, path: &[&str], line: &Arc<Line>) -> Command {
    let fields: Vec<String> = command
        .get_arguments()
        .find(|argument| argument.get_id() == "fields")
        .map(|fields| fields.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect())
        .unwrap_or_default();
    let fields = Arc::new(fields);
    let command = command.mut_args(|argument| complete(argument, path, &fields, line));
    command.mut_subcommands(|child| {
        let name = child.get_name().to_owned();
        let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
        walk(child, &path, line)
    })
}

/// A function that returns the candidates of an argument.
type Offer = fn(&str, &Line, &[String]) -> Vec<Candidate>;

fn complete(argument: Arg, path: &[&str], fields: &Arc<Vec<String>>, line: &Arc<Line>) -> Arg {
    let Some(offer) = offer(&argument, path) else { return argument };
    let (line, fields) = (Arc::clone(line), Arc::clone(fields));
    argument.add(ArgValueCompleter::new(move |typed: &std::ffi::OsStr| {
        let typed = typed.to_string_lossy();
        let offered = offer(&typed, &line, &fields).into_iter();
        // A repeatable argument does not offer the same value twice.
        let fresh = offered.filter(|candidate| {
            candidate.value.starts_with(&*typed)
                && !line.typed.words.iter().skip(1).any(|word| *word == candidate.value)
        });
        let offered = fresh.map(|Candidate { value, help }| CompletionCandidate::new(value).help(help.map(Into::into)));
        offered.collect::<Vec<_>>()
    }))
}

/// Chooses candidates by the value name in the help, so a new option completes like others with the same value name.
fn offer(argument: &Arg, path: &[&str]) -> Option<Offer> {
    let value = argument.get_value_names().and_then(<[_]>::first).map(clap::builder::Str::as_str);
    let noun = path.first().copied().unwrap_or_default();
    Some(match (argument.get_id().as_str(), value.unwrap_or_default()) {
        ("profile", _) => offers::profiles,
        ("only", _) => offers::grants,
        ("portal", _) => offers::portals,
        ("fields", _) => offers::fields,
        ("operation", _) if path == ["portal", "unbind"] => offers::bound,
        ("variables", "NAME=VALUE") if noun == "portal" => offers::variables,
        ("name", "NAME") if path == ["auth", "switch"] => offers::profiles,
        // Elsewhere `--name` is a new name.
        ("name", _) if path == ["keys", "ensure"] || path == ["keys", "list"] => offers::keys,
        (_, "ID|NAME") if noun == "devices" => offers::devices,
        (_, "ID|NAME") => offers::keys,
        (_, "CONDITION") if noun == "keys" => offers::key_conditions,
        (_, "CONDITION") => offers::conditions,
        (_, "PLACE") => offers::places,
        (_, "NAME=PLACE") => offers::header,
        (_, "AGE") => offers::ages,
        (_, "TIME") => offers::times,
        ("code", "CODE") => offers::codes,
        ("name", "NAME") if path == ["schema"] => offers::schemas,
        (_, "COMMAND|TOPIC") => offers::help,
        (_, "FILE" | "PATH" | "DIR") => offers::files,
        (_, "CMD" | "COMMAND") if argument.get_id() != "from_curl" => offers::programs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::offer;
    use clap::{Args, Command, Subcommand};

    /// Values that only the user knows.
    const FREE: [&str; 36] = [
        " jq",
        " template",
        " retries",
        "keys generate name",
        "keys list limit",
        "keys list after",
        "keys rotate name",
        "keys scan git",
        "keys log limit",
        "keys log head",
        "keys revoke max",
        "keys revoke writer",
        "keys revoke require_approval",
        "keys apply max",
        "devices list limit",
        "devices list after",
        "portal adopt from_curl",
        "api document",
        "api variable",
        "api variables",
        "api operation",
        "api paginate",
        "run per_minute",
        "broker per_minute",
        "broker listen",
        "sandbox port",
        "sandbox devices",
        "sandbox fail",
        "sandbox seed",
        "auth logout reason",
        "keys generate reason",
        "keys ensure reason",
        "keys rotate reason",
        "keys revoke reason",
        "keys apply reason",
        "run name",
    ];

    fn walk(command: &Command, path: &[&str], check: &mut impl FnMut(&clap::Arg, &[&str])) {
        command.get_arguments().for_each(|argument| check(argument, path));
        for child in command.get_subcommands() {
            let path: Vec<&str> = path.iter().copied().chain([child.get_name()]).collect();
            walk(child, &path, check);
        }
    }

    #[test]
    fn every_value_is_completed_or_known_to_be_free() {
        let tree =
            crate::config::Options::augment_args(crate::commands::Command::augment_subcommands(Command::new("optra")));
        let mut forgotten = Vec::new();
        walk(&tree, &[], &mut |argument, path| {
            let takes_values = argument.get_action().takes_values();
            let is_choice = !argument.get_possible_values().is_empty();
            let name = format!("{} {}", path.join(" "), argument.get_id());
            if takes_values && !is_choice && offer(argument, path).is_none() && !FREE.contains(&&*name) {
                forgotten.push(name);
            }
        });
        assert!(forgotten.is_empty(), "nothing is offered for these: {forgotten:?}");
    }
}
