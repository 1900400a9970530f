//! The rules for the document of a binding: one operation of the right type, with every required member.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Directive, Document, Field, OperationDefinition, OperationType, Selection};
use apollo_compiler::parser::SourceMap;

use super::super::document::Paging;
use super::super::document_error::{DocumentError, line_of, wrong};
use super::super::head::{Head, HeadPaging};
use super::super::pager::Pager;
use super::super::{ast, contract};
use crate::portal::operation::Operation;

/// Checks a document against the rules.
pub struct Check<'c> {
    pub operation: Operation,
    pub sources: &'c SourceMap,
    pub head: &'c Head,
}

/// The selections of our own document at one place, and their type in the contract.
#[derive(Clone, Copy)]
pub struct Expected<'w> {
    on: &'w str,
    selections: &'w [Selection],
    /// The line of the parent in the user's document.
    line: usize,
}

impl Check<'_> {
    pub fn only_operation<'d>(&self, document: &'d Document) -> Result<&'d Node<OperationDefinition>, DocumentError> {
        let mut found: Option<&Node<OperationDefinition>> = None;
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) if found.is_none() => found = Some(operation),
                Definition::OperationDefinition(another) => {
                    return Err(wrong(self.line(another), "it has more than one operation".to_owned()));
                }
                Definition::FragmentDefinition(_) => {}
                _ => return Err(wrong(1, "it contains a schema definition".to_owned())),
            }
        }
        found.ok_or_else(|| wrong(1, "it has no operation".to_owned()))
    }

    /// Refuses `@skip` and `@include`: a skipped field may be missing, and a skipped mutation is not done.
    pub fn nothing_is_skipped(&self, document: &Document) -> Result<(), DocumentError> {
        let mut sets = document.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(&operation.selection_set),
            Definition::FragmentDefinition(fragment) => Some(&fragment.selection_set),
            _ => None,
        });
        sets.try_for_each(|set| self.skips_nothing(set))
    }

    fn skips_nothing(&self, selections: &[Selection]) -> Result<(), DocumentError> {
        for selection in selections {
            let (directives, inner) = match selection {
                Selection::Field(field) => (&field.directives, Some(&field.selection_set)),
                Selection::FragmentSpread(spread) => (&spread.directives, None),
                Selection::InlineFragment(fragment) => (&fragment.directives, Some(&fragment.selection_set)),
            };
            let skips = |directive: &&Node<Directive>| matches!(directive.name.as_str(), "skip" | "include");
            if let Some(directive) = directives.iter().find(skips) {
                return Err(wrong(self.line(directive), format!("`@{}` is not allowed in it", directive.name)));
            }
            inner.map_or(Ok(()), |inner| self.skips_nothing(inner))?;
        }
        Ok(())
    }

    pub fn kind(&self, theirs: &Node<OperationDefinition>, ours: OperationType) -> Result<(), DocumentError> {
        if theirs.operation_type == ours {
            return Ok(());
        }
        let (word, ours, theirs_name) = (self.operation.word, ours.name(), theirs.operation_type.name());
        Err(wrong(self.line(theirs), format!("`{word}` is a {ours}, and this is a {theirs_name}")))
    }

    /// With a mapping, a query may have several root fields; a mutation may not.
    pub fn roots(&self, theirs: &Node<OperationDefinition>, selections: &[Selection]) -> Result<(), DocumentError> {
        let fields: Vec<&Node<Field>> = selections.iter().filter_map(Selection::as_field).collect();
        match fields.as_slice() {
            [] => Err(wrong(self.line(theirs), "it selects nothing".to_owned())),
            [_, second, ..] if self.operation.is_mutation() => {
                Err(wrong(self.line(*second), "it has more than one root field".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Allows one root field: nobody would notice what else a mutation did.
    pub fn root<'w>(
        &self,
        theirs: &Node<OperationDefinition>,
        selections: &[Selection],
        ours: &'w OperationDefinition,
    ) -> Result<Expected<'w>, DocumentError> {
        let wanted = ours.selection_set.first().and_then(Selection::as_field).map(|field| &field.name);
        let fields: Vec<&Node<Field>> = selections.iter().filter_map(Selection::as_field).collect();
        // A query may select a count beside the list, if the head uses it.
        let may_have_others = !self.operation.is_mutation() && self.head.get("total").is_some();
        match (fields.as_slice(), wanted) {
            ([field], Some(wanted)) if field.response_name() == wanted => {}
            (fields, Some(wanted)) if may_have_others && fields.iter().any(|field| field.response_name() == wanted) => {
            }
            ([field], Some(wanted)) => {
                let (line, name) = (self.line(*field), field.response_name());
                return Err(wrong(
                    line,
                    format!("its answer is `{name}` where `{wanted}` is read: `{wanted}: {name}`"),
                ));
            }
            ([_, second, ..], _) => {
                return Err(wrong(self.line(*second), "it has more than one root field".to_owned()));
            }
            _ => return Err(wrong(self.line(theirs), "it selects nothing".to_owned())),
        }
        let on = contract::root(ours.operation_type);
        Ok(Expected { on, selections: &ours.selection_set, line: self.line(theirs) })
    }

    /// Checks that every required member exists under its name; the others may be omitted.
    pub fn members(
        &self,
        theirs: &[Selection],
        wanted: Expected<'_>,
        path: &str,
        omitted: &mut Vec<String>,
    ) -> Result<(), DocumentError> {
        for ours in wanted.selections.iter().filter_map(Selection::as_field) {
            let full = if path.is_empty() { ours.name.to_string() } else { format!("{path}.{}", ours.name) };
            let fields = theirs.iter().filter_map(Selection::as_field);
            let same: Vec<&Node<Field>> = fields.filter(|field| *field.response_name() == ours.name).collect();
            let Some(first) = same.first() else {
                if !contract::is_optional(wanted.on, &ours.name) {
                    return Err(wrong(wanted.line, format!("the member `{full}` is missing from the answer")));
                }
                omitted.push(ast::item_path(&full));
                continue;
            };
            let line = self.line(*first);
            let parts: Vec<Selection> = same.iter().flat_map(|field| field.selection_set.clone()).collect();
            match (ours.selection_set.is_empty(), parts.is_empty()) {
                (true, true) => {}
                (true, false) => return Err(wrong(line, format!("the member `{full}` has no sub-fields"))),
                (false, true) => {
                    return Err(wrong(line, format!("the member `{full}` has sub-fields, and none is selected")));
                }
                (false, false) => {
                    let Some(definition) = contract::field(wanted.on, &ours.name) else { continue };
                    let on = definition.ty.inner_named_type().as_str();
                    self.members(&parts, Expected { on, selections: &ours.selection_set, line }, &full, omitted)?;
                }
            }
        }
        Ok(())
    }

    /// Checks that a cursor is both sent and read, or neither; the head defines any other paging.
    pub fn paging(
        &self,
        theirs: &Node<OperationDefinition>,
        said: Option<HeadPaging>,
        ours: &[String],
        variables: &[String],
        omitted: &[String],
    ) -> Result<(Paging, Option<Pager>), DocumentError> {
        let has = |names: &[String], wanted: &str| names.iter().any(|name| name == wanted);
        if !has(ours, "after") {
            return Ok((Paging::Ours, None));
        }
        let line = self.line(theirs);
        let is_sent = match &said {
            Some(HeadPaging::By(pager)) => has(variables, pager.variable()),
            _ => has(variables, "after"),
        };
        // The output of a jq program is only known when it runs; but a program that mentions no cursor would silently
        // return one page.
        let is_read = match self.head.get("jq") {
            Some((_, program)) => self.head.get("next").is_some() || program.contains("after"),
            None => self.head.get("next").is_some() || !has(omitted, "after"),
        };
        match said {
            Some(HeadPaging::NoPaging) if is_sent => {
                let line = self.head.get("paging").map_or(line, |(line, _)| line);
                Err(wrong(line, "it says `paging: none`, and pages".to_owned()))
            }
            Some(HeadPaging::NoPaging) => Ok((Paging::None, None)),
            Some(HeadPaging::By(pager)) if is_read || !pager.is_by_cursor() => Ok((Paging::Ours, Some(pager))),
            None if is_sent && is_read => Ok((Paging::Ours, Some(Pager::ours()))),
            Some(HeadPaging::By(_)) | None if is_sent => {
                Err(wrong(line, "`$after` is sent, but the member `after`, the next cursor, is not read".into()))
            }
            _ if is_read && self.head.get("jq").is_none() => {
                Err(wrong(line, "the member `after`, the next cursor, is read, but `$after` is not sent".into()))
            }
            // The total count shows whether one page is complete.
            _ if self.head.get("total").is_some() || self.head.get("jq").is_none() && !has(omitted, "total") => {
                Ok((Paging::Counted, None))
            }
            _ => Ok((Paging::Unknown, None)),
        }
    }

    pub fn line<T>(&self, node: &Node<T>) -> usize {
        line_of(node.location(), self.sources)
    }
}
