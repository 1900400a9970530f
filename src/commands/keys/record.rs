//! How an API key is shown.

use crate::output::{Cell, Column, Record};
use crate::portal::keys::ApiKey;

impl Record for ApiKey {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<ApiKey>] = &[
        Column::whole("id", |key| Cell::text(Some(&key.id))),
        Column::shown("name", 0, |key| Cell::text(key.name.as_deref())),
        Column::shown("createdAt", 1, |key| Cell::from(key.created_at.as_ref())),
        Column::shown("lastUsedAt", 2, |key| Cell::from(key.last_used_at.as_ref())),
        Column::shown("createdBy", 3, |key| Cell::text(key.created_by.as_deref())),
    ];
}
