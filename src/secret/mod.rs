//! A string that cannot be printed by accident: an API key, from its source to the header that carries it.
//!
//! It has no `Display`, no `Serialize` and no `Deref`; its memory is overwritten when it is dropped. Every secret of a
//! run is registered here, so that [`mask`] finds it in all output.

mod known;
mod marks;
mod pieces;
mod process;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod suspect;
mod value;

#[cfg(fuzzing)]
pub use known::forget;
pub use known::{MASK, SHORTEST, mask, mask_whole};
pub use marks::{Mark, Marks};
pub use suspect::{Suspicion, mask_suspects, repeatable, strong_suspects, suspect};
pub use value::{Secret, mask_bytes};
