//! The ids of the rows that came last, so that one which moves from page to page meanwhile comes once, in bounded memory.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// So many of the last rows are known again, and no more.
const KNOWN_AGAIN: usize = 16_384;

/// The ids of the last rows, as hashes: that two of so few are the same by chance is less likely than a fault of the machine.
#[derive(Default)]
pub struct RecentIds {
    seen: HashSet<u64>,
    order: VecDeque<u64>,
    hasher: RandomState,
}

impl RecentIds {
    /// Returns true for an id that was not seen lately.
    pub fn is_new(&mut self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        if !self.seen.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > KNOWN_AGAIN
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}
