//! JSON Schemas (2020-12) of the JSON that commands write, derived from the very types that are serialized.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A JSON document that a command writes.
pub struct Written {
    /// The command, and which of its documents: `devices.list`, `devices.list.count`.
    pub name: &'static str,
    pub about: &'static str,
    schema: fn() -> Schema,
}

impl Written {
    /// Declares a document by its type; a list is a `Vec`.
    pub const fn of<T: JsonSchema>(name: &'static str, about: &'static str) -> Written {
        Written { name, about, schema: root::<T> }
    }

    /// Returns the schema. It allows further members, because later versions may add some; none is removed or changed.
    pub fn schema(&self) -> Schema {
        let mut schema = (self.schema)();
        schema.insert("title".to_owned(), self.name.into());
        schema.insert("description".to_owned(), self.about.into());
        schema
    }
}

fn root<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// One of two types, depending on the options.
pub struct Either<A, B>(PhantomData<(A, B)>);

impl<A: JsonSchema, B: JsonSchema> JsonSchema for Either<A, B> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_{}", A::schema_name(), B::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<A>(), generator.subschema_for::<B>()] })
    }
}
