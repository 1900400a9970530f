//! Who asks, what of, and what they may see: what every resolver is given.

use apollo_compiler::response::{JsonMap, JsonValue};

use super::options::{Options, Role};
use super::refusal::{Code, Refusal};
use super::store::Store;

/// Answers a field of a root type, given its arguments.
pub(super) type Resolver = fn(&Root<'_>, &JsonMap) -> Result<JsonValue, Refusal>;

/// A request of somebody who has a key.
pub(super) struct Root<'a> {
    pub(super) store: &'a Store,
    pub(super) options: &'a Options,
    /// The number of the key in use.
    pub(super) key: i64,
    /// `Query` or `Mutation`, as the schema calls it.
    pub(super) type_name: &'a str,
}

impl Root<'_> {
    /// Refuses those who may not see devices.
    pub(super) fn may_see_devices(&self) -> Result<(), Refusal> {
        match self.options.role {
            Role::ChartViewerOnly => Err(Refusal::new(Code::Forbidden, "Your role may not see devices.")),
            _ => Ok(()),
        }
    }

    /// Refuses those who may not manage keys, and everybody where there are none.
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

/// Returns the argument `id`, for which GraphQL takes a string or a number.
pub(super) fn id(arguments: &JsonMap) -> String {
    match arguments.get("id") {
        Some(JsonValue::String(id)) => id.as_str().to_owned(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
