//! Conditions on keys, as a filter of a listing.

use jiff::Timestamp;

use super::record::ListedKey;
use crate::commands::listing::Filter;
use crate::context::Context;
use crate::lifecycle::{Condition, Ternary, judge};
use crate::portal::Predicate;

/// A filter of a listing, with its statistics.
pub struct KeyFilter {
    conditions: Vec<Condition>,
    now: Timestamp,
    /// The number of keys for which a condition could not be evaluated.
    unknown: usize,
}

impl KeyFilter {
    /// Returns a filter; ages are relative to `now`.
    pub fn new(conditions: Vec<Condition>, now: Timestamp) -> KeyFilter {
        KeyFilter { conditions, now, unknown: 0 }
    }
}

impl Filter<ListedKey> for KeyFilter {
    fn predicates(&self) -> Vec<Predicate> {
        let field = |condition: &Condition| match condition {
            Condition::Name(_) => "name",
            Condition::UnusedFor(_) | Condition::LastUsed(_) => "lastUsedAt",
            Condition::OlderThan(_) | Condition::Created(_) => "createdAt",
        };
        self.conditions.iter().map(|condition| Predicate { field: field(condition).to_owned(), equals: None }).collect()
    }

    /// A field that the portal does not give is no failure: the key may match.
    fn is_required(&self) -> bool {
        false
    }

    fn matches(&mut self, listed: &ListedKey) -> bool {
        let truth = judge(&self.conditions, &listed.key, self.now);
        self.unknown += usize::from(truth == Ternary::Unknown);
        truth == Ternary::Yes
    }

    fn tell(&self, _: Option<&[String]>, cx: &Context) {
        if self.unknown > 0 {
            let count = self.unknown;
            cx.out.warn(format_args!("{count} more may match: the portal does not tell when they were made or used"));
        }
    }
}
