//! GraphQL over one POST: a request, its answer, and on every failure what the portal may have done.
//!
//! It knows nothing of our schema. What surrounds an exchange are layers, each in a file of its own.

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
