//! The path from the root of a query to the items, with the arguments that its fields require.

use std::collections::HashSet;

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};

use super::super::remote_schema::RemoteSchema;
use super::super::similarity::noun_similarity;

/// The most fields on a path.
const DEEPEST: usize = 3;

/// Words in the names of arguments that need a new value in each request: set once, a second request would repeat the
/// first.
pub const NEW_EACH_TIME: [&str; 7] =
    ["clientmutation", "correlation", "idempot", "nonce", "request", "trace", "transaction"];

/// A path of fields, each inside the one before.
#[derive(Clone, Default)]
pub struct FieldPath<'s> {
    pub fields: Vec<&'s FieldDefinition>,
    /// Variables to be set once, with their types.
    pub once: Vec<(String, String)>,
}

impl<'s> FieldPath<'s> {
    /// Returns all paths to composite fields, the shorter ones first. A type is expanded only once.
    pub fn all(schema: &'s RemoteSchema) -> Vec<FieldPath<'s>> {
        let (mut field_paths, mut open, mut reached) = (Vec::new(), vec![FieldPath::default()], HashSet::new());
        for _ in 0..DEEPEST {
            let mut further = Vec::new();
            for field_path in &open {
                let on = match field_path.fields.last() {
                    None => schema.root(false),
                    Some(field) if field.ty.is_list() => None,
                    Some(field) => Some(field.ty.inner_named_type().as_str()),
                };
                let Some(on) = on.filter(|on| reached.insert(*on)) else { continue };
                further.extend(
                    schema
                        .fields(on)
                        .filter(|field| schema.is_composite(&field.ty))
                        .map(|field| field_path.then(field)),
                );
            }
            field_paths.extend(further.iter().cloned());
            open = further;
        }
        field_paths
    }

    fn then(&self, field: &'s FieldDefinition) -> FieldPath<'s> {
        let mut field_path = self.clone();
        field_path.fields.push(field);
        field_path
    }

    /// Returns the last field.
    pub fn last(&self) -> Option<&'s FieldDefinition> {
        self.fields.last().copied()
    }

    /// Adds the arguments that the fields before the last one require, to be set once; `None` if one cannot be set
    /// once.
    pub fn with_given(mut self) -> Option<FieldPath<'s>> {
        let before = self.fields.len().saturating_sub(1);
        let mut once = Vec::new();
        for field in &self.fields[..before] {
            for argument in field.arguments.iter().filter(|argument| argument.is_required()) {
                once.push(set_once(field, argument)?);
            }
        }
        self.once = once;
        Some(self)
    }

    /// Returns how well the names on the path match; longer paths score less.
    pub fn score(&self, wanted: &str, item: &str) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a path has few fields")]
        let length = self.fields.len() as f64;
        // The items of the current user may not be all.
        let is_own = |field: &&&FieldDefinition| {
            matches!(field.name.to_lowercase().as_str(), "me" | "viewer" | "currentuser" | "self")
        };
        let own = if self.fields.iter().find(is_own).is_some() { 0.2 } else { 0.0 };
        Some(noun_similarity(wanted, &self.last()?.name, item)? - 0.05 * length - own)
    }

    /// Returns the path of the last field in jq: `.organization.devices`.
    pub fn path(&self) -> String {
        self.fields.iter().map(|field| format!(".{}", field.name)).collect()
    }

    /// Writes the selections around `inner`, the selection of the last field.
    pub fn selection(&self, arguments: &[(String, String)], inner: &str) -> String {
        let mut text = match self.last() {
            Some(last) => format!("{}{} {inner}", last.name, written(arguments)),
            None => inner.to_owned(),
        };
        for field in self.fields.iter().rev().skip(1) {
            let required = field.arguments.iter().filter(|argument| argument.is_required());
            let given: Vec<(String, String)> = required
                .filter_map(|argument| Some((argument.name.to_string(), format!("${}", set_once(field, argument)?.0))))
                .collect();
            text = format!("{}{} {{ {text} }}", field.name, written(&given));
        }
        text
    }
}

/// Returns the variable for an argument that is set once: `organizationId` for the `id` of `organization`. Only an
/// argument that says whose items are meant qualifies.
pub fn set_once(field: &FieldDefinition, argument: &InputValueDefinition) -> Option<(String, String)> {
    let (ty, name) = (argument.ty.inner_named_type().as_str(), argument.name.as_str());
    let (lower, is_plain) = (name.to_lowercase(), !argument.ty.is_list());
    let is_new_each_time = NEW_EACH_TIME.iter().any(|word| lower.contains(word));
    let is_whose = !is_new_each_time && (ty == "ID" || lower.ends_with("id") || lower.ends_with("slug"));
    let variable = if name.len() > 4 { name.to_owned() } else { format!("{}{}", field.name, capital(name)) };
    (is_plain && is_whose && !matches!(ty, "Float" | "Boolean")).then(|| (variable, argument.ty.to_string()))
}

/// Writes arguments; empty if there are none.
pub fn written(arguments: &[(String, String)]) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    let each: Vec<String> = arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("({})", each.join(", "))
}

/// Writes variable declarations; empty if there are none.
pub fn declared(variables: &[(String, String)]) -> String {
    if variables.is_empty() {
        return String::new();
    }
    let each: Vec<String> = variables.iter().map(|(name, ty)| format!("${name}: {ty}")).collect();
    format!("({}) ", each.join(", "))
}

/// Writes the head line of the variables that are set once; empty if there are none.
pub fn once_line(once: &[(String, String)]) -> String {
    if once.is_empty() {
        return String::new();
    }
    let names: Vec<String> = once.iter().map(|(name, _)| format!("${name}")).collect();
    format!("# once: {}\n", names.join(", "))
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_uppercase() + rest
}
