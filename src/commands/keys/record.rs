//! How an API key is shown, and what was done to keys.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use schemars::JsonSchema;
use serde::Serialize;
use strum::VariantArray;

use super::leak::Leak;
use crate::journal::Entry;
use crate::lifecycle::{Finding, Rule, Whereabout};
use crate::output::{Cell, Column, Record, Value};
use crate::portal::keys::ApiKey;

/// A key in a list.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedKey {
    #[serde(flatten)]
    pub key: ApiKey,
    /// Whether it is the one that this run uses; none where that is not known.
    pub in_use: Option<bool>,
    /// The profile that it was listed for, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

impl Record for ListedKey {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<ListedKey>] = &[
        Column::origin("profile", |listed| listed.profile.cell()),
        Column::whole("id", |listed| listed.key.id.cell()),
        Column::shown("name", 0, |listed| listed.key.name.cell()),
        Column::shown("createdAt", 1, |listed| listed.key.created_at.cell()),
        Column::shown("lastUsedAt", 2, |listed| listed.key.last_used_at.cell()),
        Column::shown("createdBy", 3, |listed| listed.key.created_by.cell()),
        Column::vital("inUse", |listed| listed.in_use.cell()),
    ];
}

/// All that is known of a key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyDetails {
    #[serde(flatten)]
    pub listed: ListedKey,
    pub age_days: Option<i64>,
    /// Since the last use, or since it was made if it was never used.
    pub unused_days: Option<i64>,
    /// The places that have its secret, as far as this machine knows.
    pub places: Vec<String>,
    /// The profiles that use it.
    pub profiles: Vec<String>,
    /// The stage of a rotation that is under way.
    pub rotation: Option<String>,
}

#[expect(clippy::cast_precision_loss, reason = "nobody lives so many days")]
fn days(days: Option<i64>) -> Cell<'static> {
    days.map_or(Cell::Nothing, |days| Cell::Number(days as f64))
}

impl Record for KeyDetails {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<KeyDetails>] = &[
        Column::whole("id", |key| key.listed.key.id.cell()),
        Column::whole("name", |key| key.listed.key.name.cell()),
        Column::whole("createdAt", |key| key.listed.key.created_at.cell()),
        Column::whole("lastUsedAt", |key| key.listed.key.last_used_at.cell()),
        Column::whole("createdBy", |key| key.listed.key.created_by.cell()),
        Column::whole("inUse", |key| key.listed.in_use.cell()),
        Column::whole("ageDays", |key| days(key.age_days)),
        Column::whole("unusedDays", |key| days(key.unused_days)),
        Column::whole("places", |key| Cell::names(key.places.iter().map(String::as_str))),
        Column::whole("profiles", |key| Cell::names(key.profiles.iter().map(String::as_str))),
        Column::whole("rotation", |key| key.rotation.cell()),
    ];
}

impl Record for Entry {
    const NOUN: (&'static str, &'static str) = ("entry", "entries");
    const COLUMNS: &'static [Column<Entry>] = &[
        Column::shown("time", 0, |entry| Cell::Time(entry.time)),
        Column::shown("portal", 5, |entry| entry.portal.cell()),
        Column::shown("profile", 6, |entry| entry.profile.cell()),
        Column::shown("command", 4, |entry| entry.command.cell()),
        Column::whole("action", |entry| entry.action.cell()),
        Column::whole("ids", |entry| match entry.ids.as_slice() {
            [] => Cell::Nothing,
            ids => Cell::Text(ids.join(" ").into()),
        }),
        Column::shown("name", 1, |entry| entry.name.cell()),
        Column::whole("result", |entry| entry.result.cell()),
        Column::asked("requestId", |entry| entry.request_id.cell()),
        Column::shown("reason", 3, |entry| entry.reason.cell()),
        Column::shown("user", 2, |entry| entry.who.user.cell()),
        Column::asked("host", |entry| entry.who.host.cell()),
        Column::asked("job", |entry| entry.who.job.cell()),
        Column::asked("actor", |entry| entry.who.actor.cell()),
    ];
}

impl Value for Rule {
    fn cell(&self) -> Cell<'_> {
        self.name().cell()
    }
}

impl Record for Finding {
    const NOUN: (&'static str, &'static str) = ("finding", "findings");
    const COLUMNS: &'static [Column<Finding>] = &[
        Column::origin("profile", |finding| finding.profile.cell()),
        Column::whole("rule", |finding| finding.rule.cell()),
        Column::whole("keyId", |finding| finding.key_id.cell()),
        Column::shown("keyName", 0, |finding| finding.key_name.cell()),
        Column::prose("message", 1, |finding| finding.message.cell()),
    ];
}

impl Record for Leak {
    const NOUN: (&'static str, &'static str) = ("leaked key", "leaked keys");
    const COLUMNS: &'static [Column<Leak>] = &[
        Column::asked("portal", |leak| leak.portal.cell()),
        Column::whole("keyId", |leak| leak.key_id.cell()),
        Column::shown("keyName", 1, |leak| leak.key_name.cell()),
        Column::vital("state", |leak| leak.state.cell()),
        Column::whole("location", |leak| leak.location.cell()),
        Column::asked("path", |leak| leak.path.cell()),
        Column::asked("line", |leak| Cell::Number(leak.line as f64)),
        Column::asked("column", |leak| Cell::Number(leak.column as f64)),
        Column::asked("commit", |leak| leak.commit.cell()),
        Column::shown("form", 2, |leak| leak.form.cell()),
        Column::prose("context", 3, |leak| leak.context.cell()),
        Column::asked("rotate", |leak| leak.rotate.cell()),
    ];
}

impl ValueEnum for Rule {
    fn value_variants<'a>() -> &'a [Rule] {
        Rule::VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.finds()))
    }
}

impl Record for Whereabout {
    const NOUN: (&'static str, &'static str) = ("place", "places");
    const COLUMNS: &'static [Column<Whereabout>] = &[
        Column::whole("keyId", |place| place.key_id.cell()),
        Column::shown("keyName", 1, |place| place.key_name.cell()),
        Column::whole("kind", |place| place.kind.cell()),
        Column::whole("place", |place| place.place.cell()),
        Column::shown("state", 0, |place| place.state.cell()),
    ];
}
