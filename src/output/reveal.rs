//! The ways in which a secret is printed on purpose: because the user asked for it, or because a CI system has to mask
//! it.

use std::fmt::Display;
use std::sync::atomic::Ordering;

use zeroize::{Zeroize, Zeroizing};

use super::error::Error;
use super::handle::Output;
use super::stream::lock;
use crate::interrupt;
use crate::secret::Secret;

impl Output {
    /// Uses a pager for the output from now on, if it turns out to be longer than the screen; but not for output that
    /// may contain a secret, such as the response to a mutation.
    pub fn page(&self) {
        if !self.unrepeatable.load(Ordering::Relaxed) && lock(&self.revealed).is_none() {
            self.paging.begin();
        }
    }

    /// Returns true once the user has left the pager, or Ctrl-C has stopped its input, before its end.
    pub fn was_left(&self) -> bool {
        self.paging.was_left() || interrupt::is_stopped()
    }

    /// Lets one secret through to stdout in what `write` writes, because the user asked for it.
    pub fn revealing(&self, secret: &Secret, write: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        self.flush()?;
        // The secret is for the terminal only; a pager might keep it.
        self.end_paging();
        self.ensure_open()?;
        *lock(&self.revealed) = Some(secret.clone());
        self.secret_written.store(false, Ordering::Relaxed);
        let written = write().and_then(|()| self.flush());
        // A filter may drop the secret, and then nobody would have it.
        let written = match written {
            Ok(()) if self.has_filter() && !self.secret_written.load(Ordering::Relaxed) => {
                Err(Error::Filter("the filter drops the secret, and nobody would have it".to_owned()))
            }
            written => written,
        };
        lock(&self.revealed).take();
        lock(&self.buffer).zeroize();
        written
    }

    /// Returns true once a secret was printed: in a machine format, the document with it is the only one of the run.
    pub fn has_revealed(&self) -> bool {
        self.secret_written.load(Ordering::Relaxed)
    }

    /// Shows a secret to the person at the terminal, as the last resort; returns false if there is no terminal.
    pub fn show_once(&self, sentence: impl Display, secret: &Secret) -> bool {
        let stream = [&self.err, &self.out].into_iter().find(|stream| stream.terminal);
        let Some(stream) = stream else { return false };
        self.flush_before();
        let line = Zeroizing::new(format!("{sentence}\n{}\n", secret.expose()));
        lock(&stream.to).write_all(line.as_bytes()).is_ok()
    }

    /// Tells the CI system on stderr, in its own syntax, which value to mask.
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
