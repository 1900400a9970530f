//! The filter that a result passes through, and how much of its output can be written before the rest exists.
//!
//! It writes nothing.

use std::ops::ControlFlow;

use super::settings::Settings;
use super::{jq, template};
use crate::secret;

/// How much is held back while more follows: a secret that is not complete yet is in it.
const KEPT: usize = 1 << 15;

/// The most that waits for a safe place to cut.
const MOST: usize = 1 << 20;

/// The most output for a result that cannot be produced again, of which nothing is written before all of it exists.
const MOST_ONCE: usize = 16 << 20;

/// A filter that the result passes through.
pub enum Filter {
    Jq(jq::Filter),
    Template(template::Template),
}

impl Filter {
    /// Takes the filter from the settings, where it was checked already.
    pub fn of(settings: &Settings) -> Option<Filter> {
        let jq = || Some(Filter::Jq(jq::Filter::new(settings.jq.as_deref()?).ok()?));
        let template = || Some(Filter::Template(template::Template::new(settings.template.as_deref()?).ok()?));
        jq().or_else(template)
    }

    /// Makes the filter take a list item by item, and returns true, if its outputs are the same then.
    pub fn take_items(&self) -> bool {
        matches!(self, Filter::Jq(filter) if filter.take_items())
    }

    /// Returns true if the filter takes a list item by item.
    pub fn takes_items(&self) -> bool {
        matches!(self, Filter::Jq(filter) if filter.takes_items())
    }

    /// Formats a result; calls `take` whenever there is much output.
    pub fn run(
        &self,
        json: &[u8],
        to: &mut Vec<u8>,
        said: &mut String,
        take: jq::Take<'_>,
    ) -> Result<jq::Ending, String> {
        match self {
            Filter::Jq(filter) => filter.run(json, to, said, take),
            Filter::Template(template) => template.run(json, to).map(|()| jq::Ending::Continues),
        }
    }

    /// The same for a result that cannot be produced again: keeps all of it.
    pub fn run_whole(&self, json: &[u8], to: &mut Vec<u8>, said: &mut String) -> Result<jq::Ending, String> {
        let mut is_endless = false;
        let ending = self.run(json, to, said, &mut |made, said| {
            is_endless = made.len().max(said.len()) > MOST_ONCE;
            if is_endless { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if is_endless {
            Err(format!("the filter makes more than {} MiB of the answer", MOST_ONCE >> 20))
        } else {
            ending
        }
    }
}

/// Returns how many bytes can be written now: whole lines, and no secret that reaches over the end.
pub fn leaving(made: &[u8]) -> usize {
    if made.len() >= MOST {
        return made.len();
    }
    let before = &made[..made.len().saturating_sub(KEPT)];
    let Some(end) = before.iter().rposition(|byte| *byte == b'\n') else { return 0 };
    let (gone, left) = made.split_at(end + 1);
    let apart = [secret::mask_bytes(gone, None), secret::mask_bytes(left, None)].concat();
    if apart == *secret::mask_bytes(made, None) { gone.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, leaving};
    use crate::secret::Secret;

    #[test]
    fn whole_lines_leave_and_no_part_of_a_secret() {
        let rest = "x\n".repeat(KEPT / 2);
        assert_eq!(leaving(rest.as_bytes()), 0);
        assert_eq!(leaving(format!("one\ntwo\n{rest}").as_bytes()), 8);
        assert_eq!(leaving(format!("one\n{}", "x".repeat(KEPT)).as_bytes()), 4);
        let secret = Secret::new("wX4nb-filter-Tq81mZ".into());
        let letters: Vec<String> = secret.expose().chars().map(String::from).collect();
        let text = format!("one\n{}\n{}", letters[..9].join("\n"), letters[9..].join("\n"));
        let cut_in_it = format!("{text}\n{}", "\n".repeat(KEPT - text.len() + 22));
        assert_eq!(leaving(cut_in_it.as_bytes()), 0);
    }
}
