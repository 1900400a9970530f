//! A binding: a user's own document for one of our operations. Aliases, or the expressions of its head, give any
//! portal's response our shape.
//!
//! It is checked against our own document, never against the portal, and is sent unchanged. A binding whose response
//! could not be decoded, or that would do something else than the operation, is refused with a line number.

mod check;
mod variables;

use apollo_compiler::Node;
use apollo_compiler::ast::{Document, VariableDefinition};

use super::ast::{self, inline_fragments};
use super::document::{CompatDocument, Evidence};
use super::document_error::{DocumentError, misread, wrong};
use super::head::Head;
use super::mapping::Mapping;
use crate::portal::operation::Operation;
use check::Check;

/// Parses and checks a binding of an operation.
pub fn parse(operation: Operation, text: &str) -> Result<CompatDocument, DocumentError> {
    let document = Document::parse(text, "binding.graphql").map_err(|errors| misread(&errors.errors))?;
    let head = Head::read(text)?;
    let check = Check { operation, sources: &document.sources, head: &head };
    let theirs = check.only_operation(&document)?;
    check.nothing_is_skipped(&document)?;
    let selections = inline_fragments(&theirs.selection_set, &document);
    let Some(ours) = ast::parse(operation.document) else {
        return Err(wrong(1, "our own document cannot be read".to_owned()));
    };
    check.kind(theirs, ours.kind())?;
    let variables: Vec<String> = theirs.variables.iter().map(|variable| variable.name.to_string()).collect();
    let said = check.head_paging(&ours.variables(), &variables)?;
    let (pushdowns, once) = check.variables(theirs, &ours, &selections, said.as_ref())?;
    let mut omitted = Vec::new();
    if head.get("jq").is_some() {
        check.roots(theirs, &selections)?;
    } else {
        let root = check.root(theirs, &selections, ours.operation())?;
        check.members(&selections, root, "", &mut omitted)?;
    }
    let (paging, pager) = check.paging(theirs, said, &ours.variables(), &variables, &omitted)?;
    let mapping = Mapping::new(&head, operation, &variables, pager)?;
    omitted.retain(|name| name != "after" && name != "total");
    let name = theirs.name.as_ref().map(ToString::to_string);
    let is_number = |variable: &&Node<VariableDefinition>| variable.ty.inner_named_type() == "Int";
    let numbers = theirs.variables.iter().filter(is_number).map(|variable| variable.name.to_string()).collect();
    Ok(CompatDocument {
        document: text.to_owned(),
        name,
        variables,
        omitted,
        paging,
        evidence: Evidence::Binding,
        pushdowns,
        numbers,
        once,
        mapping,
        is_projection: false,
    })
}

#[cfg(test)]
mod tests {
    use super::{DocumentError, parse};
    use crate::portal::compat::{CompatDocument, Paging};
    use crate::portal::operations::operation;

    fn bind(word: &str, text: &str) -> Result<CompatDocument, String> {
        parse(operation(word).unwrap(), text).map_err(|DocumentError { line, problem }| format!("{line}: {problem}"))
    }

    #[test]
    fn aliases_give_a_response_our_shape() {
        let text = "mutation ($name: String) { generateApiKey: createApiSecret(label: $name) { id secret: value } }";
        let bound = bind("keys.generate", text).unwrap();
        assert_eq!(
            (bound.name, bound.variables, bound.omitted),
            (None, vec!["name".into()], vec!["name".into(), "createdAt".into()])
        );
        assert_eq!((bound.document.as_str(), bound.paging), (text, Paging::Ours));
    }

    #[test]
    fn a_cursor_is_sent_and_read_or_neither() {
        let list = |arguments: &str, members: &str| {
            bind("devices.list", &format!("query {arguments} {{ data {{ id }} {members} }} }}"))
                .map(|bound| bound.paging)
        };
        let both = "($first: Int, $after: String) { devices(limit: $first, cursor: $after)";
        assert_eq!(list(both, "after: next"), Ok(Paging::Ours));
        assert!(list(both, "").unwrap_err().contains("is not read"));
        assert!(list("{ devices", "after: next").unwrap_err().contains("is not sent"));
        assert_eq!(list("{ devices", "total"), Ok(Paging::Counted));
        assert_eq!(list("{ devices", ""), Ok(Paging::Unknown));
    }

    #[test]
    fn fragments_are_inlined() {
        let text = "query Mine { devices { data { ...F } } }\nfragment F on Thing { id: key }";
        assert_eq!(bind("devices.list", text).unwrap().name.as_deref(), Some("Mine"));
    }

    #[test]
    fn an_invalid_binding_is_refused_with_its_line_and_the_member() {
        for (word, text, problem) in [
            (
                "keys.generate",
                "mutation {\n  generateApiKey: make {\n id } }",
                "2: the member `generateApiKey.secret` is missing",
            ),
            (
                "keys.generate",
                "query { generateApiKey { id secret } }",
                "1: `keys.generate` is a mutation, and this is a query",
            ),
            (
                "keys.generate",
                "mutation ($label: String) { generateApiKey(l: $label) { id secret } }",
                "1: `keys.generate` has no variable `$label`; it has `$name`",
            ),
            (
                "keys.generate",
                "mutation {\n generateApiKey { id secret }\n drop }",
                "3: it has more than one root field",
            ),
            (
                "keys.generate",
                "mutation { createApiSecret { id secret } }",
                "1: its answer is `createApiSecret` where `generateApiKey` is read",
            ),
            ("keys.generate", "mutation { generateApiKey { id secret", "1: "),
            ("keys.generate", "", "1: "),
            (
                "keys.generate",
                "mutation { generateApiKey { id { x } secret } }",
                "1: the member `generateApiKey.id` has no sub-fields",
            ),
            ("keys.generate", "type A { a: Int }", "1: it contains a schema definition"),
            (
                "keys.generate",
                "mutation A { generateApiKey { id secret } }\nmutation B { b }",
                "2: it has more than one operation",
            ),
            ("keys.revoke", "mutation { revokeApiKey: drop(id: 1) { id } }", "1: `$id` has to be used"),
            ("keys.revoke", "mutation ($id: ID!) { revokeApiKey: drop { id } }", "1: `$id` is declared and not used"),
            ("keys.revoke", "mutation { revokeApiKey: drop(id: $id) { id } }", "1: `$id` is used and not declared"),
            (
                "keys.revoke",
                "mutation ($id: ID!) { revokeApiKey: drop(ids: [$id, 7]) { id } }",
                "1: `$id` has to be used",
            ),
            (
                "keys.revoke",
                "mutation ($id: ID!) {\n revokeApiKey: drop(id: $id) @skip(if: true) { id } }",
                "2: `@skip` is not allowed",
            ),
            (
                "keys.revoke",
                "# once: $id\nmutation ($id: ID!) { revokeApiKey: drop(id: $id) { id } }",
                "1: `$id` is set by the command",
            ),
            ("devices.list", "{ devices }", "1: the member `devices` has sub-fields"),
            ("devices.list", "{ devices { data { name } } }", "1: the member `devices.data.id` is missing"),
        ] {
            let told = bind(word, text).unwrap_err();
            assert!(told.starts_with(problem), "{text}\n{told}");
        }
    }
}
