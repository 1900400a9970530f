//! The topics of `optra help` and the man pages: tables and texts, printed from what the code uses.

use clap::ValueEnum;
use strum::VariantArray;

use super::{filter, portal};
use crate::config::{SETTINGS, Setting};
use crate::error::Kind;
use crate::output::Format;

/// A help topic.
pub struct Topic {
    pub name: &'static str,
    /// A short description, for a list.
    pub about: &'static str,
    text: fn(&clap::Command) -> String,
}

/// All topics.
pub const TOPICS: [Topic; 6] = [
    topic("options", "the options that every command has", options),
    topic("environment", "settings by option, variable and key in the file", |_| environment()),
    topic("exit-codes", "exit codes, and the codes of errors", |_| exit_codes()),
    topic("filters", "conditions of `--where`", |_| filter::HELP.to_owned()),
    topic("bindings", "documents of your own for operations of ours", |_| portal::bindings_topic()),
    topic("formats", "the formats of results and of errors", |_| formats()),
];

/// Every text fits a terminal of this width.
const WIDTH: usize = 80;

const fn topic(name: &'static str, about: &'static str, text: fn(&clap::Command) -> String) -> Topic {
    Topic { name, about, text }
}

/// Returns the topic of this name.
pub fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// Returns all names, as a sentence has them.
pub fn names() -> String {
    let names: Vec<String> = TOPICS.iter().map(|topic| format!("`{}`", topic.name)).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

impl Topic {
    /// Returns the text; `tree` is the tree of commands.
    pub fn text(&self, tree: &clap::Command) -> String {
        (self.text)(tree)
    }
}

fn options(tree: &clap::Command) -> String {
    let globals = tree.get_arguments().filter(|option| option.is_global_set()).cloned().collect::<Vec<_>>();
    let bare = clap::Command::new("optra").disable_help_flag(true).disable_version_flag(true).args(globals);
    let help = bare.help_template("{all-args}").render_long_help().to_string();
    format!("The options that every command has, before it or behind it.\n\n{}\n", help.trim_end())
}

fn exit_codes() -> String {
    let mut text =
        "Exit codes, and `error.code` in machine formats:\n\n    0  -                    success\n".to_owned();
    for row in Kind::VARIANTS.iter().map(|kind| kind.spec()) {
        let meaning = wrapped(row.meaning, WIDTH - 28).join(&format!("\n{}", " ".repeat(28)));
        text.push_str(&format!("  {:>3}  {:<19}  {meaning}\n", row.exit, row.code));
    }
    text
}

fn environment() -> String {
    let mut text = "Settings, by option and variable; in brackets, the key in `config.toml`. An\n\
                    option wins over a variable, a variable over the file.\n\n"
        .to_owned();
    let or_dash = |name: &'static str| if name.is_empty() { "-" } else { name };
    let column = |name: fn(&Setting) -> &str| SETTINGS.iter().map(|setting| name(setting).len()).max().unwrap_or(0);
    let (first, second) = (column(|setting| setting.option), column(|setting| setting.variable));
    let indent = " ".repeat(first + second + 6);
    for setting in &SETTINGS {
        let mut lines = wrapped(setting.meaning, WIDTH - indent.len());
        if !setting.key.is_empty() {
            lines.push(format!("[{}]", setting.key));
        }
        let (option, variable) = (or_dash(setting.option), or_dash(setting.variable));
        text.push_str(&format!("  {option:<first$}  {variable:<second$}  {}\n", lines.join(&format!("\n{indent}"))));
    }
    text
}

/// Wraps a text.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn formats() -> String {
    let mut text = "Formats of results, by `-o` or OPTRA_OUTPUT:\n\n".to_owned();
    for value in Format::value_variants().iter().filter_map(ValueEnum::to_possible_value) {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        text.push_str(&format!("  {:<9}{help}\n", value.get_name()));
    }
    text.push_str(
        "
Results go to stdout, everything else to stderr. All formats but the table keep
the portal's names and bytes: times are exact, digits stay as they came, and
what is not there is null, or nothing in CSV. `--fields` names members and their
order. `--jq` and `--template` read JSON.

In every format but the table, and with `--jq` or `--template`, each line on
stderr is one JSON value:

  {\"warning\":\"…\"}
  {\"status\":\"…\"}
  {\"error\":{\"code\":\"not_found\",\"exit\":6,\"message\":\"…\",\"hints\":[\"…\"],
            \"causes\":[],\"retryable\":false,\"retry_after_s\":null,
            \"request_id\":null}}

A listing that breaks off leaves its JSON array open, and the run ends with 3.
`optra help exit-codes` lists the codes of errors.
",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::TOPICS;
    use clap::Command;

    #[test]
    fn every_topic_fits_a_terminal() {
        let tree = Command::new("optra");
        for topic in TOPICS.iter().filter(|topic| topic.name != "options") {
            for line in topic.text(&tree).lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", topic.name);
            }
        }
    }
}
