//! How the portal's capabilities are shown.

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::{Cell, Column, Record, Value};
use crate::portal::{Checked, Evidence, Verdict};

/// What a portal can do for one operation.
#[derive(JsonSchema, Serialize)]
pub struct Check {
    pub operation: String,
    pub verdict: Word,
    pub missing: Vec<String>,
    pub alike: Vec<String>,
    pub why: Option<String>,
    pub learned: Option<Word>,
    pub proposal: Option<String>,
    /// Why, beside the name of the operation: a person has a line for it.
    #[serde(skip)]
    pub gap: Option<String>,
}

/// A word from a fixed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Word(&'static str);

impl Check {
    /// Returns true if anything of the contract is missing.
    pub fn lacks(&self) -> bool {
        !self.missing.is_empty() || self.why.is_some()
    }
}

impl From<Checked> for Check {
    fn from(checked: Checked) -> Check {
        let Checked { operation, verdict, missing, similar, why, gap, evidence, suggestion } = checked;
        let (learned, proposal) = (evidence.map(Word::from), suggestion.map(|suggestion| suggestion.document));
        Check { operation, verdict: verdict.into(), missing, alike: similar, why, learned, proposal, gap }
    }
}

impl From<Verdict> for Word {
    fn from(verdict: Verdict) -> Word {
        Word(match verdict {
            Verdict::Works => "works",
            Verdict::Partial => "fewer",
            Verdict::Bound => "bound",
            Verdict::Unsupported => "cannot",
        })
    }
}

impl From<Evidence> for Word {
    fn from(evidence: Evidence) -> Word {
        Word(match evidence {
            Evidence::Schema => "schema",
            Evidence::Refusal => "refusal",
            Evidence::Assumption => "assumption",
            Evidence::Binding => "binding",
        })
    }
}

impl Value for Word {
    fn cell(&self) -> Cell<'_> {
        self.0.cell()
    }
}

impl Record for Check {
    const NOUN: (&'static str, &'static str) = ("operation", "operations");
    const COLUMNS: &'static [Column<Check>] = &[
        Column::pinned("operation", |check| check.operation.cell()),
        Column::pinned("verdict", |check| check.verdict.cell()),
        Column::on_request("missing", |check| names(&check.missing)),
        Column::on_request("alike", |check| names(&check.alike)),
        Column::on_request("why", |check| check.why.cell()),
        Column::priority("learned", 0, |check| check.learned.cell()),
        Column::on_request("proposal", |check| check.proposal.cell()),
    ];
}

/// A user's own document that was saved or removed.
#[derive(JsonSchema, Serialize)]
pub struct Binding {
    pub operation: String,
    pub bound: bool,
    /// The file of the document.
    pub path: Option<String>,
    pub missing: Vec<String>,
    /// Places in the portal's answer that may be null, and without which a result is unusable.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fragile: Vec<String>,
    /// The first items of the answer, with `--try`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<serde_json::Value>,
}

impl Binding {
    /// Returns the record of an operation without a binding.
    pub fn none(operation: &str) -> Binding {
        let operation = operation.to_owned();
        Binding { operation, bound: false, path: None, missing: Vec::new(), fragile: Vec::new(), items: Vec::new() }
    }
}

impl Record for Binding {
    const NOUN: (&'static str, &'static str) = ("binding", "bindings");
    const COLUMNS: &'static [Column<Binding>] = &[
        Column::pinned("operation", |binding| binding.operation.cell()),
        Column::pinned("bound", |binding| binding.bound.cell()),
        Column::pinned("path", |binding| binding.path.cell()),
        Column::pinned("missing", |binding| names(&binding.missing)),
    ];
}

fn names(names: &[String]) -> Cell<'_> {
    if names.is_empty() { Cell::Nothing } else { Cell::Text(names.join(", ").into()) }
}

/// The value that a profile gives to a variable of bindings.
#[derive(JsonSchema, Serialize)]
pub struct Given {
    pub name: String,
    pub value: String,
}

impl Record for Given {
    const NOUN: (&'static str, &'static str) = ("variable", "variables");
    const COLUMNS: &'static [Column<Given>] =
        &[Column::pinned("name", |given| given.name.cell()), Column::pinned("value", |given| given.value.cell())];
}

/// A suggestion, and whether it was saved.
#[derive(JsonSchema, Serialize)]
pub struct Adopted {
    pub operation: String,
    pub bound: bool,
    /// How similar the portal's names are to ours.
    pub likeness: &'static str,
    pub document: String,
    pub missing: Vec<String>,
    pub fragile: Vec<String>,
}

impl Record for Adopted {
    const NOUN: (&'static str, &'static str) = ("proposal", "proposals");
    const COLUMNS: &'static [Column<Adopted>] = &[
        Column::pinned("operation", |adopted| adopted.operation.cell()),
        Column::pinned("bound", |adopted| adopted.bound.cell()),
        Column::pinned("likeness", |adopted| adopted.likeness.cell()),
        Column::on_request("document", |adopted| adopted.document.cell()),
        Column::pinned("missing", |adopted| names(&adopted.missing)),
        Column::on_request("fragile", |adopted| names(&adopted.fragile)),
    ];
}
