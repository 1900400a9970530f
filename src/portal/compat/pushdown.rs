//! Pushdown: variables of a binding that ask for some of the items only: `$status` is what `--where status=…` says.
//!
//! The contract has no such arguments, so only the user can know what a portal's mean.

use apollo_compiler::ast::{Type, VariableDefinition};
use serde_json::{Number, Value};

/// A variable that is set where a field has to be something.
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
    /// Returns the pushdown that a variable is, if it is called like one of these fields.
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

    /// Returns what the variable is to be for a field to be `text`; none where it cannot be that.
    pub fn value(&self, text: &str) -> Option<Value> {
        // What can be written in several normal forms is compared here, where they are known.
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
