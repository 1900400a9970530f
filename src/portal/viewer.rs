//! The owner of a key, according to the portal. Everything here is assumed.

use serde::Serialize;

use super::api_key::{ApiKey, api_key_from};
use super::error::Error;
use super::execute::Call;
use super::handle::Portal;
use super::operation::operations;
use crate::secret;

/// What the portal says about the key in use; empty if it says nothing.
#[derive(Debug, Default)]
pub struct Viewer {
    pub organization: Option<Organization>,
    pub key: Option<ApiKey>,
}

impl Viewer {
    /// Returns true if the portal says anything about the key.
    fn tells(&self) -> bool {
        self.organization.is_some() || self.key.is_some()
    }

    /// Returns the organization's name, or else its id.
    pub fn organization_name(&self) -> Option<String> {
        let organization = self.organization.as_ref()?;
        let name = organization.name.as_ref().unwrap_or(&organization.id);
        // The name is written to a file, so one that contains a secret is not accepted.
        (secret::mask(name) == *name).then(|| name.clone())
    }
}

/// The organization that a key belongs to.
#[derive(Debug, Serialize)]
pub struct Organization {
    pub id: String,
    pub name: Option<String>,
    /// True for the organization that a personal account is.
    pub personal: Option<bool>,
}

operations! {
    AuthViewer "auth.viewer" "graphql/auth/viewer.graphql";
}

use documents::{AuthViewer, auth_viewer};

impl From<auth_viewer::AuthViewerViewer> for Viewer {
    fn from(viewer: auth_viewer::AuthViewerViewer) -> Viewer {
        Viewer {
            organization: viewer.organization.map(|organization| Organization {
                id: organization.id.into(),
                name: organization.name.map(Into::into),
                personal: organization.personal,
            }),
            key: viewer.api_key.map(ApiKey::from),
        }
    }
}

api_key_from!(auth_viewer::AuthViewerViewerApiKey);

/// Asks who owns the key; `None` if the portal does not support the query or does not say.
pub fn show(portal: &Portal) -> Result<Option<Viewer>, Error> {
    let answer = Call::<AuthViewer>::new(portal)?.execute(auth_viewer::Variables);
    match answer.and_then(|answer| answer.complete()) {
        // An empty viewer proves nothing: the portal may not have checked the key.
        Ok(data) => Ok(data.viewer.map(Viewer::from).filter(Viewer::tells)),
        Err(error) if error.is_unsupported() => Ok(None),
        Err(error) => Err(error),
    }
}
