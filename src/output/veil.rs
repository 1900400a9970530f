//! Holds stderr back while another program has the screen, so that its lines do not mix with that program's.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::stream::lock;

/// The most bytes that are held back; nobody reads more afterwards.
const MOST: usize = 1 << 20;

/// Holds lines back while it is drawn.
#[derive(Default)]
pub struct Veil {
    is_drawn: AtomicBool,
    held: Mutex<Vec<u8>>,
}

impl Veil {
    /// Starts to hold lines back.
    pub fn draw(&self) {
        self.is_drawn.store(true, Ordering::SeqCst);
    }

    /// Returns true while lines are held back.
    pub fn is_drawn(&self) -> bool {
        self.is_drawn.load(Ordering::SeqCst)
    }

    /// Takes a line that has to wait; returns false if it need not wait.
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

    /// Stops holding lines back, and returns the held ones.
    pub fn lift(&self) -> Vec<u8> {
        self.is_drawn.store(false, Ordering::SeqCst);
        std::mem::take(&mut *lock(&self.held))
    }
}
