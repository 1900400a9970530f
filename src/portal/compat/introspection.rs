//! Introspection of the portal's schema: the query, the response, and the definitions that it describes.
//!
//! Each definition is written and parsed separately: an invalid one is skipped, and does not affect the others.

use apollo_compiler::Name;
use apollo_compiler::ast::Document;
use serde::Deserialize;

/// The introspection query, in the form of 2016, which every server supports.
pub const INTROSPECTION: &str = include_str!("introspection.graphql");

/// The `data` of the response.
#[derive(Debug, Deserialize)]
pub struct Introspected {
    #[serde(rename = "__schema")]
    schema: Element,
}

/// Any element of an introspection result: a schema, a type, a field, an argument.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Element {
    kind: Option<String>,
    name: Option<String>,
    description: Option<String>,
    query_type: Option<Box<Element>>,
    mutation_type: Option<Box<Element>>,
    subscription_type: Option<Box<Element>>,
    types: Option<Vec<Element>>,
    directives: Option<Vec<Element>>,
    locations: Option<Vec<String>>,
    fields: Option<Vec<Element>>,
    args: Option<Vec<Element>>,
    input_fields: Option<Vec<Element>>,
    interfaces: Option<Vec<Element>>,
    enum_values: Option<Vec<Element>>,
    possible_types: Option<Vec<Element>>,
    #[serde(rename = "type")]
    ty: Option<Box<Element>>,
    of_type: Option<Box<Element>>,
    default_value: Option<String>,
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

impl Introspected {
    /// Returns the definitions without the built-in ones.
    pub fn document(&self) -> Document {
        let (directives, types) = (self.schema.directives.iter().flatten(), self.schema.types.iter().flatten());
        let written = std::iter::once(self.schema.roots());
        let written = written.chain(directives.map(Element::directive)).chain(types.map(Element::definition));
        let mut document = Document::new();
        for text in written.flatten() {
            document
                .definitions
                .extend(Document::parse(text, "told.graphql").into_iter().flat_map(|one| one.definitions));
        }
        document
    }
}

impl Element {
    fn roots(&self) -> Option<String> {
        let roots =
            [("query", &self.query_type), ("mutation", &self.mutation_type), ("subscription", &self.subscription_type)];
        let roots = roots.into_iter().filter_map(|(kind, root)| Some(format!("{kind}: {}", root.as_ref()?.name()?)));
        Some(format!("schema {{ {} }}", roots.collect::<Vec<_>>().join(" ")))
    }

    fn directive(&self) -> Option<String> {
        let name =
            self.name().filter(|name| !["skip", "include", "deprecated", "specifiedBy", "oneOf"].contains(name))?;
        let places = self.locations.iter().flatten().cloned().collect::<Vec<_>>().join(" | ");
        // Only newer servers report whether a directive is repeatable.
        Some(format!("{}directive @{name}{} on {places}", self.described(), self.arguments()))
    }

    fn definition(&self) -> Option<String> {
        let name = self.name()?;
        if name.starts_with("__") || ["Int", "Float", "String", "Boolean", "ID"].contains(&name) {
            return None;
        }
        let implements = joined(&self.interfaces, |one| one.name().map(str::to_owned), " & ", " implements ", "");
        let rest = match self.kind.as_deref()? {
            "SCALAR" => format!("scalar {name}"),
            "OBJECT" => format!("type {name}{implements}{}", block(&self.fields, Element::field)),
            "INTERFACE" => format!("interface {name}{implements}{}", block(&self.fields, Element::field)),
            "UNION" => {
                let types = joined(&self.possible_types, |one| one.name().map(str::to_owned), " | ", " = ", "");
                format!("union {name}{types}")
            }
            "ENUM" => format!("enum {name}{}", block(&self.enum_values, Element::value)),
            "INPUT_OBJECT" => format!("input {name}{}", block(&self.input_fields, Element::input)),
            _ => return None,
        };
        Some(self.described() + &rest)
    }

    fn field(&self) -> Option<String> {
        let (name, ty) = (self.name()?, self.ty.as_ref()?.reference()?);
        Some(format!("{}{name}{}: {ty}{}", self.described(), self.arguments(), self.deprecation()))
    }

    fn value(&self) -> Option<String> {
        Some(format!("{}{}{}", self.described(), self.name()?, self.deprecation()))
    }

    fn input(&self) -> Option<String> {
        let default = self.default_value.as_deref().filter(|text| is_literal(text));
        let default = default.map_or_else(String::new, |text| format!(" = {text}"));
        Some(format!("{}{}: {}{default}", self.described(), self.name()?, self.ty.as_ref()?.reference()?))
    }

    fn arguments(&self) -> String {
        joined(&self.args, Element::input, ", ", "(", ")")
    }

    /// Writes a reference to a type.
    fn reference(&self) -> Option<String> {
        match (self.kind.as_deref(), &self.of_type) {
            (Some("NON_NULL"), Some(inner)) => Some(inner.reference()? + "!"),
            (Some("LIST"), Some(inner)) => Some(format!("[{}]", inner.reference()?)),
            _ => self.name().map(str::to_owned),
        }
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| Name::new(name).is_ok())
    }

    fn described(&self) -> String {
        let text = self.description.as_deref().filter(|text| !text.is_empty());
        text.map_or_else(String::new, |text| quoted(text) + " ")
    }

    fn deprecation(&self) -> String {
        match (self.is_deprecated, &self.deprecation_reason) {
            (Some(true), Some(reason)) => format!(" @deprecated(reason: {})", quoted(reason)),
            (Some(true), None) => " @deprecated".to_owned(),
            _ => String::new(),
        }
    }
}

fn block(members: &Option<Vec<Element>>, write: fn(&Element) -> Option<String>) -> String {
    joined(members, write, "\n", " {\n", "\n}")
}

/// Joins the elements that can be written, if there are any.
fn joined(
    all: &Option<Vec<Element>>,
    write: impl Fn(&Element) -> Option<String>,
    between: &str,
    before: &str,
    after: &str,
) -> String {
    let written: Vec<String> = all.iter().flatten().filter_map(write).collect();
    if written.is_empty() { String::new() } else { format!("{before}{}{after}", written.join(between)) }
}

/// Quotes text for GraphQL, whose escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns true for a literal value of a document.
fn is_literal(text: &str) -> bool {
    Document::parse(format!("{{ f(a: {text}) }}"), "default.graphql")
        .is_ok_and(|document| document.definitions.len() == 1)
}
