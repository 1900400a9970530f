//! An API key, as all operations return it. Everything here is assumed.

use schemars::JsonSchema;
use serde::Serialize;

use super::scalars::DateTime;

/// An API key, without its secret.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    pub id: String,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
    pub last_used_at: Option<DateTime>,
    /// The e-mail address of the Admin who generated it.
    pub created_by: Option<String>,
    /// True if the portal reports uses: then a key without a use was never used.
    #[serde(skip)]
    pub tells_use: bool,
}

/// Implements the conversion from an operation's generated type to [`ApiKey`].
macro_rules! api_key_from {
    ($fields:path) => {
        impl From<$fields> for crate::portal::api_key::ApiKey {
            fn from(key: $fields) -> Self {
                Self {
                    id: key.id.into(),
                    name: key.name.map(Into::into),
                    created_at: key.created_at,
                    last_used_at: key.last_used_at,
                    created_by: key.created_by.map(Into::into),
                    tells_use: true,
                }
            }
        }
    };
}

pub(super) use api_key_from;
