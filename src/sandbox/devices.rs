//! The devices in the database, and the resolvers about them.

use apollo_compiler::response::{JsonMap, JsonValue};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row};

use super::error::Error;
use super::ids;
use super::page::PageRequest;
use super::refusal::Refusal;
use super::root::{Resolver, Root, id};
use super::store::{Store, seed};

/// The fields of the root types that are about devices.
pub(super) const FIELDS: &[(&str, Resolver)] = &[("devices", devices), ("device", device)];

fn devices(root: &Root<'_>, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
    root.may_see_devices()?;
    let total = root.store.device_count()?;
    let stretch = PageRequest::new(arguments, ids::DEVICES, total)?;
    let devices = root.store.devices(stretch.after, stretch.limit())?;
    Ok(stretch.page(devices, total))
}

fn device(root: &Root<'_>, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
    root.may_see_devices()?;
    let device = match ids::DEVICES.number(&id(arguments)) {
        Some(number) => root.store.device(number)?,
        None => None,
    };
    Ok(device.unwrap_or_default())
}

impl Store {
    /// Grows or shrinks the fleet to `size` devices; keeps it as it is for `None`.
    pub(super) fn resize_fleet(&mut self, size: Option<usize>) -> Result<(), Error> {
        let Some(size) = size else { return Ok(()) };
        let mut resize = || {
            let had = self.device_count()?;
            let change = self.db.transaction()?;
            change.execute("DELETE FROM devices WHERE number > ?1", [size as i64])?;
            seed(&change, had, size)?;
            change.commit()
        };
        resize().map_err(|source| self.failed(source))
    }

    /// Returns the number of devices. They are numbered without gaps, so the highest number is faster than counting.
    pub(super) fn device_count(&self) -> rusqlite::Result<i64> {
        let mut query = self.db.prepare_cached("SELECT coalesce(max(number), 0) FROM devices")?;
        query.query_row([], |row| row.get(0))
    }

    /// Returns up to `limit` devices after number `after`, with their numbers.
    pub(super) fn devices(&self, after: i64, limit: usize) -> rusqlite::Result<Vec<(i64, JsonValue)>> {
        let mut query =
            self.db.prepare_cached("SELECT number, record FROM devices WHERE number > ?1 ORDER BY number LIMIT ?2")?;
        query.query_map((after, limit as i64), |row| Ok((row.get(0)?, record(row, 1)?)))?.collect()
    }

    /// Returns one device.
    pub(super) fn device(&self, number: i64) -> rusqlite::Result<Option<JsonValue>> {
        let mut query = self.db.prepare_cached("SELECT record FROM devices WHERE number = ?1")?;
        query.query_row([number], |row| record(row, 0)).optional()
    }
}

fn record(row: &Row<'_>, column: usize) -> rusqlite::Result<JsonValue> {
    JsonValue::from_bytes(row.get_ref(column)?.as_bytes()?.to_vec().into())
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fleet_has_the_size_that_was_asked_for() {
        let mut store = Store::in_memory().unwrap();
        assert_eq!(store.device_count().unwrap(), 25);
        for size in [7, 300, 0, 12] {
            store.resize_fleet(Some(size)).unwrap();
            store.resize_fleet(None).unwrap();
            assert_eq!(store.devices(0, 1000).unwrap().len(), size);
            assert_eq!(store.device_count().unwrap(), size as i64);
        }
    }
}
