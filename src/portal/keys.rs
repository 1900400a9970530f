//! API keys: their list, and the two mutations that make and delete them. Everything here is assumed.

use serde::Serialize;

use super::error::Error;
use super::scalars::DateTime;
use super::send::Root;
use super::{Page, Pages, Portal, Wanted};
use crate::secret::Secret;

/// An API key, without its secret.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    pub id: String,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
    pub last_used_at: Option<DateTime>,
    /// The e-mail address of the Admin who generated it.
    pub created_by: Option<String>,
    /// True where the portal tells of uses: then a key without one was never used.
    #[serde(skip)]
    pub tells_use: bool,
}

/// A key that was just made: the only time that its secret is given.
#[derive(Debug)]
pub struct GeneratedApiKey {
    pub id: String,
    pub secret: Secret,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
}

/// The documents as `graphql_client` compiles them. What it calls `String` is our lenient text in here.
mod documents {
    use crate::portal::scalars::{DateTime, Text as String};
    use graphql_client::GraphQLQuery;

    #[derive(GraphQLQuery)]
    #[graphql(schema_path = "graphql/schema.graphql", query_path = "graphql/keys/list.graphql", skip_serializing_none)]
    pub struct KeysList;

    #[derive(GraphQLQuery)]
    #[graphql(
        schema_path = "graphql/schema.graphql",
        query_path = "graphql/keys/generate.graphql",
        skip_serializing_none
    )]
    pub struct KeysGenerate;

    #[derive(GraphQLQuery)]
    #[graphql(
        schema_path = "graphql/schema.graphql",
        query_path = "graphql/keys/revoke.graphql",
        skip_serializing_none
    )]
    pub struct KeysRevoke;
}

use documents::{KeysGenerate, KeysList, KeysRevoke};

/// Makes an [`ApiKey`] of an operation's own type for it.
macro_rules! key_from {
    ($fields:path) => {
        impl From<$fields> for ApiKey {
            fn from(key: $fields) -> ApiKey {
                ApiKey {
                    id: key.id.0,
                    name: key.name.map(|text| text.0),
                    created_at: key.created_at,
                    last_used_at: key.last_used_at,
                    created_by: key.created_by.map(|text| text.0),
                    tells_use: true,
                }
            }
        }
    };
}

key_from!(documents::keys_list::KeysListApiKeysData);
pub(super) use key_from;

/// Lists the organization's keys.
pub fn list(portal: &Portal) -> Pages<'_, ApiKey> {
    let variables = |first, after: Option<String>| documents::keys_list::Variables {
        first: i64::try_from(first).ok(),
        after: after.map(Into::into),
    };
    let pages = Pages::new(portal.endpoint.origin(), move |first, after| {
        let Root { found, errors, left_out, paging } =
            portal.send::<KeysList>(variables(first, after))?.root(|data| data.api_keys)?;
        let list = portal.list_of(found.data, &errors)?;
        let mut page: Page<ApiKey> = Page::new(list, found.after.map(|text| text.0), found.total);
        let tells_use = !left_out.iter().any(|field| field == "lastUsedAt");
        page.items.iter_mut().for_each(|key| key.tells_use = tells_use);
        Ok(Page { errors, left_out, paging, ..page })
    });
    let pages = pages.unique(|key| &key.id).doubt(|count| portal.doubt("keys.list", count));
    pages.foresee(move |first, after| {
        portal.foresee::<KeysList>(&Wanted::default(), variables(first, Some(after.to_owned())))
    })
}

/// Makes a key. Never sent twice: a second key would be one whose secret nobody has.
pub fn generate(portal: &Portal, name: Option<&str>) -> Result<GeneratedApiKey, Error> {
    let variables = documents::keys_generate::Variables { name: name.map(Into::into) };
    let key = portal.send::<KeysGenerate>(variables)?.root(|data| data.generate_api_key)?.found;
    Ok(GeneratedApiKey {
        id: key.id.0,
        secret: Secret::new(key.secret.0),
        name: key.name.map(|text| text.0),
        created_at: key.created_at,
    })
}

/// Deletes a key, at once and for ever.
pub fn revoke(portal: &Portal, id: &str) -> Result<(), Error> {
    let variables = documents::keys_revoke::Variables { id: id.into() };
    portal.send::<KeysRevoke>(variables)?.root(|data| data.revoke_api_key)?;
    Ok(())
}
