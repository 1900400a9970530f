//! How an API key is shown, and what was done to keys.

use serde::Serialize;

use crate::journal::Entry;
use crate::output::{Cell, Column, Record, Value};
use crate::portal::keys::ApiKey;

/// A key in a list.
#[derive(Debug, Serialize)]
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
        Column::shown("createdBy", 4, |listed| listed.key.created_by.cell()),
        Column::shown("inUse", 3, |listed| listed.in_use.cell()),
    ];
}

impl Record for Entry {
    const NOUN: (&'static str, &'static str) = ("entry", "entries");
    const COLUMNS: &'static [Column<Entry>] = &[
        Column::shown("time", 0, |entry| Cell::Time(entry.time)),
        Column::shown("portal", 3, |entry| entry.portal.cell()),
        Column::shown("profile", 4, |entry| entry.profile.cell()),
        Column::shown("command", 2, |entry| entry.command.cell()),
        Column::whole("action", |entry| entry.action.cell()),
        Column::whole("ids", |entry| match entry.ids.as_slice() {
            [] => Cell::Nothing,
            ids => Cell::Text(ids.join(" ").into()),
        }),
        Column::shown("name", 1, |entry| entry.name.cell()),
        Column::whole("result", |entry| entry.result.cell()),
    ];
}
