//! Derives the head of a binding for a pasted mutation from its selections: a sample response would be the result of
//! executing it.

use apollo_compiler::ast::{Field, OperationDefinition, Selection};

use super::super::ast;
use super::super::contract;
use super::super::similarity::{MEMBERS, best, called};
use crate::portal::operation::Operation;

/// Writes the head that maps the mutation's payload to our data.
pub fn head(operation: Operation, theirs: &OperationDefinition) -> Result<String, String> {
    let tree = ast::parse(operation.document).ok_or("our own document cannot be read")?;
    let noun = tree.root_field().ok_or("our own document cannot be read")?;
    let fields: Vec<_> = theirs.selection_set.iter().filter_map(Selection::as_field).collect();
    let [root] = fields.as_slice() else { return Err("it has more than one root field".to_owned()) };
    let on = contract::field(contract::root(tree.kind()), noun).map(|field| field.ty.inner_named_type().as_str());
    let makes = on.is_some_and(|on| contract::field(on, "secret").is_some());
    let name = root.response_name();
    let errors = fields_of(root).find(|field| {
        let name = field.response_name().to_lowercase();
        name.ends_with("errors") || name.ends_with("error")
    });
    let errors = errors.map(|field| {
        // A plural name is a list, a singular one is a single error.
        let each = if field.response_name().ends_with('s') { "[]" } else { "" };
        format!("# errors: .{name}.{}{each}\n", field.response_name())
    });
    let made = if makes { generated(root)? } else { revoked(root) };
    Ok(format!("# jq: {{{noun}: {made}}}\n{}", errors.unwrap_or_default()))
}

/// Maps a payload with a new key.
fn generated(root: &Field) -> Result<String, String> {
    let name = root.response_name();
    if root.selection_set.is_empty() {
        return Ok(format!("{{secret: .{name}}}"));
    }
    let leaves = leaves(root, "");
    let secret = best("secret", leaves.iter(), |(name, _)| name, MEMBERS, 0.5);
    let (secret_name, secret) = secret.ok_or("it selects nothing that is named like a secret")?;
    let mut members = Vec::new();
    for ours in ["id", "name", "createdAt"] {
        let others = leaves.iter().filter(|(name, _)| name != secret_name).map(|(name, _)| name);
        if let Some((_, path)) = called(ours, others).and_then(|found| leaves.iter().find(|(name, _)| name == found)) {
            members.push(format!("{ours}: {path}"));
        }
    }
    members.push(format!("secret: {secret}"));
    Ok(format!("(.{name} | {{{}}})", members.join(", ")))
}

/// Maps the payload of a revocation: it says that it succeeded, or returns an id.
fn revoked(root: &Field) -> String {
    let name = root.response_name();
    let done = |condition: String| format!("(if {condition} then {{id: $id}} else null end)");
    if root.selection_set.is_empty() {
        return done(format!(".{name} != null and .{name} != false"));
    }
    let says_so = fields_of(root).find(|field| {
        matches!(
            &*field.response_name().to_lowercase(),
            "ok" | "success" | "succeeded" | "successful" | "revoked" | "deleted" | "done"
        )
    });
    let id = fields_of(root).find(|field| field.response_name().to_lowercase().ends_with("id"));
    match (says_so, id) {
        (Some(field), _) => done(format!(".{name}.{} == true", field.response_name())),
        (None, Some(field)) => done(format!(".{name}.{} != null", field.response_name())),
        (None, None) => done(format!(".{name} != null")),
    }
}

fn fields_of(field: &Field) -> impl Iterator<Item = &Field> {
    field.selection_set.iter().filter_map(Selection::as_field).map(|field| &**field)
}

/// Returns the leaf fields, with their names and paths.
fn leaves(field: &Field, at: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for inner in fields_of(field).filter(|inner| !inner.response_name().to_lowercase().contains("error")) {
        let path = format!("{at}.{}", inner.response_name());
        match inner.selection_set.is_empty() {
            true => found.push((inner.response_name().to_string(), path)),
            false => found.extend(leaves(inner, &path)),
        }
    }
    found
}
