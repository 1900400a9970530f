//! A document as a tree of selections, and the taking away of what a portal lacks.
//!
//! Fragments are laid open first, because their type conditions name types of the contract, which a portal may call
//! something else. What becomes empty, unused or senseless goes with what made it so.

use std::collections::BTreeSet;
use std::fmt;

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, Field, OperationDefinition, OperationType, Selection, Value};
use apollo_compiler::parser::SourceMap;

use super::lacks::{Lacks, Place};
use super::probe::is_probe;
use super::{Unfit, contract};

/// One operation without fragments.
#[derive(Clone)]
pub struct Tree {
    operation: OperationDefinition,
    sources: SourceMap,
}

/// Reads a document of ours, also inside a probe; none if it is not one operation.
pub fn read(text: &str) -> Option<Tree> {
    let document = Document::parse(text, "document.graphql").ok()?;
    let mut operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) if !is_probe(operation) => Some(operation),
        _ => None,
    });
    let (Some(operation), None) = (operations.next(), operations.next()) else { return None };
    let mut operation = (**operation).clone();
    operation.selection_set = lay_open(&operation.selection_set, &document);
    // Those of a probe.
    operation.selection_set.iter_mut().for_each(drop_directives);
    Some(Tree { operation, sources: document.sources.clone() })
}

/// Replaces spreads by what they stand for. A fragment that holds itself ends where a reader has had enough of it.
pub fn lay_open(selections: &[Selection], document: &Document) -> Vec<Selection> {
    open_below(selections, document, 0)
}

fn open_below(selections: &[Selection], document: &Document, depth: usize) -> Vec<Selection> {
    if depth > 16 {
        return Vec::new();
    }
    let mut open = Vec::new();
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let mut field = field.clone();
                let inner = open_below(&field.selection_set, document, depth + 1);
                field.make_mut().selection_set = inner;
                open.push(Selection::Field(field));
            }
            Selection::InlineFragment(fragment) => {
                open.extend(open_below(&fragment.selection_set, document, depth + 1));
            }
            Selection::FragmentSpread(spread) => {
                let fragments = document.definitions.iter().filter_map(|definition| match definition {
                    Definition::FragmentDefinition(fragment) => Some(fragment),
                    _ => None,
                });
                for fragment in fragments.filter(|fragment| fragment.name == spread.fragment_name) {
                    open.extend(open_below(&fragment.selection_set, document, depth + 1));
                }
            }
        }
    }
    open
}

fn drop_directives(selection: &mut Selection) {
    if let Selection::Field(field) = selection {
        field.make_mut().directives.0.clear();
    }
}

/// Takes away what is lacking; an error names what the operation makes no sense without.
pub fn trim(tree: &mut Tree, lacks: &Lacks) -> Result<(), Unfit> {
    let kind = tree.operation.operation_type;
    let (on, live) = (contract::root(kind), lacks.live_root(kind == OperationType::Mutation));
    if let (Lacks::Schema(_), None) = (lacks, live) {
        return Err(Unfit::Lacks(vec![on.to_owned()]));
    }
    let refused: BTreeSet<String> = tree.refused_variables(lacks);
    let walk = Walk { lacks, sources: &tree.sources, refused: &refused };
    let mut missing = Vec::new();
    let mut selections = Vec::new();
    for selection in std::mem::take(&mut tree.operation.selection_set) {
        match walk.selection(selection, on, live) {
            Ok(kept) => selections.push(kept),
            Err(lacking) => missing.extend(lacking),
        }
    }
    if !missing.is_empty() {
        return Err(Unfit::Lacks(missing));
    }
    tree.operation.selection_set = selections;
    tree.drop_unused_variables();
    Ok(())
}

struct Walk<'w> {
    lacks: &'w Lacks,
    sources: &'w SourceMap,
    refused: &'w BTreeSet<String>,
}

impl Walk<'_> {
    /// Returns the selection without what is lacking below it, or what it makes no sense without.
    fn selection(&self, selection: Selection, on: &str, live: Option<&str>) -> Result<Selection, Vec<String>> {
        let Selection::Field(mut field) = selection else { return Ok(selection) };
        let (at, brace) = (place_of(&field, self.sources), brace_of(&field, self.sources));
        let place = Place { on, live, at, brace };
        let full_name = format!("{on}.{}", field.name);
        if self.lacks.field(place, &field) {
            let problem = self.lacks.problem(place, &field);
            return Err(vec![problem.map_or(full_name.clone(), |problem| format!("{full_name} {problem}"))]);
        }
        let arguments = std::mem::take(&mut field.make_mut().arguments);
        let mut kept = Vec::new();
        for argument in arguments {
            let at = Place { at: place_of(&argument, self.sources), brace: None, ..place };
            let is_refused = matches!(&*argument.value, Value::Variable(name) if self.refused.contains(name.as_str()));
            if !is_refused && !self.lacks.argument(at, &field, &argument) {
                kept.push(argument);
            } else if !contract::is_argument_optional(on, &field.name, &argument.name) {
                return Err(vec![format!("{full_name}({})", argument.name)]);
            }
        }
        field.make_mut().arguments = kept;
        if field.selection_set.is_empty() {
            return Ok(Selection::Field(field));
        }
        let inner = self.below(&field, on, live)?;
        if inner.is_empty() {
            return Err(vec![full_name]);
        }
        field.make_mut().selection_set = inner;
        Ok(Selection::Field(field))
    }

    fn below(&self, field: &Field, on: &str, live: Option<&str>) -> Result<Vec<Selection>, Vec<String>> {
        let Some(definition) = contract::field(on, &field.name) else { return Ok(field.selection_set.clone()) };
        let (inner_on, inner_live) = (definition.ty.inner_named_type(), self.lacks.live_type(live, &field.name));
        let mut kept = Vec::new();
        for selection in &field.selection_set {
            let Selection::Field(inner) = selection else { continue };
            let name = inner.name.clone();
            match self.selection(selection.clone(), inner_on, inner_live) {
                Ok(selection) => kept.push(selection),
                Err(_) if contract::is_optional(inner_on, &name) => {}
                Err(lacking) => return Err(lacking),
            }
        }
        Ok(kept)
    }
}

impl Tree {
    /// Returns the operation itself.
    pub fn operation(&self) -> &OperationDefinition {
        &self.operation
    }

    /// Returns what kind of operation it is.
    pub fn kind(&self) -> OperationType {
        self.operation.operation_type
    }

    /// Returns the name of the first field, which is the only one of an operation of ours.
    pub fn root_field(&self) -> Option<&str> {
        match self.operation.selection_set.first()? {
            Selection::Field(field) => Some(field.name.as_str()),
            _ => None,
        }
    }

    /// Returns how many fields, arguments and variables it has; a smaller document has fewer.
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

    /// Takes away the fields of the items that nobody wants, unless the contract cannot do without them.
    pub fn narrow(&mut self, wanted: &[String]) {
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

    /// Returns the names of the variables that it declares.
    pub fn variables(&self) -> Vec<String> {
        self.operation.variables.iter().map(|variable| variable.name.to_string()).collect()
    }

    /// Returns the paths of the items' fields.
    pub fn fields(&self) -> Vec<String> {
        let fields = self.paths().into_iter().filter(|path| !path.ends_with(')') && path.contains(".data."));
        fields.map(|path| below_items(&path)).collect()
    }

    /// Returns the fields and arguments of this that `smaller` has no more, by their paths below the items.
    pub fn beyond(&self, smaller: &Tree) -> (Vec<String>, Vec<String>) {
        let (all, left) = (self.paths(), smaller.paths());
        let (fields, arguments): (Vec<_>, Vec<_>) =
            all.into_iter().filter(|path| !left.contains(path)).partition(|path| !path.ends_with(')'));
        // What went with its parent needs no mention.
        let lone = fields.iter().filter(|path| {
            !fields.iter().any(|other| path.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('.')))
        });
        let lone: Vec<String> = lone.map(|path| below_items(path)).collect();
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

    fn refused_variables(&self, lacks: &Lacks) -> BTreeSet<String> {
        let refused = self.operation.variables.iter().filter(|variable| {
            let parts = [place_of(variable, &self.sources), place_of(&variable.ty, &self.sources)];
            parts.into_iter().any(|at| lacks.variable(&variable.name, at))
        });
        refused.map(|variable| variable.name.to_string()).collect()
    }

    fn drop_unused_variables(&mut self) {
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

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut document = Document::new();
        document.definitions.push(Definition::OperationDefinition(Node::new(self.operation.clone())));
        document.serialize().initial_indent_level(0).fmt(f)
    }
}

/// Where the opening brace of a field's parts stands: some servers point there if the field has no parts.
fn brace_of(field: &Field, sources: &SourceMap) -> Option<(usize, usize)> {
    if field.selection_set.is_empty() {
        return None;
    }
    let head = field.arguments.last().and_then(|argument| argument.location()).or(field.name.location())?;
    let text = sources.get(&head.file_id())?.source_text();
    let before = &text[..head.end_offset() + text.get(head.end_offset()..)?.find('{')?];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Some((before.matches('\n').count() + 1, before[line_start..].chars().count() + 1))
}

fn place_of<T>(node: &Node<T>, sources: &SourceMap) -> Option<(usize, usize)> {
    let start = node.location()?.line_column_range(sources)?.start;
    Some((start.line, start.column))
}

/// `devices.data.location.name` is `location.name` of a device.
pub fn below_items(path: &str) -> String {
    let below = path.split_once('.').map_or(path, |(_, below)| below);
    below.strip_prefix("data.").unwrap_or(below).to_owned()
}
