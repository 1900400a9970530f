//! Mutations that generate or revoke a key: maps their payload, or their bare value.
//!
//! The verb must match as strictly as anywhere else: a mutation that may do something else is not suggested.

use apollo_compiler::ast::FieldDefinition;

use super::super::remote_schema::RemoteSchema;
use super::super::similarity::{MEMBERS, best, root_similarity, words};
use super::field_path::{FieldPath, declared, once_line, written};
use super::list::item;
use super::mutation_arguments::{MutationArguments, does_more, match_arguments};
use super::target::{Candidate, Target};

/// Returns the documents that would generate a key.
pub fn generate(schema: &RemoteSchema, target: &Target) -> Vec<Candidate> {
    each(schema, target, |live, given| {
        let (noun, name) = (&target.field.name, &live.name);
        if live.ty.is_list() {
            return None;
        }
        if !schema.is_composite(&live.ty) {
            let is_text = !matches!(live.ty.inner_named_type().as_str(), "Int" | "Float" | "Boolean" | "ID");
            let head = format!("# jq: {{{noun}: {{secret: .{name}}}}}\n");
            return is_text.then(|| write(&head, live, given, ""));
        }
        let payload = live.ty.inner_named_type().as_str();
        let (key, secret) = secret(schema, payload)?;
        let mut made = Vec::new();
        let mut selections = Vec::new();
        let of_key = key.map_or(payload, |key| key.ty.inner_named_type());
        let at = key.map_or_else(String::new, |key| format!(".{}", key.name));
        let mut inner = Vec::new();
        for ours in ["id", "name", "createdAt"] {
            let leaves = schema.fields(of_key).filter(|field| is_plain(schema, field));
            if let Some(found) = best(ours, leaves, |field| &field.name, MEMBERS, 0.6) {
                made.push(format!("{ours}: {at}.{}", found.name));
                inner.push(found.name.to_string());
            }
        }
        made.push(format!("secret: {secret}"));
        let secret_name = secret.rsplit('.').next().unwrap_or_default();
        match key {
            // The secret may be a member of the key, or beside the key.
            Some(key) if secret.starts_with(&format!(".{}.", key.name)) => {
                inner.push(secret_name.to_owned());
                selections.push(format!("{} {{ {} }}", key.name, inner.join(" ")));
            }
            Some(key) => {
                if !inner.is_empty() {
                    selections.push(format!("{} {{ {} }}", key.name, inner.join(" ")));
                }
                selections.push(secret_name.to_owned());
            }
            None => {
                selections.extend(inner);
                selections.push(secret_name.to_owned());
            }
        }
        let mut head = format!("# jq: {{{noun}: (.{name} | {{{}}})}}\n", made.join(", "));
        if let Some((line, selection)) = errors(schema, payload, name) {
            head.push_str(&line);
            selections.push(selection);
        }
        Some(write(&head, live, given, &format!(" {{ {} }}", selections.join(" "))))
    })
}

/// Returns the documents that would revoke a key.
pub fn revoke(schema: &RemoteSchema, target: &Target) -> Vec<Candidate> {
    each(schema, target, |live, given| {
        let (noun, name) = (&target.field.name, &live.name);
        // If keys have two ids, the listing returns `id` and the mutation takes the other one, which may be another
        // key's id.
        if given.own.as_deref().is_some_and(|own| own != "id" && has_two_ids(schema, own)) {
            return None;
        }
        let done = |condition: &str| format!("# jq: {{{noun}: (if {condition} then {{id: $id}} else null end)}}\n");
        if live.ty.is_list() {
            return None;
        }
        if !schema.is_composite(&live.ty) {
            let condition = match live.ty.inner_named_type().as_str() {
                "Boolean" => format!(".{name}"),
                // The count of revoked keys, or an id.
                "Int" => format!(".{name} == 1"),
                _ => format!(".{name} != null"),
            };
            return Some(write(&done(&condition), live, given, ""));
        }
        let payload = live.ty.inner_named_type().as_str();
        let plain = || schema.fields(payload).filter(|field| is_plain(schema, field));
        let says_so = plain().find(|field| field.ty.inner_named_type() == "Boolean" && is_success(&field.name));
        let id = plain().find(|field| {
            field.ty.inner_named_type() != "Boolean"
                && field.name.to_lowercase().ends_with("id")
                && field.name != "clientMutationId"
        });
        let errors = errors(schema, payload, name);
        let (condition, mut selections) = match (says_so, id) {
            (Some(ok), _) => (format!(".{name}.{}", ok.name), vec![ok.name.to_string()]),
            (None, Some(id)) => (format!(".{name}.{} != null", id.name), vec![id.name.to_string()]),
            (None, None) if errors.is_some() => (
                format!(".{name} != null and (.{name}.{} | length) == 0", errors.as_ref()?.1.split(' ').next()?),
                vec![],
            ),
            (None, None) => return None,
        };
        let mut head = done(&condition);
        if let Some((line, selection)) = errors {
            head.push_str(&line);
            selections.push(selection);
        }
        Some(write(&head, live, given, &format!(" {{ {} }}", selections.join(" "))))
    })
}

/// Returns true if something similar to a key has both an id and a member with this name.
fn has_two_ids(schema: &RemoteSchema, member: &str) -> bool {
    let field_paths = FieldPath::all(schema);
    let mut items = field_paths.iter().filter_map(|field_path| item(schema, field_path.last()?));
    items.any(|on| schema.field(on, "id").is_some() && schema.field(on, member).is_some())
}

/// Calls `write` for each mutation that does the same as ours, with its arguments.
fn each(
    schema: &RemoteSchema,
    target: &Target,
    write: impl Fn(&FieldDefinition, &MutationArguments) -> Option<String>,
) -> Vec<Candidate> {
    let similar = schema.root_fields(true).filter_map(|live| {
        let score = root_similarity(&target.field.name, &live.name, true)?;
        if does_more(live) {
            return None;
        }
        let given = match_arguments(schema, target.field.arguments.first()?, live)?;
        Some(Candidate { score, document: write(live, &given)? })
    });
    similar.collect()
}

fn write(head: &str, live: &FieldDefinition, given: &MutationArguments, selections: &str) -> String {
    let (once, variables) = (once_line(&given.once), declared(&given.variables));
    format!("{head}{once}mutation {variables}{{ {}{}{selections} }}", live.name, written(&given.arguments))
}

/// Finds the secret of a payload, directly in it or in its key: returns the field of the key, if there is one, and the
/// path of the secret.
fn secret<'s>(schema: &'s RemoteSchema, payload: &str) -> Option<(Option<&'s FieldDefinition>, String)> {
    let secret_of = |on: &str| {
        let texts = schema.fields(on).filter(|field| {
            is_plain(schema, field)
                && !matches!(field.ty.inner_named_type().as_str(), "Int" | "Float" | "Boolean" | "ID")
        });
        best("secret", texts, |field| &field.name, MEMBERS, 0.5)
    };
    let keys = schema.fields(payload).filter(|field| schema.is_composite(&field.ty) && !field.ty.is_list());
    let key = keys.filter(|field| schema.field(field.ty.inner_named_type(), "id").is_some()).find(|field| {
        let words = words(&field.name, &[]);
        ["key", "token", "credential", "secret", "node"].iter().any(|word| words.contains(*word))
    });
    if let Some(secret) = secret_of(payload) {
        return Some((key, format!(".{}", secret.name)));
    }
    let key = key?;
    let secret = secret_of(key.ty.inner_named_type())?;
    Some((Some(key), format!(".{}.{}", key.name, secret.name)))
}

/// Finds the errors of a payload: returns a line of the head, and the selection.
fn errors(schema: &RemoteSchema, payload: &str, root: &str) -> Option<(String, String)> {
    let field = schema.fields(payload).find(|field| {
        let name = field.name.to_lowercase();
        name.ends_with("errors") || name.ends_with("error") || name.ends_with("problems")
    })?;
    let each = if field.ty.is_list() { "[]" } else { "" };
    let line = format!("# errors: .{root}.{}{each}\n", field.name);
    if !schema.is_composite(&field.ty) {
        return Some((line, field.name.to_string()));
    }
    let on = field.ty.inner_named_type().as_str();
    let told: Vec<&str> = ["message", "code"].into_iter().filter(|name| schema.field(on, name).is_some()).collect();
    (!told.is_empty()).then(|| (line, format!("{} {{ {} }}", field.name, told.join(" "))))
}

fn is_plain(schema: &RemoteSchema, field: &FieldDefinition) -> bool {
    !field.ty.is_list()
        && !schema.is_composite(&field.ty)
        && !field.arguments.iter().any(|argument| argument.is_required())
}

fn is_success(name: &str) -> bool {
    matches!(
        name.to_lowercase().as_str(),
        "ok" | "success" | "succeeded" | "successful" | "revoked" | "deleted" | "done"
    )
}
