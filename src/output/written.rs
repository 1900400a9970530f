//! What commands write as JSON, as JSON Schema (2020-12): made of the very types that are written, and of nothing else.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// Something that a command writes as JSON.
pub struct Written {
    /// The words of the command, and what of it: `devices.list`, `devices.list.count`.
    pub name: &'static str,
    pub about: &'static str,
    schema: fn() -> Schema,
}

impl Written {
    /// Declares what is written, by its type: a list is a `Vec`.
    pub const fn of<T: JsonSchema>(name: &'static str, about: &'static str) -> Written {
        Written { name, about, schema: root::<T> }
    }

    /// Returns its schema. It allows further members, because later versions may write some; none goes, and none changes.
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

/// One or the other, as it depends on what was asked for.
pub struct Either<A, B>(PhantomData<(A, B)>);

impl<A: JsonSchema, B: JsonSchema> JsonSchema for Either<A, B> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_{}", A::schema_name(), B::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<A>(), generator.subschema_for::<B>()] })
    }
}
