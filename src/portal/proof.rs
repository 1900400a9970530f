//! The proof that a portal accepts a key: by what it says of the viewer, else by one item of a list.
//!
//! What answers anybody proves nothing. It must not be taken for more than it is.

use super::devices;
use super::error::{Error, Failure};
use super::graphql::{Reason, Request};
use super::handle::Portal;
use super::keys;
use super::query::ListQuery;
use super::viewer::{self, Viewer};

/// What a portal showed of a key.
#[derive(Debug)]
pub struct Proof {
    pub viewer: Viewer,
    pub by: ProvenBy,
}

/// By what it was shown that a portal accepts a key.
#[derive(Debug)]
pub enum ProvenBy {
    /// By the answer to this operation of ours, which needs a key.
    Operation(&'static str),
    /// The portal answers `{ __typename }`, which may need none; no operation of ours fits it, for this reason.
    Typename(Error),
}

impl Proof {
    /// Returns what is shown of the viewer, unless the key may be none.
    pub fn strong(self) -> Result<Viewer, Error> {
        match self.by {
            ProvenBy::Operation(_) => Ok(self.viewer),
            ProvenBy::Typename(unsupported) => Err(unsupported),
        }
    }
}

/// Proves that the portal accepts the key, by the first operation of ours that fits it.
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

/// Asks what every portal can answer, and some answer anybody.
pub fn answers(portal: &Portal) -> Result<(), Error> {
    let request = Request::new::<()>("Typename", "query Typename { __typename }", None, Some("Typename"))?;
    let envelope = portal.client().envelope(&request.executing(false))?;
    if envelope.has_result() { Ok(()) } else { Err(envelope.refused()) }
}

/// Returns why nothing is proven, where the portal cannot be asked so. Whom it forbids to ask, it knows; a bare status 403 may
/// be of something that stands before the portal, and never saw the key.
fn judged(asked: Result<(), Error>) -> Result<Option<Error>, Error> {
    match asked {
        Ok(()) => Ok(None),
        Err(error) if matches!(error.failure(), Failure::Refused(refusal) if is_forbidden(refusal.reason())) => {
            Ok(None)
        }
        // A binding that lacks something is no reason to doubt the key.
        Err(error) if error.is_unsupported() || matches!(error.failure(), Failure::Unset { .. }) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

fn is_forbidden(reason: Reason) -> bool {
    matches!(reason, Reason::Forbidden | Reason::FeatureDisabled)
}
