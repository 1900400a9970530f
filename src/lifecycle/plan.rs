//! What would be revoked, written down to be looked at, and done later only if it is still the same.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, Ternary, judge};
use crate::disk;
use crate::error::{Error, Kind};
use crate::portal::keys::ApiKey;

/// The form of the file; another one is not understood.
const VERSION: u32 = 2;

/// A plan, as it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    version: u32,
    portal: String,
    made: Timestamp,
    /// Who says to have written it; whoever that is has to sign it where approvals are asked for.
    writer: Option<String>,
    /// What the keys were chosen by; none where they were named.
    conditions: Vec<String>,
    keys: Vec<Planned>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Planned {
    id: String,
    name: Option<String>,
    created_at: Option<String>,
}

impl Planned {
    fn of(key: &ApiKey) -> Planned {
        let created_at = key.created_at.as_ref().map(ToString::to_string);
        Planned { id: key.id.clone(), name: key.name.clone(), created_at }
    }
}

/// What a plan still asks for.
#[derive(Debug, Default)]
pub struct Applicable {
    pub keys: Vec<ApiKey>,
    /// The ids of the keys that an earlier attempt has revoked.
    pub gone: Vec<String>,
}

impl Plan {
    /// Plans to revoke these keys.
    pub fn new(keys: &[ApiKey], conditions: &[String], portal: String, made: Timestamp, writer: Option<&str>) -> Plan {
        let keys = keys.iter().map(Planned::of).collect();
        let writer = writer.map(str::to_owned);
        Plan { version: VERSION, portal, made, writer, conditions: conditions.to_vec(), keys }
    }

    /// Reads a plan as it stands in its file.
    pub fn parse(text: &str) -> Result<Plan, String> {
        disk::check_document(text.as_bytes(), VERSION).map_err(|error| error.to_string())?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Returns when it was made, as it says itself.
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// Returns who wrote it, as it says itself.
    pub fn writer(&self) -> Option<&str> {
        self.writer.as_deref()
    }

    /// Writes the plan as it stands in its file.
    pub fn text(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// Returns the planned keys, if they are still what they were, and still all that was meant. A key that is not there has to be
    /// `is_revoked` by an earlier attempt: the attempt may have ended in the middle.
    pub fn check(
        &self,
        all: &[ApiKey],
        base: &str,
        now: Timestamp,
        is_revoked: &dyn Fn(&str) -> Result<bool, Error>,
    ) -> Result<Applicable, Error> {
        let changed = |what: String| {
            Error::new(Kind::Declined, format!("nothing was revoked, because what was planned has changed: {what}"))
                .hint("Make a new plan: `optra keys revoke --where … --plan FILE`.")
        };
        if base != self.portal {
            return Err(changed(format!("the plan is for {}, and this portal is {base}", self.portal)));
        }
        let mut found = Applicable::default();
        for planned in &self.keys {
            match all.iter().find(|key| key.id == planned.id) {
                Some(key) if Planned::of(key) == *planned => found.keys.push(key.clone()),
                Some(key) => return Err(changed(format!("the key with id {} is another now", key.id))),
                None if is_revoked(&planned.id)? => found.gone.push(planned.id.clone()),
                None => return Err(changed(format!("there is no key with id {}", planned.id))),
            }
        }
        let conditions = self.conditions.iter().map(|text| text.parse()).collect::<Result<Vec<Condition>, _>>();
        let conditions = conditions.map_err(|problem| changed(format!("a condition cannot be read: {problem}")))?;
        if conditions.is_empty() {
            return Ok(found);
        }
        let meant = |key: &&ApiKey| judge(&conditions, key, now) == Ternary::Yes;
        let is_planned = |key: &ApiKey| self.keys.iter().any(|planned| planned.id == key.id);
        if let Some(key) = all.iter().filter(meant).find(|key| !is_planned(key)) {
            return Err(changed(format!("the key with id {} is meant now, too", key.id)));
        }
        if let Some(key) = found.keys.iter().find(|key| !meant(key)) {
            return Err(changed(format!("the key with id {} is not meant any more", key.id)));
        }
        Ok(found)
    }
}
