//! Validates a binding before it is saved: on the portal, which executes nothing, and by a dry run on made-up data.

use serde_json::{Value, json};

use super::compat::{CompatDocument, DryRun, Mapped, PROBE, PagePosition, dry_run, probe};
use super::error::{Certainty, Error, Failure};
use super::graphql::Request;
use super::handle::Portal;
use super::operation::Operation;

/// The result of validating a binding.
#[derive(Debug, Default)]
pub struct Validated {
    /// The members of the contract that the binding does not give; `None` if only a real response can show it.
    pub absent: Option<Vec<String>>,
    /// Paths in the portal's response that may be null, and then the binding gives nothing.
    pub fragile: Vec<String>,
}

impl Validated {
    /// Returns what the binding itself shows, without a portal.
    pub fn unknown(bound: &CompatDocument) -> Validated {
        Validated { absent: bound.mapping.is_none().then(|| bound.omitted.clone()), fragile: Vec::new() }
    }
}

impl Portal {
    /// Validates a binding: the portal must accept it, and its result must be what we need, as far as the schema
    /// shows.
    pub fn validate(&self, operation: Operation, bound: &CompatDocument) -> Result<Validated, Error> {
        self.probe(&bound.document).map_err(|error| error.of_binding(operation.word))?;
        let dry = self.remote_schema().and_then(|schema| dry_run(&schema, operation, bound));
        match dry {
            None => Ok(Validated::unknown(bound)),
            Some(Ok(DryRun { absent, fragile })) => Ok(Validated { absent: Some(absent), fragile }),
            Some(Err(problem)) => {
                let operation = operation.word.to_owned();
                Err(Error::new(Failure::BindingUseless { operation, problem }, Certainty::NotExecuted))
            }
        }
    }

    /// Asks the portal to validate a document without executing it.
    pub(super) fn probe(&self, document: &str) -> Result<(), Error> {
        let document = probe(document).unwrap_or_default();
        let request = Request::new::<()>(PROBE, &document, None, Some(PROBE))?.executing(false);
        let envelope = self.client().envelope(&request)?;
        if envelope.has_result() { Ok(()) } else { Err(envelope.refused()) }
    }

    /// Executes the query of a binding once, and returns the first items in our shape.
    pub fn preview(&self, operation: Operation, bound: &CompatDocument, most: usize) -> Result<Vec<Value>, Error> {
        let (mut variables, _) = bound.split(json!({ "first": most }));
        let unset = |what| Error::new(Failure::Unset { operation: operation.word, what }, Certainty::NotExecuted);
        let page = PagePosition { cursor: None, size: i64::try_from(most).ok() };
        bound.fill(&mut variables, page, self.variables()).map_err(unset)?;
        let request = Request::new(operation.name, &bound.document, Some(&variables), bound.name.as_deref())?;
        let map = |data: &str| match &bound.mapping {
            Some(mapping) => mapping.apply(data, &variables, None),
            None => Mapped::plain(data),
        };
        let open = |reply| self.decode_mapped::<Value>(operation, reply, map);
        let decoded = self.client().execute(&request.executing(false), open)?;
        if decoded.refusal.errors.is_empty() { Ok(items(decoded.data, most)) } else { Err(decoded.refusal.into()) }
    }
}

/// Returns the first items of a page, or the single item.
fn items(data: Value, most: usize) -> Vec<Value> {
    let Value::Object(roots) = data else { return Vec::new() };
    let root = roots.into_iter().map(|(_, root)| root).find(|root| !root.is_null());
    match root {
        Some(Value::Object(mut page)) => match page.remove("data") {
            Some(Value::Array(items)) => items.into_iter().take(most).collect(),
            _ => vec![Value::Object(page)],
        },
        Some(one) => vec![one],
        None => Vec::new(),
    }
}
