//! The ids of recent rows, to drop duplicates when a row moves between pages, in bounded memory.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// The number of recent rows that are remembered.
const KNOWN_AGAIN: usize = 16_384;

/// The hashes of recent ids: with so few, a collision is less likely than a hardware fault.
#[derive(Default)]
pub struct RecentIds {
    seen: HashSet<u64>,
    order: VecDeque<u64>,
    hasher: RandomState,
}

impl RecentIds {
    /// Returns true for an id that was not seen recently.
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
