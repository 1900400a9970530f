//! What has to be done when the run ends, also when a signal ends it. There is one such thing at most, and it must be
//! quick: the signal waits for it.

use std::sync::{Mutex, PoisonError};

static FAREWELL: Mutex<Option<Box<dyn FnOnce() + Send>>> = Mutex::new(None);

/// Something to do when a signal ends the run, or when this guard is dropped.
#[must_use]
pub struct AtEnd(());

/// Keeps something to do for the end of the run.
pub(super) fn keep(farewell: impl FnOnce() + Send + 'static) -> AtEnd {
    *FAREWELL.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(farewell));
    AtEnd(())
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        run();
    }
}

/// Does what is to be done, once.
pub(super) fn run() {
    let farewell = FAREWELL.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(farewell) = farewell {
        farewell();
    }
}
