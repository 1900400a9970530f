//! How the portal's own scalars become cells, the same in every record.

use crate::output::{Cell, Value};
use crate::portal::scalars::{DateTime, Text};

impl Value for DateTime {
    fn cell(&self) -> Cell<'_> {
        match self {
            DateTime::At(moment) => Cell::Time(*moment),
            DateTime::Text(text) => text.cell(),
        }
    }
}

impl Value for Text {
    fn cell(&self) -> Cell<'_> {
        self.as_str().cell()
    }
}
