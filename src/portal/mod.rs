//! The portal as the rest of the program sees it: nouns with typed functions, plain structs, one error.
//!
//! It is given a key and never looks for one. Generated types and HTTP stay in here. From the outside in: a noun calls
//! `execute`, which drives `compat` (pure) and sends through `graphql`, which posts through `http`.

mod api_key;
mod bindings;
mod check;
mod compat;
mod completeness;
mod decode;
pub mod devices;
mod document;
pub mod endpoint;
pub mod error;
mod execute;
mod fault;
#[cfg(feature = "server")]
mod forward;
mod graphql;
mod handle;
mod http;
mod issuer;
pub mod keys;
mod negotiate;
mod operation;
mod operations;
mod page;
mod pages;
mod prefetch;
mod proof;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod query;
mod reach;
mod recent_ids;
mod request_id;
mod resolver;
pub mod scalars;
mod schema_cache;
mod tls;
mod trace_context;
mod transport;
mod validate;
pub mod viewer;

pub use bindings::Bindings;
pub use check::{Checked, Verdict};
#[cfg(feature = "server")]
pub use compat::misread;
pub use compat::{
    DocumentError, Evidence, PassedVariable, Similarity, Suggestion, Unset, declared_variables, of_request,
    operation_of, requirements, root_field, variables_on,
};
pub use completeness::{Completeness, Missing};
pub use document::{Document, Field, Variable};
pub use endpoint::Endpoint;
pub use error::Error;
pub use execute::FoundItem;
pub use fault::Fault;
#[cfg(feature = "server")]
pub use forward::Forwarded;
pub use graphql::{Exchange, GraphQlError, Observers, Reason, Refusal, has_mutation};
pub use handle::{Options, Portal, cache_name};
pub use issuer::{Certificate, certificates};
pub use operation::Operation;
pub use operations::{operation, operations};
pub use page::Page;
pub use pages::Pages;
pub use proof::{Proof, ProvenBy, answers, prove};
pub use query::{ListQuery, Predicate, Projection, Sort};
pub use reach::{Reached, reach};
pub use request_id::{RequestId, is_request_id_header};
pub use schema_cache::is_stale;
pub use trace_context::TraceContext;
pub use transport::Transport;
pub use validate::Validated;
