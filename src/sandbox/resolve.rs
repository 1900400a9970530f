//! Resolves the schema's fields: the nouns resolve those of the root types, and JSON objects those below.
//!
//! No field is known by name here. Below the root, the schema's types shape JSON objects.

use std::borrow::Cow;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::Type;

use super::root::Root;
use super::{devices, keys, viewer};

impl ObjectValue for Root<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let mut fields = [devices::FIELDS, keys::FIELDS, viewer::FIELDS].into_iter().flatten();
        let Some((_, resolve)) = fields.find(|(name, _)| *name == info.field_name()) else {
            return Err(self.unknown_field_error(info));
        };
        Ok(show(Cow::Owned(resolve(self, info.arguments())?), &info.field_definition().ty))
    }
}

/// A JSON object, resolved as one of the schema's types.
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

/// Resolves a value as `kind`, and each item of a list as the item type of `kind`.
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
