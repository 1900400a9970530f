//! Conditions of keys at work on a listing.

use jiff::Timestamp;

use super::record::ListedKey;
use crate::commands::listing::Filter;
use crate::context::Context;
use crate::lifecycle::{Condition, Ternary, judge};
use crate::portal::Predicate;

/// Conditions at work on a listing.
pub struct Judging {
    conditions: Vec<Condition>,
    now: Timestamp,
    /// How many keys may be meant, or not.
    unknown: usize,
}

impl Judging {
    /// Starts to look at keys, at the moment `now`.
    pub fn new(conditions: Vec<Condition>, now: Timestamp) -> Judging {
        Judging { conditions, now, unknown: 0 }
    }
}

impl Filter<ListedKey> for Judging {
    fn predicates(&self) -> Vec<Predicate> {
        let field = |condition: &Condition| match condition {
            Condition::Name(_) => "name",
            Condition::UnusedFor(_) | Condition::LastUsed(_) => "lastUsedAt",
            Condition::OlderThan(_) | Condition::Created(_) => "createdAt",
        };
        self.conditions.iter().map(|condition| Predicate { field: field(condition).to_owned(), equals: None }).collect()
    }

    /// What the portal does not tell of a key is no failure: the key is one that may be meant.
    fn is_required(&self) -> bool {
        false
    }

    fn takes(&mut self, listed: &ListedKey) -> bool {
        let truth = judge(&self.conditions, &listed.key, self.now);
        self.unknown += usize::from(truth == Ternary::Unknown);
        truth == Ternary::Yes
    }

    fn tell(&self, _: Option<&[String]>, cx: &Context) {
        if self.unknown > 0 {
            let count = self.unknown;
            cx.out
                .warn(format_args!("{count} more may be meant: the portal does not tell when they were made or used"));
        }
    }
}
