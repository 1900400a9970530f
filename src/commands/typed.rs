//! The one confirmation of what ends a key: something that only this deed has is typed, and not one key pressed.

use crate::context::Context;
use crate::error::{Error, Kind};

/// Asks for something to be typed. Where that is not `right`, it is `wrong`, and the deed is `undone`.
pub fn ensure_typed(
    question: &str,
    right: impl Fn(&str) -> bool,
    wrong: &str,
    undone: &str,
    cx: &Context,
) -> Result<(), Error> {
    let typed = cx.prompt.typed(question).map_err(|error| Error::from(error).context(undone))?;
    if right(&typed) { Ok(()) } else { Err(Error::new(Kind::Declined, format!("{wrong}; {undone}"))) }
}
