//! A document that a portal may accept for an operation of ours, and what had to go from ours to make it one.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ast::{self, OperationAst};
use super::mapping::Mapping;
use super::profile_variable::ProfileVariable;
use super::pushdown::Pushdown;
use super::suggestion::Suggestion;
use crate::portal::operation::Operation;
use crate::portal::query::Predicate;

/// A document that a portal may accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompatDocument {
    pub document: String,
    /// The operation's name in it, where it has one.
    pub name: Option<String>,
    /// The variables that it declares.
    pub variables: Vec<String>,
    /// The fields that went, by their path below the items: `location.name`.
    pub omitted: Vec<String>,
    pub paging: Paging,
    pub evidence: Evidence,
    /// What a binding can have the portal choose by.
    #[serde(skip)]
    pub pushdowns: Vec<Pushdown>,
    /// The variables of a binding that are numbers in this portal, and texts with us: ids.
    #[serde(skip)]
    pub numbers: Vec<String>,
    /// What a profile gives to a binding.
    #[serde(skip)]
    pub once: Vec<ProfileVariable>,
    /// What the head of a binding makes of the answer; none where it has our shape already.
    #[serde(skip)]
    pub mapping: Option<Mapping>,
    /// True where it asks for no more fields than a run wants.
    #[serde(skip)]
    pub is_projection: bool,
}

/// How it became known which document a portal accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// The portal's own schema.
    Schema,
    /// What a refusal points to.
    Refusal,
    /// Giving up all that is only assumed.
    Assumption,
    /// The user said so.
    Binding,
}

/// What became of the paging of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paging {
    /// The portal has ours, or the operation has none.
    #[default]
    Ours,
    /// The portal has none: one page is all.
    None,
    /// The portal tells the count of all, which shows whether one page is all.
    Counted,
    /// The portal has another: these arguments look like it, and this binding might use them.
    Other { arguments: Vec<String>, suggestion: Option<Suggestion> },
    /// The portal has not ours, and whether it has another cannot be told.
    Unknown,
}

/// Which page of a listing is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turn<'t> {
    /// None for the first.
    pub cursor: Option<&'t str>,
    /// How many items it may have.
    pub size: Option<i64>,
}

/// Why a variable of a binding has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unset {
    /// The profile does not give it.
    Missing { variable: String },
    /// What the profile gives cannot be it.
    Unfit { variable: String, wanted: &'static str },
    /// A listing is to go on from what is no place in it.
    Cursor(String),
}

impl fmt::Display for Unset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unset::Missing { variable } => write!(f, "the profile does not give `{variable}`"),
            Unset::Unfit { variable, wanted } => write!(f, "`{variable}` has to be {wanted}"),
            Unset::Cursor(problem) => f.write_str(problem),
        }
    }
}

impl CompatDocument {
    /// Returns true for a listing of one page, of which nothing shows whether it is all.
    pub fn may_go_on(&self) -> bool {
        self.paging == Paging::Unknown
    }

    /// Makes a document of a tree that lacks nothing.
    pub fn of(operation: Operation, tree: &OperationAst) -> CompatDocument {
        CompatDocument {
            document: tree.to_string(),
            name: Some(operation.name.to_owned()),
            variables: tree.variables(),
            omitted: Vec::new(),
            paging: Paging::Ours,
            evidence: Evidence::Schema,
            pushdowns: Vec::new(),
            numbers: Vec::new(),
            once: Vec::new(),
            mapping: None,
            is_projection: false,
        }
    }

    /// Returns a document with only the wanted fields of its items, by their paths, and those that it cannot do without.
    /// It is made of this one, or of our own where that is accepted.
    pub fn projected(base: Option<&CompatDocument>, operation: Operation, fields: &[String]) -> Option<CompatDocument> {
        let mut tree = ast::parse(base.map_or(operation.document, |base| &base.document))?;
        tree.project(fields);
        let projected = CompatDocument { is_projection: true, ..CompatDocument::of(operation, &tree) };
        Some(match base {
            Some(base) => CompatDocument {
                omitted: base.omitted.clone(),
                paging: base.paging.clone(),
                evidence: base.evidence,
                ..projected
            },
            None => projected,
        })
    }

    /// Returns the document in one line, if it is all that the portal accepts of ours.
    pub fn line(&self) -> Option<String> {
        let is_whole = !self.is_projection && self.evidence != Evidence::Binding;
        is_whole.then(|| self.document.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Sets the variables that have the portal choose, and returns the fields that it then chooses by.
    pub fn push_down(&self, predicates: &[Predicate], variables: &mut Value) -> Vec<String> {
        let mut pushed = Vec::new();
        for pushdown in &self.pushdowns {
            let predicate = predicates.iter().find(|predicate| predicate.field == pushdown.field);
            let value = predicate.and_then(|predicate| pushdown.value(predicate.equals.as_deref()?));
            if let Some(value) = value {
                variables[pushdown.variable.as_str()] = value;
                pushed.push(pushdown.field.clone());
            }
        }
        pushed
    }

    /// Sets the variables that carry the page, and those that a profile gives; an error says what is in the way.
    pub fn fill(&self, variables: &mut Value, page: Turn<'_>, given: &BTreeMap<String, String>) -> Result<(), Unset> {
        if let Some(pager) = self.mapping.as_ref().and_then(|mapping| mapping.pager.as_ref()) {
            let value = pager.value(page.cursor).map_err(Unset::Cursor)?;
            if !value.is_null() {
                variables[pager.variable()] = value;
            }
            if let Some(size) = page.size.filter(|_| self.variables.iter().any(|name| name == pager.size())) {
                variables[pager.size()] = size.into();
            }
        }
        for name in &self.numbers {
            let text = variables.get(name).and_then(Value::as_str);
            if let Some(number) = text.and_then(|text| text.parse::<i64>().ok()) {
                variables[name.as_str()] = number.into();
            }
        }
        for once in &self.once {
            let Some(text) = given.get(&once.name) else {
                if once.is_optional {
                    continue;
                }
                return Err(Unset::Missing { variable: once.name.clone() });
            };
            let value = once.value(text);
            variables[once.name.as_str()] =
                value.ok_or_else(|| Unset::Unfit { variable: once.name.clone(), wanted: once.wanted() })?;
        }
        Ok(())
    }

    /// Returns the variables that it declares, and those with a value that it does not.
    pub fn split(&self, variables: Value) -> (Value, Vec<String>) {
        let Value::Object(members) = variables else { return (variables, Vec::new()) };
        let (declared, others): (Map<_, _>, Map<_, _>) =
            members.into_iter().partition(|(name, _)| self.variables.contains(name));
        let lost = others.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
        (Value::Object(declared), lost)
    }
}
