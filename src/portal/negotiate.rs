//! The one loop that drives a negotiation: sends a document, reports the result, and sends the next one.
//!
//! It decides nothing itself; `compat` decides what a refusal means, and sends nothing.

use super::compat::{self, Accepted, INTROSPECTION, Introspected, Negotiation, Next, Rejection, RemoteSchema};
use super::error::{Certainty, Error, Failure, Unsupported};
use super::graphql::{Refusal, Request};
use super::handle::Portal;
use super::operation::Operation;

impl Portal {
    /// Starts a negotiation with the user's binding if there is one, or else with the cached document, or else with
    /// ours.
    pub(super) fn negotiation(&self, operation: Operation) -> Result<Negotiation, Error> {
        let cached = || self.cache().get(operation).map(Into::into);
        Ok(match self.binding(operation)? {
            Some(binding) => Negotiation::new(operation, Some(binding), None),
            None => Negotiation::new(operation, None, cached()),
        })
    }

    /// Returns the result of `attempt` for the first document that the portal accepts. The locations in a refusal
    /// refer to the sent text, which `form` makes of a document.
    pub(super) fn negotiate<T>(
        &self,
        negotiation: &mut Negotiation,
        form: impl Fn(&str) -> String,
        mut attempt: impl FnMut(&Negotiation) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let operation = negotiation.operation();
        loop {
            let error = match attempt(negotiation) {
                Ok(answer) => {
                    self.cache().note(operation, false);
                    match negotiation.accepted() {
                        Accepted::Unchanged => {}
                        Accepted::Forget => self.cache().forget(operation),
                        Accepted::Remember(document) => self.cache().insert(operation, &document),
                    }
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let Failure::Refused(refusal) = error.failure() else { return Err(error) };
            let sent = form(negotiation.document().map_or(operation.document, |sent| &sent.document));
            let rejection = Rejection { refusal, sent: &sent };
            let mut next = negotiation.rejected(&rejection);
            if next == Next::Introspect {
                negotiation.learn_schema(self.remote_schema());
                next = negotiation.rejected(&rejection);
            }
            match next {
                Next::Try => {}
                Next::Invalidate => self.cache().forget(operation),
                Next::Unsupported(lacks) => {
                    self.cache().note(operation, true);
                    return Err(self.unsupported(operation, lacks, error.into_refusal()));
                }
                Next::BindingRefused => return Err(error.of_binding(operation.word)),
                Next::NotOurs | Next::Introspect => return Err(error),
            }
        }
    }

    /// Creates the error for an operation that the portal lacks, with similar root fields of the portal. Nothing was
    /// executed.
    pub(super) fn unsupported(&self, operation: Operation, lacks: Vec<String>, refusal: Option<Refusal>) -> Error {
        let schema = self.remote_schema();
        let similar = |schema: &RemoteSchema| lacks.iter().flat_map(|lack| compat::similar(schema, lack)).collect();
        let similar = schema.as_deref().map(similar).unwrap_or_default();
        let suggestion = schema.as_deref().and_then(|schema| compat::suggest(schema, operation));
        let (operation, by_schema) = (operation.word.to_owned(), schema.is_some());
        let unsupported = Unsupported { operation, lacks, similar, suggestion, refusal, by_schema };
        Error::new(Failure::Unsupported(unsupported), Certainty::NotExecuted)
    }

    /// Returns the portal's schema, requested once; `None` if the portal refuses introspection.
    pub(super) fn remote_schema(&self) -> Option<std::sync::Arc<RemoteSchema>> {
        self.schema(|| self.introspect().map(|(told, _)| RemoteSchema::from(&told)))
    }

    /// Returns true if the portal shows its schema.
    pub fn shows_schema(&self) -> bool {
        self.remote_schema().is_some()
    }

    /// Introspects the portal; also returns the JSON of the response.
    fn introspect(&self) -> Result<(Introspected, String), Error> {
        let request = Request::new::<()>("Introspection", INTROSPECTION, None, Some("Introspection"))?;
        let envelope = self.client().envelope(&request.executing(false))?;
        let Some(data) = envelope.data() else { return Err(envelope.refused()) };
        match serde_json::from_str(data) {
            Ok(told) => Ok((told, data.to_owned())),
            Err(_) => {
                let what = "its introspection result cannot be read";
                let error = Error::bad_answer(envelope.origin, what, Certainty::Unknown);
                Err(error.of_request(envelope.refusal.request_id))
            }
        }
    }

    /// Returns the portal's schema as SDL and as JSON.
    pub fn tell_schema(&self) -> Result<(String, String), Error> {
        self.introspect().map(|(told, json)| (RemoteSchema::from(&told).sdl(), json))
    }
}
