//! The one confirmation of a change that ends a key: the user types a name or a number, not a single y.

use crate::context::Context;
use crate::error::{Error, Kind};

/// Asks the user to type something. Unless it is `right`, the error says what is `wrong`, and that the change is
/// `undone`.
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
