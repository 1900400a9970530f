//! The only way to the terminal. The result goes to stdout; everything else that a verb says goes to stderr.
//!
//! Format, colour, width and quiet are decided once, when the handle is created; a verb cannot ask for them. Text from
//! outside is sanitized for a terminal in every human format, and unchanged in machine formats. Every known secret is
//! masked in all output, unless a verb reveals it because the user asked for it.

mod cell;
mod error;
mod fields;
mod file;
mod filter;
mod handle;
mod jq;
mod json;
mod layout;
mod pager;
mod progress;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod record;
mod reveal;
mod rows;
mod safe;
mod say;
mod screen;
mod settings;
mod stderr_buffer;
mod stream;
mod table;
mod template;
mod tsv;
mod written;
mod yaml;

pub use cell::{Cell, Value};
pub use error::Error;
pub use fields::Fields;
pub use handle::Output;
pub use jq::check as check_filter;
pub use json::Json;
pub use record::{Column, Rank, Record};
pub use rows::Rows;
pub use safe::{readable, safe};
pub use screen::{Event, Key, Lines, Screen, Waker};
pub use settings::{Color, Format, Pager, Settings, TerminalEnv};
pub use template::check as check_template;
pub use written::{Either, Written};
