//! Proves that a portal accepts a key: by the viewer, or else by one item of a listing.
//!
//! A query that the portal answers without a key proves nothing. The proof must not be taken for more than it is.

use super::devices;
use super::error::{Error, Failure};
use super::graphql::{Reason, Request};
use super::handle::Portal;
use super::keys;
use super::query::ListQuery;
use super::viewer::{self, Viewer};

/// What a portal revealed about a key.
#[derive(Debug)]
pub struct Proof {
    pub viewer: Viewer,
    pub by: ProvenBy,
}

/// What proves that a portal accepts a key.
#[derive(Debug)]
pub enum ProvenBy {
    /// The response to this operation of ours, which needs a key.
    Operation(&'static str),
    /// The portal answers `{ __typename }`, which may need no key; none of our operations fits it, for this reason.
    Typename(Error),
}

impl Proof {
    /// Returns the viewer; fails if the key is not proven.
    pub fn strong(self) -> Result<Viewer, Error> {
        match self.by {
            ProvenBy::Operation(_) => Ok(self.viewer),
            ProvenBy::Typename(unsupported) => Err(unsupported),
        }
    }
}

/// Proves that the portal accepts the key, by the first of our operations that fits.
pub fn prove(portal: &Portal) -> Result<Proof, Error> {
    let by = |viewer, word| Ok(Proof { viewer, by: ProvenBy::Operation(word) });
    match viewer::show(portal) {
        Ok(Some(viewer)) => return by(viewer, "auth.viewer"),
        Ok(None) => {}
        Err(error) if error.reason().is_some_and(is_forbidden) => {}
        Err(error) => return Err(error),
    }
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let devices = devices::list(portal, &query).and_then(|mut pages| pages.next().transpose().map(drop));
    let Some(unsupported) = judged(devices)? else { return by(Viewer::default(), "devices.list") };
    let keys = keys::list(portal, &query).and_then(|mut pages| pages.next().transpose().map(drop));
    if judged(keys)?.is_none() {
        return by(Viewer::default(), "keys.list");
    }
    answers(portal)?;
    Ok(Proof { viewer: Viewer::default(), by: ProvenBy::Typename(unsupported) })
}

/// Sends a query that every portal can answer, and some answer without a key.
pub fn answers(portal: &Portal) -> Result<(), Error> {
    let request = Request::new::<()>("Typename", "query Typename { __typename }", None, Some("Typename"))?;
    let envelope = portal.client().envelope(&request.executing(false))?;
    if envelope.has_result() { Ok(()) } else { Err(envelope.refused()) }
}

/// Returns why nothing is proven, if the portal does not support the query. A portal that forbids the query knows the
/// key; but a bare status 403 may come from a proxy that never checks the key.
fn judged(asked: Result<(), Error>) -> Result<Option<Error>, Error> {
    match asked {
        Ok(()) => Ok(None),
        Err(error) if matches!(error.failure(), Failure::Refused(refusal) if is_forbidden(refusal.reason())) => {
            Ok(None)
        }
        // A binding without a value for a variable is no reason to doubt the key.
        Err(error) if error.is_unsupported() || matches!(error.failure(), Failure::Unset { .. }) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

fn is_forbidden(reason: Reason) -> bool {
    matches!(reason, Reason::Forbidden | Reason::FeatureDisabled)
}
