//! Commands and options of other tools, and which of ours does the same. They are suggested and never run.
//!
//! Only our own words are printed: anything else that was typed may be a key.

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::typed_key;
use crate::output::Format;

/// The noun before the word, empty for a top-level word; what is typed; the command that is meant.
const COMMANDS: [(&str, &[&str], &str); 33] = [
    ("keys", &["create", "add", "new", "make", "issue", "mint"], "optra keys generate"),
    ("keys", &["delete", "remove", "rm", "del", "destroy", "expire", "disable"], "optra keys revoke"),
    ("keys", &["ls"], "optra keys list"),
    ("keys", &["get", "view", "describe", "info"], "optra keys show"),
    ("keys", &["renew", "replace", "roll", "rollover", "regenerate", "refresh"], "optra keys rotate"),
    ("keys", &["check", "lint"], "optra keys audit"),
    ("keys", &["find", "locate", "which"], "optra keys where"),
    ("keys", &["history", "events"], "optra keys log"),
    ("devices", &["ls", "all"], "optra devices list"),
    ("devices", &["get", "view", "describe", "info", "status"], "optra devices show"),
    ("devices", &["find", "search", "filter", "query"], "optra devices list --where FIELD=VALUE"),
    ("devices", &["count"], "optra devices list --count"),
    ("devices", &["monitor", "tail", "follow"], "optra devices watch"),
    ("auth", &["whoami", "me", "check", "show"], "optra auth status"),
    ("auth", &["ls", "profiles"], "optra auth list"),
    ("auth", &["signin", "sign-in", "add", "configure", "setup", "init"], "optra auth login"),
    ("auth", &["signout", "sign-out", "remove", "rm", "delete"], "optra auth logout"),
    ("auth", &["use", "select"], "optra auth switch"),
    ("auth", &["print-token", "get-token", "key", "print"], "optra auth token"),
    ("auth", &["refresh", "renew", "rotate"], "optra keys rotate"),
    ("portal", &["test", "status", "list", "ls", "show"], "optra portal check"),
    ("", &["login", "logout", "switch", "token"], "optra auth"),
    ("", &["signin", "init", "setup", "configure"], "optra auth login"),
    ("", &["whoami", "status", "me"], "optra auth status"),
    ("", &["config", "profile", "profiles", "context", "contexts"], "optra auth list"),
    ("", &["list", "ls", "get"], "optra devices list` or `optra keys list"),
    ("", &["show", "describe"], "optra devices show"),
    ("", &["generate", "rotate", "revoke", "audit", "ensure"], "optra keys"),
    ("", &["create", "new"], "optra keys generate"),
    ("", &["graphql", "gql", "raw", "request"], "optra api"),
    ("", &["exec"], "optra run"),
    ("", &["check", "doctor", "ping"], "optra portal check"),
    ("", &["completion", "autocomplete"], "optra completions"),
];

/// Nouns that some people write in the singular.
const SINGULAR: [(&str, &str); 5] =
    [("key", "keys"), ("apikeys", "keys"), ("api-keys", "keys"), ("device", "devices"), ("portals", "portal")];

/// What is typed; the suggestion.
const OPTIONS: [(&[&str], &str); 18] = [
    (&["--json"], "`-o json` does that"),
    (&["--ndjson", "--jsonl"], "`-o ndjson` does that"),
    (&["--csv"], "`-o csv` does that"),
    (&["--yaml"], "`-o yaml` does that"),
    (&["-p"], "`--profile NAME` does that"),
    (&["--url", "--host", "--endpoint", "--server", "--base-url", "--api-url"], "`--portal URL` does that"),
    (&["--query", "--jmespath"], "`--jq EXPR` does that"),
    (&["--filter", "--selector", "-l"], "`--where FIELD=VALUE` does that, on `optra devices list`"),
    (&["--columns", "--field", "--select"], "`--fields NAMES` does that"),
    (&["--sort-by", "--order-by"], "`--sort FIELD` does that"),
    (&["--dry", "--preview", "--what-if"], "`--dry-run` does that, on `optra keys revoke`"),
    (&["--force", "-f", "--confirm", "--assume-yes", "--no-confirm"], "`--yes` does that, where a question is asked"),
    (&["--non-interactive", "--batch", "--no-prompt"], "`--no-input` does that"),
    (&["--debug", "--trace"], "`-vv` does that"),
    (&["--silent"], "`--quiet` does that"),
    (&["--no-color", "--no-colour"], "`--color never` does that"),
    (
        &["--insecure", "--no-verify", "--skip-verify"],
        "nothing does that: `--cacert FILE` trusts a certificate of yours",
    ),
    (&["--config"], "`OPTRA_CONFIG_DIR=DIR` does that, in the environment"),
];

/// Adds a suggestion to the error for an unknown command or option, if the table has one.
///
/// Builds the command tree only for an unknown command, because `--version` and `-h` come through here too.
pub fn suggest(mut stop: clap::Error, words: &[String], tree: fn() -> Command) -> clap::Error {
    let context = |kind| match stop.get(kind) {
        Some(ContextValue::String(typed)) => Some(typed.clone()),
        _ => None,
    };
    let (tip, own) = match stop.kind() {
        ErrorKind::InvalidSubcommand => {
            let typed = context(ContextKind::InvalidSubcommand);
            let line = typed.and_then(|typed| command(&typed, words, &tree()));
            (line.map(|line| format!("`{line}` does that")), ContextKind::SuggestedSubcommand)
        }
        ErrorKind::UnknownArgument => {
            let typed = context(ContextKind::InvalidArg);
            (descending(words).or_else(|| typed.and_then(|typed| option(&typed, words))), ContextKind::SuggestedArg)
        }
        ErrorKind::InvalidValue => (descending(words), ContextKind::SuggestedValue),
        _ => return stop,
    };
    if let Some(tip) = tip {
        stop.remove(own);
        stop.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    }
    stop
}

fn command(typed: &str, words: &[String], tree: &Command) -> Option<String> {
    let at = words.iter().position(|word| word == typed)?;
    if let Some((_, noun)) = SINGULAR.iter().find(|(of, _)| *of == typed) {
        let next = words.get(at + 1).map_or("", String::as_str);
        let is_ours = tree.find_subcommand(noun).is_some_and(|noun| noun.find_subcommand(next).is_some());
        let whole = format!("optra {noun}");
        return Some(if is_ours { format!("{whole} {next}") } else { meant(noun, next).unwrap_or(whole) });
    }
    let nouns = ["keys", "devices", "auth", "portal"];
    let noun = words[..at].iter().rev().find(|word| nouns.contains(&word.as_str())).map_or("", String::as_str);
    meant(noun, typed)
}

fn meant(noun: &str, typed: &str) -> Option<String> {
    let (.., line) = COMMANDS.iter().find(|(of, typos, _)| *of == noun && typos.contains(&typed))?;
    let is_noun = ["optra auth", "optra keys"].contains(line);
    Some(if is_noun { format!("{line} {typed}") } else { (*line).to_owned() })
}

/// Returns how a descending order is asked for, if a minus before the field asked for it.
fn descending(words: &[String]) -> Option<String> {
    let field = value_of("--sort", words)?.strip_prefix('-')?;
    is_field(field).then(|| format!("`--sort {field} --reverse` does that"))
}

fn value_of<'w>(option: &str, words: &'w [String]) -> Option<&'w str> {
    let behind = words.iter().position(|word| word == option).and_then(|at| words.get(at + 1)).map(String::as_str);
    behind.or_else(|| words.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('=')))
}

/// Returns true for what may be a field, and is no key that was pasted by mistake.
fn is_field(text: &str) -> bool {
    text.len() < 30 && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

fn option(typed: &str, words: &[String]) -> Option<String> {
    let name = typed.split('=').next().unwrap_or(typed);
    if typed_key::NAMES_OF_KEYS.contains(&name) {
        return Some(typed_key::HINT.to_owned());
    }
    if ["--format", "--out-format", "--output-format"].contains(&name) {
        let is_it = |word: &&String| word.split('=').next() == Some(name);
        let at = words.iter().position(|word| is_it(&word));
        let value = at
            .and_then(|at| words[at].split_once('=').map(|(_, value)| value).or(words.get(at + 1).map(String::as_str)));
        let known = value.filter(|value| <Format as clap::ValueEnum>::from_str(value, false).is_ok());
        return Some(format!("`-o {}` does that", known.unwrap_or("FORMAT")));
    }
    if ["--desc", "--descending"].contains(&name) {
        let field = value_of("--sort", words).filter(|field| is_field(field)).unwrap_or("FIELD");
        return Some(format!("`--sort {field} --reverse` does that"));
    }
    OPTIONS.iter().find(|(typos, _)| typos.contains(&name)).map(|(_, tip)| (*tip).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{command, option};
    use clap::Command;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_noun_decides_which_command_is_suggested() {
        let tree = Command::new("optra").subcommand(Command::new("keys").subcommand(Command::new("list")));
        let of = |line: &str, typed: &str| command(typed, &words(line), &tree);
        for (line, typed, meant) in [
            ("optra keys rm ci", "rm", Some("optra keys revoke")),
            ("optra --profile a keys new", "new", Some("optra keys generate")),
            ("optra login", "login", Some("optra auth login")),
            ("optra rotate ci", "rotate", Some("optra keys rotate")),
            ("optra ls", "ls", Some("optra devices list` or `optra keys list")),
            ("optra key", "key", Some("optra keys")),
            ("optra key list", "key", Some("optra keys list")),
            ("optra key rm ci", "key", Some("optra keys revoke")),
            ("optra key hunter2", "key", Some("optra keys")),
            ("optra keys frobnicate", "frobnicate", None),
        ] {
            assert_eq!(of(line, typed).as_deref(), meant, "{line}");
        }
    }

    #[test]
    fn a_known_format_is_named_in_the_suggestion() {
        let of = |line: &str| option("--format", &words(line)).unwrap();
        assert_eq!(of("optra devices list --format json"), "`-o json` does that");
        assert_eq!(of("optra devices list --format=csv"), "`-o csv` does that");
        assert_eq!(of("optra devices list --format hunter2"), "`-o FORMAT` does that");
        assert_eq!(option("--frobnicate", &words("optra --frobnicate")), None);
    }
}
