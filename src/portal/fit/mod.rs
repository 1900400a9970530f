//! Making a document of ours match the portal that answers.
//!
//! A portal validates a document before it runs anything, so a refused one has had no effect. What it lacks is learned
//! (by introspection, else from the refusal, else all that is only assumed is given up), and a smaller document is sent.
//! Documents are changed as trees, never as text. No verb knows that this exists.

mod contract;
mod lacks;
mod live;
mod memory;
mod trim;

use apollo_compiler::ast::OperationType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use lacks::Lacks;
pub use live::{INTROSPECTION, Introspected, LiveSchema};
pub use memory::{Memory, digest};

/// An operation of ours: its name and its whole document.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub name: &'static str,
    pub document: &'static str,
}

/// A document that a portal may accept, and what had to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    pub document: String,
    /// The variables that it still declares.
    pub variables: Vec<String>,
    /// The fields that went, by their path below the items: `location.name`.
    pub left_out: Vec<String>,
    pub paging: Paging,
}

impl Fitted {
    /// Returns the variables without those that are not declared any more.
    pub fn only_declared(&self, mut variables: Value) -> Value {
        if let Value::Object(members) = &mut variables {
            members.retain(|name, _| self.variables.contains(name));
        }
        variables
    }
}

/// What became of the paging of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paging {
    /// The portal has ours, or the operation has none.
    #[default]
    Ours,
    /// The portal has none: one page is all.
    None,
    /// The portal has another; these arguments look like it.
    Other(Vec<String>),
    /// The portal has not ours, and whether it has another cannot be told.
    Unknown,
}

/// Why nothing smaller can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The operation makes no sense without these: `Query.apiKeys`.
    Lacks(Vec<String>),
    /// Nothing could be learned that would make the document smaller.
    NothingLearned,
}

/// Returns a document without what `lacks` names, smaller than `sent`, which was refused.
pub fn fit(operation: Operation, sent: &str, lacks: &Lacks) -> Result<Fitted, Unfit> {
    let before = trim::read(sent).ok_or(Unfit::NothingLearned)?;
    let mut after = before.clone();
    trim::trim(&mut after, lacks)?;
    if after.size() >= before.size() {
        return Err(Unfit::NothingLearned);
    }
    let whole = trim::read(operation.document).ok_or(Unfit::NothingLearned)?;
    let (left_out, arguments) = whole.beyond(&after);
    let paging = if left_out.iter().chain(&arguments).any(|name| name == "after") {
        lacks.paging(after.root_field(), after.kind() == OperationType::Mutation)
    } else {
        Paging::Ours
    };
    let of_items = |name: &String| name != "after" && name != "total";
    let left_out = left_out.into_iter().filter(of_items).collect();
    Ok(Fitted { document: after.to_string(), variables: after.variables(), left_out, paging })
}

/// Returns the portal's own root fields that look like one of ours: `createApiSecret` like `generateApiKey`.
pub fn alike(schema: &LiveSchema, lacking: &str) -> Vec<String> {
    let (root, name) = lacking.split_once('.').unwrap_or(("", lacking));
    let fields = schema.root_fields(root == "Mutation").iter();
    let mut near: Vec<(f64, &str)> = fields
        .map(|field| (strsim::jaro_winkler(&field.name.to_lowercase(), &name.to_lowercase()), &*field.name))
        .collect();
    near.retain(|(likeness, _)| *likeness > 0.6);
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}
