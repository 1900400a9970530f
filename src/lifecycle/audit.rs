//! The rules of an audit of keys.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::condition::{last_activity, timestamp};
use super::whereabouts::still_held;
use crate::portal::keys::ApiKey;
use crate::text::counted;

/// A rule of the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema, Serialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Older than a key may be
    Old,
    /// Not used for longer than a key may be
    Unused,
    /// Has no name
    Unnamed,
    /// Has the same name as another
    SameName,
    /// The portal does not tell when it was made
    UnknownAge,
    /// The portal does not tell when it was used
    UnknownUse,
}

impl Rule {
    /// Returns the name, as `--fail-on` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Old => "old",
            Rule::Unused => "unused",
            Rule::Unnamed => "unnamed",
            Rule::SameName => "same-name",
            Rule::UnknownAge => "unknown-age",
            Rule::UnknownUse => "unknown-use",
        }
    }

    /// Returns a description of the findings, for the help.
    pub fn finds(self) -> &'static str {
        match self {
            Rule::Old => "Older than a key may be",
            Rule::Unused => "Not used for longer than a key may be",
            Rule::Unnamed => "Has no name",
            Rule::SameName => "Has the same name as another",
            Rule::UnknownAge => "The portal does not tell when it was made",
            Rule::UnknownUse => "The portal does not tell when it was used",
        }
    }

    /// Returns the reason for the rule, as a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Rule::Old => "Keys are rotated before they are too old.",
            Rule::Unused => "Keys that nothing uses are revoked.",
            Rule::Unnamed => "Keys have names that say what they are for.",
            Rule::SameName => "Each integration has a key of its own, with a name of its own.",
            Rule::UnknownAge => "The age of each key is known.",
            Rule::UnknownUse => "The last use of each key is known.",
        }
    }
}

/// A finding about a key.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub rule: Rule,
    pub key_id: String,
    pub key_name: Option<String>,
    pub message: String,
    /// The profile whose keys were listed, with several profiles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The portal of the key.
    #[serde(skip)]
    pub portal: String,
}

/// Allowed skew between clocks; a time further in the future is invalid.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// The limits of the audit.
#[derive(Debug)]
pub struct AuditPolicy {
    pub age: SignedDuration,
    pub unused: SignedDuration,
    /// True if every key has to have a name.
    pub name: bool,
}

/// Returns the findings about a portal's keys, key by key. `places` returns the known places of a key's secret.
pub fn find(
    keys: &[ApiKey],
    portal: &str,
    limits: &AuditPolicy,
    places: &dyn Fn(&str) -> Vec<String>,
    now: Timestamp,
) -> Vec<Finding> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    keys.iter().filter_map(|key| key.name.as_deref()).for_each(|name| *names.entry(name).or_default() += 1);
    let mut findings = Vec::new();
    for key in keys {
        let mut add = |rule, message: String| {
            // Whoever rotates or revokes the key has to know where it is used.
            let message = match still_held(&places(&key.id)) {
                Some(held) if matches!(rule, Rule::Old | Rule::Unused) => format!("{message}; {held}"),
                _ => message,
            };
            let (key_id, key_name) = (key.id.clone(), key.name.clone());
            findings.push(Finding { rule, key_id, key_name, message, profile: None, portal: portal.to_owned() });
        };
        let past = |moment: Timestamp| Some(now.duration_since(moment)).filter(|since| *since > -SKEW);
        match timestamp(key.created_at.as_ref()).and_then(past) {
            None => add(Rule::UnknownAge, "the portal does not tell when it was made".to_owned()),
            Some(age) if age > limits.age => {
                add(Rule::Old, format!("it is {} old, more than {}", days(age), days(limits.age)));
            }
            Some(_) => {}
        }
        let never = key.last_used_at.is_none();
        match last_activity(key).and_then(past) {
            None => add(Rule::UnknownUse, "the portal does not tell when it was last used".to_owned()),
            Some(since) if since > limits.unused && never => {
                add(Rule::Unused, format!("it was never used since it was made {} ago", days(since)));
            }
            Some(since) if since > limits.unused => {
                add(Rule::Unused, format!("it was not used for {}, more than {}", days(since), days(limits.unused)));
            }
            Some(_) => {}
        }
        match &key.name {
            None if limits.name => add(Rule::Unnamed, "it has no name that says what it is for".to_owned()),
            Some(name) if names.get(name.as_str()).is_some_and(|count| *count > 1) => {
                add(Rule::SameName, format!("{} keys have this name", names[name.as_str()]));
            }
            _ => {}
        }
    }
    findings
}

fn days(age: SignedDuration) -> String {
    match age.as_hours() / 24 {
        0 => format!("{} h", age.as_hours()),
        days => counted(usize::try_from(days).unwrap_or(usize::MAX), "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::{AuditPolicy, Rule, find};
    use crate::portal::keys::ApiKey;
    use crate::portal::scalars::DateTime;
    use crate::text::age;

    fn key(id: &str, name: Option<&str>, created: Option<&str>, used: Option<&str>) -> ApiKey {
        let time = |text: &str| DateTime::At(format!("{text}T00:00:00Z").parse().unwrap());
        let (id, name) = (id.to_owned(), name.map(str::to_owned));
        ApiKey {
            id,
            name,
            created_at: created.map(time),
            last_used_at: used.map(time),
            created_by: None,
            tells_use: true,
        }
    }

    #[test]
    fn what_is_not_known_is_never_fine() {
        let limits = AuditPolicy { age: age("90d").unwrap(), unused: age("30d").unwrap(), name: true };
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let rules = |key: ApiKey, tells_use: bool| {
            find(&[ApiKey { tells_use, ..key }], "", &limits, &|_| Vec::new(), now)
                .into_iter()
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        for (key, tells_use, expected) in [
            (key("1", Some("a"), Some("2026-11-01"), Some("2026-11-20")), true, vec![]),
            (key("1", Some("a"), Some("2026-08-25"), Some("2026-10-24")), true, vec![]),
            (key("1", Some("a"), Some("2026-08-24"), Some("2026-10-23")), true, vec![Rule::Old, Rule::Unused]),
            (key("1", Some("a"), Some("2026-11-01"), None), true, vec![]),
            (key("1", Some("a"), Some("2026-10-01"), None), true, vec![Rule::Unused]),
            (key("1", Some("a"), Some("2026-11-01"), None), false, vec![Rule::UnknownUse]),
            (key("1", None, None, None), true, vec![Rule::UnknownAge, Rule::UnknownUse, Rule::Unnamed]),
        ] {
            assert_eq!(rules(key.clone(), tells_use), expected, "{key:?}");
        }
    }

    #[test]
    fn the_same_name_twice_is_found_for_both() {
        let limits = AuditPolicy { age: age("90d").unwrap(), unused: age("30d").unwrap(), name: false };
        let keys = ["1", "2", "3"]
            .map(|id| key(id, Some(if id == "3" { "b" } else { "a" }), Some("2026-11-20"), Some("2026-11-20")));
        let found = find(&keys, "", &limits, &|_| Vec::new(), "2026-11-23T00:00:00Z".parse().unwrap());
        let found: Vec<_> = found.iter().map(|finding| (finding.rule, finding.key_id.as_str())).collect();
        assert_eq!(found, [(Rule::SameName, "1"), (Rule::SameName, "2")]);
    }
}
