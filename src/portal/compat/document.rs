//! A document that a portal may accept for one of our operations, and how it differs from ours.

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
    /// The operation's name in the document, if it has one.
    pub name: Option<String>,
    /// The declared variables.
    pub variables: Vec<String>,
    /// The pruned fields, by their path below the items: `location.name`.
    pub omitted: Vec<String>,
    pub paging: Paging,
    pub evidence: Evidence,
    /// The predicates that a binding can push down.
    #[serde(skip)]
    pub pushdowns: Vec<Pushdown>,
    /// The variables of a binding that are numbers on this portal, although our ids are text.
    #[serde(skip)]
    pub numbers: Vec<String>,
    /// The variables of a binding that a profile sets.
    #[serde(skip)]
    pub once: Vec<ProfileVariable>,
    /// How the head of a binding maps the response; `None` if it has our shape already.
    #[serde(skip)]
    pub mapping: Option<Mapping>,
    /// True if the document is a projection of the fields that a run needs.
    #[serde(skip)]
    pub is_projection: bool,
}

/// How it is known that a portal accepts the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// From the portal's own schema.
    Schema,
    /// From the locations or names in a refusal.
    Refusal,
    /// From pruning everything that is only assumed.
    Assumption,
    /// From the user.
    Binding,
}

/// How a listing is paged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paging {
    /// The portal has our paging, or the operation has none.
    #[default]
    Ours,
    /// The portal has none: one page is complete.
    None,
    /// The portal returns the total count, which shows whether one page is complete.
    Counted,
    /// The portal has another: these arguments look like paging, and this binding might use them.
    Other { arguments: Vec<String>, suggestion: Option<Suggestion> },
    /// The portal does not have ours, and it is unknown whether it has another.
    Unknown,
}

/// Which page of a listing is requested.
#[derive(Clone, Copy, Debug, Default)]
pub struct PagePosition<'t> {
    /// `None` for the first page.
    pub cursor: Option<&'t str>,
    /// The page size.
    pub size: Option<i64>,
}

/// Why a variable of a binding has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unset {
    /// The profile does not set it.
    Missing { variable: String },
    /// The profile's value is not of its type.
    WrongType { variable: String, wanted: &'static str },
    /// A listing is to be resumed from an invalid cursor.
    Cursor(String),
}

impl fmt::Display for Unset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unset::Missing { variable } => write!(f, "the profile does not set `{variable}`"),
            Unset::WrongType { variable, wanted } => write!(f, "`{variable}` has to be {wanted}"),
            Unset::Cursor(problem) => f.write_str(problem),
        }
    }
}

impl CompatDocument {
    /// Returns the variables that the profile gives.
    pub fn given(&self) -> Vec<&str> {
        self.once.iter().map(|once| once.name.as_str()).collect()
    }

    /// Returns true for a listing of one page if it is unknown whether there are more.
    pub fn may_go_on(&self) -> bool {
        self.paging == Paging::Unknown
    }

    /// Creates a document from a complete tree.
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

    /// Returns a document with only these fields of the items, by path, and those that the contract requires. It is
    /// derived from `base`, or from our own document without one.
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

    /// Returns the document on one line, if it is the full document that the portal accepts of ours.
    pub fn line(&self) -> Option<String> {
        let is_whole = !self.is_projection && self.evidence != Evidence::Binding;
        is_whole.then(|| self.document.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Sets the variables of pushed-down predicates, and returns the fields of these predicates.
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

    /// Sets the variables for the page, and those that a profile sets; fails if one has no value.
    pub fn fill(
        &self,
        variables: &mut Value,
        page: PagePosition<'_>,
        given: &BTreeMap<String, String>,
    ) -> Result<(), Unset> {
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
                value.ok_or_else(|| Unset::WrongType { variable: once.name.clone(), wanted: once.wanted() })?;
        }
        Ok(())
    }

    /// Returns the declared variables, and the names of the undeclared ones that have a value.
    pub fn split(&self, variables: Value) -> (Value, Vec<String>) {
        let Value::Object(members) = variables else { return (variables, Vec::new()) };
        let (declared, others): (Map<_, _>, Map<_, _>) =
            members.into_iter().partition(|(name, _)| self.variables.contains(name));
        let lost = others.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
        (Value::Object(declared), lost)
    }
}
