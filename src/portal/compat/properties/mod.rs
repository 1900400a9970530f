//! What must hold of fitting, whatever the portal: its schema, its refusals and its answers.

mod answers;
mod heads;
mod portal;
mod refusals;
mod schemas;

pub use answers::{change, coerce, typed_by_contract};
pub use heads::{binding, mapping, pager};
pub use refusals::refusal;
pub use schemas::{introspection, negotiation, suggestion};
