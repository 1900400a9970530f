//! The rules for the variables of a binding: ours, filters, paging, and those that a profile sets.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{OperationDefinition, Selection, VariableDefinition};

use super::super::ast::{OperationAst, passes_variable, used_in};
use super::super::document_error::{DocumentError, wrong};
use super::super::head::HeadPaging;
use super::super::profile_variable::ProfileVariable;
use super::super::pushdown::Pushdown;
use super::check::Check;

impl Check<'_> {
    /// Checks that the paging in the head fits the operation and the declared variables.
    pub fn head_paging(&self, ours: &[String], variables: &[String]) -> Result<Option<HeadPaging>, DocumentError> {
        let Some((line, said)) = self.head.paging()? else { return Ok(None) };
        let word = self.operation.word;
        if !ours.iter().any(|name| name == "after") {
            return Err(wrong(line, format!("`{word}` has no pages")));
        }
        match &said {
            HeadPaging::By(pager) if !variables.iter().any(|name| name == pager.variable()) => {
                Err(wrong(line, format!("`${}` is not declared", pager.variable())))
            }
            _ => Ok(Some(said)),
        }
    }

    /// Allows our variables, filters, and those in the head. Our required variables must be used, or the document
    /// would apply to another item.
    pub fn variables(
        &self,
        theirs: &Node<OperationDefinition>,
        ours: &OperationAst,
        selections: &[Selection],
        said: Option<&HeadPaging>,
    ) -> Result<(Vec<Pushdown>, Vec<ProfileVariable>), DocumentError> {
        // A portal may filter devices, by variables that are named like their fields.
        let fields = if self.operation.word == "devices.list" { ours.fields() } else { Vec::new() };
        let once = self.head.once()?;
        // A value that the command passes each time, such as the id of the key to revoke, cannot be set once by a
        // profile.
        if let (Some(own), Some((line, _))) =
            (once.iter().find(|name| ours.variables().contains(name)), self.head.get("once"))
        {
            return Err(wrong(line, format!("`${own}` is set by the command, and cannot be set once")));
        }
        let (mut pushdowns, mut given) = (Vec::new(), Vec::new());
        let mut used = BTreeSet::new();
        used_in(selections, &mut used);
        for variable in &theirs.variables {
            let name = variable.name.as_str();
            if once.iter().any(|once| once == name) {
                given.push(ProfileVariable::of(variable));
            } else if let Some(pushdown) = Pushdown::of(variable, &fields) {
                if variable.ty.is_non_null() && variable.default_value.is_none() {
                    let problem = format!("`${name}` has to be optional, without `!`");
                    return Err(wrong(self.line(variable), problem));
                }
                pushdowns.push(pushdown);
            } else if !is_known(name, &ours.variables(), said) {
                return Err(wrong(self.line(variable), self.unknown(name, &ours.variables())));
            }
            if let Some(HeadPaging::By(pager)) = said
                && pager.is_by_cursor()
                && pager.variable() == name
                && variable.ty.is_non_null()
                && variable.default_value.is_none()
            {
                let problem = format!("`${name}` has no value on the first page, and has `!`");
                return Err(wrong(self.line(variable), problem));
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
                Err(wrong(self.line(theirs), format!("`${}` has to be used: it selects the item", variable.name)))
            }
            None => Ok((pushdowns, given)),
        }
    }

    /// Returns true if the variable selects the item: at the root of a mutation, or at any depth of a query.
    fn says_which(&self, name: &str, selections: &[Selection]) -> bool {
        selections.iter().filter_map(Selection::as_field).any(|field| {
            field.arguments.iter().any(|argument| passes_variable(&argument.value, name))
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
}

/// Returns true for a variable of ours. If another paging is used, `$after` and `$first` have no meaning.
fn is_known(name: &str, ours: &[String], said: Option<&HeadPaging>) -> bool {
    match said {
        Some(HeadPaging::By(pager)) if pager.variable() == name || pager.size() == name => true,
        Some(HeadPaging::By(_)) if name == "after" || name == "first" => false,
        _ => ours.iter().any(|known| known == name),
    }
}
