//! Renders a command or a text as a man page. It prints nothing, and adds no words but headings.

use clap::{Arg, Command};

/// The date of this version, in the footer of a page.
const DATE: &str = "2026-11-26";

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
        page.verbatim(examples.trim_start_matches("Examples:\n"));
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
    use super::{Page, marked};

    #[test]
    fn no_text_is_a_request() {
        let mut page = Page(String::new());
        page.verbatim(".optra/queries\n'x' \\n --yes");
        assert_eq!(page.0, ".nf\n\\&.optra/queries\n\\(aqx\\(aq \\en \\-\\-yes\n.fi\n");
        assert_eq!(marked("say `--yes` and `x"), "say \\fB\\-\\-yes\\fR and \\(gax");
    }
}
