//! Holds stderr back while another program has the screen, so that its lines do not mix with that program's.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::stream::lock;

/// The most bytes that are held back; nobody reads more afterwards.
const MOST: usize = 1 << 20;

/// Holds lines of stderr back on request.
#[derive(Default)]
pub struct StderrBuffer {
    is_holding: AtomicBool,
    lines: Mutex<Vec<u8>>,
}

impl StderrBuffer {
    /// Starts to hold lines back.
    pub fn hold(&self) {
        self.is_holding.store(true, Ordering::SeqCst);
    }

    /// Returns true while lines are held back.
    pub fn is_holding(&self) -> bool {
        self.is_holding.load(Ordering::SeqCst)
    }

    /// Takes a line that has to wait; returns false if it need not wait.
    pub fn captures(&self, line: &[u8]) -> bool {
        if !self.is_holding() {
            return false;
        }
        let mut lines = lock(&self.lines);
        if lines.len() + line.len() <= MOST {
            lines.extend_from_slice(line);
        }
        true
    }

    /// Stops holding lines back, and returns the held ones.
    pub fn release(&self) -> Vec<u8> {
        self.is_holding.store(false, Ordering::SeqCst);
        std::mem::take(&mut *lock(&self.lines))
    }
}
