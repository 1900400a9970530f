//! Finding the document that a portal accepts, without any I/O: which document to try, and what a refusal teaches.
//!
//! A portal validates a document before it executes anything, so a refused one has had no effect. Only a refusal that
//! proves this is followed by another try, which makes it safe for mutations too. A caller sends, and tells what came.

use std::sync::Arc;

use super::document::CompatDocument;
use super::gap::SchemaGap;
use super::prune::{Unfit, prune};
use super::remote_schema::RemoteSchema;
use crate::portal::graphql::{Reason, Refusal};
use crate::portal::operation::Operation;

/// A portal that refuses more often than this is not one that can be fitted.
const MOST_REFUSALS: usize = 2;

/// The search for the document of one operation.
pub struct Negotiation {
    operation: Operation,
    stage: Stage,
    /// The document to try; none for our own.
    document: Option<Arc<CompatDocument>>,
    /// The only fields that are wanted, by their paths; none where all are.
    projection: Option<Vec<String>>,
    /// What is tried once a projection is refused.
    base: Option<Arc<CompatDocument>>,
    refusals: usize,
    /// The portal's schema, once it was asked for; none inside where it is hidden.
    schema: Option<Option<Arc<RemoteSchema>>>,
}

/// Where the document to try comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The user's own is never passed over for another.
    Bound,
    /// Only the wanted fields of the base.
    Projected,
    /// Accepted before, by what is cached.
    Cached,
    /// Our own, and what is left of it after refusals.
    Learning,
}

/// A refusal, and the text that its locations point into.
pub struct Rejection<'r> {
    pub refusal: &'r Refusal,
    pub sent: &'r str,
}

/// What to do after a refusal.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask for the portal's schema, and tell of it with [`Negotiation::learn_schema`]; then reject once more.
    Introspect,
    /// Try the document, which is another now.
    Try,
    /// What was cached proved wrong; try the document, which is our own again.
    Invalidate,
    /// The operation makes no sense without these; nothing where only the refusal says why.
    Unsupported(Vec<String>),
    /// The user's own document was refused.
    BindingRefused,
    /// It was not refused for what it asks.
    NotOurs,
}

/// What an accepted document means for what is cached.
pub enum Accepted {
    Unchanged,
    /// Our own document is accepted.
    Forget,
    Remember(Arc<CompatDocument>),
}

impl Negotiation {
    /// Starts with the user's own document, if there is one; else with what is cached, else with our own.
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

    /// Tries a document with only these fields first, where the user's own document leaves that choice.
    pub fn projected(mut self, fields: Vec<String>) -> Negotiation {
        self.projection = Some(fields);
        self.project();
        self
    }

    /// Starts anew with our own document, because what was cached is in doubt.
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

    /// Returns the operation.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Returns the document to try; none for our own.
    pub fn document(&self) -> Option<&Arc<CompatDocument>> {
        self.document.as_ref()
    }

    /// Takes note of the portal's schema; none where it is hidden.
    pub fn learn_schema(&mut self, schema: Option<Arc<RemoteSchema>>) {
        self.schema = Some(schema);
    }

    /// Says what follows from a refusal.
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

    /// Says what an accepted document means for what is cached. It is the first to be tried from now on.
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

    /// Makes a smaller document of one that was refused, from the best that can be learned.
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
            // What a mutation is refused for without a word of the document is the portal's own business.
            Err(lacks) if lacks.is_empty() && self.operation.is_mutation() && refusal.reason() != Reason::Invalid => {
                Next::NotOurs
            }
            Err(lacks) if lacks.is_empty() && !is_certain => Next::NotOurs,
            Err(lacks) => Next::Unsupported(lacks),
        }
    }

    /// The last try gives up all that is only assumed besides, where that leaves something: it is sure to fit.
    fn smaller(
        &self,
        rejection: &Rejection<'_>,
        schema: Option<Arc<RemoteSchema>>,
    ) -> Result<CompatDocument, Vec<String>> {
        let Rejection { refusal, sent } = *rejection;
        // What the portal says of its schema is believed before its words: a mutation must not lose what was asked for.
        let trust_words = schema.is_none() || !self.operation.is_mutation();
        let words = trust_words.then(|| SchemaGap::of(refusal));
        // What is not certainly a validation error is no reason to fall back to the documented subset.
        let is_certain = refusal.is_validation_error();
        let fallback = is_certain.then_some(SchemaGap::Assumed);
        for gap in schema.map(SchemaGap::Schema).into_iter().chain(words).chain(fallback) {
            match prune(self.operation, sent, &gap) {
                Ok(pruned) if is_certain && self.refusals == MOST_REFUSALS => {
                    return Ok(prune(self.operation, &pruned.document, &SchemaGap::Assumed).unwrap_or(pruned));
                }
                Ok(pruned) => return Ok(pruned),
                Err(Unfit::NothingLearned) => {}
                // What is only assumed says nothing of the portal.
                Err(Unfit::Lacks(_)) if matches!(gap, SchemaGap::Assumed) => {}
                Err(Unfit::Lacks(lacks)) => return Err(lacks),
            }
        }
        Err(Vec::new())
    }
}
