//! The context of every resolver: the request's key, the state, and the permissions.

use apollo_compiler::response::{JsonMap, JsonValue};

use super::options::{Options, Role};
use super::refusal::{Code, Refusal};
use super::store::Store;

/// Resolves a root field, given its arguments.
pub(super) type Resolver = fn(&Root<'_>, &JsonMap) -> Result<JsonValue, Refusal>;

/// An authenticated request.
pub(super) struct Root<'a> {
    pub(super) store: &'a Store,
    pub(super) options: &'a Options,
    /// The number of the request's key.
    pub(super) key: i64,
    /// `Query` or `Mutation`.
    pub(super) type_name: &'a str,
}

impl Root<'_> {
    /// Returns a refusal if the role may not see devices.
    pub(super) fn may_see_devices(&self) -> Result<(), Refusal> {
        match self.options.role {
            Role::ChartViewerOnly => Err(Refusal::new(Code::Forbidden, "Your role may not see devices.")),
            _ => Ok(()),
        }
    }

    /// Returns a refusal if the role may not manage keys, or API keys are disabled.
    pub(super) fn may_manage_keys(&self) -> Result<(), Refusal> {
        if !self.options.api_keys {
            return Err(Refusal::new(Code::FeatureDisabled, "API keys are not enabled for this organization."));
        }
        match self.options.role {
            Role::Admin => Ok(()),
            _ => Err(Refusal::new(Code::Forbidden, "Only an Admin may manage API keys.")),
        }
    }
}

/// Returns the argument `id`; GraphQL accepts a string or a number.
pub(super) fn id(arguments: &JsonMap) -> String {
    match arguments.get("id") {
        Some(JsonValue::String(id)) => id.as_str().to_owned(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
