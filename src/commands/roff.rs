//! Renders a command or a text as a man page. It prints nothing, and adds no words but headings.

use clap::{Arg, Command};
use unicode_width::UnicodeWidthStr;

/// The date of this version, in the footer of a page.
const DATE: &str = "2026-11-26";

/// The width of a terminal.
const WIDTH: usize = 80;

/// How far right an example begins.
const INDENT: usize = 2;

/// A page being written.
struct Page(String);

/// Returns the name of a command's page: `optra-keys-list`.
pub fn name(command: &Command) -> String {
    command.get_bin_name().unwrap_or(command.get_name()).replace(' ', "-")
}

/// Returns the page of a command whose tree is built.
pub fn of_command(command: &Command) -> String {
    let mut page = Page::new(&name(command), 1, &about(command));
    let usage = command.clone().render_usage().to_string();
    page.section("SYNOPSIS");
    page.verbatim(usage.trim_start_matches("Usage: "));
    page.section("DESCRIPTION");
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_else(|| about(command));
    page.paragraphs(&long);
    if let Some(examples) = command.get_before_long_help().map(ToString::to_string) {
        page.section("EXAMPLES");
        let lines = examples.trim_start_matches("Examples:\n").lines().flat_map(example);
        // The lines have an indent of their own.
        page.0.push_str(".in 0\n");
        page.verbatim(&lines.collect::<Vec<_>>().join("\n"));
    }
    let children: Vec<&Command> = command.get_subcommands().filter(|child| !child.is_hide_set()).collect();
    if !children.is_empty() {
        page.section("COMMANDS");
        children.iter().for_each(|child| page.item(&format!("{}(1)", name(child)), &about(child)));
    }
    let is_root = !name(command).contains('-');
    let own = |argument: &&Arg| !argument.is_hide_set() && (is_root || !argument.is_global_set());
    let arguments: Vec<&Arg> = command.get_arguments().filter(own).collect();
    if !arguments.is_empty() {
        page.section("OPTIONS");
        arguments.iter().for_each(|argument| page.argument(argument));
    }
    page.section("SEE ALSO");
    let above = name(command).rsplit_once('-').map(|(above, _)| format!("{above}(1), ")).unwrap_or_default();
    page.paragraphs(&format!(
        "{above}optra-environment(7), optra-exit-codes(7), optra-filters(7), optra-bindings(7), optra-formats(7)"
    ));
    page.0
}

/// Returns the page of a text that is laid out for a terminal.
pub fn of_text(name: &str, about: &str, text: &str) -> String {
    let mut page = Page::new(name, 7, about);
    page.section("DESCRIPTION");
    // The text already has the full width of a terminal.
    page.0.push_str(".in 0\n");
    page.verbatim(text);
    page.section("SEE ALSO");
    page.paragraphs("optra(1)");
    page.0
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

impl Page {
    fn new(name: &str, section: u8, about: &str) -> Page {
        let version = env!("CARGO_PKG_VERSION");
        let title = escaped(&name.to_uppercase());
        let mut page = Page(format!(".TH \"{title}\" {section} \"{DATE}\" \"optra {version}\" \"Optra\"\n"));
        page.section("NAME");
        page.line(&format!("{} \\- {}", escaped(name), marked(about)));
        page
    }

    fn section(&mut self, heading: &str) {
        self.0.push_str(&format!(".SH {heading}\n"));
    }

    /// Adds an escaped line. A `.` or `'` at its start would be a request.
    fn line(&mut self, line: &str) {
        if line.starts_with(['.', '\'']) {
            self.0.push_str("\\&");
        }
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn paragraphs(&mut self, text: &str) {
        for (n, paragraph) in text.trim().split("\n\n").enumerate() {
            if n > 0 {
                self.0.push_str(".PP\n");
            }
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            self.line(&marked(&words.join(" ")));
        }
    }

    fn verbatim(&mut self, text: &str) {
        self.0.push_str(".nf\n");
        text.trim_end().lines().for_each(|line| self.line(&escaped(line)));
        self.0.push_str(".fi\n");
    }

    fn item(&mut self, term: &str, text: &str) {
        self.0.push_str(".TP\n");
        self.line(&format!("\\fB{}\\fR", escaped(term)));
        self.line(&marked(text));
    }

    fn argument(&mut self, argument: &Arg) {
        let names = [
            argument.get_short().map(|short| format!("-{short}")),
            argument.get_long().map(|long| format!("--{long}")),
        ];
        let names: Vec<String> = names.iter().flatten().map(|name| format!("\\fB{}\\fR", escaped(name))).collect();
        let takes_values = argument.get_action().takes_values();
        let values =
            argument.get_value_names().unwrap_or_default().iter().map(|name| format!("\\fI{}\\fR", escaped(name)));
        let values: Vec<String> = values.filter(|_| takes_values).collect();
        self.0.push_str(".TP\n");
        self.line([names.join(", "), values.join(" ")].join(" ").trim());
        let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
        let help: Vec<String> =
            help.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        self.line(&marked(&help.join(". ")));
        let choices: Vec<String> =
            argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        if !choices.is_empty() && takes_values && !argument.is_hide_possible_values_set() {
            self.line(&marked(&format!("[one of {}]", choices.join(", "))));
        }
        let defaults: Vec<String> =
            argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
        if !defaults.is_empty() && takes_values {
            self.line(&marked(&format!("[default: {}]", defaults.join(", "))));
        }
    }
}

/// Returns an example in lines that a terminal does not break, so that it can still be pasted: a comment moves nearer, and
/// a command goes on in the next line.
fn example(line: &str) -> Vec<String> {
    let too_wide = line.width().saturating_sub(WIDTH);
    if let Some((command, comment)) = line.trim_start().split_once("   ") {
        let comment = comment.trim_start();
        let spaces = line.len() - command.len() - comment.len() - INDENT;
        return match spaces.checked_sub(too_wide) {
            Some(spaces @ 2..) => vec![format!("{:INDENT$}{command}{:spaces$}{comment}", "", "")],
            _ => vec![format!("{:INDENT$}# {comment}", ""), format!("{:INDENT$}{command}", "")],
        };
    }
    let (mut lines, mut rest) = (Vec::new(), line.to_owned());
    while rest.width() > WIDTH {
        let Some(at) = break_of(&rest) else { break };
        lines.push(format!("{} \\", &rest[..at]));
        rest = format!("      {}", &rest[at + 1..]);
    }
    lines.push(rest);
    lines
}

/// Returns the last place where a shell's line may go on in the next one: a space outside of quotes.
fn break_of(line: &str) -> Option<usize> {
    let (mut quote, mut found) = (None, None);
    let indent = line.len() - line.trim_start().len();
    for (at, letter) in line.char_indices().skip(indent).take_while(|(at, _)| *at + 2 <= WIDTH) {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ' ') => found = Some(at),
            _ => {}
        }
    }
    found
}

/// Escapes a text.
fn escaped(text: &str) -> String {
    let mut written = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => written.push_str("\\e"),
            '-' => written.push_str("\\-"),
            '\'' => written.push_str("\\(aq"),
            '`' => written.push_str("\\(ga"),
            '^' => written.push_str("\\(ha"),
            '~' => written.push_str("\\(ti"),
            '"' => written.push_str("\\(dq"),
            letter if letter.is_ascii() => written.push(letter),
            letter => written.push_str(&format!("\\[u{:04X}]", u32::from(letter))),
        }
    }
    written
}

/// Escapes a text, with the parts in backticks in bold.
fn marked(text: &str) -> String {
    let mut written = String::new();
    let parts: Vec<&str> = text.split('`').collect();
    for (n, part) in parts.iter().enumerate() {
        match n % 2 {
            1 if n + 1 < parts.len() => written.push_str(&format!("\\fB{}\\fR", escaped(part))),
            1 => written.push_str(&format!("\\(ga{}", escaped(part))),
            _ => written.push_str(&escaped(part)),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{Page, example, marked};

    #[test]
    fn no_text_is_a_request() {
        let mut page = Page(String::new());
        page.verbatim(".optra/queries\n'x' \\n --yes");
        assert_eq!(page.0, ".nf\n\\&.optra/queries\n\\(aqx\\(aq \\en \\-\\-yes\n.fi\n");
        assert_eq!(marked("say `--yes` and `x"), "say \\fB\\-\\-yes\\fR and \\(gax");
    }

    #[test]
    fn an_example_is_broken_where_a_shell_goes_on() {
        let quoted = "x y ".repeat(17);
        let long = format!("  optra api --jq '{}' 'query {{ a }}'", quoted.trim());
        let second = format!("      '{}' \\", quoted.trim());
        assert_eq!(example(&long), ["  optra api --jq \\", &second, "      'query { a }'"]);
        let command = format!("  optra {}", "x".repeat(40));
        assert_eq!(example(&format!("{command}   {}", "c".repeat(40))), [format!("  # {}", "c".repeat(40)), command]);
        let comment = format!("  optra keys rotate{}{}", " ".repeat(40), "c".repeat(30));
        assert_eq!(example(&comment), [format!("  optra keys rotate{}{}", " ".repeat(31), "c".repeat(30))]);
        assert_eq!(example("  optra keys list"), ["  optra keys list"]);
    }
}
