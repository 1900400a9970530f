//! Commands that other tools have, and which of ours does the same. They are told, and never taken for it.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The noun before it, none for a word of its own; what is typed; the line that is meant.
const NEAR_MISSES: [(&str, &[&str], &str); 13] = [
    ("keys", &["create", "add", "new", "make", "issue"], "optra keys generate"),
    ("keys", &["delete", "remove", "rm", "del", "destroy"], "optra keys revoke"),
    ("keys", &["ls"], "optra keys list"),
    ("keys", &["get", "view", "describe"], "optra keys show"),
    ("keys", &["renew", "replace", "roll", "rollover"], "optra keys rotate"),
    ("devices", &["ls"], "optra devices list"),
    ("devices", &["get", "view", "describe"], "optra devices show"),
    ("auth", &["ls", "profiles"], "optra auth list"),
    ("auth", &["whoami"], "optra auth status"),
    ("", &["login", "logout", "switch", "token"], "optra auth"),
    ("", &["whoami", "status", "me"], "optra auth status"),
    ("", &["list", "ls"], "optra devices list` or `optra keys list"),
    ("", &["graphql", "raw"], "optra api"),
];

/// Adds to an error of an unknown command the line that is meant, if it is one of those.
pub fn suggest(mut stop: clap::Error, words: &[String]) -> clap::Error {
    if stop.kind() != ErrorKind::InvalidSubcommand {
        return stop;
    }
    let Some(ContextValue::String(typed)) = stop.get(ContextKind::InvalidSubcommand) else { return stop };
    if let Some(line) = meant(typed, words) {
        let tip = StyledStr::from(format!("`{line}` does that"));
        stop.remove(ContextKind::SuggestedSubcommand);
        stop.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    stop
}

fn meant(typed: &str, words: &[String]) -> Option<String> {
    let at = words.iter().position(|word| word == typed)?;
    let nouns = ["keys", "devices", "auth", "portal"];
    let noun = words[..at].iter().rev().find(|word| nouns.contains(&word.as_str())).map_or("", String::as_str);
    let found = NEAR_MISSES.iter().find(|(of, typos, _)| *of == noun && typos.contains(&typed));
    found.map(|(.., line)| if *line == "optra auth" { format!("{line} {typed}") } else { (*line).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn what_is_meant_is_told_by_the_noun_before_it() {
        let of = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            meant(words.last().unwrap(), &words)
        };
        assert_eq!(of("optra keys rm").as_deref(), Some("optra keys revoke"));
        assert_eq!(of("optra --profile a keys new").as_deref(), Some("optra keys generate"));
        assert_eq!(of("optra login").as_deref(), Some("optra auth login"));
        assert_eq!(of("optra ls").as_deref(), Some("optra devices list` or `optra keys list"));
        assert_eq!(of("optra keys frobnicate"), None);
    }
}
