//! The API keys in the database, and the resolvers about them.
//!
//! Only the hash of a secret is stored; the caller has the only copy of the secret.

use apollo_compiler::response::serde_json_bytes::json;
use apollo_compiler::response::{JsonMap, JsonValue};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::secret::Secret;

use super::error::Error;
use super::ids;
use super::page::PageRequest;
use super::refusal::{Code, Refusal};
use super::root::{Resolver, Root, id};
use super::store::Store;

/// The name of the sandbox's own key.
const ADMIN_KEY: &str = "sandbox";

const OWNER: &str = "admin@sandbox.example";

const LONGEST_NAME: usize = 256;

/// The fields of the root types that are about keys.
pub(super) const FIELDS: &[(&str, Resolver)] =
    &[("apiKeys", api_keys), ("generateApiKey", generate_api_key), ("revokeApiKey", revoke_api_key)];

fn api_keys(root: &Root<'_>, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
    root.may_manage_keys()?;
    let stretch = PageRequest::new(arguments, ids::KEYS, root.store.last_key()?)?;
    let keys = root.store.keys(stretch.after, stretch.limit())?;
    Ok(stretch.page(keys, root.store.key_count()?))
}

fn generate_api_key(root: &Root<'_>, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
    root.may_manage_keys()?;
    let name = arguments.get("name").and_then(JsonValue::as_str);
    if name.is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        let message = format!("\"name\" must not have more than {LONGEST_NAME} characters.");
        return Err(Refusal::new(Code::BadUserInput, message));
    }
    let secret =
        generate_secret().map_err(|error| Refusal::new(Code::Internal, format!("No key was made: {error}.")))?;
    let number = root.store.add_key(&secret, name)?;
    let mut key = root.store.key(number)?.unwrap_or_default();
    if let Some(key) = key.as_object_mut() {
        key.insert("secret", secret.as_str().into());
    }
    Ok(key)
}

fn revoke_api_key(root: &Root<'_>, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
    root.may_manage_keys()?;
    let id = id(arguments);
    let deleted = match ids::KEYS.number(&id) {
        Some(number) => root.store.delete_key(number)?,
        None => false,
    };
    if !deleted {
        return Err(Refusal::new(Code::NotFound, format!("There is no API key with the id \"{id}\".")));
    }
    Ok(json!({ "id": id }))
}

/// Generates a secret of 43 base64url characters, each with six random bits, as 32 bytes would have.
///
/// It is no [`Secret`], which all output of this process would mask: a key is for whoever asked for it, and may be behind a
/// broker in this process.
pub(super) fn generate_secret() -> Result<Zeroizing<String>, getrandom::Error> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = Zeroizing::new([0; 43]);
    getrandom::fill(&mut *bytes)?;
    Ok(Zeroizing::new(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect()))
}

impl Store {
    /// Adds the admin key of the sandbox, unless `deliver` fails.
    pub(super) fn keep_admin_key(
        &self,
        key: &Secret,
        deliver: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let failed = |source| self.failed(source);
        let change = self.db.unchecked_transaction().map_err(failed)?;
        self.add_key(key.expose(), Some(ADMIN_KEY)).map_err(failed)?;
        deliver()?;
        change.commit().map_err(failed)
    }

    /// Returns true if the organization has this key.
    pub(super) fn knows(&self, key: &Secret) -> Result<bool, Error> {
        self.key_number(key.expose()).map(|number| number.is_some()).map_err(|source| self.failed(source))
    }

    /// Returns the number of the key with this secret, and records its use.
    pub(super) fn use_key(&self, secret: &str) -> rusqlite::Result<Option<i64>> {
        let Some(number) = self.key_number(secret)? else {
            return Ok(None);
        };
        // A second request within the same second writes nothing.
        let mut update = self
            .db
            .prepare_cached("UPDATE api_keys SET last_used_at = ?2 WHERE number = ?1 AND last_used_at IS NOT ?2")?;
        update.execute((number, now()))?;
        Ok(Some(number))
    }

    fn key_number(&self, secret: &str) -> rusqlite::Result<Option<i64>> {
        let mut query = self.db.prepare_cached("SELECT number FROM api_keys WHERE hash = ?1")?;
        query.query_row([hash(secret)], |row| row.get(0)).optional()
    }

    /// Adds a key and returns its number.
    pub(super) fn add_key(&self, secret: &str, name: Option<&str>) -> rusqlite::Result<i64> {
        let mut insert = self
            .db
            .prepare_cached("INSERT INTO api_keys (hash, name, created_at, created_by) VALUES (?1, ?2, ?3, ?4)")?;
        insert.insert((hash(secret), name, now(), OWNER))
    }

    /// Deletes a key; returns true if it existed.
    pub(super) fn delete_key(&self, number: i64) -> rusqlite::Result<bool> {
        let mut delete = self.db.prepare_cached("DELETE FROM api_keys WHERE number = ?1")?;
        Ok(delete.execute([number])? > 0)
    }

    /// Returns the number of keys.
    pub(super) fn key_count(&self) -> rusqlite::Result<i64> {
        self.db.query_row("SELECT count(*) FROM api_keys", [], |row| row.get(0))
    }

    /// Returns the highest number that a key ever had.
    pub(super) fn last_key(&self) -> rusqlite::Result<i64> {
        let query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'api_keys'";
        self.db.query_row(query, [], |row| row.get(0))
    }

    /// Returns up to `limit` keys after number `after`, with their numbers.
    pub(super) fn keys(&self, after: i64, limit: usize) -> rusqlite::Result<Vec<(i64, JsonValue)>> {
        let mut query = self.db.prepare_cached(
            "SELECT number, name, created_at, created_by, last_used_at FROM api_keys
            WHERE number > ?1 ORDER BY number LIMIT ?2",
        )?;
        query.query_map((after, limit as i64), key)?.collect()
    }

    /// Returns one key.
    pub(super) fn key(&self, number: i64) -> rusqlite::Result<Option<JsonValue>> {
        let at = self.keys(number - 1, 1)?.into_iter().next();
        Ok(at.filter(|(found, _)| *found == number).map(|(_, key)| key))
    }
}

fn key(row: &Row<'_>) -> rusqlite::Result<(i64, JsonValue)> {
    let number = row.get(0)?;
    let key = json!({
        "id": ids::KEYS.id(number),
        "name": row.get::<_, Option<String>>(1)?,
        "createdAt": row.get::<_, String>(2)?,
        "createdBy": row.get::<_, String>(3)?,
        "lastUsedAt": row.get::<_, Option<String>>(4)?,
    });
    Ok((number, key))
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

fn now() -> String {
    let seconds = Timestamp::now().as_second();
    Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_as_hashes_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.db");
        let store = Store::open(path.clone()).unwrap();
        let secret = generate_secret().unwrap();
        assert_eq!(secret.len(), 43);
        let number = store.add_key(&secret, Some("ci-runner")).unwrap();
        assert_eq!(store.use_key(&secret).unwrap(), Some(number));

        let mut disk = std::fs::read(&path).unwrap();
        disk.extend(std::fs::read(path.with_extension("db-wal")).unwrap());
        let holds = |text: &str| disk.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("ci-runner"));
        assert!(!holds(&secret));
    }

    #[test]
    fn numbers_of_deleted_keys_are_not_given_again() {
        let store = Store::in_memory().unwrap();
        let number = store.add_key(&generate_secret().unwrap(), None).unwrap();
        assert!(store.delete_key(number).unwrap());
        assert!(!store.delete_key(number).unwrap());
        assert_eq!(store.key(number).unwrap(), None);
        assert_eq!(store.last_key().unwrap(), number);
        assert_ne!(store.add_key(&generate_secret().unwrap(), None).unwrap(), number);
    }

    #[test]
    fn an_undelivered_admin_key_does_not_exist() {
        let store = Store::in_memory().unwrap();
        let key = Secret::new(generate_secret().unwrap().to_string());
        let disk_full = || Err(Error::Contract("disk full".into()));
        assert!(store.keep_admin_key(&key, disk_full).is_err());
        assert!(!store.knows(&key).unwrap());
    }
}
