//! How an API key is shown.

use crate::output::{Column, Record, Value};
use crate::portal::keys::ApiKey;

impl Record for ApiKey {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<ApiKey>] = &[
        Column::whole("id", |key| key.id.cell()),
        Column::shown("name", 0, |key| key.name.cell()),
        Column::shown("createdAt", 1, |key| key.created_at.cell()),
        Column::shown("lastUsedAt", 2, |key| key.last_used_at.cell()),
        Column::shown("createdBy", 3, |key| key.created_by.cell()),
    ];
}
