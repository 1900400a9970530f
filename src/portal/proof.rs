//! The proof that a portal accepts a key: by what it says of the viewer, else by the documented query.

use super::devices;
use super::error::Error;
use super::graphql::Reason;
use super::handle::Portal;
use super::query::ListQuery;
use super::viewer::{self, Viewer};

/// Proves that the portal accepts the key.
pub fn prove(portal: &Portal) -> Result<Viewer, Error> {
    match viewer::show(portal) {
        Ok(Some(viewer)) => return Ok(viewer),
        Ok(None) => {}
        Err(error) if is_forbidden(&error) => {}
        Err(error) => return Err(error),
    }
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    match devices::list(portal, &query)?.next().transpose() {
        Ok(_) => Ok(Viewer::default()),
        // Whom the portal forbids to ask, it knows.
        Err(error) if is_forbidden(&error) => Ok(Viewer::default()),
        Err(error) => Err(error),
    }
}

fn is_forbidden(error: &Error) -> bool {
    matches!(error.reason(), Some(Reason::Forbidden | Reason::FeatureDisabled))
}
