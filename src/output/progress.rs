//! The progress of a listing on stderr, for a person who waits and sees no other output.

use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::handle::Output;
use super::safe::safe;
use crate::secret;

/// Shorter waits show no progress.
const PATIENCE: Duration = Duration::from_millis(300);

const TICK: Duration = Duration::from_millis(100);

/// A progress line, shown until it is dropped; nothing if nobody would see it.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Output {
    /// Starts to show how many items have come. Shows nothing if rows appear on the same terminal.
    pub fn progress(&self, many: &str) -> Progress {
        let progress = self.line_of(!self.out.terminal, "{pos}{msg}");
        if let Some(bar) = &progress.bar {
            bar.set_message(format!(" {many}"));
        }
        progress
    }

    /// Starts to show what the run waits for, and for how long.
    pub fn waiting(&self) -> Progress {
        self.line_of(true, "{msg} ({elapsed})")
    }

    fn line_of(&self, is_alone: bool, template: &str) -> Progress {
        if !self.err.terminal || !is_alone || self.quiet || self.no_animation {
            return Progress { bar: None };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        let waiting = bar.clone();
        let wait = move || {
            thread::sleep(PATIENCE);
            if !waiting.is_finished() {
                waiting.set_draw_target(ProgressDrawTarget::stderr());
                waiting.enable_steady_tick(TICK);
            }
        };
        // Without a thread, no progress is shown.
        let _ = thread::Builder::new().spawn(wait);
        Progress { bar: Some(bar) }
    }
}

impl Progress {
    /// Sets how many items have come, and the total if it is known.
    pub fn tell(&mut self, count: usize, total: Option<usize>) {
        let Some(bar) = &self.bar else { return };
        bar.set_position(count as u64);
        if let Some(total) = total {
            bar.set_length(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{pos} of {len}{msg}") {
                bar.set_style(style);
            }
        }
    }
}

impl Progress {
    /// Returns true if the line is shown.
    pub fn is_shown(&self) -> bool {
        self.bar.is_some()
    }

    /// Sets the text of the line.
    pub fn say(&self, sentence: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(safe(&secret::mask(sentence)).into_owned());
        }
    }

    /// Hides the line while `write` prints lines of its own.
    pub fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
