//! What the schema's fields answer: who may see what, and the objects that are shown.
//!
//! Only the fields of the two root types are known by name. Everything below them is a JSON object to which the
//! schema's own types give a shape.

use std::borrow::Cow;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::serde_json_bytes::json;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::Type;

use super::page::Stretch;
use super::refusal::{Code, Refusal};
use super::store::Store;
use super::{Options, Role, ids, keys};

const LONGEST_NAME: usize = 256;

/// A request of somebody who has a key.
pub(super) struct Root<'a> {
    pub(super) store: &'a Store,
    pub(super) options: &'a Options,
    /// The number of the key in use.
    pub(super) key: i64,
    /// `Query` or `Mutation`, as the schema calls it.
    pub(super) type_name: &'a str,
}

impl ObjectValue for Root<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let arguments = info.arguments();
        let answer = match info.field_name() {
            "devices" => self.devices(arguments),
            "device" => self.device(arguments),
            "apiKeys" => self.api_keys(arguments),
            "viewer" => self.viewer(),
            "generateApiKey" => self.generate_api_key(arguments),
            "revokeApiKey" => self.revoke_api_key(arguments),
            _ => return Err(self.unknown_field_error(info)),
        };
        Ok(show(Cow::Owned(answer?), &info.field_definition().ty))
    }
}

impl Root<'_> {
    fn devices(&self, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
        self.may_see_devices()?;
        let total = self.store.device_count()?;
        let stretch = Stretch::new(arguments, ids::DEVICES, total)?;
        let devices = self.store.devices(stretch.after, stretch.limit())?;
        Ok(stretch.page(devices, total))
    }

    fn device(&self, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
        self.may_see_devices()?;
        let device = match ids::DEVICES.number(&id(arguments)) {
            Some(number) => self.store.device(number)?,
            None => None,
        };
        Ok(device.unwrap_or_default())
    }

    fn api_keys(&self, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
        self.may_manage_keys()?;
        let stretch = Stretch::new(arguments, ids::KEYS, self.store.last_key()?)?;
        let keys = self.store.keys(stretch.after, stretch.limit())?;
        Ok(stretch.page(keys, self.store.key_count()?))
    }

    fn viewer(&self) -> Result<JsonValue, Refusal> {
        let personal = self.options.personal;
        Ok(json!({
            "organization": {
                "id": "365410227841073664",
                "name": if personal { "Ada Sandbox" } else { "Sandbox Warehouses" },
                "personal": personal,
            },
            "apiKey": self.store.key(self.key)?,
        }))
    }

    fn generate_api_key(&self, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
        self.may_manage_keys()?;
        let name = arguments.get("name").and_then(JsonValue::as_str);
        if name.is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            let message = format!("\"name\" must not have more than {LONGEST_NAME} characters.");
            return Err(Refusal::new(Code::BadUserInput, message));
        }
        let secret =
            keys::draw().map_err(|error| Refusal::new(Code::Internal, format!("No key was made: {error}.")))?;
        let number = self.store.add_key(&secret, name)?;
        let mut key = self.store.key(number)?.unwrap_or_default();
        if let Some(key) = key.as_object_mut() {
            key.insert("secret", secret.expose().into());
        }
        Ok(key)
    }

    fn revoke_api_key(&self, arguments: &JsonMap) -> Result<JsonValue, Refusal> {
        self.may_manage_keys()?;
        let id = id(arguments);
        let deleted = match ids::KEYS.number(&id) {
            Some(number) => self.store.delete_key(number)?,
            None => false,
        };
        if !deleted {
            return Err(Refusal::new(Code::NotFound, format!("There is no API key with the id \"{id}\".")));
        }
        Ok(json!({ "id": id }))
    }

    fn may_see_devices(&self) -> Result<(), Refusal> {
        match self.options.role {
            Role::ChartViewerOnly => Err(Refusal::new(Code::Forbidden, "Your role may not see devices.")),
            _ => Ok(()),
        }
    }

    fn may_manage_keys(&self) -> Result<(), Refusal> {
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
fn id(arguments: &JsonMap) -> String {
    match arguments.get("id") {
        Some(JsonValue::String(id)) => id.as_str().to_owned(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// A JSON object, shown as one of the schema's types.
struct Shown<'v> {
    fields: Cow<'v, JsonMap>,
    type_name: &'v str,
}

impl ObjectValue for Shown<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let value = self.fields.get(info.field_name()).unwrap_or(&JsonValue::Null);
        Ok(show(Cow::Borrowed(value), &info.field_definition().ty))
    }
}

/// Shows a value as `kind`, or a list of values each as what `kind` lists.
fn show<'v>(value: Cow<'v, JsonValue>, kind: &'v Type) -> ResolvedValue<'v> {
    let object = |fields| ResolvedValue::object(Shown { fields, type_name: kind.inner_named_type() });
    match value {
        Cow::Owned(JsonValue::Object(fields)) => object(Cow::Owned(fields)),
        Cow::Borrowed(JsonValue::Object(fields)) => object(Cow::Borrowed(fields)),
        Cow::Borrowed(JsonValue::Array(items)) => {
            ResolvedValue::list(items.iter().map(move |item| show(Cow::Borrowed(item), kind)))
        }
        leaf => ResolvedValue::Leaf(leaf.into_owned()),
    }
}
