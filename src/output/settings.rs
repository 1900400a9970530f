//! What a run chose of the output, and what decides colour.

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

/// What the surroundings say about a terminal.
#[derive(Clone, Debug, Default)]
pub struct TerminalEnv {
    /// `NO_COLOR`, set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE`, set and not `0`.
    pub force_color: bool,
    /// `TERM` is `dumb`.
    pub dumb: bool,
    /// `COLUMNS`, for a width that no terminal tells.
    pub columns: Option<usize>,
}

/// Which program shows a person what is longer than the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pager {
    /// `less`, where it is there.
    #[default]
    Usual,
    /// The one whose words these are, and the variable that they came from.
    Named { words: String, by: &'static str },
    /// None.
    Off,
}

/// What a run chose.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub format: Format,
    pub color: Color,
    /// A filter that was checked.
    pub jq: Option<String>,
    /// A template that was checked.
    pub template: Option<String>,
    /// True where nobody asked for a format that programs read: a person at the terminal is told of errors in lines.
    pub is_for_people: bool,
    pub quiet: bool,
    /// True where rows come without a header.
    pub no_headers: bool,
    /// True where a system runs the job.
    pub ci: bool,
    /// True for who hears or feels what stands there, and sees no columns.
    pub accessible: bool,
    pub pager: Pager,
    pub surroundings: TerminalEnv,
}

/// Decides colour: the option, then `NO_COLOR`, then the variable that forces it, then the terminal.
pub fn is_colored(color: Color, surroundings: &TerminalEnv, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if surroundings.no_color => false,
        Color::Auto if surroundings.force_color => true,
        Color::Auto => terminal && !surroundings.dumb,
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
        for (color, surroundings, terminal, expected) in [
            (Color::Auto, &plain, true, true),
            (Color::Auto, &plain, false, false),
            (Color::Auto, &no_color, true, false),
            (Color::Auto, &forced, false, true),
            (Color::Auto, &dumb, true, false),
            (Color::Always, &no_color, false, true),
            (Color::Never, &forced, true, false),
        ] {
            assert_eq!(is_colored(color, surroundings, terminal), expected, "{color:?} {surroundings:?} {terminal}");
        }
    }
}
