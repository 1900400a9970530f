//! Less power than the portal gives: a server on this machine that other programs ask with a throw-away token, and that sends on
//! what they are allowed to ask for, with the key that it was given and that they never see.
//!
//! `policy` is the decision, `document` and `request` what it is made of: they are pure. `http` is the server. It looks for no key,
//! and prints nothing.

mod document;
mod entry;
mod http;
mod listen;
mod pace;
mod policy;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod refused;
mod request;
mod root;
mod token;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use tokio::sync::Semaphore;

pub use document::Document;
pub use entry::{Entry, Log};
pub use listen::Address;
pub use policy::Policy;
pub use root::Root;

use self::http::Broker;
use self::listen::bind;
use self::pace::Pace;
use self::token::Token;
use crate::portal::Portal;
use crate::secret::Secret;

/// Room for a deeply nested document, which is read and written by recursion.
const STACK: usize = 8 << 20;

/// So many requests are at the portal at once; further ones wait for their turn.
const AT_ONCE: usize = 8;

/// How a broker is to be.
pub struct Options {
    pub policy: Policy,
    pub address: Address,
    /// So many requests in any minute; none for no limit.
    pub per_minute: Option<u32>,
    pub log: Option<Log>,
}

/// Why a broker did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken, or not for this user.
    #[error("cannot listen there")]
    Listen(#[source] std::io::Error),
    /// The server could not be set up.
    #[error("cannot run a server")]
    Serve(#[source] std::io::Error),
    /// The operating system gave no random numbers for a token.
    #[error("no random numbers to make a token of")]
    Random(#[from] getrandom::Error),
}

/// A broker that runs. When this is dropped, its token is worth nothing any more.
pub struct Running {
    url: String,
    token: Secret,
    is_open: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

impl Running {
    /// Returns where it is: a base URL, or `unix:PATH`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns what a program says instead of a key.
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// Blocks while the server runs, which is until the process ends.
    pub fn wait(mut self) {
        // The thread's only way to fail is a panic, which has already been reported.
        let _ = self.server.take().map(JoinHandle::join);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.is_open.store(false, Ordering::SeqCst);
    }
}

/// Starts a broker of this portal. A request made right after this returns is answered.
pub fn start(portal: Portal, options: Options) -> Result<Running, Error> {
    let Options { policy, address, per_minute, log } = options;
    let (bound, url) = bind(&address).map_err(Error::Listen)?;
    let (token, text) = Token::draw()?;
    let is_open = Arc::new(AtomicBool::new(true));
    let broker = Broker {
        portal,
        policy,
        token,
        pace: per_minute.map(Pace::new),
        turns: Semaphore::new(AT_ONCE),
        log,
        is_open: Arc::clone(&is_open),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
    let listener = http::listener(&runtime, bound).map_err(Error::Serve)?;
    let server = thread::Builder::new()
        .name("broker".into())
        .stack_size(STACK)
        .spawn(move || runtime.block_on(http::serve(listener, Arc::new(broker))))
        .map_err(Error::Serve)?;
    Ok(Running { url, token: text, is_open, server: Some(server) })
}
