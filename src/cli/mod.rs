//! The root of the command line: the program's name, its global options, its commands.

#[cfg(all(test, feature = "sandbox"))]
mod surface;

use std::env;
use std::io::{self, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser};

use crate::commands::{Command, candidates};
use crate::config::Options;
use crate::error;
use crate::shells::Shell;

/// The output of `optra` without arguments; it fits a terminal of 24 lines.
const OVERVIEW: &str = "\
Examples:
  optra --sandbox devices list                       try it without an account
  optra auth login --portal https://portal.example   keep a key in the keyring
  KEY=$(optra keys generate --name ci)               make a key for a script

  auth     Log in to portals; list, check, use and forget their keys
  keys     Generate, list, audit, rotate, revoke API keys; find leaked ones
  devices  List, show, watch and wait for devices
  run      Run a program with a key in its environment

  portal   See what a portal can do, and adapt the commands to it
  query    Send a GraphQL document that is kept as a file
  api      Send any GraphQL document
  sandbox  Serve a portal on this machine, to test scripts

  doctor   Diagnose problems and show fixes
  broker, explain, schema, man, completions, version

`optra help` shows a command or a topic: options, environment, exit-codes,
filters, bindings, formats. `optra COMMAND -h` is short, `--help` complete.";

/// The footer of each command's short help: where the global options are listed.
const GLOBALS: &str = "Global options, such as -o json and --profile NAME: optra help options";

/// Manage API keys and query devices of the Optra Edge Portal
#[derive(Debug, Parser)]
#[command(
    name = "optra",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    help_template = "{about}\n\n{usage-heading} {usage}{after-help}",
    after_help = OVERVIEW
)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,

    #[command(subcommand)]
    pub command: Command,
}

/// The longest a key press waits for completion: a home directory on a network may not answer at all.
const PATIENCE: Duration = Duration::from_millis(300);

impl Cli {
    /// Answers a shell that completes a line and says so by `OPTRA_COMPLETE`. Returns false if the variable is not
    /// set.
    pub fn complete() -> bool {
        let Some(shell) = env::var_os("OPTRA_COMPLETE") else { return false };
        // An unknown shell gets an empty answer, so that no error text ends up in the line.
        let Some(shell) = Shell::named(&shell.to_string_lossy()) else { return true };
        let words: Vec<String> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
        let answer = match words.is_empty() {
            true => Some(shell.script().to_owned()),
            // The script passes a `--` before its own arguments.
            false => in_time(move || complete(shell, words.into_iter().skip(1).collect())),
        };
        let _ = io::stdout().write_all(answer.unwrap_or_default().as_bytes());
        true
    }

    /// Returns the command tree. Short help lists a command's own options, and its footer says where the global ones
    /// are.
    pub fn tree() -> clap::Command {
        fn footed(command: clap::Command) -> clap::Command {
            command.mut_subcommands(footed).after_help(GLOBALS).after_long_help("")
        }
        Cli::command().mut_subcommands(footed)
    }

    /// Reads the command line. If the command is a user's saved query, the query's document is read to know its
    /// options.
    pub fn read() -> Result<Cli, clap::Error> {
        let words: Vec<String> = env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
        let matches = match branch(&words).map(|branch| branch.try_get_matches()) {
            Some(Ok(matches)) if matches.subcommand_name().is_some() => matches,
            Some(Err(stop)) if stop.kind() == ErrorKind::DisplayVersion => return Err(stop),
            // Errors, suggestions and help need every command, so they come from the whole tree.
            _ => Cli::tree().try_get_matches().map_err(|stop| error::suggest(stop, &words, Cli::tree))?,
        };
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let Some(matches) = cli.command.resolve(Cli::tree)? {
            cli.options = Options::from_arg_matches(&matches)?;
        } else if cli.command.is_unresolved() {
            // The error is written in the requested output format, wherever that option is on the line.
            cli.options.output = cli.options.output.or_else(error::format);
        }
        Ok(cli)
    }
}

/// Returns the part of the tree that a line needs: clap gives each command its own copy of each global option, which
/// is most of the cost of parsing. Returns `None` for a line without a command.
///
/// The first word with a command's name may be the value of a global option: then this part fails to parse the line. A
/// line that this part parses has the same result as with the whole tree; an error from it is not shown.
fn branch(words: &[String]) -> Option<clap::Command> {
    let root = || Options::augment_args(clap::Command::new("optra"));
    if let [_, word] = words
        && matches!(word.as_str(), "--version" | "-V")
    {
        return Some(root().version(env!("CARGO_PKG_VERSION")));
    }
    // A word after an option may be its value.
    let is_value = |at: usize| at > 1 && words[at - 1].starts_with('-');
    let is_free = |at: usize| !(words[at].starts_with('-') || is_value(at));
    let at = (1..words.len()).find(|at| Command::is_branch(&words[*at]) || is_free(*at))?;
    let verb = words.get(at + 1).map(String::as_str);
    Command::branch(&words[at], verb).map(|branch| root().subcommand(branch))
}

/// Returns the answer to a shell for the line that it passed.
fn complete(shell: Shell, handed: Vec<String>) -> Option<String> {
    let typed = shell.typed(handed)?;
    Some(shell.answer(&typed, &candidates(Cli::tree, typed.clone())))
}

/// Runs `work` on a thread, which is abandoned if it takes too long.
fn in_time(work: impl FnOnce() -> Option<String> + Send + 'static) -> Option<String> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new().spawn(move || sender.send(work())).ok()?;
    receiver.recv_timeout(PATIENCE).ok()?
}

#[cfg(test)]
mod tests {
    use super::{Cli, branch};
    use crate::commands::written;
    use crate::config::SETTINGS;
    use crate::error::Kind;
    use clap::error::ErrorKind;
    use clap::{Command, CommandFactory, FromArgMatches};
    use strum::VariantArray;

    /// Calls `check` with every command and its name on the command line.
    fn walk(command: &Command, words: &str, check: &mut impl FnMut(&Command, &str)) {
        check(command, words);
        for child in command.get_subcommands() {
            walk(child, &format!("{words} {}", child.get_name()), check);
        }
    }

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }

    /// Returns each example line that begins with the program's name, split into words.
    fn examples() -> Vec<Vec<String>> {
        let mut lines = Vec::new();
        walk(&Cli::command(), "optra", &mut |command, _| {
            let examples = command.get_before_long_help().map(ToString::to_string).unwrap_or_default();
            let words =
                examples.lines().map(|line| line.split("   ").find(|part| !part.is_empty()).unwrap_or_default());
            let words = words.filter_map(|line| shell_words::split(line).ok());
            lines.extend(words.filter(|words| words.first().is_some_and(|word| word == "optra")));
        });
        lines
    }

    #[test]
    fn a_branch_reads_a_line_as_the_whole_tree_does() {
        let mut read = 0;
        for words in examples() {
            let Some(branch) = branch(&words) else { continue };
            let whole =
                Cli::tree().try_get_matches_from(&words).map(|matches| Cli::from_arg_matches(&matches).unwrap());
            let part = branch.try_get_matches_from(&words).map(|matches| Cli::from_arg_matches(&matches).unwrap());
            let (whole, part) = (whole.map_err(|stop| stop.kind()), part.map_err(|stop| stop.kind()));
            assert_eq!(format!("{whole:?}"), format!("{part:?}"), "{words:?}");
            read += usize::from(part.is_ok());
        }
        assert!(read > 50, "{read}");
        for line in [
            "optra -q devices list",
            "optra --profile keys devices list",
            "optra --profile keys keys list",
            "optra --profile=keys -o json keys list --profile devices",
            "optra devices --profile keys list",
            "optra --profile devices",
            "optra keys",
            "optra -q keys",
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let whole =
                Cli::tree().try_get_matches_from(&words).map(|matches| Cli::from_arg_matches(&matches).unwrap());
            let part = branch(&words).unwrap().try_get_matches_from(&words);
            match part.ok().filter(|part| part.subcommand_name().is_some()) {
                Some(part) => {
                    let part = Cli::from_arg_matches(&part).unwrap();
                    assert_eq!(format!("{:?}", whole.unwrap()), format!("{part:?}"), "{line}");
                }
                None => assert!(line.contains("--profile keys devices") || whole.is_err(), "{line}"),
            }
        }
    }

    #[test]
    fn help_lines_are_imperative_short_and_complete() {
        walk(&Cli::command(), "optra", &mut |command, words| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(about.starts_with(char::is_uppercase) && !about.ends_with('.'), "{words}: {about}");
            assert!(about.len() <= 80, "{words}: {about}");
            for argument in command.get_arguments() {
                let name = format!("{words} {}", argument.get_id());
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.starts_with(char::is_uppercase) && !help.ends_with('.'), "{name}: {help}");
            }
        });
    }

    #[test]
    fn every_leaf_shows_an_example_first() {
        walk(&Cli::command(), "optra", &mut |command, words| {
            if command.get_subcommands().next().is_none() {
                let examples = command.get_before_long_help().map(ToString::to_string).unwrap_or_default();
                assert!(examples.starts_with("Examples:\n") && examples.contains(words), "{words}: {examples}");
            }
        });
    }

    #[test]
    fn every_global_option_is_in_the_table_of_settings() {
        for option in Cli::command().get_arguments().filter(|argument| argument.is_global_set()) {
            let name = format!("--{}", option.get_long().unwrap());
            assert!(SETTINGS.iter().any(|setting| setting.option == name), "{name}");
        }
    }

    /// Commands that write no JSON, or JSON that is defined elsewhere: by a portal, a document or a shell.
    const UNDEFINED: [&str; 8] =
        ["auth token", "portal schema", "portal export", "api", "run", "completions", "man", "help"];

    #[test]
    fn the_json_of_every_command_has_a_schema() {
        walk(&Cli::command(), "optra", &mut |command, words| {
            let words = words.trim_start_matches("optra").trim();
            let name = words.replace(' ', ".");
            let below = format!("{name}.");
            let is_written = written().any(|one| one.name == name || one.name.starts_with(&below));
            if command.get_subcommands().next().is_none() && !words.is_empty() {
                assert!(is_written != UNDEFINED.contains(&words), "`{words}` has no schema in WRITTEN of its noun");
            }
        });
    }

    #[test]
    fn commands_in_explanations_can_be_pasted() {
        let ways = Kind::VARIANTS.iter().flat_map(|kind| kind.guide().ways);
        let commands = ways.flat_map(|way| way.split('`').skip(1).step_by(2)).filter(|text| text.starts_with("optra "));
        for command in commands {
            let words = shell_words::split(command).unwrap();
            let read = Cli::tree().try_get_matches_from(&words);
            let is_right =
                read.as_ref().map_or_else(|stop| stop.kind() == ErrorKind::MissingRequiredArgument, |_| true);
            assert!(is_right, "{command}: {read:?}");
        }
    }

    #[test]
    fn no_option_takes_a_secret() {
        walk(&Cli::command(), "optra", &mut |command, words| {
            for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
                assert!(!["key", "api-key", "secret", "token", "password"].contains(&option), "{words} --{option}");
            }
        });
    }
}
