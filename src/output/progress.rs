//! How far a listing has come, on stderr, for a person who waits and sees nothing else move.

use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::handle::Output;

/// What takes less needs no telling.
const PATIENCE: Duration = Duration::from_millis(300);

const BLINK: Duration = Duration::from_millis(100);

/// A line that is there while this lives; nothing where nobody would see it.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Output {
    /// Starts to tell how many things have come. Where rows appear on the same terminal, they tell it themselves.
    pub fn progress(&self, many: &str) -> Progress {
        if !self.err.terminal || self.out.terminal || self.quiet || self.still {
            return Progress { bar: None };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{pos}{msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.set_message(format!(" {many}"));
        let waiting = bar.clone();
        let wait = move || {
            thread::sleep(PATIENCE);
            if !waiting.is_finished() {
                waiting.set_draw_target(ProgressDrawTarget::stderr());
                waiting.enable_steady_tick(BLINK);
            }
        };
        // Nothing is told where the system gives no thread.
        let _ = thread::Builder::new().spawn(wait);
        Progress { bar: Some(bar) }
    }
}

impl Progress {
    /// Tells how many there are so far, of how many in all where that is known.
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

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
