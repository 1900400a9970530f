//! Variables of a binding with the same value in every request: a profile sets them once.

use apollo_compiler::ast::{Type, VariableDefinition};
use serde_json::{Number, Value};

/// A variable that a profile sets: `organizationId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileVariable {
    pub name: String,
    kind: Kind,
    /// True if the variable may be omitted.
    pub is_optional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Boolean,
    Number,
    Text,
    /// A list, or a type of the portal.
    Other,
}

impl ProfileVariable {
    /// Reads the declaration.
    pub fn of(variable: &VariableDefinition) -> ProfileVariable {
        let is_list = matches!(&*variable.ty, Type::List(_) | Type::NonNullList(_));
        let kind = match variable.ty.inner_named_type().as_str() {
            _ if is_list => Kind::Other,
            "Boolean" => Kind::Boolean,
            "Int" | "Float" => Kind::Number,
            "ID" | "String" => Kind::Text,
            _ => Kind::Other,
        };
        let is_optional = !variable.ty.is_non_null() || variable.default_value.is_some();
        ProfileVariable { name: variable.name.to_string(), kind, is_optional }
    }

    /// Converts the profile's text to the variable's type; `None` if it does not fit. Text that is not JSON is an enum
    /// value of the portal.
    pub fn value(&self, text: &str) -> Option<Value> {
        let text_itself = || Value::String(text.to_owned());
        match self.kind {
            Kind::Boolean => text.parse().ok().map(Value::Bool),
            Kind::Number => serde_json::from_str::<Number>(text).ok().map(Value::Number),
            Kind::Text => Some(text_itself()),
            Kind::Other => Some(serde_json::from_str(text).unwrap_or_else(|_| text_itself())),
        }
    }

    /// Says which text is valid.
    pub fn wanted(&self) -> &'static str {
        match self.kind {
            Kind::Boolean => "true or false",
            Kind::Number => "a number",
            Kind::Text => "text",
            Kind::Other => "JSON or a name",
        }
    }
}
