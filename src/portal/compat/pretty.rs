//! Formats a document as people write it: leaf fields are on one line with their parent if they fit.

use apollo_compiler::ast::{Definition, Document, OperationDefinition, Selection, Value};

/// The longest line.
const WIDTH: usize = 76;

/// Formats the operation of a document; `None` unless it has exactly one operation and no fragment spreads.
pub fn pretty(text: &str) -> Option<String> {
    let document = Document::parse(text, "document.graphql").ok()?;
    let [Definition::OperationDefinition(operation)] = document.definitions.as_slice() else { return None };
    let mut written = head(operation);
    selections(&operation.selection_set, 0, &mut written)?;
    written.push('\n');
    Some(written)
}

fn head(operation: &OperationDefinition) -> String {
    let variables: Vec<String> = operation.variables.iter().map(ToString::to_string).collect();
    let name = operation.name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
    let variables = if variables.is_empty() { String::new() } else { format!(" ({})", variables.join(", ")) };
    format!("{}{name}{variables} ", operation.operation_type.name())
}

fn selections(set: &[Selection], depth: usize, to: &mut String) -> Option<()> {
    let lines: Vec<(String, &[Selection])> = set.iter().map(line).collect::<Option<_>>()?;
    let names: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let start = to.len() - to.rfind('\n').map_or(0, |at| at + 1);
    let inline = format!("{{ {} }}", names.join(" "));
    if lines.iter().all(|(_, inner)| inner.is_empty()) && start + inline.len() <= WIDTH {
        to.push_str(&inline);
        return Some(());
    }
    to.push('{');
    for (line, inner) in lines {
        to.push_str(&format!("\n{}{line}", "  ".repeat(depth + 1)));
        if !inner.is_empty() {
            to.push(' ');
            selections(inner, depth + 1, to)?;
        }
    }
    to.push_str(&format!("\n{}}}", "  ".repeat(depth)));
    Some(())
}

/// Returns a selection without its selection set, and the set.
fn line(selection: &Selection) -> Option<(String, &[Selection])> {
    match selection {
        Selection::Field(field) if field.directives.is_empty() => {
            let alias = field.alias.as_ref().map_or_else(String::new, |alias| format!("{alias}: "));
            let value = |value: &Value| one_line(&value.serialize().no_indent().to_string());
            let given = field.arguments.iter().map(|argument| format!("{}: {}", argument.name, value(&argument.value)));
            let given: Vec<String> = given.collect();
            let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
            Some((format!("{alias}{}{given}", field.name), &field.selection_set))
        }
        Selection::InlineFragment(fragment) if fragment.directives.is_empty() => {
            let on = fragment.type_condition.as_ref().map_or_else(String::new, |on| format!(" on {on}"));
            Some((format!("...{on}"), &fragment.selection_set))
        }
        _ => None,
    }
}

/// Joins the lines of an object value.
fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn leaf_fields_are_on_one_line_if_they_fit() {
        let document = "query ($first: Int) { devices: fleet(first: $first, page: {size: $first}) { edges { node { id name } } total } }";
        assert_eq!(
            pretty(document).unwrap(),
            "query ($first: Int) {\n  devices: fleet(first: $first, page: {size: $first}) {\n    edges {\n      \
             node { id name }\n    }\n    total\n  }\n}\n"
        );
        assert_eq!(pretty("mutation ($id: ID!) { drop(id: $id) }").unwrap(), "mutation ($id: ID!) { drop(id: $id) }\n");
        let node = "{ node(id: 1) { ... on Device { id } } }";
        assert_eq!(pretty(node).unwrap(), "query {\n  node(id: 1) {\n    ... on Device { id }\n  }\n}\n");
        assert!(pretty("{ a @skip(if: true) }").is_none());
    }
}
