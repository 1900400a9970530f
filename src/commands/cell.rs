//! The portal's own scalars as cells; every record shows them alike.

use crate::output::{Cell, Value};
use crate::portal::scalars::DateTime;

impl Value for DateTime {
    fn cell(&self) -> Cell<'_> {
        match self {
            DateTime::At(moment) => Cell::Time(*moment),
            DateTime::Text(text) => text.cell(),
        }
    }
}
