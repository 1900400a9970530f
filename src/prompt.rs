//! Questions to a person. Whether anybody can answer is decided once, and only this module asks.
//!
//! A question goes to the terminal, never to stdout. Ctrl-C at a question restores the terminal.

use std::io::{self, IsTerminal, Write};
use std::thread;

use dialoguer::Password;
use dialoguer::theme::SimpleTheme;

use crate::interrupt;
use crate::secret::Secret;

/// Why a question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("this needs an answer, and {0}")]
    Nobody(Why),
    #[error("no answer was given")]
    NoAnswer,
    #[error("the terminal cannot be asked")]
    Failed(#[source] io::Error),
}

/// Why nobody can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("`--no-input` forbids questions")]
    NoInput,
    #[error("`CI` is set, so nobody is there to give one")]
    Ci,
    #[error("the output is for a program")]
    Machine,
    #[error("stdin is not a terminal")]
    Stdin,
    #[error("stderr is not a terminal")]
    Stderr,
}

/// What decides whether a question may be asked.
#[derive(Clone, Copy, Debug)]
pub struct Interactivity {
    pub no_input: bool,
    pub ci: bool,
    pub machine: bool,
    pub stdin: bool,
    pub stderr: bool,
}

impl Interactivity {
    /// Looks at this process's terminal.
    pub fn here(no_input: bool, ci: bool, machine: bool) -> Interactivity {
        Interactivity { no_input, ci, machine, stdin: io::stdin().is_terminal(), stderr: io::stderr().is_terminal() }
    }

    /// Returns the reason why no question may be asked, if there is one.
    fn forbid(self) -> Option<Why> {
        match self {
            Interactivity { no_input: true, .. } => Some(Why::NoInput),
            Interactivity { ci: true, .. } => Some(Why::Ci),
            Interactivity { machine: true, .. } => Some(Why::Machine),
            Interactivity { stdin: false, .. } => Some(Why::Stdin),
            Interactivity { stderr: false, .. } => Some(Why::Stderr),
            _ => None,
        }
    }
}

/// Asks questions, if that is allowed.
pub struct Prompt {
    forbidden: Option<Why>,
}

impl Prompt {
    /// Decides for the whole run whether questions are allowed.
    pub fn new(circumstances: Interactivity) -> Prompt {
        Prompt { forbidden: circumstances.forbid() }
    }

    /// Fails if nobody can be asked, so that a verb can refuse before it does anything.
    pub fn available(&self) -> Result<(), Error> {
        self.forbidden.map_or(Ok(()), |why| Err(Error::Nobody(why)))
    }

    /// Asks for a secret; what is typed is not shown.
    pub fn secret(&self, question: &str) -> Result<Secret, Error> {
        self.available()?;
        let hidden = interrupt::HiddenInput::begin();
        let answer = Password::with_theme(&SimpleTheme).with_prompt(question).allow_empty_password(true).interact();
        drop(hidden);
        match answered(answer)? {
            text if text.trim().is_empty() => Err(Error::NoAnswer),
            text => Ok(Secret::new(text)),
        }
    }

    /// Asks for a line of text. The terminal itself edits the line.
    pub fn typed(&self, question: &str) -> Result<String, Error> {
        self.available()?;
        interrupt::install();
        let ask = || {
            // One write, so that text typed ahead is echoed before or after the question and not inside it.
            io::stderr().write_all(format!("{question}: ").as_bytes())?;
            let mut line = String::new();
            io::stdin().read_line(&mut line)?;
            Ok(line)
        };
        match ask().map_err(Error::Failed)? {
            line if line.is_empty() => {
                // After the end of input, the cursor is still on the question's line.
                let _ = writeln!(io::stderr());
                Err(Error::NoAnswer)
            }
            line => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        }
    }
}

fn answered(answer: dialoguer::Result<String>) -> Result<String, Error> {
    match answer {
        Ok(text) => Ok(text),
        Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Error::NoAnswer),
        // Ctrl-C reached this thread too; the handler's thread restores the terminal and ends the process.
        Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => loop {
            thread::park();
        },
        Err(dialoguer::Error::IO(error)) => Err(Error::Failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Interactivity, Why};

    const PERSON: Interactivity =
        Interactivity { no_input: false, ci: false, machine: false, stdin: true, stderr: true };

    #[test]
    fn only_a_person_at_a_terminal_is_asked() {
        for (circumstances, forbidden) in [
            (PERSON, None),
            (Interactivity { no_input: true, ..PERSON }, Some(Why::NoInput)),
            (Interactivity { ci: true, ..PERSON }, Some(Why::Ci)),
            (Interactivity { machine: true, ..PERSON }, Some(Why::Machine)),
            (Interactivity { stdin: false, ..PERSON }, Some(Why::Stdin)),
            (Interactivity { stderr: false, ..PERSON }, Some(Why::Stderr)),
        ] {
            assert_eq!(circumstances.forbid(), forbidden, "{circumstances:?}");
        }
    }
}
