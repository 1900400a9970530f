//! Who a key stands for, and the proof that the portal accepts it.

use serde::Serialize;

use super::error::{Error, Reason};
use super::keys::{ApiKey, key_from};
use super::{Portal, Wanted, devices};

/// What the portal tells of the key in use; empty where it does not tell.
#[derive(Debug, Default)]
pub struct Viewer {
    pub organization: Option<Organization>,
    pub key: Option<ApiKey>,
}

/// The organization that a key belongs to.
#[derive(Debug, Serialize)]
pub struct Organization {
    pub id: String,
    pub name: Option<String>,
    /// True for the organization that a personal account is.
    pub personal: Option<bool>,
}

/// The document as `graphql_client` compiles it. What it calls `String` is our lenient text in here.
mod documents {
    use crate::portal::scalars::{DateTime, Text as String};
    use graphql_client::GraphQLQuery;

    #[derive(GraphQLQuery)]
    #[graphql(
        schema_path = "graphql/schema.graphql",
        query_path = "graphql/auth/viewer.graphql",
        skip_serializing_none
    )]
    pub struct AuthViewer;
}

use documents::{AuthViewer, auth_viewer};

impl From<auth_viewer::AuthViewerViewer> for Viewer {
    fn from(viewer: auth_viewer::AuthViewerViewer) -> Viewer {
        Viewer {
            organization: viewer.organization.map(|organization| Organization {
                id: organization.id.0,
                name: organization.name.map(|text| text.0),
                personal: organization.personal,
            }),
            key: viewer.api_key.map(ApiKey::from),
        }
    }
}

key_from!(auth_viewer::AuthViewerViewerApiKey);

/// Asks who the key stands for; none where the portal cannot be asked or does not say.
pub fn show(portal: &Portal) -> Result<Option<Viewer>, Error> {
    match portal.send::<AuthViewer>(auth_viewer::Variables).and_then(|answer| answer.whole()) {
        Ok(data) => Ok(data.viewer.map(Viewer::from)),
        Err(error) if error.is_unfit() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Proves that the portal accepts the key: by what it says of the viewer, else by the documented query.
pub fn prove(portal: &Portal) -> Result<Viewer, Error> {
    let is_forbidden = |error: &Error| matches!(error.reason(), Some(Reason::Forbidden | Reason::FeatureDisabled));
    match show(portal) {
        Ok(Some(viewer)) => return Ok(viewer),
        Ok(None) => {}
        Err(error) if is_forbidden(&error) => {}
        Err(error) => return Err(error),
    }
    match devices::list(portal, Wanted::default()).limit(Some(1)).next().transpose() {
        Ok(_) => Ok(Viewer::default()),
        // Whom the portal forbids to ask, it knows.
        Err(error) if is_forbidden(&error) => Ok(Viewer::default()),
        Err(error) => Err(error),
    }
}
