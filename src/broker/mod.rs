//! A server on this machine with less power than the portal: other programs use it with a throw-away token, and it
//! forwards what they are allowed to request, with a key that they never see.
//!
//! `policy` makes the decision from `document` and `request`; all three are pure. `http` is the server. The broker must
//! not look for keys, and prints nothing.

mod document;
mod entry;
mod http;
mod listen;
mod policy;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod rate_limit;
mod refused;
mod request;
mod root;
mod token;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use tokio::sync::Semaphore;

pub use document::Document;
pub use entry::{Entry, Line, Log};
pub use listen::Address;
pub use policy::Policy;
pub use root::Root;

use self::http::Broker;
use self::listen::{bind, remove_at_end};
use self::rate_limit::RateLimit;
use self::token::Token;
use crate::interrupt::AtEnd;
use crate::portal::Portal;
use crate::secret::Secret;

/// Stack for deeply nested documents, which are parsed and written recursively.
const STACK: usize = 8 << 20;

/// The limit of concurrent requests to the portal; further ones wait.
const AT_ONCE: usize = 8;

/// The settings of a broker.
pub struct Options {
    pub policy: Policy,
    pub address: Address,
    /// The limit of requests in any minute; `None` for no limit.
    pub per_minute: Option<u32>,
    pub log: Option<Box<dyn Log>>,
}

/// Why a broker did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is in use, or not permitted for this user.
    #[error("cannot listen there")]
    Listen(#[source] std::io::Error),
    /// The server could not be set up.
    #[error("cannot run a server")]
    Serve(#[source] std::io::Error),
    /// The system returned no random numbers for a token.
    #[error("no random numbers to make a token of")]
    Random(#[from] getrandom::Error),
}

/// A running broker. Dropping it invalidates its token.
pub struct Running {
    url: String,
    token: Secret,
    is_open: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
    /// Removes the socket.
    _socket: Option<AtEnd>,
}

impl Running {
    /// Returns the address: a base URL, or `unix:PATH`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the token that a program uses instead of a key.
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// Blocks while the server runs, until the process ends.
    pub fn wait(mut self) {
        // The thread can only fail by a panic, which is reported already.
        let _ = self.server.take().map(JoinHandle::join);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.is_open.store(false, Ordering::SeqCst);
    }
}

/// Starts a broker for this portal. It accepts requests as soon as this returns.
pub fn start(portal: Portal, options: Options) -> Result<Running, Error> {
    let Options { policy, address, per_minute, log } = options;
    let (bound, url) = bind(&address).map_err(Error::Listen)?;
    let socket = remove_at_end(&address);
    let (token, text) = Token::draw()?;
    let is_open = Arc::new(AtomicBool::new(true));
    let broker = Broker {
        portal,
        policy,
        token,
        rate_limit: per_minute.map(RateLimit::new),
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
    Ok(Running { url, token: text, is_open, server: Some(server), _socket: socket })
}
