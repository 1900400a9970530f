//! The ways in which a secret leaves on purpose: because the user asked for it, or because a system has to mask it.

use std::fmt::Display;
use std::sync::atomic::Ordering;

use zeroize::{Zeroize, Zeroizing};

use super::error::Error;
use super::handle::Output;
use super::stream::lock;
use crate::interrupt;
use crate::secret::Secret;

impl Output {
    /// Lets a pager show what is written from now on, if it turns out to be longer than the screen; but not what may hold a
    /// secret, such as the answer to what changed something.
    pub fn page(&self) {
        if !self.unrepeatable.load(Ordering::Relaxed) && lock(&self.revealed).is_none() {
            self.paging.begin();
        }
    }

    /// Returns true once a pager was left, or Ctrl-C stopped what it is given, before it had shown all.
    pub fn was_left(&self) -> bool {
        self.paging.was_left() || interrupt::is_stopped()
    }

    /// Lets one secret through to stdout, in what `write` writes: it is what the user asked for.
    pub fn revealing(&self, secret: &Secret, write: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        self.flush()?;
        // It is for the terminal alone, and not for what a pager may keep.
        self.end_paging();
        self.ensure_open()?;
        *lock(&self.revealed) = Some(secret.clone());
        self.has_left.store(false, Ordering::Relaxed);
        let written = write().and_then(|()| self.flush());
        // A filter may leave it out, and then nobody would have it.
        let written = match written {
            Ok(()) if self.has_filter() && !self.has_left.load(Ordering::Relaxed) => {
                Err(Error::Filter("the filter leaves the secret out, and nobody would have it".to_owned()))
            }
            written => written,
        };
        lock(&self.revealed).take();
        lock(&self.held).zeroize();
        written
    }

    /// Returns true once a secret was let through: in a machine format, what it stands in is the one document of the run.
    pub fn has_revealed(&self) -> bool {
        self.has_left.load(Ordering::Relaxed)
    }

    /// Shows a secret to the person at the terminal, as the last place that it can reach; returns false if there is none.
    pub fn show_once(&self, sentence: impl Display, secret: &Secret) -> bool {
        let stream = [&self.err, &self.out].into_iter().find(|stream| stream.terminal);
        let Some(stream) = stream else { return false };
        self.flush_before();
        let line = Zeroizing::new(format!("{sentence}\n{}\n", secret.expose()));
        lock(&stream.to).write_all(line.as_bytes()).is_ok()
    }

    /// Tells the system that runs the job, on stderr and in its own words, which value to mask.
    pub fn tell_masking_system(&self, words: &str, escapes: &[(&str, &str)], secret: &Secret) {
        self.flush_before();
        let mut value = Zeroizing::new(secret.expose().to_owned());
        for (letter, escaped) in escapes {
            value = Zeroizing::new(value.replace(letter, escaped));
        }
        let line = Zeroizing::new(format!("{words}{}\n", value.as_str()));
        let _ = lock(&self.err.to).write_all(line.as_bytes());
    }
}
