//! What has to wait while something else has the screen: lines on stderr would stand amid what it shows.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::stream::lock;

/// Nobody reads more lines than that afterwards.
const MOST: usize = 1 << 20;

/// Holds lines back while it is drawn.
#[derive(Default)]
pub struct Veil {
    is_drawn: AtomicBool,
    held: Mutex<Vec<u8>>,
}

impl Veil {
    /// Holds back what comes from now on.
    pub fn draw(&self) {
        self.is_drawn.store(true, Ordering::SeqCst);
    }

    /// Returns true while lines are held back.
    pub fn is_drawn(&self) -> bool {
        self.is_drawn.load(Ordering::SeqCst)
    }

    /// Takes a line that has to wait; returns false for one that need not.
    pub fn takes(&self, line: &[u8]) -> bool {
        if !self.is_drawn() {
            return false;
        }
        let mut held = lock(&self.held);
        if held.len() + line.len() <= MOST {
            held.extend_from_slice(line);
        }
        true
    }

    /// Lets all through again, and returns what had to wait.
    pub fn lift(&self) -> Vec<u8> {
        self.is_drawn.store(false, Ordering::SeqCst);
        std::mem::take(&mut *lock(&self.held))
    }
}
