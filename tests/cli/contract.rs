//! Pairs that are easily forgotten: a document and its operation, a field of the contract and its resolver.

use std::collections::BTreeSet;
use std::fs;

use apollo_compiler::Schema;
use apollo_compiler::ast::FieldDefinition;
use serde_json::Value;

use crate::harness::Home;

#[test]
fn every_document_is_an_operation_that_can_be_checked() {
    let mut documents = BTreeSet::new();
    for noun in fs::read_dir("graphql").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in fs::read_dir(&noun).unwrap() {
            let (noun, file) = (noun.file_name().unwrap().to_owned(), file.unwrap().path());
            documents.insert(format!("{}.{}", noun.display(), file.file_stem().unwrap().display()));
        }
    }
    let checks = Home::new().run("--sandbox portal check -o json").ok().json();
    let checked = checks.as_array().unwrap().iter().map(|check| check["operation"].as_str().unwrap().to_owned());
    assert_eq!(checked.collect::<BTreeSet<String>>(), documents);
}

#[test]
fn every_root_field_of_the_contract_has_its_resolver_in_the_sandbox() {
    let contract = Schema::parse(fs::read_to_string("graphql/schema.graphql").unwrap(), "schema.graphql").unwrap();
    let home = Home::new();
    for (kind, root) in [("query", "Query"), ("mutation", "Mutation")] {
        for field in contract.get_object(root).unwrap().fields.values() {
            let (name, arguments) = (&field.name, arguments(field));
            let answer = home.run(&format!("--sandbox api '{kind} {{ {name}{arguments} {{ __typename }} }}'"));
            let answer: Value = serde_json::from_str(&answer.out()).unwrap();
            let is_resolved = answer["errors"].as_array().into_iter().flatten().all(|error| {
                !error["message"].as_str().unwrap_or_default().contains("resolver")
                    && !error["extensions"]["code"].is_null()
            });
            assert!(answer.get("data").is_some() && is_resolved, "`{root}.{name}` has no resolver: {answer}");
        }
    }
}

/// Returns the required arguments of a field, each with some text.
fn arguments(field: &FieldDefinition) -> String {
    let required = field.arguments.iter().filter(|argument| argument.is_required());
    let given: Vec<String> = required.map(|argument| format!("{}: \"1\"", argument.name)).collect();
    if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
}
