//! What a binding must give for each of our operations, from our documents and the contract.

use apollo_compiler::ast::{FieldDefinition, Selection};

use super::{ast, contract};
use crate::portal::operation::Operation;

/// What a binding must give.
#[derive(Debug, PartialEq, Eq)]
pub struct Requirements {
    /// `query` or `mutation`
    pub kind: &'static str,
    /// The variables, with their types: `$name: String`.
    pub variables: Vec<String>,
    /// The required members, by their paths from the root: `devices.data.id`.
    pub needed: Vec<String>,
    /// The optional members.
    pub optional: Vec<String>,
}

/// Returns what a binding of an operation must give; `None` if our document cannot be parsed.
pub fn requirements(operation: Operation) -> Option<Requirements> {
    let tree = ast::parse(operation.document)?;
    let root = contract::field(contract::root(tree.kind()), tree.root_field()?)?;
    let selections = &tree.operation().selection_set.first()?.as_field()?.selection_set;
    let (mut needed, mut optional) = (Vec::new(), Vec::new());
    walk(root, selections, &root.name, true, &mut needed, &mut optional);
    let variables = tree.operation().variables.iter().map(|variable| format!("${}: {}", variable.name, variable.ty));
    Some(Requirements { kind: tree.kind().name(), variables: variables.collect(), needed, optional })
}

fn walk(
    field: &FieldDefinition,
    selections: &[Selection],
    path: &str,
    is_needed: bool,
    needed: &mut Vec<String>,
    optional: &mut Vec<String>,
) {
    let on = field.ty.inner_named_type().as_str();
    for inner in selections.iter().filter_map(Selection::as_field) {
        let Some(definition) = contract::field(on, &inner.name) else { continue };
        let (path, is_needed) =
            (format!("{path}.{}", inner.name), is_needed && !contract::is_optional(on, &inner.name));
        if !inner.selection_set.is_empty() && is_needed {
            walk(definition, &inner.selection_set, &path, is_needed, needed, optional);
        } else if is_needed {
            needed.push(path);
        } else {
            // An optional parent is named without its members.
            optional.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::requirements;
    use crate::portal::operations::operation;

    #[test]
    fn the_required_members_are_those_of_the_contract() {
        let of = |word| requirements(operation(word).unwrap()).unwrap();
        let generate = of("keys.generate");
        assert_eq!((generate.kind, generate.variables), ("mutation", vec!["$name: String".to_owned()]));
        assert_eq!(generate.needed, ["generateApiKey.secret"]);
        assert_eq!(of("devices.list").needed, ["devices.data.id"]);
        assert!(of("devices.list").optional.contains(&"devices.data.location".to_owned()));
        assert_eq!(of("keys.revoke").needed, ["revokeApiKey.id"]);
    }
}
