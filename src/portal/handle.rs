//! A connection to one portal with one key: what all operations share, on any thread.
//!
//! It must not know any particular operation.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::bindings::Bindings;
use super::compat::{CompatDocument, RemoteSchema};
use super::endpoint::Endpoint;
use super::error::Error;
use super::graphql::{Client, Observers};
use super::http::Http;
use super::operation::Operation;
use super::schema_cache::{SchemaCache, digest};
use super::transport::Transport;
use crate::secret::Secret;

/// How to use a portal.
#[derive(Clone, Default)]
pub struct Options {
    pub transport: Transport,
    /// The file of this portal's schema cache; `None` to cache nothing.
    pub cache: Option<PathBuf>,
    /// How often a read is retried after a transient fault.
    pub retries: u32,
    /// The setting that makes the run read-only, as an error names it; `None` if mutations may be sent.
    pub read_only: Option<String>,
    /// The directory of the bindings; `None` to use no bindings.
    pub bindings: Option<PathBuf>,
    /// The profile's values for variables of bindings.
    pub variables: BTreeMap<String, String>,
    pub observers: Observers,
}

/// A connection to one portal with one key. A clone is the same connection.
#[derive(Clone)]
pub struct Portal(Arc<Shared>);

struct Shared {
    endpoint: Endpoint,
    client: Client,
    bindings: Bindings,
    variables: BTreeMap<String, String>,
    /// The bindings that were read and checked, by operation name.
    bound: Mutex<HashMap<&'static str, Option<Arc<CompatDocument>>>>,
    cache: Mutex<SchemaCache>,
    /// The portal's own schema, once it was requested; `None` inside if the portal refuses introspection.
    schema: OnceLock<Option<Arc<RemoteSchema>>>,
    /// Why there is no schema.
    schema_fault: Mutex<Option<Error>>,
    observers: Observers,
    /// The notices that were given already.
    noticed: Mutex<HashSet<String>>,
}

impl Portal {
    /// Creates the HTTP client; sends nothing yet.
    pub fn new(endpoint: Endpoint, key: &Secret, options: Options) -> Result<Portal, Error> {
        let Options { transport, cache, retries, read_only, bindings, variables, observers } = options;
        let http = Http::new(&endpoint, Some(key), transport)?;
        Ok(Portal(Arc::new(Shared {
            client: Client::new(http, &endpoint, retries, read_only, observers.clone()),
            endpoint,
            bindings: Bindings::new(bindings),
            variables,
            bound: Mutex::default(),
            cache: Mutex::new(SchemaCache::read(cache)),
            schema: OnceLock::new(),
            schema_fault: Mutex::default(),
            observers,
            noticed: Mutex::default(),
        })))
    }

    /// Returns true if this connection uses that key.
    pub fn uses(&self, secret: &Secret) -> bool {
        self.0.client.carries(secret)
    }

    /// Returns the portal's address.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Returns the user's binding for an operation, read and checked once.
    pub(super) fn binding(&self, operation: Operation) -> Result<Option<Arc<CompatDocument>>, Error> {
        let mut bound = lock(&self.0.bound);
        if let Some(binding) = bound.get(operation.name) {
            return Ok(binding.clone());
        }
        let binding = self.0.bindings.get(operation)?.map(Arc::new);
        bound.insert(operation.name, binding.clone());
        Ok(binding)
    }

    /// Returns the profile's values for variables of bindings.
    pub(super) fn variables(&self) -> &BTreeMap<String, String> {
        &self.0.variables
    }

    pub(super) fn cache(&self) -> MutexGuard<'_, SchemaCache> {
        lock(&self.0.cache)
    }

    /// Returns the portal's schema, requested once by `introspect`; `None` if the portal refuses introspection.
    pub(super) fn schema(&self, introspect: impl FnOnce() -> Result<RemoteSchema, Error>) -> Option<Arc<RemoteSchema>> {
        let ask = || introspect().map_err(|error| *lock(&self.0.schema_fault) = Some(error)).ok();
        self.0.schema.get_or_init(|| ask().map(Arc::new)).clone()
    }

    /// Returns true if the portal is known to differ from the contract.
    pub(super) fn deviates(&self) -> bool {
        self.0.schema.get().is_some() || !self.cache().is_empty()
    }

    /// Returns, once, why the portal showed no schema.
    pub fn take_schema_fault(&self) -> Option<Error> {
        lock(&self.0.schema_fault).take()
    }

    /// Gives the user a notice, once.
    pub(super) fn notice_once(&self, sentence: &str) {
        if let Some(notice) =
            self.0.observers.notices.as_ref().filter(|_| lock(&self.0.noticed).insert(sentence.to_owned()))
        {
            notice(sentence);
        }
    }
}

/// Returns the name of a cache file, one per portal and key, since the schema may depend on the key. Neither can be
/// derived from the name.
pub fn cache_name(endpoint: &Endpoint, key: &Secret) -> String {
    format!("{}.json", digest(&format!("{}\n{}", endpoint.url(), key.expose())))
}

/// Locks a mutex. A thread that panicked left no half-done change behind: every change is one insertion.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
