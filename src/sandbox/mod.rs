//! The sandbox: a real GraphQL server on loopback in this binary, for trying the client without an account.
//!
//! It serves the contract's own schema and keeps its state in SQLite. It shares nothing else with the client, must not
//! be reachable from another machine, and prints nothing.

mod devices;
mod dialect;
mod error;
mod execute;
mod faults;
mod fleet;
mod folder;
mod http;
mod ids;
mod keys;
mod options;
mod page;
mod refusal;
mod resolve;
mod root;
mod store;
mod viewer;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::secret::Secret;

pub use self::error::Error;
pub use self::faults::{Faults, Latency};
pub use self::options::{Dialect, Options, Role, State};

use self::execute::Portal;
use self::faults::Chance;
use self::folder::StateDir;
use self::store::Store;

/// Stack for deeply nested documents, which the executor walks recursively.
const STACK: usize = 8 << 20;

/// A running sandbox. Dropping it does not stop the server, which runs until the process ends.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    key: Secret,
    seed: u64,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Returns the portal's URL, without the path of its endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a valid admin key.
    pub fn key(&self) -> &Secret {
        &self.key
    }

    /// Returns the seed: the same seed gives the same sequence of faults.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Blocks while the server runs, until the process ends.
    pub fn wait(self) {
        // The thread can only fail by a panic, which is reported already.
        let _ = self.server.join();
    }
}

/// Starts a sandbox. It accepts requests as soon as this returns.
pub fn start(options: Options) -> Result<Sandbox, Error> {
    let listen_failed = |source| Error::Listen { port: options.port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).map_err(listen_failed)?;
    let url = format!("http://{}", listener.local_addr().map_err(listen_failed)?);

    let seed = options.seed.unwrap_or_else(any_seed);
    let chance = Chance::new(options.faults.clone(), options.latency, seed);
    let (portal, key) = open(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
    let listener = http::listener(&runtime, listener).map_err(Error::Serve)?;
    let server = thread::Builder::new()
        .name("sandbox".into())
        .stack_size(STACK)
        .spawn(move || runtime.block_on(http::serve(listener, Arc::new(portal), Arc::new(chance))))
        .map_err(Error::Serve)?;
    Ok(Sandbox { url, key, seed, server })
}

/// Returns a random seed that is short enough to type.
fn any_seed() -> u64 {
    // Without random numbers every run has the same sequence, which is no reason to fail.
    getrandom::u32().unwrap_or_default().into()
}

/// Opens the state, and returns the portal with a valid admin key.
fn open(options: Options) -> Result<(Portal, Secret), Error> {
    let schema = dialect::schema(options.dialect)?;
    let folder = match &options.state {
        State::Directory(path) => Some(StateDir::enter(path)?),
        State::Memory => None,
    };
    let mut store = match &folder {
        Some(folder) => Store::open(folder.database()?)?,
        None => Store::in_memory()?,
    };
    store.resize_fleet(options.devices)?;
    let key = admin_key(&store, folder.as_ref())?;
    Ok((Portal { schema, store: Mutex::new(store), options }, key))
}

/// Returns the admin key of an earlier start, or a new one if that is missing or was revoked.
fn admin_key(store: &Store, folder: Option<&StateDir>) -> Result<Secret, Error> {
    if let Some(folder) = folder
        && let Some(key) = folder.admin_key()?
        && store.knows(&key)?
    {
        return Ok(key);
    }
    let key = Secret::new(keys::generate_secret()?.to_string());
    store.keep_admin_key(&key, || folder.map_or(Ok(()), |folder| folder.keep_admin_key(&key)))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_lasts_from_one_start_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("state");
        let options = Options { state: State::Directory(path.clone()), devices: Some(3), ..Options::default() };
        let (first, key) = open(options.clone()).unwrap();
        // The first is still open: two processes may use one directory.
        let (second, same) = open(Options { devices: None, ..options.clone() }).unwrap();
        assert!(key == same);
        assert_eq!(second.store.lock().unwrap().device_count().unwrap(), 3);

        let number = first.authenticate(Some(key.expose())).unwrap();
        first.store.lock().unwrap().delete_key(number).unwrap();
        assert!(second.authenticate(Some(key.expose())).is_err());
        let (third, new) = open(options).unwrap();
        assert!(new != key && third.authenticate(Some(new.expose())).is_ok());
        assert_eq!(std::fs::read_to_string(path.join("admin-key")).unwrap(), new.expose());
    }

    #[cfg(unix)]
    #[test]
    fn state_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let _portal = open(Options { state: State::Directory(path.clone()), ..Options::default() }).unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        let files: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 4, "{files:?}");
        assert!(files.iter().all(|file| mode(file) == 0o600));
    }
}
