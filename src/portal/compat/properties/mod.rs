//! What must hold of compat for any portal: its schema, its refusals and its responses.

mod answers;
mod heads;
mod portal;
mod refusals;
mod schemas;

pub use answers::{change, coerce, typed_by_contract};
pub use heads::{binding, mapping, pager};
pub use refusals::refusal;
pub use schemas::{introspection, negotiation, suggestion};
