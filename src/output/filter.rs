//! What a result goes through before it leaves, and how much of what that makes can leave while the rest is made.
//!
//! It writes nothing.

use std::ops::ControlFlow;

use super::settings::Settings;
use super::{jq, template};
use crate::secret;

/// What stays behind while more comes: a secret that has not come in full is in there.
const KEPT: usize = 1 << 15;

/// No more than that waits for a place at which it could be cut.
const MOST: usize = 1 << 20;

/// So much may be made of what can be had but once, none of which leaves before all of it is there.
const MOST_ONCE: usize = 16 << 20;

/// What a result goes through before it leaves.
pub enum Filter {
    Jq(jq::Filter),
    Template(template::Template),
}

impl Filter {
    /// Takes what a run chose; it was checked before.
    pub fn of(settings: &Settings) -> Option<Filter> {
        let jq = || Some(Filter::Jq(jq::Filter::new(settings.jq.as_deref()?).ok()?));
        let template = || Some(Filter::Template(template::Template::new(settings.template.as_deref()?).ok()?));
        jq().or_else(template)
    }

    /// Makes its text of a result. `take` is called whenever there is much of it.
    pub fn run(
        &self,
        json: &[u8],
        to: &mut Vec<u8>,
        said: &mut String,
        take: jq::Take<'_>,
    ) -> Result<jq::Ending, String> {
        match self {
            Filter::Jq(filter) => filter.run(json, to, said, take),
            Filter::Template(template) => template.run(json, to).map(|()| jq::Ending::GoesOn),
        }
    }

    /// Does the same with what can be had but once: no part of it leaves.
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

/// Returns how much can leave by itself: lines that are whole, where no secret reaches over the end.
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
