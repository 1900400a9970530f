//! How an API key is shown, and entries of the log.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use schemars::JsonSchema;
use serde::Serialize;
use strum::VariantArray;

use super::leak::Leak;
use crate::journal::{Chain, Entry, Fault};
use crate::lifecycle::{Action, Finding, LastUse, Rule, Step, Whereabout};
use crate::output::{Cell, Column, Record, Value};
use crate::portal::keys::ApiKey;

/// A key in a list.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedKey {
    #[serde(flatten)]
    pub key: ApiKey,
    /// Whether this run uses the key; `None` if that is not known.
    pub in_use: Option<bool>,
    /// The profile whose listing has the key, with several profiles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

impl Record for ListedKey {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<ListedKey>] = &[
        Column::profile("profile", |listed| listed.profile.cell()),
        Column::pinned("id", |listed| listed.key.id.cell()),
        Column::priority("name", 0, |listed| listed.key.name.cell()),
        Column::priority("createdAt", 1, |listed| listed.key.created_at.cell()),
        // Whether a key is still used is looked at before it is revoked.
        Column::vital("lastUsedAt", |listed| last_use(&listed.key)),
        Column::priority("createdBy", 3, |listed| listed.key.created_by.cell()),
        Column::vital("inUse", |listed| listed.in_use.cell()),
    ];
}

/// Returns the last use of a key, as it is told everywhere.
pub fn last_use(key: &ApiKey) -> Cell<'_> {
    match LastUse::of(key) {
        LastUse::At(time) => time.cell(),
        LastUse::Never => Cell::Never,
        LastUse::Unknown => Cell::Unknown,
    }
}

/// All that is known of a key.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyDetails {
    #[serde(flatten)]
    pub listed: ListedKey,
    pub age_days: Option<i64>,
    /// Days since the last use, or since its creation if it was never used.
    pub unused_days: Option<i64>,
    /// The places that hold its secret, as far as this machine knows.
    pub places: Vec<String>,
    /// The profiles that use it.
    pub profiles: Vec<String>,
    /// The stage of its unfinished rotation.
    pub rotation: Option<String>,
}

#[expect(clippy::cast_precision_loss, reason = "nobody lives so many days")]
fn days(days: Option<i64>) -> Cell<'static> {
    days.map_or(Cell::Nothing, |days| Cell::Number(days as f64))
}

impl Record for KeyDetails {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<KeyDetails>] = &[
        Column::pinned("id", |key| key.listed.key.id.cell()),
        Column::pinned("name", |key| key.listed.key.name.cell()),
        Column::pinned("createdAt", |key| key.listed.key.created_at.cell()),
        Column::pinned("lastUsedAt", |key| last_use(&key.listed.key)),
        Column::pinned("createdBy", |key| key.listed.key.created_by.cell()),
        Column::pinned("inUse", |key| key.listed.in_use.cell()),
        Column::pinned("ageDays", |key| days(key.age_days)),
        Column::pinned("unusedDays", |key| days(key.unused_days)),
        Column::pinned("places", |key| Cell::names(key.places.iter().map(String::as_str))),
        Column::pinned("profiles", |key| Cell::names(key.profiles.iter().map(String::as_str))),
        Column::pinned("rotation", |key| key.rotation.cell()),
    ];
}

impl Record for Entry {
    const NOUN: (&'static str, &'static str) = ("entry", "entries");
    const COLUMNS: &'static [Column<Entry>] = &[
        Column::priority("time", 0, |entry| Cell::Time(entry.time)),
        Column::priority("portal", 5, |entry| entry.portal.cell()),
        Column::priority("profile", 6, |entry| entry.profile.cell()),
        Column::priority("command", 4, |entry| entry.command.cell()),
        Column::pinned("action", |entry| entry.action.cell()),
        Column::pinned("ids", |entry| match entry.ids.as_slice() {
            [] => Cell::Nothing,
            ids => Cell::Text(ids.join(" ").into()),
        }),
        Column::priority("name", 1, |entry| entry.name.cell()),
        Column::pinned("result", |entry| entry.result.cell()),
        Column::on_request("requestId", |entry| entry.request_id.cell()),
        Column::priority("reason", 3, |entry| entry.reason.cell()),
        Column::priority("user", 2, |entry| entry.who.user.cell()),
        Column::on_request("host", |entry| entry.who.host.cell()),
        Column::on_request("job", |entry| entry.who.job.cell()),
        Column::on_request("actor", |entry| entry.who.actor.cell()),
        Column::on_request("plan", |entry| entry.approval.plan.cell()),
        Column::on_request("writtenBy", |entry| entry.approval.written_by.cell()),
        Column::on_request("approvedBy", |entry| Cell::names(entry.approval.approved_by.iter().map(String::as_str))),
    ];
}

impl Record for Chain {
    const NOUN: (&'static str, &'static str) = ("chain", "chains");
    const COLUMNS: &'static [Column<Chain>] = &[
        Column::pinned("entries", |chain| Cell::Number(chain.entries as f64)),
        Column::pinned("notChained", |chain| Cell::Number(chain.not_chained as f64)),
        Column::pinned("head", |chain| chain.head.cell()),
        Column::pinned("faults", |chain| match chain.faults.as_slice() {
            [] => Cell::Nothing,
            faults => Cell::Text(faults.iter().map(Fault::brief).collect::<Vec<_>>().join(", ").into()),
        }),
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
        Column::profile("profile", |finding| finding.profile.cell()),
        Column::pinned("rule", |finding| finding.rule.cell()),
        Column::pinned("keyId", |finding| finding.key_id.cell()),
        Column::priority("keyName", 0, |finding| finding.key_name.cell()),
        Column::prose("message", 1, |finding| finding.message.cell()),
    ];
}

impl Record for Leak {
    const NOUN: (&'static str, &'static str) = ("leaked key", "leaked keys");
    const COLUMNS: &'static [Column<Leak>] = &[
        Column::on_request("portal", |leak| leak.portal.cell()),
        Column::pinned("keyId", |leak| leak.key_id.cell()),
        Column::priority("keyName", 1, |leak| leak.key_name.cell()),
        Column::vital("state", |leak| leak.state.cell()),
        Column::pinned("location", |leak| leak.location.cell()),
        Column::on_request("path", |leak| leak.path.cell()),
        Column::on_request("line", |leak| Cell::Number(leak.line as f64)),
        Column::on_request("column", |leak| Cell::Number(leak.column as f64)),
        Column::on_request("commit", |leak| leak.commit.cell()),
        Column::priority("form", 2, |leak| leak.form.cell()),
        Column::prose("context", 3, |leak| leak.context.cell()),
        Column::on_request("rotate", |leak| leak.rotate.cell()),
        Column::on_request("member", |leak| leak.member.cell()),
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
        Column::pinned("keyId", |place| place.key_id.cell()),
        Column::priority("keyName", 1, |place| place.key_name.cell()),
        Column::pinned("kind", |place| place.kind.cell()),
        Column::pinned("place", |place| place.place.cell()),
        Column::priority("state", 0, |place| place.state.cell()),
    ];
}

impl Value for Action {
    fn cell(&self) -> Cell<'_> {
        self.as_str().cell()
    }
}

impl Record for Step {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Step>] = &[
        Column::pinned("action", |step| step.action.cell()),
        Column::priority("name", 0, |step| step.name.cell()),
        Column::priority("id", 1, |step| step.id.cell()),
        Column::prose("reason", 0, |step| step.reason.cell()),
        Column::priority("owner", 2, |step| step.owner.cell()),
    ];
}
