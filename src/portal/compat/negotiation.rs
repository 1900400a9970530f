//! Finds the document that a portal accepts, without any I/O: which document to try, and what a refusal means.
//!
//! A portal validates a document before it executes anything, so a refused one has had no effect. Only a refusal that
//! proves this is followed by another try, so negotiation is safe for mutations too. The caller sends, and reports the
//! result.

use std::sync::Arc;

use super::document::CompatDocument;
use super::gap::SchemaGap;
use super::prune::{PruneError, prune};
use super::remote_schema::RemoteSchema;
use crate::portal::graphql::{Reason, Refusal};
use crate::portal::operation::Operation;

/// After this many refusals, the portal is not expected to fit.
const MOST_REFUSALS: usize = 2;

/// The negotiation of one operation.
pub struct Negotiation {
    operation: Operation,
    stage: Stage,
    /// The document to try; `None` for our own.
    document: Option<Arc<CompatDocument>>,
    /// The only fields to request, by path; `None` for all.
    projection: Option<Vec<String>>,
    /// What to try after a projection was refused.
    base: Option<Arc<CompatDocument>>,
    refusals: usize,
    /// The portal's schema, once it was requested; `None` inside if the portal refuses introspection.
    schema: Option<Option<Arc<RemoteSchema>>>,
}

/// Where the document to try comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The user's binding, which is never replaced by another document.
    Bound,
    /// A projection of the base.
    Projected,
    /// Accepted before, according to the cache.
    Cached,
    /// Our own, and what is left of it after refusals.
    Learning,
}

/// A refusal, and the text that its locations refer to.
pub struct Rejection<'r> {
    pub refusal: &'r Refusal,
    pub sent: &'r str,
}

/// What to do after a refusal.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Request the portal's schema and pass it to [`Negotiation::learn_schema`]; then call `rejected` again.
    Introspect,
    /// Try the new document.
    Try,
    /// The cache entry was wrong; try our own document again.
    Invalidate,
    /// The operation cannot do without these; empty if only the refusal says why.
    Unsupported(Vec<String>),
    /// The user's binding was refused.
    BindingRefused,
    /// The refusal is not about the document.
    NotOurs,
}

/// What an accepted document means for the cache.
pub enum Accepted {
    Unchanged,
    /// Our own document is accepted.
    Forget,
    Remember(Arc<CompatDocument>),
}

impl Negotiation {
    /// Starts with the user's binding if there is one, or else with the cached document, or else with ours.
    pub fn new(
        operation: Operation,
        binding: Option<Arc<CompatDocument>>,
        cached: Option<Arc<CompatDocument>>,
    ) -> Negotiation {
        let stage = match (&binding, &cached) {
            (Some(_), _) => Stage::Bound,
            (None, Some(_)) => Stage::Cached,
            (None, None) => Stage::Learning,
        };
        let document = binding.or(cached);
        Negotiation { operation, stage, document, projection: None, base: None, refusals: 0, schema: None }
    }

    /// Tries a projection to these fields first, unless the user's binding is used.
    pub fn projected(mut self, fields: Vec<String>) -> Negotiation {
        self.projection = Some(fields);
        self.project();
        self
    }

    /// Starts again with our own document, because the cache entry is in doubt.
    pub fn restart(&mut self) {
        (self.document, self.stage, self.refusals) = (None, Stage::Learning, 0);
        self.project();
    }

    fn project(&mut self) {
        let Some(fields) = self.projection.as_ref().filter(|_| self.stage != Stage::Bound) else { return };
        if let Some(projected) = CompatDocument::projected(self.document.as_deref(), self.operation, fields) {
            self.base = self.document.replace(Arc::new(projected));
            self.stage = Stage::Projected;
        }
    }

    /// Returns true if the user's binding is sent.
    pub fn is_bound(&self) -> bool {
        self.stage == Stage::Bound
    }

    /// Returns the operation.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Returns the document to try; `None` for our own.
    pub fn document(&self) -> Option<&Arc<CompatDocument>> {
        self.document.as_ref()
    }

    /// Sets the portal's schema; `None` if the portal refuses introspection.
    pub fn learn_schema(&mut self, schema: Option<Arc<RemoteSchema>>) {
        self.schema = Some(schema);
    }

    /// Returns what to do after a refusal.
    pub fn rejected(&mut self, rejection: &Rejection<'_>) -> Next {
        let refusal = rejection.refusal;
        match self.stage {
            Stage::Bound if refusal.is_validation_error() => Next::BindingRefused,
            Stage::Projected if refusal.may_be_validation_error(false) => {
                self.document = self.base.take();
                self.stage = if self.document.is_some() { Stage::Cached } else { Stage::Learning };
                Next::Try
            }
            Stage::Cached if refusal.is_validation_error() => {
                (self.document, self.stage) = (None, Stage::Learning);
                Next::Invalidate
            }
            Stage::Learning => self.learn(rejection),
            _ => Next::NotOurs,
        }
    }

    /// Returns what an accepted document means for the cache. That document is tried first from now on.
    pub fn accepted(&mut self) -> Accepted {
        match (self.stage, self.document.clone()) {
            (Stage::Learning, Some(document)) => {
                (self.stage, self.refusals) = (Stage::Cached, 0);
                self.project();
                Accepted::Remember(document)
            }
            (Stage::Learning, None) => Accepted::Forget,
            _ => Accepted::Unchanged,
        }
    }

    /// Prunes the refused document, with the best evidence there is.
    fn learn(&mut self, rejection: &Rejection<'_>) -> Next {
        let refusal = rejection.refusal;
        let is_certain = refusal.is_validation_error();
        if !refusal.may_be_validation_error(self.operation.is_mutation()) {
            return Next::NotOurs;
        }
        if self.refusals >= MOST_REFUSALS {
            return if is_certain { Next::Unsupported(Vec::new()) } else { Next::NotOurs };
        }
        let Some(schema) = self.schema.clone() else { return Next::Introspect };
        self.refusals += 1;
        match self.smaller(rejection, schema) {
            Ok(document) => {
                self.document = Some(Arc::new(document));
                Next::Try
            }
            // A mutation refused without a word about the document was refused for the portal's own reasons.
            Err(lacks) if lacks.is_empty() && self.operation.is_mutation() && refusal.reason() != Reason::Invalid => {
                Next::NotOurs
            }
            Err(lacks) if lacks.is_empty() && !is_certain => Next::NotOurs,
            Err(lacks) => Next::Unsupported(lacks),
        }
    }

    /// Prunes the refused document. The last try also prunes everything that is only assumed, if that leaves anything:
    /// then it surely fits.
    fn smaller(
        &self,
        rejection: &Rejection<'_>,
        schema: Option<Arc<RemoteSchema>>,
    ) -> Result<CompatDocument, Vec<String>> {
        let Rejection { refusal, sent } = *rejection;
        // The portal's schema takes precedence over its messages: a mutation must not lose what the user asked for.
        let trust_words = schema.is_none() || !self.operation.is_mutation();
        let words = trust_words.then(|| SchemaGap::of(refusal));
        // Not certainly a validation error, so do not fall back to the documented subset.
        let is_certain = refusal.is_validation_error();
        let fallback = is_certain.then_some(SchemaGap::Assumed);
        for gap in schema.map(SchemaGap::Schema).into_iter().chain(words).chain(fallback) {
            match prune(self.operation, sent, &gap) {
                Ok(pruned) if is_certain && self.refusals == MOST_REFUSALS => {
                    return Ok(prune(self.operation, &pruned.document, &SchemaGap::Assumed).unwrap_or(pruned));
                }
                Ok(pruned) => return Ok(pruned),
                Err(PruneError::NothingLearned) => {}
                // A gap that is only assumed says nothing about the portal.
                Err(PruneError::Lacks(_)) if matches!(gap, SchemaGap::Assumed) => {}
                Err(PruneError::Lacks(lacks)) => return Err(lacks),
            }
        }
        Err(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepted, Negotiation, Next, Rejection};
    use crate::portal::compat::{CompatDocument, Evidence, parse_binding};
    use crate::portal::graphql::{GraphQlError, Refusal};
    use crate::portal::operation::Operation;
    use crate::portal::operations::operation;
    use serde_json::{Value, json};
    use std::sync::Arc;

    /// A refusal as servers write it: its status, whether `data` is absent, and one error.
    fn refusal(status: u16, is_request_error: bool, error: Value) -> Refusal {
        let errors = vec![GraphQlError::read(&error)];
        Refusal { status, is_request_error, without_data: true, errors, retry_after: None, request_id: None }
    }

    fn of(word: &str) -> Operation {
        operation(word).unwrap()
    }

    fn reject(negotiation: &mut Negotiation, refusal: &Refusal) -> Next {
        let own = negotiation.operation().document;
        let sent = negotiation.document().map_or_else(|| own.to_owned(), |document| document.document.clone());
        negotiation.rejected(&Rejection { refusal, sent: &sent })
    }

    #[test]
    fn only_a_validation_error_leads_to_another_try() {
        let unknown = json!({"message": "Cannot query field \"tags\" on type \"Device\".", "locations": [{"line": 1, "column": 1}]});
        let coded = |code: &str| json!({"message": "no", "extensions": {"code": code}});
        let mute = json!({"message": "no"});
        for (word, status, is_request_error, error, learns) in [
            ("devices.list", 400, true, unknown.clone(), true),
            ("devices.list", 200, true, unknown.clone(), true),
            ("keys.revoke", 400, true, unknown.clone(), true),
            ("devices.list", 400, true, coded("GRAPHQL_VALIDATION_FAILED"), true),
            ("devices.list", 400, true, coded("SOMETHING_NEW"), false),
            ("devices.list", 403, true, coded("FORBIDDEN"), false),
            ("devices.list", 401, true, unknown.clone(), false),
            // Without a code, a read is worth another try; a mutation is not.
            ("devices.list", 200, true, mute.clone(), true),
            ("keys.revoke", 200, true, mute.clone(), false),
            ("keys.revoke", 400, true, mute.clone(), true),
            // An error that is not a request error may come after execution.
            ("devices.list", 200, false, mute.clone(), false),
            ("keys.revoke", 500, false, unknown.clone(), false),
            ("keys.revoke", 429, false, mute.clone(), false),
        ] {
            let mut negotiation = Negotiation::new(of(word), None, None);
            let next = reject(&mut negotiation, &refusal(status, is_request_error, error.clone()));
            let expected = if learns { Next::Introspect } else { Next::NotOurs };
            assert_eq!(next, expected, "{word} {status} {is_request_error} {error}");
        }
    }

    #[test]
    fn each_try_is_smaller_and_the_third_refusal_ends_it() {
        let error = json!({"message": "Cannot query field \"tags\" on type \"Device\".", "locations": []});
        let refusal = refusal(400, true, error);
        let mut negotiation = Negotiation::new(of("devices.list"), None, None);
        assert_eq!(reject(&mut negotiation, &refusal), Next::Introspect);
        negotiation.learn_schema(None);
        let mut length = usize::MAX;
        for evidence in [Evidence::Refusal, Evidence::Assumption] {
            assert_eq!(reject(&mut negotiation, &refusal), Next::Try);
            let document = negotiation.document().unwrap();
            assert!(document.document.len() < length && document.evidence == evidence, "{document:?}");
            length = document.document.len();
        }
        assert_eq!(reject(&mut negotiation, &refusal), Next::Unsupported(Vec::new()));
    }

    #[test]
    fn what_is_accepted_is_tried_first_from_then_on() {
        let refusal = refusal(400, true, json!({"message": "Unknown field", "locations": [{"line": 1, "column": 1}]}));
        let mut negotiation = Negotiation::new(of("devices.list"), None, None).projected(vec!["name".to_owned()]);
        assert!(negotiation.document().is_some_and(|document| document.is_projection));
        // A refused projection proves nothing; the full document shows what the portal lacks.
        assert_eq!(reject(&mut negotiation, &refusal), Next::Try);
        assert!(negotiation.document().is_none());
        assert_eq!(reject(&mut negotiation, &refusal), Next::Introspect);
        negotiation.learn_schema(None);
        assert_eq!(reject(&mut negotiation, &refusal), Next::Try);
        assert!(matches!(negotiation.accepted(), Accepted::Remember(document) if !document.is_projection));
        assert!(negotiation.document().is_some_and(|document| document.is_projection));
        assert!(matches!(negotiation.accepted(), Accepted::Unchanged));
    }

    #[test]
    fn a_binding_is_never_replaced_and_a_cached_document_is_dropped() {
        let refusal = refusal(400, true, json!({"message": "no", "locations": [{"line": 1, "column": 1}]}));
        let bound = parse_binding(of("devices.list"), "{ devices { data { id } } }").unwrap();
        let mut negotiation = Negotiation::new(of("devices.list"), Some(Arc::new(bound.clone())), None);
        assert_eq!(reject(&mut negotiation, &refusal), Next::BindingRefused);
        let cached = CompatDocument { evidence: Evidence::Schema, ..bound };
        let mut negotiation = Negotiation::new(of("devices.list"), None, Some(Arc::new(cached)));
        assert_eq!(reject(&mut negotiation, &refusal), Next::Invalidate);
        assert!(negotiation.document().is_none() && matches!(negotiation.accepted(), Accepted::Forget));
    }
}
