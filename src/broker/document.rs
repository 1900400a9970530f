//! Parses another program's document, and rewrites it from the tree, so that the portal cannot read it differently.
//!
//! It decides nothing about fields; it refuses ambiguous documents.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{self, Definition, DirectiveList, OperationType, Selection};
use apollo_compiler::parser::Parser;

use super::refused::Refused;
use super::root::Root;
use crate::portal::{DocumentError, misread};

/// No honest document is nested deeper, and deeper ones endanger recursive parsers.
const DEEPEST: usize = 100;

/// More tokens than any honest document has.
const MOST_TOKENS: usize = 100_000;

/// The standard directives of requests; others may do anything.
const KNOWN: [&str; 2] = ["skip", "include"];

/// A document that was parsed and rewritten.
#[derive(Clone, Debug)]
pub struct Document {
    /// The rewritten text, which is sent.
    pub text: String,
    /// The root fields of all its operations, through fragments.
    pub roots: BTreeSet<Root>,
    /// True if any operation is a mutation.
    pub has_mutation: bool,
    /// The names of its operations.
    pub names: Vec<String>,
}

impl Document {
    /// Parses a document with one or several operations.
    pub fn read(text: &str) -> Result<Document, Refused> {
        let tree = parse(text)?;
        let fragments = fragments(&tree)?;
        let (mut roots, mut names, mut has_mutation) = (BTreeSet::new(), Vec::new(), false);
        let mut count = 0;
        for operation in tree.definitions.iter().filter_map(Definition::as_operation_definition) {
            let is_mutation = match operation.operation_type {
                OperationType::Query => false,
                OperationType::Mutation => true,
                OperationType::Subscription => return Err(Refused::Subscription),
            };
            count += 1;
            has_mutation |= is_mutation;
            check_directives(&operation.directives)?;
            operation.variables.iter().try_for_each(|variable| check_directives(&variable.directives))?;
            check_selections(&operation.selection_set)?;
            if let Some(name) = &operation.name {
                if names.iter().any(|other| other == name.as_str()) {
                    return Err(Refused::Malformed("two operations have the same name"));
                }
                names.push(name.to_string());
            }
            for field in root_fields(&operation.selection_set, &fragments)? {
                roots.insert(Root { is_mutation, field });
            }
        }
        if count == 0 {
            return Err(Refused::Malformed("the document has no operation"));
        }
        Ok(Document { text: written(&tree)?, roots, has_mutation, names })
    }
}

fn parse(text: &str) -> Result<ast::Document, Refused> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser::new().recursion_limit(DEEPEST).token_limit(MOST_TOKENS);
    parser.parse_ast(text, "document.graphql").map_err(|errors| {
        let DocumentError { line, problem } = misread(&errors.errors);
        Refused::Unreadable { line, problem }
    })
}

/// Serializes the tree, and verifies that parsing the text yields the same tree.
fn written(tree: &ast::Document) -> Result<String, Refused> {
    let text = tree.to_string();
    match parse(&text) {
        Ok(again) if again == *tree => Ok(text),
        _ => Err(Refused::Malformed("the document cannot be written as it was read")),
    }
}

type Fragments<'d> = BTreeMap<&'d str, &'d [Selection]>;

/// Returns the fragments by name. Type definitions are refused.
fn fragments(tree: &ast::Document) -> Result<Fragments<'_>, Refused> {
    let mut fragments = Fragments::new();
    for definition in &tree.definitions {
        match definition {
            Definition::OperationDefinition(_) => {}
            Definition::FragmentDefinition(fragment) => {
                check_directives(&fragment.directives)?;
                check_selections(&fragment.selection_set)?;
                if fragments.insert(fragment.name.as_str(), &fragment.selection_set).is_some() {
                    return Err(Refused::Malformed("two fragments have the same name"));
                }
            }
            _ => return Err(Refused::Malformed("a request must not define types")),
        }
    }
    Ok(fragments)
}

/// Returns the names of the root fields, not their aliases. Each fragment is visited once.
fn root_fields(selections: &[Selection], fragments: &Fragments<'_>) -> Result<BTreeSet<String>, Refused> {
    let (mut fields, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![selections]);
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => drop(fields.insert(field.name.to_string())),
                Selection::InlineFragment(fragment) => open.push(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    let Some(fragment) = fragments.get(name) else {
                        return Err(Refused::Malformed("the document uses an undefined fragment"));
                    };
                    if seen.insert(name) {
                        open.push(fragment);
                    }
                }
            }
        }
    }
    Ok(fields)
}

fn check_selections(selections: &[Selection]) -> Result<(), Refused> {
    let mut open = vec![selections];
    while let Some(selections) = open.pop() {
        for selection in selections {
            check_directives(match selection {
                Selection::Field(field) => &field.directives,
                Selection::InlineFragment(fragment) => &fragment.directives,
                Selection::FragmentSpread(spread) => &spread.directives,
            })?;
            match selection {
                Selection::Field(field) => open.push(&field.selection_set),
                Selection::InlineFragment(fragment) => open.push(&fragment.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    Ok(())
}

fn check_directives(directives: &DirectiveList) -> Result<(), Refused> {
    match directives.iter().find(|directive| !KNOWN.contains(&directive.name.as_str())) {
        Some(unknown) => Err(Refused::Directive(unknown.name.to_string())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Refused};

    #[test]
    fn what_is_sent_is_written_from_the_tree() {
        let text = "\u{feff}# a comment\nquery A($n:Int=5,){list:devices(first:$n,note:\"\"\"a \"quoted\"\n\u{e4} \\u0041\"\"\"){...F}}\
                    fragment F on P{id,}";
        let document = Document::read(text).unwrap();
        assert!(!document.text.contains("# a comment") && document.text.starts_with("query A($n: Int = 5) {"));
        assert_eq!(Document::read(&document.text).unwrap().text, document.text);
        assert_eq!((document.names.as_slice(), document.has_mutation), (&["A".to_owned()][..], false));
    }

    #[test]
    fn what_two_readers_could_take_for_two_things_is_refused() {
        for text in [
            "",
            "{",
            "{ a } }",
            "query A { a } query A { b }",
            "{ ...F } fragment F on Query { a } fragment F on Query { b }",
            "{ a ...Nobody }",
            "fragment F on Query { a }",
            "type Query { a: Int } { a }",
            "extend type Query { a: Int } { a }",
            "subscription { a }",
            "query A { a } subscription B { b }",
            "query @live { a }",
            "{ a @export(as: \"x\") }",
            "{ ...F @defer } fragment F on Query { a }",
            "query ($a: Int @x) { a }",
            "{ ...F } fragment F on Query @x { a }",
            "{ \\u0061 }",
        ] {
            assert!(Document::read(text).is_err(), "{text}");
        }
        assert_eq!(Document::read("{ a { b { c @stream } } }").unwrap_err(), Refused::Directive("stream".into()));
    }

    #[test]
    fn depth_and_length_have_an_end() {
        let deep = |open: &str, close: &str| format!("{{ a{}{} }}", open.repeat(50_000), close.repeat(50_000));
        for text in [
            deep("{a", "}"),
            deep("{...", "}"),
            format!("{{ a(x: {}{}) }}", "[".repeat(90_000), "]".repeat(90_000)),
            format!("{{ a(x: {}1{}) }}", "{x:".repeat(90_000), "}".repeat(90_000)),
            format!("query ($a: {}Int{}) {{ a }}", "[".repeat(90_000), "]".repeat(90_000)),
            format!("{{ {} }}", "a ".repeat(200_000)),
        ] {
            assert!(Document::read(&text).is_err(), "{}", &text[..20]);
        }
        // A long chain of fragments is not nested deeply.
        let chain: String = (0..2000).map(|n| format!("fragment F{n} on Query {{ ...F{} }}\n", n + 1)).collect();
        let whole = format!("{{ ...F0 }}\n{chain}fragment F2000 on Query {{ a ...F0 }}");
        assert_eq!(Document::read(&whole).unwrap().roots.len(), 1);
    }
}
