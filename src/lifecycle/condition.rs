//! Conditions on keys, in three-valued logic: an unknown property never makes a condition true.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::portal::keys::ApiKey;
use crate::portal::scalars::DateTime;
use crate::text::{Clause, Operand, Operator, TextPattern, age};

/// A condition on a key.
#[derive(Clone, Debug)]
pub enum Condition {
    Name(TextPattern),
    Created(Clause),
    /// A key that was never used has no last use; the empty text matches it.
    LastUsed(Clause),
    /// Unused for this long; for a key that was never used, since its creation.
    UnusedFor(SignedDuration),
    OlderThan(SignedDuration),
}

/// The result of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ternary {
    Yes,
    No,
    /// The portal does not tell.
    Unknown,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Condition, String> {
        let how = || {
            "write it as name='ci-*', unused-for=90d, older-than=90d, or 'lastUsedAt before 2026-01-31'; `optra help filters` \
             tells all"
                .to_owned()
        };
        let clause =
            Clause::parse(text).map_err(|problem| if problem.starts_with("write") { how() } else { problem })?;
        match (clause.field.as_str(), clause.operator, &clause.operand) {
            ("name", Operator::Is, Operand::Text(wanted)) => Ok(Condition::Name(wanted.clone())),
            ("unused-for", Operator::Is, Operand::Text(text)) => {
                text.exact().ok_or_else(how).and_then(age).map(Condition::UnusedFor)
            }
            ("older-than", Operator::Is, Operand::Text(text)) => {
                text.exact().ok_or_else(how).and_then(age).map(Condition::OlderThan)
            }
            ("createdAt", _, Operand::Age(_) | Operand::Time(_)) => Ok(Condition::Created(clause)),
            ("lastUsedAt", _, Operand::Age(_) | Operand::Time(_)) => Ok(Condition::LastUsed(clause)),
            ("lastUsedAt", _, Operand::Text(text)) if text.exact() == Some("") => Ok(Condition::LastUsed(clause)),
            _ => Err(how()),
        }
    }
}

impl Condition {
    /// Evaluates the condition for a key; ages are relative to `now`.
    pub fn judge(&self, key: &ApiKey, now: Timestamp) -> Ternary {
        match self {
            Condition::Name(wanted) => match &key.name {
                Some(name) if wanted.is_met_by(name) => Ternary::Yes,
                _ => Ternary::No,
            },
            Condition::OlderThan(age) => is_before(timestamp(key.created_at.as_ref()), now, *age),
            Condition::UnusedFor(age) => is_before(last_activity(key), now, *age),
            Condition::Created(clause) => at(clause, timestamp(key.created_at.as_ref()), now),
            Condition::LastUsed(_) if key.last_used_at.is_none() && !key.tells_use => Ternary::Unknown,
            Condition::LastUsed(Clause { operand: Operand::Text(_), operator, .. }) => {
                Ternary::of(key.last_used_at.is_none() == (*operator == Operator::Is))
            }
            // A key that was never used was used neither before nor after any time.
            Condition::LastUsed(_) if key.last_used_at.is_none() => Ternary::No,
            Condition::LastUsed(clause) => at(clause, timestamp(key.last_used_at.as_ref()), now),
        }
    }
}

impl Ternary {
    fn of(is_true: bool) -> Ternary {
        if is_true { Ternary::Yes } else { Ternary::No }
    }
}

fn at(clause: &Clause, moment: Option<Timestamp>, now: Timestamp) -> Ternary {
    moment.and_then(|moment| clause.is_true_of_time(moment, now)).map_or(Ternary::Unknown, Ternary::of)
}

/// 2010-01-01, in seconds since 1970; no key is older.
const FIRST: i64 = 1_262_304_000;

/// Evaluates all conditions for a key; one that is false decides.
pub fn judge(conditions: &[Condition], key: &ApiKey, now: Timestamp) -> Ternary {
    let truths: Vec<Ternary> = conditions.iter().map(|condition| condition.judge(key, now)).collect();
    match (truths.contains(&Ternary::No), truths.contains(&Ternary::Unknown)) {
        (true, _) => Ternary::No,
        (false, true) => Ternary::Unknown,
        (false, false) => Ternary::Yes,
    }
}

/// The last use of a key, as far as the portal tells.
#[derive(Clone, Copy, Debug)]
pub enum LastUse<'k> {
    At(&'k DateTime),
    Never,
    /// The portal does not tell whether keys are used.
    Unknown,
}

impl<'k> LastUse<'k> {
    /// Returns the last use of a key.
    pub fn of(key: &'k ApiKey) -> LastUse<'k> {
        match &key.last_used_at {
            Some(time) => LastUse::At(time),
            None if key.tells_use => LastUse::Never,
            None => LastUse::Unknown,
        }
    }
}

/// Returns the last use of a key, or its creation if it was never used; `None` if the portal does not tell.
pub fn last_activity(key: &ApiKey) -> Option<Timestamp> {
    match &key.last_used_at {
        Some(used) => {
            timestamp(Some(used)).filter(|used| timestamp(key.created_at.as_ref()).is_none_or(|made| made <= *used))
        }
        None if !key.tells_use => None,
        None => timestamp(key.created_at.as_ref()),
    }
}

/// Returns a time if it is parsed and plausible.
pub fn timestamp(time: Option<&DateTime>) -> Option<Timestamp> {
    match time? {
        // An earlier time is a zero, or seconds where milliseconds are expected.
        DateTime::At(moment) => Some(*moment).filter(|moment| moment.as_second() > FIRST),
        DateTime::Text(_) => None,
    }
}

fn is_before(moment: Option<Timestamp>, now: Timestamp, age: SignedDuration) -> Ternary {
    match moment {
        None => Ternary::Unknown,
        Some(moment) if now.duration_since(moment) >= age => Ternary::Yes,
        Some(_) => Ternary::No,
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Ternary, judge};
    use crate::portal::keys::ApiKey;
    use crate::portal::scalars::DateTime;

    fn key(name: Option<&str>, created: Option<&str>, used: Option<&str>) -> ApiKey {
        let time = |text: &str| DateTime::At(text.parse().unwrap());
        ApiKey {
            id: "1".into(),
            name: name.map(str::to_owned),
            created_at: created.map(time),
            last_used_at: used.map(time),
            created_by: None,
            tells_use: true,
        }
    }

    #[test]
    fn what_is_not_known_is_neither_yes_nor_no() {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let (old, new) = (Some("2026-01-01T00:00:00Z"), Some("2026-11-20T00:00:00Z"));
        for (conditions, key, truth) in [
            (&["name=ci-*"][..], key(Some("ci-1"), None, None), Ternary::Yes),
            (&["name=ci-*"], key(Some("CI-1"), None, None), Ternary::No),
            (&["name=*"], key(None, None, None), Ternary::No),
            (&["older-than=90d"], key(None, old, None), Ternary::Yes),
            (&["older-than=90d"], key(None, None, old), Ternary::Unknown),
            (&["unused-for=90d"], key(None, old, new), Ternary::No),
            (&["unused-for=90d"], key(None, old, None), Ternary::Yes),
            (&["unused-for=90d"], key(None, None, None), Ternary::Unknown),
            (&["createdAt older-than 90d"], key(None, old, None), Ternary::Yes),
            (&["createdAt>90d"], key(None, None, None), Ternary::Unknown),
            (&["createdAt after 2026-01-01"], key(None, old, None), Ternary::No),
            (&["lastUsedAt before 2026-11-20"], key(None, old, new), Ternary::No),
            (&["lastUsedAt newer-than 90d"], key(None, old, new), Ternary::Yes),
            (&["lastUsedAt older-than 1d"], key(None, old, None), Ternary::No),
            (&["lastUsedAt="], key(None, old, None), Ternary::Yes),
            (&["lastUsedAt!="], key(None, old, None), Ternary::No),
            (&["name~ci-*"], key(Some("ci-1"), None, None), Ternary::Yes),
            (&["name==ci-*"], key(Some("ci-1"), None, None), Ternary::No),
            (&["older-than=90d", "name=ci-*"], key(Some("x"), None, None), Ternary::No),
            (&["older-than=90d", "name=x"], key(Some("x"), None, None), Ternary::Unknown),
            (&[], key(None, None, None), Ternary::Yes),
        ] {
            let parsed: Vec<Condition> = conditions.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(judge(&parsed, &key, now), truth, "{conditions:?} {key:?}");
        }
    }
}
