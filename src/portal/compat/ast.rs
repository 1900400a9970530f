//! A single-operation document as a selection tree.
//!
//! Fragments are inlined, because their type conditions name types of the contract, which a portal may name
//! differently. This module knows the contract, and no portal.

use std::collections::BTreeSet;
use std::fmt;

use apollo_compiler::ast::{Definition, Document, OperationDefinition, OperationType, Selection, Value};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::{Name, Node};

use super::contract;
use super::probe::is_probe;

/// One operation without fragments.
#[derive(Clone)]
pub struct OperationAst {
    pub(super) operation: OperationDefinition,
    pub(super) sources: SourceMap,
}

/// Parses one of our documents, also inside a probe; returns `None` unless it has exactly one operation.
pub fn parse(text: &str) -> Option<OperationAst> {
    let document = Document::parse(text, "document.graphql").ok()?;
    let mut operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) if !is_probe(operation) => Some(operation),
        _ => None,
    });
    let (Some(operation), None) = (operations.next(), operations.next()) else { return None };
    let mut operation = (**operation).clone();
    operation.selection_set = inline_fragments(&operation.selection_set, &document);
    // Drop the directives of a probe.
    operation.selection_set.iter_mut().for_each(drop_directives);
    Some(OperationAst { operation, sources: document.sources.clone() })
}

/// The deepest nesting of a sane document.
const DEEPEST: usize = 16;

/// The most selections of a sane document after inlining its fragments.
const LARGEST: usize = 10_000;

/// Inlines fragment spreads. A recursive fragment is cut off at a depth that no sane document reaches; fragments that
/// double each other are cut off at a size that no sane document has.
pub fn inline_fragments(selections: &[Selection], document: &Document) -> Vec<Selection> {
    Inlining { document, left: LARGEST }.below(selections, 0)
}

/// The state of inlining: the source of the fragments, and the remaining number of selections.
struct Inlining<'d> {
    document: &'d Document,
    left: usize,
}

impl Inlining<'_> {
    fn below(&mut self, selections: &[Selection], depth: usize) -> Vec<Selection> {
        let mut open = Vec::new();
        if depth > DEEPEST {
            return open;
        }
        for selection in selections {
            let Some(left) = self.left.checked_sub(1) else { return open };
            self.left = left;
            match selection {
                Selection::Field(field) => {
                    let mut field = field.clone();
                    let inner = self.below(&field.selection_set, depth + 1);
                    field.make_mut().selection_set = inner;
                    open.push(Selection::Field(field));
                }
                Selection::InlineFragment(fragment) => open.extend(self.below(&fragment.selection_set, depth + 1)),
                Selection::FragmentSpread(spread) => {
                    let document = self.document;
                    let fragments = document.definitions.iter().filter_map(|definition| match definition {
                        Definition::FragmentDefinition(fragment) => Some(fragment),
                        _ => None,
                    });
                    for fragment in fragments.filter(|fragment| fragment.name == spread.fragment_name) {
                        open.extend(self.below(&fragment.selection_set, depth + 1));
                    }
                }
            }
        }
        open
    }
}

fn drop_directives(selection: &mut Selection) {
    if let Selection::Field(field) = selection {
        field.make_mut().directives.0.clear();
    }
}

impl OperationAst {
    /// Returns the operation itself.
    pub fn operation(&self) -> &OperationDefinition {
        &self.operation
    }

    /// Returns the operation type.
    pub fn kind(&self) -> OperationType {
        self.operation.operation_type
    }

    /// Returns the name of the first field, which is the only root field of our operations.
    pub fn root_field(&self) -> Option<&str> {
        match self.operation.selection_set.first()? {
            Selection::Field(field) => Some(field.name.as_str()),
            _ => None,
        }
    }

    /// Returns the number of fields, arguments and variables; a pruned document has fewer.
    pub fn size(&self) -> usize {
        fn count(selections: &[Selection]) -> usize {
            let one = |selection: &Selection| match selection {
                Selection::Field(field) => 1 + field.arguments.len() + count(&field.selection_set),
                _ => 1,
            };
            selections.iter().map(one).sum()
        }
        self.operation.variables.len() + count(&self.operation.selection_set)
    }

    /// Removes the fields of the items that are not wanted, unless the contract requires them.
    pub fn project(&mut self, wanted: &[String]) {
        fn keep(selections: &mut Vec<Selection>, on: &str, path: &str, wanted: &[String]) {
            selections.retain_mut(|selection| {
                let Selection::Field(field) = selection else { return true };
                let full = if path.is_empty() { field.name.to_string() } else { format!("{path}.{}", field.name) };
                let is_part =
                    wanted.iter().any(|name| name.strip_prefix(&*full).is_some_and(|rest| rest.starts_with('.')));
                if wanted.contains(&full) || !contract::is_optional(on, &field.name) {
                    return true;
                }
                if let (true, Some(definition)) = (is_part, contract::field(on, &field.name)) {
                    let inner = definition.ty.inner_named_type().as_str();
                    keep(&mut field.make_mut().selection_set, inner, &full, wanted);
                }
                is_part
            });
        }
        let on = contract::root(self.operation.operation_type);
        let Some(Selection::Field(root)) = self.operation.selection_set.first_mut() else { return };
        let page = contract::field(on, &root.name).map(|field| field.ty.inner_named_type().as_str());
        let item = page.and_then(|page| contract::field(page, "data")).map(|data| data.ty.inner_named_type().as_str());
        for member in &mut root.make_mut().selection_set {
            if let (Selection::Field(data), Some(item)) = (member, item)
                && data.name == "data"
            {
                keep(&mut data.make_mut().selection_set, item, "", wanted);
            }
        }
    }

    /// Returns the names of the declared variables.
    pub fn variables(&self) -> Vec<String> {
        self.operation.variables.iter().map(|variable| variable.name.to_string()).collect()
    }

    /// Returns the paths of the items' fields.
    pub fn fields(&self) -> Vec<String> {
        let fields = self.paths().into_iter().filter(|path| !path.ends_with(')') && path.contains(".data."));
        fields.map(|path| item_path(&path)).collect()
    }

    /// Returns the field paths of the items of a list, or of the single item.
    pub fn item_fields(&self) -> Vec<String> {
        let of_items = self.fields();
        if !of_items.is_empty() {
            return of_items;
        }
        let fields = self.paths().into_iter().filter(|path| !path.ends_with(')') && path.contains('.'));
        fields.map(|path| item_path(&path)).collect()
    }

    /// Returns the fields and arguments that `smaller` no longer has, by their paths below the items.
    pub fn removed_in(&self, smaller: &OperationAst) -> (Vec<String>, Vec<String>) {
        let (all, left) = (self.paths(), smaller.paths());
        let (fields, arguments): (Vec<_>, Vec<_>) =
            all.into_iter().filter(|path| !left.contains(path)).partition(|path| !path.ends_with(')'));
        // A field that went with its parent needs no mention.
        let lone = fields.iter().filter(|path| {
            !fields.iter().any(|other| path.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('.')))
        });
        let lone: Vec<String> = lone.map(|path| item_path(path)).collect();
        let names = arguments.iter().filter_map(|path| Some(path.split_once('(')?.1.trim_end_matches(')').to_owned()));
        (lone, names.collect())
    }

    fn paths(&self) -> Vec<String> {
        fn walk(selections: &[Selection], prefix: &str, paths: &mut Vec<String>) {
            for selection in selections {
                let Selection::Field(field) = selection else { continue };
                let path = format!("{prefix}{}", field.name);
                paths.extend(field.arguments.iter().map(|argument| format!("{path}({})", argument.name)));
                walk(&field.selection_set, &format!("{path}."), paths);
                paths.push(path);
            }
        }
        let mut paths = Vec::new();
        walk(&self.operation.selection_set, "", &mut paths);
        paths
    }

    pub(super) fn drop_unused_variables(&mut self) {
        fn used(selections: &[Selection], names: &mut BTreeSet<String>) {
            for selection in selections {
                let Selection::Field(field) = selection else { continue };
                for argument in &field.arguments {
                    if let Value::Variable(name) = &*argument.value {
                        names.insert(name.to_string());
                    }
                }
                used(&field.selection_set, names);
            }
        }
        let mut names = BTreeSet::new();
        used(&self.operation.selection_set, &mut names);
        self.operation.variables.retain(|variable| names.contains(variable.name.as_str()));
    }
}

impl fmt::Display for OperationAst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut document = Document::new();
        document.definitions.push(Definition::OperationDefinition(Node::new(self.operation.clone())));
        document.serialize().initial_indent_level(0).fmt(f)
    }
}

/// Adds the variables that selections use anywhere.
pub fn used_in(selections: &[Selection], names: &mut BTreeSet<String>) {
    for field in selections.iter().filter_map(Selection::as_field) {
        let directives = field.directives.iter().flat_map(|directive| &directive.arguments);
        for argument in field.arguments.iter().chain(directives) {
            collect_variables(&argument.value, names);
        }
        used_in(&field.selection_set, names);
    }
}

/// Returns true if a value is the variable, or an object with it. In a list, it would be one of several values.
pub fn passes_variable(value: &Value, name: &str) -> bool {
    match value {
        Value::Variable(variable) => variable == name,
        Value::Object(members) => members.iter().any(|(_, value)| passes_variable(value, name)),
        _ => false,
    }
}

fn collect_variables(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Variable(name) => drop(names.insert(Name::to_string(name))),
        Value::List(items) => items.iter().for_each(|item| collect_variables(item, names)),
        Value::Object(members) => members.iter().for_each(|(_, value)| collect_variables(value, names)),
        _ => {}
    }
}

/// Returns the name of the first root field; `None` if the document cannot be parsed.
pub fn root_field(document: &str) -> Option<String> {
    let document = Document::parse(document, "document.graphql").ok()?;
    let operation = document.definitions.iter().find_map(Definition::as_operation_definition)?;
    Some(operation.selection_set.first()?.as_field()?.name.to_string())
}

/// Returns the variables that a document declares; none if it cannot be parsed.
pub fn declared_variables(document: &str) -> Vec<String> {
    let Ok(document) = Document::parse(document, "document.graphql") else { return Vec::new() };
    let operations = document.definitions.iter().filter_map(Definition::as_operation_definition);
    operations.flat_map(|operation| operation.variables.iter().map(|variable| variable.name.to_string())).collect()
}

/// A variable passed to an argument of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedVariable {
    pub argument: String,
    pub variable: String,
    /// The name of the variable's type, without lists and non-null marks.
    pub ty: String,
}

/// Returns the variables passed to the fields on a path into the response, the innermost first. `name` is the
/// operation that is executed, if there are several.
pub fn variables_on(document: &str, name: Option<&str>, path: &[String]) -> Vec<PassedVariable> {
    let Ok(document) = Document::parse(document, "document.graphql") else { return Vec::new() };
    let mut operations = document.definitions.iter().filter_map(Definition::as_operation_definition);
    let is_meant = |operation: &OperationDefinition| {
        name.is_none_or(|name| operation.name.as_ref().is_some_and(|own| own == name))
    };
    let Some(operation) = operations.find(|operation| is_meant(operation)) else { return Vec::new() };
    let mut selections = inline_fragments(&operation.selection_set, &document);
    let mut taken = Vec::new();
    for step in path {
        let is_it =
            |selection: &&Selection| selection.as_field().is_some_and(|field| field.response_name() == step.as_str());
        let Some(field) = selections.iter().find(is_it).and_then(Selection::as_field).cloned() else { break };
        for argument in &field.arguments {
            collect_passed(&argument.name, &argument.value, operation, &mut taken);
        }
        selections.clone_from(&field.selection_set);
    }
    taken.reverse();
    taken
}

fn collect_passed(argument: &str, value: &Value, operation: &OperationDefinition, taken: &mut Vec<PassedVariable>) {
    match value {
        Value::Variable(name) => {
            let declared = operation.variables.iter().find(|variable| variable.name == *name);
            let ty = declared.map_or_else(String::new, |variable| variable.ty.inner_named_type().to_string());
            taken.push(PassedVariable { argument: argument.to_owned(), variable: name.to_string(), ty });
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| collect_passed(name, value, operation, taken))
        }
        _ => {}
    }
}

/// Converts `devices.data.location.name` to `location.name`.
pub fn item_path(path: &str) -> String {
    let below = path.split_once('.').map_or(path, |(_, below)| below);
    below.strip_prefix("data.").unwrap_or(below).to_owned()
}

#[cfg(test)]
mod tests {
    use super::variables_on;

    #[test]
    fn the_variables_on_a_path_come_innermost_first() {
        let document = "query Other { x } query Mine($n: Int, $a: String!, $c: ID) { \
                        org(id: $c) { list: devices(first: $n, page: { after: $a }) { ...D } } } fragment D on P { data { id } }";
        let path = ["org", "list", "data"].map(str::to_owned);
        let taken = variables_on(document, Some("Mine"), &path);
        let told: Vec<_> = taken.iter().map(|one| (&*one.argument, &*one.variable, &*one.ty)).collect();
        assert_eq!(told, [("after", "a", "String"), ("first", "n", "Int"), ("id", "c", "ID")]);
        assert!(variables_on(document, None, &path).is_empty() && variables_on("{", None, &path).is_empty());
    }

    #[test]
    fn fragments_that_double_each_other_are_cut_off() {
        let doubling = |n: usize| format!("fragment F{n} on T {{ {} }} ", format!("...F{} ", n + 1).repeat(9));
        let fragments: String = (0..15).map(doubling).collect();
        let document = format!("{{ ...F0 devices {{ data }} }} {fragments} fragment F15 on T {{ devices {{ id }} }}");
        let parsed = super::parse(&document).unwrap();
        assert!(parsed.size() <= super::LARGEST, "{}", parsed.size());
        let looped = "{ ...A } fragment A on T { ...A ...A x { ...A ...A } }";
        assert!(super::parse(looped).unwrap().size() <= super::LARGEST);
    }
}
