//! Pushdown: variables of a binding that filter items: `$status` is what `--where status=…` says.
//!
//! The contract has no such arguments, so only the user can know what a portal's arguments mean.

use apollo_compiler::ast::{Type, VariableDefinition};
use serde_json::{Number, Value};

/// A variable to set for a predicate on a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushdown {
    /// `location_name`
    pub variable: String,
    /// `location.name`
    pub field: String,
    kind: Kind,
    is_list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Boolean,
    Number,
    Text,
}

impl Pushdown {
    /// Returns a pushdown if the variable has the name of one of these fields.
    pub fn of(variable: &VariableDefinition, fields: &[String]) -> Option<Pushdown> {
        let name = variable.name.as_str();
        let field = fields.iter().find(|field| field.replace('.', "_") == name)?;
        let kind = match variable.ty.inner_named_type().as_str() {
            "Boolean" => Kind::Boolean,
            "Int" | "Float" => Kind::Number,
            _ => Kind::Text,
        };
        let is_list = matches!(&*variable.ty, Type::List(_) | Type::NonNullList(_));
        Some(Pushdown { variable: name.to_owned(), field: field.clone(), kind, is_list })
    }

    /// Returns the variable's value for a field that equals `text`; `None` if the text does not fit the type.
    pub fn value(&self, text: &str) -> Option<Value> {
        // Text with several Unicode normal forms is compared by the client, which normalizes it.
        if !text.is_ascii() {
            return None;
        }
        let value = match self.kind {
            Kind::Boolean => Value::Bool(text.parse().ok()?),
            Kind::Number => Value::Number(serde_json::from_str::<Number>(text).ok()?),
            Kind::Text => Value::String(text.to_owned()),
        };
        Some(if self.is_list { Value::Array(vec![value]) } else { value })
    }
}
