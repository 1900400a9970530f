//! The arguments of a mutation: our one, at any depth of input objects, and other required ones, which are set once.
//!
//! A mutation does not qualify if an argument would need a new value in each request, or a value that nobody can know.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, Value};

use super::super::remote_schema::RemoteSchema;
use super::super::similarity::{ARGUMENTS, best};
use super::field_path::set_once;

/// The deepest nesting of input objects.
const DEEPEST: usize = 3;

/// The arguments of a mutation, as text.
pub struct MutationArguments {
    pub arguments: Vec<(String, String)>,
    pub variables: Vec<(String, String)>,
    pub once: Vec<(String, String)>,
    /// The portal's name of our argument.
    pub own: Option<String>,
}

/// Matches our argument with one of the portal's; `None` if that would be a guess.
pub fn match_arguments(
    schema: &RemoteSchema,
    ours: &InputValueDefinition,
    live: &FieldDefinition,
) -> Option<MutationArguments> {
    let arguments: Vec<&InputValueDefinition> = live.arguments.iter().map(|argument| &**argument).collect();
    let own = own(schema, ours, &arguments);
    if own.is_none() && ours.is_required() {
        return None;
    }
    let mut writing = Writing { schema, live, ours: &ours.name, own, once: Vec::new() };
    let mut written = Vec::new();
    for argument in arguments {
        if let Some(value) = writing.value(argument, 0).ok()? {
            written.push((argument.name.to_string(), value));
        }
    }
    let own = writing.own.map(|own| own.name.to_string());
    let ty = writing.own.map(|own| (ours.name.to_string(), own.ty.to_string()));
    let variables = writing.once.iter().cloned().chain(ty).collect();
    Some(MutationArguments { arguments: written, variables, once: writing.once, own })
}

/// Returns true for a mutation that by default does more than ours: `replaceExisting: Boolean = true`.
pub fn does_more(live: &FieldDefinition) -> bool {
    let defaults = live.arguments.iter().filter_map(|argument| argument.default_value.as_deref());
    defaults.into_iter().any(|default| matches!(default, Value::Boolean(true)))
}

/// Finds our argument: among the arguments, or else in their input objects, level by level.
fn own<'s>(
    schema: &'s RemoteSchema,
    ours: &InputValueDefinition,
    arguments: &[&'s InputValueDefinition],
) -> Option<&'s InputValueDefinition> {
    let mut level = arguments.to_vec();
    for _ in 0..DEEPEST {
        let fitting = || level.iter().copied().filter(|input| fits(schema, ours, input));
        // An id that is named as a key's id takes precedence.
        let of_a_key = fitting().find(|input| ours.name == "id" && is_of_a_key(input));
        let found = of_a_key.or_else(|| best(&ours.name, fitting(), |input| &input.name, ARGUMENTS, 0.5));
        if found.is_some() {
            return found;
        }
        let objects = level.iter().filter(|input| !input.ty.is_list());
        level = objects.filter_map(|input| schema.input_fields(input.ty.inner_named_type())).flatten().collect();
    }
    None
}

fn fits(schema: &RemoteSchema, ours: &InputValueDefinition, input: &InputValueDefinition) -> bool {
    let ty = input.ty.inner_named_type().as_str();
    let is_number = matches!(ty, "Int" | "Float" | "Boolean");
    !input.ty.is_list() && !schema.is_input_object(&input.ty) && (!is_number || ours.name == "id" && ty == "Int")
}

fn is_of_a_key(input: &InputValueDefinition) -> bool {
    let name = input.name.to_lowercase().replace('_', "");
    ["keyid", "tokenid", "secretid", "credentialid"].iter().any(|ending| name.ends_with(ending))
}

/// A required argument whose value is unknown.
struct Unknown;

struct Writing<'s> {
    schema: &'s RemoteSchema,
    live: &'s FieldDefinition,
    ours: &'s str,
    own: Option<&'s InputValueDefinition>,
    once: Vec<(String, String)>,
}

impl<'s> Writing<'s> {
    /// Writes a value; `None` if it can be omitted.
    fn value(&mut self, input: &'s InputValueDefinition, depth: usize) -> Result<Option<String>, Unknown> {
        if self.own.is_some_and(|own| std::ptr::eq(own, input)) {
            return Ok(Some(format!("${}", self.ours)));
        }
        let schema = self.schema;
        match schema.input_fields(input.ty.inner_named_type()).filter(|_| !input.ty.is_list()) {
            // Optional objects are only searched for our own argument.
            Some(members) if depth < DEEPEST && (input.is_required() || self.has_own(&members, depth)) => {
                let mut written = Vec::new();
                for member in members {
                    if let Some(value) = self.value(member, depth + 1)? {
                        written.push(format!("{}: {value}", member.name));
                    }
                }
                Ok(Some(format!("{{{}}}", written.join(", "))))
            }
            _ if !input.is_required() => Ok(None),
            _ => {
                let once = set_once(self.live, input).ok_or(Unknown)?;
                self.once.push(once.clone());
                Ok(Some(format!("${}", once.0)))
            }
        }
    }

    fn has_own(&self, members: &[&'s InputValueDefinition], depth: usize) -> bool {
        let Some(own) = self.own else { return false };
        members.iter().any(|member| {
            let inner = || self.schema.input_fields(member.ty.inner_named_type()).filter(|_| depth < DEEPEST);
            std::ptr::eq(*member, own) || inner().is_some_and(|inner| self.has_own(&inner, depth + 1))
        })
    }
}
