//! The database: its tables and its format. Each noun has a file for its rows.
//!
//! It knows rows and numbers, and nothing of roles, ids or GraphQL; its callers check permissions.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::error::Error;
use super::fleet;

/// Marks the database as a sandbox's: `optr`.
const APPLICATION: i32 = 0x6f70_7472;

/// The version of the database format.
const FORMAT: i32 = 1;

/// The size of a new sandbox's fleet.
const FIRST_FLEET: usize = 25;

/// How long to wait for another writer. Only seeding a large fleet takes longer than a moment.
const PATIENCE: Duration = Duration::from_secs(10);

/// A device is stored as the JSON object that the portal shows. Key numbers are never reused.
const TABLES: &str = "
    CREATE TABLE devices (
        number INTEGER PRIMARY KEY,
        record TEXT NOT NULL
    ) STRICT;
    CREATE TABLE api_keys (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL UNIQUE,
        name TEXT,
        created_at TEXT NOT NULL,
        created_by TEXT NOT NULL,
        last_used_at TEXT
    ) STRICT;
";

/// An open database.
pub(super) struct Store {
    pub(super) db: Connection,
    path: PathBuf,
}

impl Store {
    /// Creates a database in memory.
    pub(super) fn in_memory() -> Result<Store, Error> {
        Store::prepare(Connection::open_in_memory(), PathBuf::from(":memory:"))
    }

    /// Opens a database file; initializes an empty one.
    pub(super) fn open(path: PathBuf) -> Result<Store, Error> {
        Store::prepare(Connection::open(&path), path)
    }

    fn prepare(db: rusqlite::Result<Connection>, path: PathBuf) -> Result<Store, Error> {
        let failed = |source| Error::Database { path: path.clone(), source };
        let db = db.map_err(failed)?;
        db.busy_timeout(PATIENCE).map_err(failed)?;
        // Check before any change: the file may belong to another program.
        let new = is_new(&db, &path)?;
        // Readers and a writer do not block each other, and a commit does not wait for the disk.
        db.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
        db.pragma_update(None, "synchronous", "normal").map_err(failed)?;

        let mut store = Store { db, path };
        if new {
            store.create().map_err(|source| store.failed(source))?;
        }
        Ok(store)
    }

    fn create(&mut self) -> rusqlite::Result<()> {
        let change = self.db.transaction()?;
        change.execute_batch(TABLES)?;
        seed(&change, 0, FIRST_FLEET)?;
        change.pragma_update(None, "application_id", APPLICATION)?;
        change.pragma_update(None, "user_version", FORMAT)?;
        change.commit()
    }

    /// Returns the error of a failed statement.
    pub(super) fn failed(&self, source: rusqlite::Error) -> Error {
        Error::Database { path: self.path.clone(), source }
    }
}

/// Returns true for an empty file, false for a sandbox's database, and an error for any other.
fn is_new(db: &Connection, path: &Path) -> Result<bool, Error> {
    let query = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
        FROM pragma_application_id, pragma_user_version";
    let what = db.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    match what.map_err(|source| Error::Database { path: path.to_owned(), source })? {
        (0, 0, 0) => Ok(true),
        (APPLICATION, FORMAT, _) => Ok(false),
        (APPLICATION, found, _) => Err(Error::Format { path: path.to_owned(), found, known: FORMAT }),
        _ => Err(Error::Foreign { path: path.to_owned() }),
    }
}

/// Inserts the devices after number `had`, up to number `size`.
pub(super) fn seed(db: &Connection, had: i64, size: usize) -> rusqlite::Result<()> {
    let mut insert = db.prepare("INSERT INTO devices (number, record) VALUES (?1, ?2)")?;
    for number in had + 1..=size as i64 {
        let record = fleet::device(number).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        insert.execute((number, record))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_databases_are_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.db");

        std::fs::write(&path, "not a database, but long enough to be taken for one at a first glance").unwrap();
        assert!(matches!(Store::open(path.clone()), Err(Error::Database { .. })));
        std::fs::remove_file(&path).unwrap();

        let db = Connection::open(&path).unwrap();
        db.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        assert!(matches!(Store::open(path.clone()), Err(Error::Foreign { .. })));
        let mode: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "delete");

        db.pragma_update(None, "application_id", APPLICATION).unwrap();
        db.pragma_update(None, "user_version", FORMAT + 1).unwrap();
        let error = Store::open(path.clone()).err().unwrap().to_string();
        assert!(error.contains("format 2") && error.contains(path.to_str().unwrap()), "{error}");
    }
}
