//! GraphQL over one POST: a request, its response, and on every failure whether the portal may have executed it.
//!
//! It knows nothing of our schema. The layers around an exchange are each in a file of their own.

mod client;
mod envelope;
mod layer;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod read_only;
mod refusal;
mod repair;
mod request;
mod retry;
mod strict;
mod trace;

pub use client::{Client, Observers};
pub use envelope::{Envelope, data_of};
pub use refusal::{GraphQlError, Reason, Refusal};
pub use request::{Request, has_mutation};
pub use trace::Exchange;
