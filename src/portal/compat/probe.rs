//! A document that is validated as a whole and executes nothing: how to ask a portal what it would accept.
//!
//! A query for only `__typename` is added to the probed operation, and `operationName` selects that query. A server
//! that executed the other operation anyway would skip each of its fields.

use apollo_compiler::ast::{
    Argument, Definition, Directive, DirectiveList, Document, OperationDefinition, OperationType, Selection, Value,
};
use apollo_compiler::{Node, name};

/// The name of the added query.
pub const PROBE: &str = "OptraProbe";

/// Converts a document with one operation to a probe.
pub fn probe(document: &str) -> Option<String> {
    let mut document = Document::parse(document, "document.graphql").ok()?;
    for definition in &mut document.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            let operation = operation.make_mut();
            // With two operations, each needs a name.
            operation.name.get_or_insert(name!("OptraProbed"));
            operation.selection_set.iter_mut().for_each(skip);
        }
    }
    document.definitions.insert(0, Definition::OperationDefinition(Node::new(typename())));
    Some(document.to_string())
}

/// Returns true for the added query.
pub fn is_probe(operation: &OperationDefinition) -> bool {
    operation.name.as_ref().is_some_and(|name| name == PROBE)
}

fn typename() -> OperationDefinition {
    let field = apollo_compiler::ast::Field {
        alias: None,
        name: name!("__typename"),
        arguments: Vec::new(),
        directives: DirectiveList::new(),
        selection_set: Vec::new(),
    };
    OperationDefinition {
        operation_type: OperationType::Query,
        name: Some(name!("OptraProbe")),
        variables: Vec::new(),
        directives: DirectiveList::new(),
        selection_set: vec![Selection::Field(Node::new(field))],
    }
}

fn skip(selection: &mut Selection) {
    let directives = match selection {
        Selection::Field(field) => &mut field.make_mut().directives,
        Selection::FragmentSpread(spread) => &mut spread.make_mut().directives,
        Selection::InlineFragment(fragment) => &mut fragment.make_mut().directives,
    };
    let argument = Argument { name: name!("if"), value: Node::new(Value::Boolean(true)) };
    directives.push(Directive { name: name!("skip"), arguments: vec![Node::new(argument)] });
}

#[cfg(test)]
mod tests {
    use super::probe;

    #[test]
    fn a_probe_has_the_whole_operation_and_skips_all_of_it() {
        let probed = probe("mutation ($name: String) { generateApiKey(name: $name) { id } }").unwrap();
        let bare: String = probed.split_whitespace().collect();
        assert_eq!(
            bare,
            "queryOptraProbe{__typename}\
             mutationOptraProbed($name:String){generateApiKey(name:$name)@skip(if:true){id}}"
        );
        assert_eq!(probe("{"), None);
    }
}
