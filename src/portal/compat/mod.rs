//! Makes our documents match the portal, and its responses match the contract.
//!
//! Everything here is pure: documents are changed as trees, never as text, and nothing sends, reads a file or prints.
//! No verb knows that this module exists.

mod ast;
mod binding;
mod bounds;
mod coerce;
mod contract;
mod document;
mod document_error;
mod dry_run;
mod gap;
mod head;
mod introspection;
mod mapping;
mod members;
mod negotiation;
mod pager;
mod pretty;
mod probe;
mod profile_variable;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod prune;
mod pushdown;
mod remote_schema;
mod requirements;
mod similarity;
mod suggest;
mod suggestion;
mod wording;

pub use ast::{PassedVariable, declared_variables, root_field, variables_on};
pub use binding::parse as parse_binding;
pub use coerce::coerce;
pub use document::{CompatDocument, Evidence, PagePosition, Paging, Unset};
pub use document_error::{DocumentError, line_of, misread, wrong};
pub use dry_run::{DryRun, dry_run};
pub use gap::has_no_paging;
pub use introspection::{INTROSPECTION, Introspected};
pub use mapping::Mapped;
pub use negotiation::{Accepted, Negotiation, Next, Rejection};
pub use pager::Pager;
pub use probe::{PROBE, probe};
pub use remote_schema::RemoteSchema;
pub use requirements::requirements;
pub use suggest::{of_request, operation_of, similar, suggest};
pub use suggestion::{Similarity, Suggestion};
