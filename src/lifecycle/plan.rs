//! A plan of revocations, saved for review and applied only if nothing has changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, Ternary, judge};
use crate::disk;
use crate::error::{Error, Kind};
use crate::portal::keys::ApiKey;
use crate::text::argument;

/// The version of the file format; other versions are rejected.
const VERSION: u32 = 2;

/// The content of a plan file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    version: u32,
    portal: String,
    made: Timestamp,
    /// The author according to the file, who has to sign the plan where approvals are required.
    writer: Option<String>,
    /// The conditions that selected the keys; empty if they were named.
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
    /// Makes a plan to revoke these keys.
    pub fn new(keys: &[ApiKey], conditions: &[String], portal: String, made: Timestamp, writer: Option<&str>) -> Plan {
        let keys = keys.iter().map(Planned::of).collect();
        let writer = writer.map(str::to_owned);
        Plan { version: VERSION, portal, made, writer, conditions: conditions.to_vec(), keys }
    }

    /// Parses a plan file.
    pub fn parse(text: &str) -> Result<Plan, String> {
        disk::check_document(text.as_bytes(), VERSION).map_err(|error| error.to_string())?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Returns the time of creation, according to the file.
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// Returns the author, according to the file.
    pub fn writer(&self) -> Option<&str> {
        self.writer.as_deref()
    }

    /// Returns the text of the plan file.
    pub fn text(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// Returns the command that makes this plan anew: with its conditions, or with the keys that it names.
    pub fn renewal(&self) -> String {
        let conditions = self.conditions.iter().map(|text| format!(" --where {}", shell_words::quote(text)));
        let keys = self.keys.iter().map(|key| format!(" {}", argument(&key.id)));
        let which: String = if self.conditions.is_empty() { keys.collect() } else { conditions.collect() };
        let writer = self.writer.as_deref().map(|name| format!(" --writer {}", shell_words::quote(name)));
        format!("optra keys revoke{which} --plan FILE{}", writer.unwrap_or_default())
    }

    /// Returns the planned keys if they are unchanged, and the conditions match no others. A missing key must be
    /// `is_revoked`: an earlier attempt may have ended between two keys.
    pub fn check(
        &self,
        all: &[ApiKey],
        base: &str,
        now: Timestamp,
        is_revoked: &dyn Fn(&str) -> Result<bool, Error>,
    ) -> Result<Applicable, Error> {
        let changed = |what: String| {
            Error::new(Kind::Declined, format!("nothing was revoked, because what was planned has changed: {what}"))
                .hint(format!("Make a new plan: `{}`.", self.renewal()))
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
            return Err(changed(format!("the key with id {} matches now, too", key.id)));
        }
        if let Some(key) = found.keys.iter().find(|key| !meant(key)) {
            return Err(changed(format!("the key with id {} does not match any more", key.id)));
        }
        Ok(found)
    }
}
