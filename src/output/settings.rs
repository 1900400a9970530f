//! The output settings of a run, and the rule for colour.

/// How a result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: aligned columns, cut to the terminal
    #[default]
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as they come
    Ndjson,
    /// Comma-separated values with a header
    Csv,
    /// Tab-separated values with a header; a tab in a value is `\t`
    Tsv,
    /// The same values as in JSON, as YAML
    Yaml,
    /// Devices with a location, as a map that people can open
    Geojson,
    /// What `keys audit` found, for systems that keep lists of findings
    Sarif,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`
    #[default]
    Auto,
    /// Also in a pipe
    Always,
    /// Not at all
    Never,
}

/// The environment variables about the terminal.
#[derive(Clone, Debug, Default)]
pub struct TerminalEnv {
    /// `NO_COLOR`, set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE`, set and not `0`.
    pub force_color: bool,
    /// `TERM` is `dumb`.
    pub dumb: bool,
    /// `COLUMNS`, for a terminal whose width is unknown.
    pub columns: Option<usize>,
}

/// Which pager to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pager {
    /// `less`, if it is installed.
    #[default]
    Usual,
    /// A command, and the variable that set it.
    Named { words: String, by: &'static str },
    /// No pager.
    Off,
}

/// The output settings of a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub format: Format,
    pub color: Color,
    /// A filter that was checked.
    pub jq: Option<String>,
    /// A template that was checked.
    pub template: Option<String>,
    /// True if the user requested no machine format: a person at the terminal gets errors as lines.
    pub is_for_people: bool,
    pub quiet: bool,
    /// True if rows are printed without a header.
    pub no_headers: bool,
    /// True in a CI job.
    pub ci: bool,
    /// True for a user of a screen reader or a Braille display, to whom columns mean nothing.
    pub accessible: bool,
    pub pager: Pager,
    pub terminal_env: TerminalEnv,
}

/// Decides colour: the option, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
pub fn is_colored(color: Color, terminal_env: &TerminalEnv, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if terminal_env.no_color => false,
        Color::Auto if terminal_env.force_color => true,
        Color::Auto => terminal && !terminal_env.dumb,
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, TerminalEnv, is_colored};

    #[test]
    fn colour_follows_the_option_then_the_variables_then_the_terminal() {
        let plain = TerminalEnv::default();
        let no_color = TerminalEnv { no_color: true, force_color: true, ..plain.clone() };
        let forced = TerminalEnv { force_color: true, dumb: true, ..plain.clone() };
        let dumb = TerminalEnv { dumb: true, ..plain.clone() };
        for (color, terminal_env, terminal, expected) in [
            (Color::Auto, &plain, true, true),
            (Color::Auto, &plain, false, false),
            (Color::Auto, &no_color, true, false),
            (Color::Auto, &forced, false, true),
            (Color::Auto, &dumb, true, false),
            (Color::Always, &no_color, false, true),
            (Color::Never, &forced, true, false),
        ] {
            assert_eq!(is_colored(color, terminal_env, terminal), expected, "{color:?} {terminal_env:?} {terminal}");
        }
    }
}
