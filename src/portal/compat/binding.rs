//! A user's own document for an operation of ours: aliases, or the expressions of its head, give any portal's answer our
//! shape.
//!
//! It is checked against our own document, never against the portal, and is sent as it was written. One that could not
//! be decoded, or that would do something else than it says, is refused with its line.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, Directive, Document, Field, OperationDefinition, OperationType, Selection, VariableDefinition,
};
use apollo_compiler::parser::SourceMap;

use super::ast::{self, OperationAst, inline_fragments, is_given, used_in};
use super::contract;
use super::document::{CompatDocument, Evidence, Paging};
use super::head::{Head, Said};
use super::mapping::Mapping;
use super::pager::Pager;
use super::profile_variable::ProfileVariable;
use super::pushdown::Pushdown;
use super::wrong::{Wrong, wrong};
use crate::portal::operation::Operation;

/// Reads a binding of an operation.
pub fn parse(operation: Operation, text: &str) -> Result<CompatDocument, Wrong> {
    let document = Document::parse(text, "binding.graphql").map_err(|errors| {
        let first = errors.errors.iter().next();
        let line = first.as_ref().and_then(|error| error.line_column_range()).map_or(1, |range| range.start.line);
        wrong(line, first.map_or_else(|| "it cannot be read".to_owned(), |error| error.error.to_string()))
    })?;
    let head = Head::read(text)?;
    let check = Check { operation, sources: &document.sources, head: &head };
    let theirs = check.only_operation(&document)?;
    check.nothing_is_skipped(&document)?;
    let selections = inline_fragments(&theirs.selection_set, &document);
    let Some(ours) = ast::parse(operation.document) else { return Err(wrong(1, "it stands for nothing".to_owned())) };
    check.kind(theirs, ours.kind())?;
    let variables: Vec<String> = theirs.variables.iter().map(|variable| variable.name.to_string()).collect();
    let said = check.said_of_paging(&ours.variables(), &variables)?;
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
    Ok(CompatDocument {
        document: text.to_owned(),
        name,
        variables,
        omitted,
        paging,
        evidence: Evidence::Binding,
        pushdowns,
        once,
        mapping,
        is_projection: false,
    })
}

struct Check<'c> {
    operation: Operation,
    sources: &'c SourceMap,
    head: &'c Head,
}

/// What our own document asks for at one place, and on which type of the contract.
#[derive(Clone, Copy)]
struct Wanted<'w> {
    on: &'w str,
    selections: &'w [Selection],
    /// Where the parent stands in the user's document.
    line: usize,
}

impl Check<'_> {
    fn only_operation<'d>(&self, document: &'d Document) -> Result<&'d Node<OperationDefinition>, Wrong> {
        let mut found: Option<&Node<OperationDefinition>> = None;
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) if found.is_none() => found = Some(operation),
                Definition::OperationDefinition(another) => {
                    return Err(wrong(self.line(another), "it has more than one operation".to_owned()));
                }
                Definition::FragmentDefinition(_) => {}
                _ => return Err(wrong(1, "a schema has no place in it".to_owned())),
            }
        }
        found.ok_or_else(|| wrong(1, "it has no operation".to_owned()))
    }

    /// What may be skipped may be missing, or never done.
    fn nothing_is_skipped(&self, document: &Document) -> Result<(), Wrong> {
        let mut sets = document.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(&operation.selection_set),
            Definition::FragmentDefinition(fragment) => Some(&fragment.selection_set),
            _ => None,
        });
        sets.try_for_each(|set| self.skips_nothing(set))
    }

    fn skips_nothing(&self, selections: &[Selection]) -> Result<(), Wrong> {
        for selection in selections {
            let (directives, inner) = match selection {
                Selection::Field(field) => (&field.directives, Some(&field.selection_set)),
                Selection::FragmentSpread(spread) => (&spread.directives, None),
                Selection::InlineFragment(fragment) => (&fragment.directives, Some(&fragment.selection_set)),
            };
            let skips = |directive: &&Node<Directive>| matches!(directive.name.as_str(), "skip" | "include");
            if let Some(directive) = directives.iter().find(skips) {
                return Err(wrong(self.line(directive), format!("`@{}` has no place in it", directive.name)));
            }
            inner.map_or(Ok(()), |inner| self.skips_nothing(inner))?;
        }
        Ok(())
    }

    fn kind(&self, theirs: &Node<OperationDefinition>, ours: OperationType) -> Result<(), Wrong> {
        if theirs.operation_type == ours {
            return Ok(());
        }
        let (word, ours, theirs_name) = (self.operation.word, ours.name(), theirs.operation_type.name());
        Err(wrong(self.line(theirs), format!("`{word}` is a {ours}, and this is a {theirs_name}")))
    }

    /// What the head says of paging fits the operation and what the document declares.
    fn said_of_paging(&self, ours: &[String], variables: &[String]) -> Result<Option<Said>, Wrong> {
        let Some((line, said)) = self.head.paging()? else { return Ok(None) };
        let word = self.operation.word;
        if !ours.iter().any(|name| name == "after") {
            return Err(wrong(line, format!("`{word}` has no pages")));
        }
        match &said {
            Said::By(pager) if !variables.iter().any(|name| name == pager.variable()) => {
                Err(wrong(line, format!("`${}` is not declared", pager.variable())))
            }
            _ => Ok(Some(said)),
        }
    }

    /// Only our variables, filters, and those that the head speaks of; those that ours cannot do without have to be used, or
    /// another thing would be meant.
    fn variables(
        &self,
        theirs: &Node<OperationDefinition>,
        ours: &OperationAst,
        selections: &[Selection],
        said: Option<&Said>,
    ) -> Result<(Vec<Pushdown>, Vec<ProfileVariable>), Wrong> {
        // Of devices a portal may be asked for some, by variables that are called like their fields.
        let fields = if self.operation.word == "devices.list" { ours.fields() } else { Vec::new() };
        let once = self.head.once()?;
        let (mut pushdowns, mut given) = (Vec::new(), Vec::new());
        let mut used = BTreeSet::new();
        used_in(selections, &mut used);
        for variable in &theirs.variables {
            let name = variable.name.as_str();
            if once.iter().any(|once| once == name) {
                given.push(ProfileVariable::of(variable));
            } else if let Some(pushdown) = Pushdown::of(variable, &fields) {
                if variable.ty.is_non_null() && variable.default_value.is_none() {
                    let problem = format!("`${name}` has to be one that may stay unset, without `!`");
                    return Err(wrong(self.line(variable), problem));
                }
                pushdowns.push(pushdown);
            } else if !is_known(name, &ours.variables(), said) {
                return Err(wrong(self.line(variable), self.unknown(name, &ours.variables())));
            }
            if !used.contains(name) {
                return Err(wrong(self.line(variable), format!("`${name}` is declared and not used")));
            }
        }
        let is_declared = |name: &str| theirs.variables.iter().any(|variable| variable.name == name);
        if let Some(name) = used.iter().find(|name| !is_declared(name)) {
            return Err(wrong(self.line(theirs), format!("`${name}` is used and not declared")));
        }
        if let (Some(name), Some((line, _))) = (once.iter().find(|name| !is_declared(name)), self.head.get("once")) {
            return Err(wrong(line, format!("`${name}` is not declared")));
        }
        let says_which = |name: &str| self.says_which(name, selections);
        let is_missing =
            |variable: &&Node<VariableDefinition>| variable.ty.is_non_null() && !says_which(&variable.name);
        match ours.operation().variables.iter().find(is_missing) {
            Some(variable) => {
                Err(wrong(self.line(theirs), format!("`${}` has to be used: it says which one", variable.name)))
            }
            None => Ok((pushdowns, given)),
        }
    }

    /// What changes something is told which one at its root; what only reads may go a longer way.
    fn says_which(&self, name: &str, selections: &[Selection]) -> bool {
        selections.iter().filter_map(Selection::as_field).any(|field| {
            field.arguments.iter().any(|argument| is_given(&argument.value, name))
                || !self.operation.is_mutation() && self.says_which(name, &field.selection_set)
        })
    }

    fn unknown(&self, name: &str, ours: &[String]) -> String {
        let known: Vec<String> = ours.iter().map(|name| format!("`${name}`")).collect();
        let there_is = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        format!(
            "`{}` has no variable `${name}`; it has {there_is}, and `# once: ${name}` has a profile give it",
            self.operation.word
        )
    }

    /// What makes our data of all that there is may ask for more than one thing, unless it changes something.
    fn roots(&self, theirs: &Node<OperationDefinition>, selections: &[Selection]) -> Result<(), Wrong> {
        let fields: Vec<&Node<Field>> = selections.iter().filter_map(Selection::as_field).collect();
        match fields.as_slice() {
            [] => Err(wrong(self.line(theirs), "it asks for nothing".to_owned())),
            [_, second, ..] if self.operation.is_mutation() => {
                Err(wrong(self.line(*second), "it asks for more than one thing".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// One field at the root: what else a mutation did, nobody would know of.
    fn root<'w>(
        &self,
        theirs: &Node<OperationDefinition>,
        selections: &[Selection],
        ours: &'w OperationDefinition,
    ) -> Result<Wanted<'w>, Wrong> {
        let wanted = ours.selection_set.first().and_then(Selection::as_field).map(|field| &field.name);
        let fields: Vec<&Node<Field>> = selections.iter().filter_map(Selection::as_field).collect();
        // A count may stand beside the list, where the head says so.
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
                return Err(wrong(self.line(*second), "it asks for more than one thing".to_owned()));
            }
            _ => return Err(wrong(self.line(theirs), "it asks for nothing".to_owned())),
        }
        let on = contract::root(ours.operation_type);
        Ok(Wanted { on, selections: &ours.selection_set, line: self.line(theirs) })
    }

    /// Every member that our typed answer needs is there under its name; the others may be left out.
    fn members(
        &self,
        theirs: &[Selection],
        wanted: Wanted<'_>,
        path: &str,
        omitted: &mut Vec<String>,
    ) -> Result<(), Wrong> {
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
                (true, false) => return Err(wrong(line, format!("the member `{full}` has no parts"))),
                (false, true) => {
                    return Err(wrong(line, format!("the member `{full}` has parts, and none is asked for")));
                }
                (false, false) => {
                    let Some(definition) = contract::field(wanted.on, &ours.name) else { continue };
                    let on = definition.ty.inner_named_type().as_str();
                    self.members(&parts, Wanted { on, selections: &ours.selection_set, line }, &full, omitted)?;
                }
            }
        }
        Ok(())
    }

    /// A cursor is both sent and read, or neither; what else pages, the head says.
    fn paging(
        &self,
        theirs: &Node<OperationDefinition>,
        said: Option<Said>,
        ours: &[String],
        variables: &[String],
        omitted: &[String],
    ) -> Result<(Paging, Option<Pager>), Wrong> {
        let has = |names: &[String], wanted: &str| names.iter().any(|name| name == wanted);
        if !has(ours, "after") {
            return Ok((Paging::Ours, None));
        }
        let line = self.line(theirs);
        let is_sent = match &said {
            Some(Said::By(pager)) => has(variables, pager.variable()),
            _ => has(variables, "after"),
        };
        // What a program gives is seen when it runs; that it gives none would be seen by nobody.
        let is_read = match self.head.get("jq") {
            Some((_, program)) => self.head.get("next").is_some() || program.contains("after"),
            None => self.head.get("next").is_some() || !has(omitted, "after"),
        };
        match said {
            Some(Said::NoPaging) if is_sent => {
                let line = self.head.get("paging").map_or(line, |(line, _)| line);
                Err(wrong(line, "it says `paging: none`, and pages".to_owned()))
            }
            Some(Said::NoPaging) => Ok((Paging::None, None)),
            Some(Said::By(pager)) if is_read || !pager.is_by_cursor() => Ok((Paging::Ours, Some(pager))),
            None if is_sent && is_read => Ok((Paging::Ours, Some(Pager::ours()))),
            Some(Said::By(_)) | None if is_sent => {
                Err(wrong(line, "`$after` is sent, but the member `after`, the next cursor, is not read".into()))
            }
            _ if is_read && self.head.get("jq").is_none() => {
                Err(wrong(line, "the member `after`, the next cursor, is read, but `$after` is not sent".into()))
            }
            // The count of all shows whether one page was all.
            _ if self.head.get("total").is_some() || self.head.get("jq").is_none() && !has(omitted, "total") => {
                Ok((Paging::Counted, None))
            }
            _ => Ok((Paging::Unknown, None)),
        }
    }

    fn line<T>(&self, node: &Node<T>) -> usize {
        node.location().and_then(|place| place.line_column_range(self.sources)).map_or(1, |range| range.start.line)
    }
}

/// Returns true for a variable of ours. Where pages are not asked for by `$after`, it has no meaning.
fn is_known(name: &str, ours: &[String], said: Option<&Said>) -> bool {
    match said {
        Some(Said::By(pager)) if pager.variable() == name || pager.size() == name => true,
        Some(Said::By(_)) if name == "after" || name == "first" => false,
        _ => ours.iter().any(|known| known == name),
    }
}

#[cfg(test)]
mod tests {
    use super::{Wrong, parse};
    use crate::portal::compat::{CompatDocument, Paging};
    use crate::portal::operations::operation;

    fn bind(word: &str, text: &str) -> Result<CompatDocument, String> {
        parse(operation(word).unwrap(), text).map_err(|Wrong { line, problem }| format!("{line}: {problem}"))
    }

    #[test]
    fn aliases_give_an_answer_our_shape() {
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
    fn fragments_are_looked_into() {
        let text = "query Mine { devices { data { ...F } } }\nfragment F on Thing { id: key }";
        assert_eq!(bind("devices.list", text).unwrap().name.as_deref(), Some("Mine"));
    }

    #[test]
    fn a_wrong_one_is_refused_with_its_line_and_the_member() {
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
                "3: it asks for more than one thing",
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
                "1: the member `generateApiKey.id` has no parts",
            ),
            ("keys.generate", "type A { a: Int }", "1: a schema has no place in it"),
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
                "2: `@skip` has no place",
            ),
            ("devices.list", "{ devices }", "1: the member `devices` has parts"),
            ("devices.list", "{ devices { data { name } } }", "1: the member `devices.data.id` is missing"),
        ] {
            let told = bind(word, text).unwrap_err();
            assert!(told.starts_with(problem), "{text}\n{told}");
        }
    }
}
