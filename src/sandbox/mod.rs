//! The portal inside this binary: a real GraphQL server on loopback, for trying the client without an account.
//!
//! It runs the contract's own schema and keeps its state in SQLite. It shares nothing else with the client, is never
//! reachable from another machine, and prints nothing.

mod dialect;
mod execute;
mod fleet;
mod folder;
mod http;
mod ids;
mod keys;
mod page;
mod refusal;
mod resolve;
mod store;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::secret::Secret;

use self::execute::Portal;
use self::folder::Folder;
use self::store::Store;

/// The name that the sandbox's own key has in its list of keys.
const ADMIN_KEY: &str = "sandbox";

/// Room for a deeply nested document, which the executor walks by recursion.
const STACK: usize = 8 << 20;

/// How a sandbox behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where keys and devices are kept.
    pub state: State,
    /// The port to listen on; 0 for any free one.
    pub port: u16,
    /// How many devices the fleet has; `None` for as many as it had, 25 at first.
    pub devices: Option<usize>,
    /// The role of everybody who has a key.
    pub role: Role,
    /// Whether API keys are enabled for the organization.
    pub api_keys: bool,
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// How much of the contract the portal knows.
    pub dialect: Dialect,
    /// Whether the organization is one person's account.
    pub personal: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            state: State::Memory,
            port: 0,
            devices: None,
            role: Role::Admin,
            api_keys: true,
            introspection: true,
            dialect: Dialect::Full,
            personal: false,
        }
    }
}

/// Where a sandbox keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// In this directory, which only its owner can read. Several sandboxes may share it at once.
    Directory(PathBuf),
    /// Nowhere: it ends with the process.
    Memory,
}

/// A role that the portal knows. Only an Admin may manage API keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    Admin,
    BillingAdmin,
    DeviceTechnician,
    DeviceEnroller,
    WorkflowEditor,
    WorkflowDeployer,
    ChartEditor,
    ChartViewerOnly,
}

/// How much of the contract a sandbox knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// All of it
    Full,
    /// What the portal's public documentation shows
    Documented,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken, or not for this user.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen { port: u16, source: io::Error },
    /// The server could not be set up.
    #[error("cannot run a server")]
    Serve(#[source] io::Error),
    /// A file of the state cannot be made, read or written.
    #[error("cannot use `{}`", path.display())]
    File { path: PathBuf, source: io::Error },
    /// The database is broken, or cannot be read or written.
    #[error("cannot use the database `{}`", path.display())]
    Database { path: PathBuf, source: rusqlite::Error },
    /// The database belongs to some other program.
    #[error("`{}` is not a sandbox's database", path.display())]
    Foreign { path: PathBuf },
    /// The database was written by a version of this program that keeps it in another way.
    #[error("`{}` has the format {found} of another version; this one knows {known}", path.display())]
    Format { path: PathBuf, found: i32, known: i32 },
    /// The operating system gave no random numbers for a key.
    #[error("no random numbers to make a key of")]
    Random(#[from] getrandom::Error),
    /// The contract in the binary is not a valid schema.
    #[error("the contract is not a valid schema: {0}")]
    Contract(String),
}

/// A running sandbox. It goes on running when this is dropped, until the process ends.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    key: Secret,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Returns the portal's URL, without the path of its one endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a key that the portal accepts.
    pub fn key(&self) -> &Secret {
        &self.key
    }

    /// Blocks while the server runs, which is until the process ends.
    pub fn wait(self) {
        // The thread's only way to fail is a panic, which has already been reported.
        let _ = self.server.join();
    }
}

/// Starts a sandbox. A request made right after this returns is answered.
pub fn start(options: Options) -> Result<Sandbox, Error> {
    let listen_failed = |source| Error::Listen { port: options.port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).map_err(listen_failed)?;
    let url = format!("http://{}", listener.local_addr().map_err(listen_failed)?);

    let (portal, key) = open(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
    let listener = http::listener(&runtime, listener).map_err(Error::Serve)?;
    let server = thread::Builder::new()
        .name("sandbox".into())
        .stack_size(STACK)
        .spawn(move || runtime.block_on(http::serve(listener, Arc::new(portal))))
        .map_err(Error::Serve)?;
    Ok(Sandbox { url, key, server })
}

/// Opens the state, and returns the portal with an admin key that it knows.
fn open(options: Options) -> Result<(Portal, Secret), Error> {
    let schema = dialect::schema(options.dialect)?;
    let folder = match &options.state {
        State::Directory(path) => Some(Folder::enter(path)?),
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

/// Returns the key that an earlier start left, or a new one where that is missing or was revoked.
fn admin_key(store: &Store, folder: Option<&Folder>) -> Result<Secret, Error> {
    if let Some(folder) = folder
        && let Some(key) = folder.admin_key()?
        && store.knows(&key)?
    {
        return Ok(key);
    }
    let key = keys::draw()?;
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
