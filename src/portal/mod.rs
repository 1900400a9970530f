//! The portal, as the rest of the program sees it: nouns with typed functions, plain structs, one error.
//!
//! It is given a key and never looks for one. Generated types and HTTP stay in here.

mod adapt;
mod check;
pub mod devices;
pub mod endpoint;
mod envelope;
pub mod error;
mod fit;
pub mod keys;
mod operations;
mod pages;
mod repair;
mod retry;
pub mod scalars;
mod send;
mod transport;
pub mod viewer;
mod wanted;

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

pub use check::{Checked, Verdict};
pub use endpoint::Endpoint;
pub use error::Error;
pub use fit::{Bindings, Learned, Operation, Paging, Proposal};
pub use operations::{OPERATIONS, operation};
pub use pages::{Page, Pages};
pub use send::Shown;
pub use transport::{Exchange, Options};
pub use wanted::Wanted;

use crate::secret::Secret;
use fit::{Fitted, LiveSchema, Memory};
use send::Ahead;
use transport::Transport;

/// Is told of every finished request.
pub type Observer = Box<dyn Fn(&Exchange<'_>)>;

/// Is told of what a person who waits should know.
pub type Notice = Box<dyn Fn(&str)>;

/// A connection to one portal with one key.
pub struct Portal {
    endpoint: Endpoint,
    transport: Arc<Transport>,
    /// The document with only the wanted fields, and the one that it was made of.
    narrowed: RefCell<Option<(String, Fitted)>>,
    /// The request that was sent ahead of time, if any.
    ahead: RefCell<Option<Ahead>>,
    observer: Option<Observer>,
    /// Is told of what a person who waits should know.
    notice: Option<Notice>,
    /// How often a read is asked for again.
    retries: u32,
    /// True where no mutation may be sent.
    read_only: bool,
    /// The user's own documents.
    bindings: Bindings,
    /// The smaller documents that the portal accepted.
    memory: RefCell<Memory>,
    /// The portal's own schema, once it was asked for; none where it does not tell.
    schema: OnceCell<Option<Rc<LiveSchema>>>,
    /// What was told already.
    told: RefCell<HashSet<String>>,
}

impl Portal {
    /// Makes the HTTP client; nothing is sent yet.
    pub fn new(
        endpoint: Endpoint,
        key: &Secret,
        options: &Options,
        observer: Option<Observer>,
        notice: Option<Notice>,
    ) -> Result<Portal, Error> {
        let transport = Arc::new(Transport::new(&endpoint, key, options)?);
        let memory = Memory::read(options.memory.clone());
        let (read_only, bindings) = (options.read_only, Bindings::new(options.bindings.clone()));
        Ok(Portal {
            endpoint,
            transport,
            narrowed: RefCell::default(),
            ahead: RefCell::default(),
            observer,
            notice,
            retries: options.retries,
            read_only,
            bindings,
            memory: RefCell::new(memory),
            schema: OnceCell::new(),
            told: RefCell::default(),
        })
    }

    /// Returns true for the key that this connection uses.
    pub fn uses(&self, secret: &Secret) -> bool {
        self.transport.carries(secret)
    }

    /// Returns the address that it is at.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }
}

/// Returns the variables that a document declares.
pub fn variables(document: &str) -> Vec<String> {
    fit::declared(document)
}

/// Returns the name of the file in which what is learned of a portal is remembered: one for each portal and each key, since
/// what a portal offers may depend on whom it serves. Neither can be read from it.
pub fn memory_name(endpoint: &Endpoint, key: &Secret) -> String {
    format!("{}.json", fit::digest(&format!("{}\n{}", endpoint.url(), key.expose())))
}
