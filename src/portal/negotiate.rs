//! The one loop that drives a negotiation: send, tell what came, send what follows from it.
//!
//! It decides nothing itself; what a refusal teaches is decided by `compat`, which sends nothing.

use super::compat::{self, Accepted, INTROSPECTION, Introspected, Negotiation, Next, Rejection, RemoteSchema};
use super::error::{Certainty, Error, Failure, Unsupported};
use super::graphql::{Refusal, Request};
use super::handle::Portal;
use super::operation::Operation;

impl Portal {
    /// Starts with the user's own document, if there is one; else with what is cached, else with ours.
    pub(super) fn negotiation(&self, operation: Operation) -> Result<Negotiation, Error> {
        let cached = || self.cache().get(operation).map(Into::into);
        Ok(match self.binding(operation)? {
            Some(binding) => Negotiation::new(operation, Some(binding), None),
            None => Negotiation::new(operation, None, cached()),
        })
    }

    /// Returns what `attempt` brings for the first document that the portal accepts. A refusal points into what was sent,
    /// which is the `form` of a document.
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

    /// Says what an operation makes no sense without, and what the portal has that looks like it. Nothing was executed.
    pub(super) fn unsupported(&self, operation: Operation, lacks: Vec<String>, refusal: Option<Refusal>) -> Error {
        let schema = self.remote_schema();
        let similar = |schema: &RemoteSchema| lacks.iter().flat_map(|lack| compat::similar(schema, lack)).collect();
        let similar = schema.as_deref().map(similar).unwrap_or_default();
        let suggestion = schema.as_deref().and_then(|schema| compat::suggest(schema, operation));
        let (operation, by_schema) = (operation.word.to_owned(), schema.is_some());
        let unsupported = Unsupported { operation, lacks, similar, suggestion, refusal, by_schema };
        Error::new(Failure::Unsupported(unsupported), Certainty::NotExecuted)
    }

    /// Returns the portal's own schema, asked for once; none where it is hidden.
    pub(super) fn remote_schema(&self) -> Option<std::sync::Arc<RemoteSchema>> {
        self.schema(|| self.introspect().map(|(told, _)| RemoteSchema::from(&told)))
    }

    /// Returns true where the portal shows its schema.
    pub fn shows_schema(&self) -> bool {
        self.remote_schema().is_some()
    }

    /// Asks the portal for its schema; also as the JSON that it answers with.
    fn introspect(&self) -> Result<(Introspected, String), Error> {
        let request = Request::new::<()>("Introspection", INTROSPECTION, None, Some("Introspection"))?;
        let envelope = self.client().envelope(&request.executing(false))?;
        let Some(data) = envelope.data() else { return Err(envelope.refused()) };
        match serde_json::from_str(data) {
            Ok(told) => Ok((told, data.to_owned())),
            Err(_) => {
                let what = "what it tells of its schema cannot be read";
                let error = Error::bad_answer(envelope.origin, what, Certainty::Unknown);
                Err(error.of_request(envelope.refusal.request_id))
            }
        }
    }

    /// Returns the portal's schema in the language of schemas, and as JSON.
    pub fn tell_schema(&self) -> Result<(String, String), Error> {
        self.introspect().map(|(told, json)| (RemoteSchema::from(&told).sdl(), json))
    }
}
