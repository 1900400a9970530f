//! Prunes what a portal lacks from a document, with everything that becomes empty, unused or meaningless by that.
//!
//! It changes documents as trees, never as text, and does no I/O.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, OperationType, Selection, Value};
use apollo_compiler::parser::SourceMap;

use super::ast::{self, OperationAst};
use super::contract;
use super::document::{CompatDocument, Paging};
use super::gap::{FieldSite, SchemaGap};
use crate::portal::operation::Operation;

/// Why no smaller document can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PruneError {
    /// The operation cannot do without these: `Query.apiKeys`.
    Lacks(Vec<String>),
    /// The evidence would not make the document smaller.
    NothingLearned,
}

/// Returns `sent`, which was refused, without what `gap` names.
pub fn prune(operation: Operation, sent: &str, gap: &SchemaGap) -> Result<CompatDocument, PruneError> {
    let before = ast::parse(sent).ok_or(PruneError::NothingLearned)?;
    let mut after = before.clone();
    remove(&mut after, gap)?;
    if after.size() >= before.size() {
        return Err(PruneError::NothingLearned);
    }
    let full = ast::parse(operation.document).ok_or(PruneError::NothingLearned)?;
    let (omitted, arguments) = full.removed_in(&after);
    let paging = if omitted.iter().chain(&arguments).any(|name| name == "after") {
        match gap.paging(operation, after.root_field()) {
            Paging::Unknown if !omitted.iter().any(|name| name == "total") => Paging::Counted,
            paging => paging,
        }
    } else {
        Paging::Ours
    };
    let of_items = |name: &String| name != "after" && name != "total";
    let omitted = omitted.into_iter().filter(of_items).collect();
    Ok(CompatDocument { omitted, paging, evidence: gap.evidence(), ..CompatDocument::of(operation, &after) })
}

/// Removes what is lacking; the error names what the operation cannot do without.
fn remove(tree: &mut OperationAst, gap: &SchemaGap) -> Result<(), PruneError> {
    let kind = tree.operation.operation_type;
    let (on, remote) = (contract::root(kind), gap.remote_root(kind == OperationType::Mutation));
    if let (SchemaGap::Schema(_), None) = (gap, remote) {
        return Err(PruneError::Lacks(vec![on.to_owned()]));
    }
    let refused: BTreeSet<String> = refused_variables(tree, gap);
    let walk = Walk { gap, sources: &tree.sources, refused: &refused };
    let mut missing = Vec::new();
    let mut selections = Vec::new();
    for selection in std::mem::take(&mut tree.operation.selection_set) {
        match walk.selection(selection, on, remote) {
            Ok(kept) => selections.push(kept),
            Err(lacking) => missing.extend(lacking),
        }
    }
    if !missing.is_empty() {
        return Err(PruneError::Lacks(missing));
    }
    tree.operation.selection_set = selections;
    tree.drop_unused_variables();
    Ok(())
}

struct Walk<'w> {
    gap: &'w SchemaGap,
    sources: &'w SourceMap,
    refused: &'w BTreeSet<String>,
}

impl Walk<'_> {
    /// Returns the selection without what is lacking in it, or what the operation cannot do without.
    fn selection(&self, selection: Selection, on: &str, remote: Option<&str>) -> Result<Selection, Vec<String>> {
        let Selection::Field(mut field) = selection else { return Ok(selection) };
        let (at, brace) = (location_of(&field, self.sources), brace_of(&field, self.sources));
        let site = FieldSite { on, remote, at, brace };
        let full_name = format!("{on}.{}", field.name);
        if self.gap.field(site, &field) {
            let problem = self.gap.problem(site, &field);
            return Err(vec![problem.map_or(full_name.clone(), |problem| format!("{full_name} {problem}"))]);
        }
        let arguments = std::mem::take(&mut field.make_mut().arguments);
        let mut kept = Vec::new();
        for argument in arguments {
            let at = FieldSite { at: location_of(&argument, self.sources), brace: None, ..site };
            let is_refused = matches!(&*argument.value, Value::Variable(name) if self.refused.contains(name.as_str()));
            if !is_refused && !self.gap.argument(at, &field, &argument) {
                kept.push(argument);
            } else if !contract::is_argument_optional(on, &field.name, &argument.name) {
                return Err(vec![format!("{full_name}({})", argument.name)]);
            }
        }
        field.make_mut().arguments = kept;
        if field.selection_set.is_empty() {
            return Ok(Selection::Field(field));
        }
        let inner = self.below(&field, on, remote)?;
        if inner.is_empty() {
            return Err(vec![full_name]);
        }
        field.make_mut().selection_set = inner;
        Ok(Selection::Field(field))
    }

    fn below(&self, field: &Field, on: &str, remote: Option<&str>) -> Result<Vec<Selection>, Vec<String>> {
        let Some(definition) = contract::field(on, &field.name) else { return Ok(field.selection_set.clone()) };
        let (inner_on, inner_remote) = (definition.ty.inner_named_type(), self.gap.remote_type(remote, &field.name));
        let mut kept = Vec::new();
        for selection in &field.selection_set {
            let Selection::Field(inner) = selection else { continue };
            let name = inner.name.clone();
            match self.selection(selection.clone(), inner_on, inner_remote) {
                Ok(selection) => kept.push(selection),
                Err(_) if contract::is_optional(inner_on, &name) => {}
                Err(lacking) => return Err(lacking),
            }
        }
        Ok(kept)
    }
}

/// Returns the variables that are refused themselves, for example because of their types.
fn refused_variables(tree: &OperationAst, gap: &SchemaGap) -> BTreeSet<String> {
    let refused = tree.operation.variables.iter().filter(|variable| {
        let sites = [location_of(variable, &tree.sources), location_of(&variable.ty, &tree.sources)];
        sites.into_iter().any(|at| gap.variable(&variable.name, at))
    });
    refused.map(|variable| variable.name.to_string()).collect()
}

/// Returns the location of the brace that opens a selection set: some servers refer to it if the field has no
/// sub-fields.
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

fn location_of<T>(node: &Node<T>, sources: &SourceMap) -> Option<(usize, usize)> {
    let start = node.location()?.line_column_range(sources)?.start;
    Some((start.line, start.column))
}

#[cfg(test)]
mod tests {
    use super::{CompatDocument, Paging, PruneError, SchemaGap, prune};
    use crate::portal::compat::wording::MentionedNames;
    use crate::portal::operation::Operation;

    const LIST: Operation = Operation {
        word: "devices.list",
        name: "DevicesList",
        document: include_str!("../../../graphql/devices/list.graphql"),
    };
    const REVOKE: Operation = Operation {
        word: "keys.revoke",
        name: "KeysRevoke",
        document: include_str!("../../../graphql/keys/revoke.graphql"),
    };

    fn refused(places: &[(usize, usize)], messages: &[&str]) -> SchemaGap {
        let named = MentionedNames::read(messages.iter().copied());
        SchemaGap::Refused { locations: places.iter().copied().collect(), named }
    }

    fn is_valid(document: &str) -> bool {
        let sdl = include_str!("../../../graphql/schema.graphql");
        let schema = apollo_compiler::Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        apollo_compiler::ExecutableDocument::parse_and_validate(&schema, document, "pruned.graphql").is_ok()
    }

    #[test]
    fn an_assumed_field_is_pruned_with_its_variables() {
        let pruned = prune(LIST, LIST.document, &SchemaGap::Assumed).unwrap();
        let bare: String = pruned.document.split_whitespace().collect();
        assert_eq!(bare, "queryDevicesList{devices{data{idname}}}");
        assert_eq!((pruned.variables.len(), pruned.omitted.len(), &pruned.paging), (0, 12, &Paging::Unknown));
        assert!(is_valid(&pruned.document));
        assert_eq!(prune(LIST, &pruned.document, &SchemaGap::Assumed), Err(PruneError::NothingLearned));
    }

    #[test]
    fn a_location_prunes_the_field_argument_or_variable_at_it() {
        // `serialNumber` on its line in the fragment, `after` among the arguments.
        let line = |text: &str| LIST.document.lines().position(|line| line.trim() == text).unwrap() + 1;
        let CompatDocument { document, variables, omitted, .. } =
            prune(LIST, LIST.document, &refused(&[(line("serialNumber"), 7), (2, 26)], &[])).unwrap();
        assert!(!document.contains("serialNumber") && !document.contains("$after") && document.contains("$first"));
        assert_eq!((variables, omitted), (vec!["first".to_owned()], vec!["serialNumber".to_owned()]));
        assert!(is_valid(&document));
        let by_brace = prune(LIST, LIST.document, &refused(&[(line("location {"), 16)], &[])).unwrap();
        assert_eq!(by_brace.omitted, ["location"]);
        let by_variable = prune(LIST, LIST.document, &refused(&[(1, 19)], &[])).unwrap();
        assert_eq!(by_variable.variables, ["after"]);
    }

    #[test]
    fn names_are_enough_without_locations() {
        let lacks = refused(
            &[],
            &[
                "Cannot query field \"tags\" on type \"Device\". Did you mean \"name\"?",
                "Unknown argument \"first\" on field \"Query.devices\".",
                "Cannot query field \"id\" on type \"Label\".",
            ],
        );
        let pruned = prune(LIST, LIST.document, &lacks).unwrap();
        assert_eq!((pruned.omitted, pruned.variables), (vec!["tags".to_owned()], vec!["after".to_owned()]));
    }

    #[test]
    fn a_required_field_that_is_lacking_is_named() {
        for (operation, lacks, lacking) in [
            (REVOKE, refused(&[(2, 3)], &[]), "Mutation.revokeApiKey"),
            (REVOKE, refused(&[(2, 16)], &[]), "Mutation.revokeApiKey(id)"),
            (REVOKE, SchemaGap::Assumed, "Mutation.revokeApiKey"),
            (LIST, refused(&[], &["Field 'data' doesn't exist"]), "DevicePage.data"),
        ] {
            assert_eq!(prune(operation, operation.document, &lacks), Err(PruneError::Lacks(vec![lacking.to_owned()])));
        }
    }
}
