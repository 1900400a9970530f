//! Suggests a binding from the portal's own schema, for a person to judge. Nothing uses a suggestion automatically.

mod field_path;
mod items;
mod key;
mod list;
mod mutation_arguments;
mod one;
mod paging;
mod pasted;
mod payload;
mod reshaped;
mod target;

pub use pasted::{of_request, operation_of};

use apollo_compiler::ast::{Field, FieldDefinition, InputValueDefinition, OperationType};

use super::ast::{self, OperationAst};
use super::members::{is_compatible, members};
use super::remote_schema::RemoteSchema;
use super::similarity::{ARGUMENTS, VERBS_AND_NOUNS, best, root_similarity, words};
use super::suggestion::{Similarity, Suggestion};
use super::{binding, contract};
use crate::portal::operation::Operation;
use mutation_arguments::does_more;
use reshaped::reshaped;

/// Returns the most likely document of the portal for one of our operations; `None` if nothing is similar, or if two
/// candidates are equally similar.
pub fn suggest(schema: &RemoteSchema, operation: Operation) -> Option<Suggestion> {
    let renamed = renamed(schema, operation);
    // A document that only renames is the simplest, unless it loses paging.
    let is_whole = |document: &str| !operation.document.contains("$after") || document.contains("$after");
    match renamed {
        Some(renamed) if operation.is_mutation() => {
            // A payload may also return errors and the key's id, which are worth more than a simple document.
            let has_id = binding::parse(operation, &renamed.document)
                .is_ok_and(|bound| !bound.omitted.iter().any(|name| name == "id"));
            let says_more = |suggestion: &Suggestion| {
                suggestion.document.contains("# errors:") || !has_id && suggestion.document.contains("id:")
            };
            reshaped(schema, operation).filter(says_more).or(Some(renamed))
        }
        Some(renamed) if is_whole(&renamed.document) => Some(renamed),
        renamed => reshaped(schema, operation).or(renamed),
    }
}

/// Returns a document that differs from ours only in names.
fn renamed(schema: &RemoteSchema, operation: Operation) -> Option<Suggestion> {
    let ours = ast::parse(operation.document)?;
    let field = ours.operation().selection_set.first()?.as_field()?;
    let on = contract::field(contract::root(ours.kind()), &field.name)?;
    let mutation = ours.kind() == OperationType::Mutation;
    let mut found: Vec<(f64, String)> = schema
        .root_fields(mutation)
        .filter(|live| contract::lists(&live.ty) == contract::lists(&on.ty) && !(mutation && does_more(live)))
        .filter_map(|live| {
            let similarity = root_similarity(&field.name, &live.name, mutation)?;
            let write = |paged| write(schema, &ours, (field, on), live, paged);
            let is_right = |document: &String| binding::parse(operation, document).is_ok();
            // If the response has no cursor, do not send one.
            Some((similarity, write(true).filter(is_right).or_else(|| write(false).filter(is_right))?))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (score, document) = match found.as_slice() {
        [(best, _), (next, _), ..] if best <= next => return None,
        [(score, document), ..] => (*score, document.clone()),
        [] => return None,
    };
    let similarity = Similarity::of(score);
    Some(Suggestion { operation: operation.word.to_owned(), document, similarity })
}

fn write(
    schema: &RemoteSchema,
    ours: &OperationAst,
    (field, on): (&Field, &FieldDefinition),
    live: &FieldDefinition,
    paged: bool,
) -> Option<String> {
    let (variables, arguments) = arguments(schema, field, on, live, paged)?;
    let members = members(schema, field, on, live)?;
    let alias = if live.name == field.name { String::new() } else { format!("{}: ", field.name) };
    Some(format!("{} {variables}{{ {alias}{}{arguments} {members} }}", ours.kind().name(), live.name))
}

/// Returns the portal's root fields that are similar to one of ours, such as `createApiSecret` for `generateApiKey`;
/// if there are none, those that share a word with it.
pub fn similar(schema: &RemoteSchema, lacking: &str) -> Vec<String> {
    let (root, name) = lacking.split_once('.').unwrap_or(("", lacking));
    let name = name.split(['(', ' ']).next().unwrap_or(name);
    let mutation = root == "Mutation";
    let wanted = words(name, VERBS_AND_NOUNS);
    let names = || schema.root_fields(mutation).map(|field| field.name.as_str());
    let mut found: Vec<&str> = names().filter(|other| root_similarity(name, other, mutation).is_some()).collect();
    if found.is_empty() {
        found = names().filter(|other| !words(other, VERBS_AND_NOUNS).is_disjoint(&wanted)).collect();
    }
    found.into_iter().filter(|other| *other != name).take(3).map(str::to_owned).collect()
}

/// Writes the variables and arguments, matched by name and type. If the portal takes one input object, they become its
/// members.
fn arguments(
    schema: &RemoteSchema,
    field: &Field,
    ours: &FieldDefinition,
    live: &FieldDefinition,
    paged: bool,
) -> Option<(String, String)> {
    let object = match live.arguments.as_slice() {
        [only] => {
            schema.input_fields(only.ty.inner_named_type()).filter(|_| !only.ty.is_list()).map(|fields| (only, fields))
        }
        _ => None,
    };
    let mut left: Vec<&InputValueDefinition> = match &object {
        Some((_, fields)) => fields.clone(),
        None => live.arguments.iter().map(|argument| &**argument).collect(),
    };
    let mut matched: Vec<(&str, &InputValueDefinition)> = Vec::new();
    for argument in
        field.arguments.iter().filter(|argument| paged || !["first", "after"].contains(&argument.name.as_str()))
    {
        let definition = ours.argument_by_name(&argument.name)?;
        let fits =
            |live: &&InputValueDefinition| !schema.is_input_object(&live.ty) && is_compatible(&definition.ty, &live.ty);
        match best(&definition.name, left.iter().copied().filter(fits), |live| &live.name, ARGUMENTS, 0.5) {
            Some(live) => {
                left.retain(|other| other.name != live.name);
                matched.push((argument.name.as_str(), live));
            }
            None if definition.is_required() => return None,
            None => {}
        }
    }
    if left.iter().any(|live| live.is_required()) || object.as_ref().is_some_and(|_| matched.is_empty()) {
        return None;
    }
    if matched.is_empty() {
        return Some((String::new(), String::new()));
    }
    let declared: Vec<String> = matched.iter().map(|(name, live)| format!("${name}: {}", live.ty)).collect();
    let given: Vec<String> = matched.iter().map(|(name, live)| format!("{}: ${name}", live.name)).collect();
    let given = match object {
        Some((argument, _)) => format!("({}: {{{}}})", argument.name, given.join(", ")),
        None => format!("({})", given.join(", ")),
    };
    Some((format!("({}) ", declared.join(", ")), given))
}
