//! The shells that people use: how to write lines that a person pastes, and how each shell completes: its script, how
//! the script passes what is typed, and how it reads an answer.
//!
//! Candidates may come from a portal: they are written so that a shell neither runs nor splits them. This module must
//! know no command of ours.

mod bash;
mod paste;
mod powershell;
mod words;

use std::fmt::Write;

pub use paste::{assignments, capture, make_directory};
use words::Bash;
pub use words::Typed;

/// A shell that is supported for completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    Pwsh,
    Zsh,
}

/// A candidate for the word at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub value: String,
    pub help: Option<String>,
}

impl Shell {
    /// Returns the shell with this name, or at this path.
    pub fn named(name: &str) -> Option<Shell> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        match name.strip_suffix(".exe").unwrap_or(name) {
            "bash" => Some(Shell::Bash),
            "elvish" => Some(Shell::Elvish),
            "fish" => Some(Shell::Fish),
            "powershell" | "pwsh" => Some(Shell::Pwsh),
            "zsh" => Some(Shell::Zsh),
            _ => None,
        }
    }

    /// Returns the script that the shell reads once; from then on it asks us for candidates.
    pub fn script(self) -> &'static str {
        match self {
            Shell::Bash => include_str!("optra.bash"),
            Shell::Elvish => include_str!("optra.elv"),
            Shell::Fish => include_str!("optra.fish"),
            Shell::Pwsh => include_str!("optra.ps1"),
            Shell::Zsh => include_str!("optra.zsh"),
        }
    }

    /// Reads what the script passes; returns `None` if there is nothing of ours to complete.
    pub fn typed(self, mut handed: Vec<String>) -> Option<Typed> {
        if self == Shell::Bash {
            let [line, breaks] = <[String; 2]>::try_from(handed).ok()?;
            return words::of_bash(&line, &breaks);
        }
        let current = handed.pop()?;
        let current = match self {
            Shell::Fish => words::of_fish(&current),
            // PowerShell drops an empty argument, so the script puts a `=` before the last word.
            Shell::Pwsh => powershell::unquoted(current.strip_prefix('=')?),
            _ => current,
        };
        Some(Typed { words: handed, current, replaced: Bash::default() })
    }

    /// Writes the candidates in the format that the script reads.
    pub fn answer(self, typed: &Typed, candidates: &[Candidate]) -> String {
        let mut answer = String::new();
        for Candidate { value, help } in candidates.iter().filter(|candidate| is_quotable(&candidate.value)) {
            let help = help.as_deref().unwrap_or_default().replace(char::is_control, " ");
            // After one of these characters, the word goes on.
            let goes_on = value.ends_with(['=', ':', '/', ',', '<', '>', '~']);
            let written = match self {
                Shell::Bash => match bash::written(value, typed, &typed.replaced, goes_on) {
                    Some(written) => writeln!(answer, "{written}"),
                    None => continue,
                },
                Shell::Fish => writeln!(answer, "{value}\t{help}"),
                Shell::Pwsh => writeln!(answer, "{}\t{value}\t{help}", powershell::quoted(value)),
                Shell::Zsh | Shell::Elvish => {
                    writeln!(answer, "{}\t{value}\t{help}", if goes_on { "more" } else { "end" })
                }
            };
            // Writing to a string cannot fail.
            let _ = written;
        }
        answer
    }
}

/// Returns false for a value that cannot be quoted in every shell, such as one with a line break.
fn is_quotable(value: &str) -> bool {
    !value.is_empty() && !value.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::{Candidate, Shell, Typed};

    fn candidate(value: &str) -> Candidate {
        Candidate { value: value.into(), help: Some("id 1".into()) }
    }

    #[test]
    fn a_shell_is_known_by_its_name_and_its_path() {
        for (name, shell) in [
            ("bash", Some(Shell::Bash)),
            ("/usr/bin/zsh", Some(Shell::Zsh)),
            ("C:\\Program Files\\PowerShell\\pwsh.exe", Some(Shell::Pwsh)),
            ("tcsh", None),
            ("", None),
        ] {
            assert_eq!(Shell::named(name), shell, "{name}");
        }
    }

    #[test]
    fn a_candidate_with_a_line_break_is_not_offered() {
        for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::Pwsh, Shell::Zsh] {
            let answer = shell.answer(&Typed::default(), &[candidate("a\nb"), candidate("a\u{1b}[31m"), candidate("")]);
            assert_eq!(answer, "", "{shell:?}");
        }
    }

    #[test]
    fn powershell_passes_words_and_gets_them_quoted() {
        let typed = |last: &str| Shell::Pwsh.typed(vec!["optra".into(), "keys".into(), last.into()]);
        assert_eq!(typed("=").unwrap().current, "");
        assert_eq!(typed("='ci ru").unwrap().current, "ci ru");
        assert_eq!(typed("ci"), None);
        let answer = |value: &str| Shell::Pwsh.answer(&Typed::default(), &[candidate(value)]);
        assert_eq!(answer("ci"), "ci\tci\tid 1\n");
        assert_eq!(answer("$(x) 'y'"), "'$(x) ''y'''\t$(x) 'y'\tid 1\n");
        assert_eq!(answer("id,name"), "'id,name'\tid,name\tid 1\n");
        assert_eq!(answer("it\u{2019}s"), "'it\u{2019}\u{2019}s'\tit\u{2019}s\tid 1\n");
    }
}
