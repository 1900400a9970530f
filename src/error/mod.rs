//! The one error that a verb returns, and the only place where lower errors become it and get their hints.
//!
//! What happened is the message, why is the cause, and what to do is a hint that can be pasted.

mod advice;
mod failure;
mod guide;
mod kind;
mod near_miss;
mod report;
mod typed_key;
mod usage;

pub use failure::{ADOPT_PASTED, Error, for_portal};
pub use guide::Guide;
pub use kind::Kind;
pub use near_miss::suggest;
pub use report::{Document, report};
pub use typed_key::register_typed_keys;
pub use usage::{exit_for_clap, format};
