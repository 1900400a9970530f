//! The arguments of a mutation: our one, wherever in objects it stands, and what else is required, which is given once.
//!
//! What would have to be another one in each request, or is nothing that can be known, makes the mutation none of ours.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, Value};

use super::super::likeness::{ARGUMENTS, best};
use super::super::remote_schema::RemoteSchema;
use super::way::given_once;

/// So many objects may stand in each other.
const DEEPEST: usize = 3;

/// The arguments of a mutation, written.
pub struct Given {
    pub arguments: Vec<(String, String)>,
    pub variables: Vec<(String, String)>,
    pub once: Vec<(String, String)>,
    /// What the portal calls our argument.
    pub own: Option<String>,
}

/// Matches our argument with one of the portal's; none where it would have to be guessed.
pub fn given(schema: &RemoteSchema, ours: &InputValueDefinition, live: &FieldDefinition) -> Option<Given> {
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
    Some(Given { arguments: written, variables, once: writing.once, own })
}

/// Returns true for a mutation that does more than is said unless it is told not to: `replaceExisting: Boolean = true`.
pub fn does_more(live: &FieldDefinition) -> bool {
    let defaults = live.arguments.iter().filter_map(|argument| argument.default_value.as_deref());
    defaults.into_iter().any(|default| matches!(default, Value::Boolean(true)))
}

/// Finds the place of our argument: among the arguments, else in the objects that they are, level by level.
fn own<'s>(
    schema: &'s RemoteSchema,
    ours: &InputValueDefinition,
    arguments: &[&'s InputValueDefinition],
) -> Option<&'s InputValueDefinition> {
    let mut level = arguments.to_vec();
    for _ in 0..DEEPEST {
        let fitting = || level.iter().copied().filter(|input| fits(schema, ours, input));
        // An id that is called like a key's is meant before any other.
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

/// Something that is required, and nothing that could be given.
struct Unknown;

struct Writing<'s> {
    schema: &'s RemoteSchema,
    live: &'s FieldDefinition,
    ours: &'s str,
    own: Option<&'s InputValueDefinition>,
    once: Vec<(String, String)>,
}

impl<'s> Writing<'s> {
    /// Writes a value; none for what can be left out.
    fn value(&mut self, input: &'s InputValueDefinition, depth: usize) -> Result<Option<String>, Unknown> {
        if self.own.is_some_and(|own| std::ptr::eq(own, input)) {
            return Ok(Some(format!("${}", self.ours)));
        }
        let schema = self.schema;
        match schema.input_fields(input.ty.inner_named_type()).filter(|_| !input.ty.is_list()) {
            // What nobody needs to give is looked into for our own alone.
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
                let once = given_once(self.live, input).ok_or(Unknown)?;
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
