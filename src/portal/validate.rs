//! A binding, tried before it is kept: on the portal, which validates it and runs nothing, and on a dry answer.

use serde_json::{Value, json};

use super::compat::{CompatDocument, DryRun, Mapped, PROBE, Turn, dry_run, probe};
use super::error::{Certainty, Error, Failure};
use super::graphql::Request;
use super::handle::Portal;
use super::operation::Operation;

/// What is known of a binding before it is used.
#[derive(Debug, Default)]
pub struct Validated {
    /// The members of the contract that it does not give; none where only an answer will tell.
    pub absent: Option<Vec<String>>,
    /// Places in the portal's answer that may be null, and without which it gives nothing.
    pub fragile: Vec<String>,
}

impl Validated {
    /// Says what a binding itself shows, where no portal was asked.
    pub fn unknown(bound: &CompatDocument) -> Validated {
        Validated { absent: bound.mapping.is_none().then(|| bound.omitted.clone()), fragile: Vec::new() }
    }
}

impl Portal {
    /// Tries a binding: the portal has to accept it, and what it gives has to be what we need, as far as the schema shows.
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

    /// Asks whether the portal would accept a document; nothing of it is executed.
    pub(super) fn probe(&self, document: &str) -> Result<(), Error> {
        let document = probe(document).unwrap_or_default();
        let request = Request::new::<()>(PROBE, &document, None, Some(PROBE))?.executing(false);
        let envelope = self.client().envelope(&request)?;
        if envelope.has_result() { Ok(()) } else { Err(envelope.refused()) }
    }

    /// Runs the query of a binding once, for its first items, and returns what it gives in our shape.
    pub fn preview(&self, operation: Operation, bound: &CompatDocument, most: usize) -> Result<Vec<Value>, Error> {
        let (mut variables, _) = bound.split(json!({ "first": most }));
        let unset = |what| Error::new(Failure::Unset { operation: operation.word, what }, Certainty::NotExecuted);
        let page = Turn { cursor: None, size: i64::try_from(most).ok() };
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

/// Returns the first items of a page, or the one thing that there is.
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
