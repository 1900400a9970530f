//! The portal's own scalars as cells; every record shows them alike.

use std::borrow::Cow;

use crate::output::Cell;
use crate::portal::scalars::DateTime;

impl<'r> From<Option<&'r DateTime>> for Cell<'r> {
    fn from(moment: Option<&'r DateTime>) -> Cell<'r> {
        match moment {
            None => Cell::Nothing,
            Some(DateTime::At(moment)) => Cell::Time(*moment),
            Some(DateTime::Text(text)) => Cell::Text(Cow::Borrowed(text)),
        }
    }
}
