//! The portal, as the rest of the program sees it: nouns with typed functions, plain structs, one error.
//!
//! It is given a key and never looks for one. Generated types and HTTP stay in here.

pub mod devices;
pub mod endpoint;
pub mod error;
pub mod keys;
mod pages;
pub mod scalars;
mod send;
mod transport;
pub mod viewer;

pub use endpoint::Endpoint;
pub use error::Error;
pub use pages::{Page, Pages};
pub use transport::{Exchange, Options};

use crate::secret::Secret;
use transport::Transport;

/// Is told of every finished request.
pub type Observer = Box<dyn Fn(&Exchange<'_>)>;

/// A connection to one portal with one key.
pub struct Portal {
    endpoint: Endpoint,
    transport: Transport,
    observer: Option<Observer>,
}

impl Portal {
    /// Makes the HTTP client; nothing is sent yet.
    pub fn new(
        endpoint: Endpoint,
        key: &Secret,
        options: &Options,
        observer: Option<Observer>,
    ) -> Result<Portal, Error> {
        let transport = Transport::new(&endpoint, key, options)?;
        Ok(Portal { endpoint, transport, observer })
    }
}
