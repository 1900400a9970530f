//! API keys: the listing, and the two mutations that generate and revoke keys. Everything here is assumed.

use super::api_key::api_key_from;
use super::error::Error;
use super::execute::Call;
use super::handle::Portal;
use super::operation::{Typed, operations};
use super::pages::Pages;
use super::query::ListQuery;
use super::request_id::RequestId;
use super::scalars::DateTime;
use crate::secret::Secret;

pub use super::api_key::ApiKey;

/// A new key; its secret is returned only this once.
#[derive(Debug)]
pub struct GeneratedApiKey {
    /// `None` if the portal does not return it.
    pub id: Option<String>,
    pub secret: Secret,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
    /// The id under which the portal's logs have the request.
    pub request_id: Option<RequestId>,
}

operations! {
    KeysList "keys.list" "graphql/keys/list.graphql";
    KeysGenerate "keys.generate" "graphql/keys/generate.graphql";
    KeysRevoke "keys.revoke" "graphql/keys/revoke.graphql";
}

use documents::{KeysGenerate, KeysList, KeysRevoke, keys_generate, keys_list, keys_revoke};

api_key_from!(keys_list::KeysListApiKeysData);

/// Lists the organization's keys with all fields: there are few keys, and audits need more fields than are shown.
pub fn list(portal: &Portal, query: &ListQuery) -> Result<Pages<ApiKey>, Error> {
    let call = Call::<KeysList>::new(portal)?;
    Ok(Pages::new(
        call,
        query,
        |key| &key.id,
        |call, first, after| {
            let answer = call.execute(keys_list::Variables { first, after: after.map(Into::into) })?;
            let mut page = answer.page(|data| data.api_keys.map(|page| (page.data, page.after, page.total)))?;
            let tells_use = !page.facts.omitted().iter().any(|field| field == "lastUsedAt");
            page.items.iter_mut().for_each(|key: &mut ApiKey| key.tells_use = tells_use);
            Ok(page)
        },
    ))
}

/// Generates a key. Never sent twice: nobody would have the second key's secret.
pub fn generate(portal: &Portal, name: Option<&str>) -> Result<GeneratedApiKey, Error> {
    let variables = keys_generate::Variables { name: name.map(Into::into) };
    let answer = Call::<KeysGenerate>::new(portal)?.execute(variables)?;
    let request_id = answer.request_id();
    let beside = answer.first_error().map(str::to_owned);
    let key = answer.root(|data| data.generate_api_key)?;
    if let Some(words) = beside {
        portal.notice_once(&format!("the portal says beside the new key: {words}"));
    }
    Ok(GeneratedApiKey {
        id: key.id.map(Into::into),
        secret: Secret::new(key.secret.into()),
        name: key.name.map(Into::into),
        created_at: key.created_at,
        request_id,
    })
}

/// Fails if the portal cannot rotate a key, as far as that is known without executing anything.
pub fn ensure_rotates(portal: &Portal) -> Result<(), Error> {
    portal.ensure_fits(KeysGenerate::OPERATION)?;
    ensure_revokes(portal)
}

/// Fails if the portal cannot revoke a key, as far as that is known without executing anything.
pub fn ensure_revokes(portal: &Portal) -> Result<(), Error> {
    portal.ensure_fits(KeysRevoke::OPERATION)
}

/// Revokes a key immediately and permanently. Returns the request id, if the portal sent one.
pub fn revoke(portal: &Portal, id: &str) -> Result<Option<RequestId>, Error> {
    let variables = keys_revoke::Variables { id: id.into() };
    let answer = Call::<KeysRevoke>::new(portal)?.execute(variables)?;
    let request_id = answer.request_id();
    // With an error beside the data, the key may not be revoked.
    answer.without_errors()?.root(|data| data.revoke_api_key).map(|_| request_id)
}
