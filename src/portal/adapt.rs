//! Finding the document that a portal accepts: send, learn from a refusal, send less.
//!
//! Only a refusal that proves that nothing ran is followed by another try, which makes this safe for mutations too.

use std::rc::Rc;

use super::Portal;
use super::error::{Error, Lacking, Reason, Refusal};
use super::fit::{self, Fitted, INTROSPECTION, Introspected, Lacks, LiveSchema, Operation, Unfit};
use super::operations;
use super::send::RawRequest;

/// A portal that refuses more often than this is not one that can be fitted.
const MOST_REFUSALS: usize = 2;

impl Portal {
    /// Returns what `ask` brings for the user's binding, for the document that this portal is remembered to accept, or for
    /// the whole one; and for smaller ones where it is refused for what it asks.
    pub(super) fn adapt<T>(
        &self,
        operation: Operation,
        mut ask: impl FnMut(Option<&Fitted>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(binding) = self.bindings.recall(operation)? {
            return ask(Some(&binding)).map_err(|error| refused_binding(operation, error));
        }
        let as_it_is = |document: &str| document.to_owned();
        let Some(remembered) = self.memory.borrow().recall(operation) else {
            return self.adapt_anew(operation, as_it_is, ask);
        };
        match ask(Some(&remembered)) {
            Err(Error::Refused(refusal)) if refusal.is_of_the_document() => {
                // The portal has changed.
                self.memory.borrow_mut().forget(operation);
                self.adapt_anew(operation, as_it_is, ask)
            }
            answer => answer,
        }
    }

    /// Does the same as if nothing were known of the portal, and remembers what it finds. A refusal points into what was
    /// sent, which is the `form` of a document.
    pub(super) fn adapt_anew<T>(
        &self,
        operation: Operation,
        form: impl Fn(&str) -> String,
        mut ask: impl FnMut(Option<&Fitted>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut fitted: Option<Fitted> = None;
        let mutates = operation.document.starts_with("mutation");
        for refusals in 1.. {
            let refusal = match ask(fitted.as_ref()) {
                Err(Error::Refused(refusal))
                    if refusal.may_be_of_the_document(mutates) && refusals <= MOST_REFUSALS =>
                {
                    refusal
                }
                Ok(answer) => {
                    match &fitted {
                        Some(fitted) => self.memory.borrow_mut().remember(operation, fitted),
                        None => self.memory.borrow_mut().forget(operation),
                    }
                    return Ok(answer);
                }
                Err(Error::Refused(refusal)) if refusal.is_of_the_document() => {
                    return Err(self.unfit(operation, Vec::new(), Some(refusal)));
                }
                Err(error) => return Err(error),
            };
            let sent = form(fitted.as_ref().map_or(operation.document, |fitted| &fitted.document));
            fitted = Some(self.learn(operation, &sent, refusal, refusals == MOST_REFUSALS)?);
        }
        unreachable!("a refusal beyond the last is returned")
    }

    /// Looks at the portal's schema whether it has begun to page, where a list of so many was taken for all by what was
    /// learned before this run; if so, that is forgotten. It is one request, and for each length it is made once.
    pub(super) fn doubt(&self, word: &str, count: usize) -> bool {
        let Some(operation) = operations::operation(word) else { return false };
        let Some(remembered) = self.memory.borrow().doubtful(operation, count) else { return false };
        let schema = self.schema();
        if schema.is_some_and(|schema| fit::has_no_paging(schema, operation, &remembered.document)) {
            self.memory.borrow_mut().confirm(operation, count);
            return false;
        }
        self.memory.borrow_mut().forget(operation);
        true
    }

    /// Makes a smaller document of one that was refused, from the best that can be learned.
    ///
    /// The last try gives up all that is only assumed besides, where that leaves something: it is sure to fit.
    fn learn(&self, operation: Operation, sent: &str, refusal: Refusal, last: bool) -> Result<Fitted, Error> {
        let schema = self.schema();
        let known = schema.clone().map(Lacks::Schema);
        // What the portal says of its schema is believed before its words: a mutation must not lose what was asked for.
        let trust_words = known.is_none() || !fit::is_mutation(sent);
        let words = trust_words.then(|| Lacks::of(&refusal));
        // What is no refusal of the document for sure is no reason to give up what is only assumed.
        let certain = refusal.is_of_the_document();
        let least = certain.then_some(Lacks::Assumed);
        let mut lacks = Vec::new();
        for way in known.into_iter().chain(words).chain(least) {
            match fit::fit(operation, sent, &way) {
                Ok(fitted) if certain && last => {
                    return Ok(fit::fit(operation, &fitted.document, &Lacks::Assumed).unwrap_or(fitted));
                }
                Ok(fitted) => return Ok(fitted),
                Err(Unfit::NothingLearned) => {}
                // What is only assumed says nothing of the portal.
                Err(Unfit::Lacks(_)) if matches!(way, Lacks::Assumed) => {}
                Err(Unfit::Lacks(lacking)) => {
                    lacks = lacking;
                    break;
                }
            }
        }
        // What a mutation is refused for without a word of the document is the portal's own business.
        let is_business = fit::is_mutation(sent) && refusal.reason() != Reason::Invalid;
        if lacks.is_empty() && (!certain || is_business) {
            return Err(Error::Refused(refusal));
        }
        Err(self.unfit(operation, lacks, Some(refusal)))
    }

    /// Says what an operation makes no sense without, and what the portal has that looks alike.
    pub(super) fn unfit(&self, operation: Operation, lacks: Vec<String>, refusal: Option<Refusal>) -> Error {
        let schema = self.schema();
        let alike = |schema: &Rc<LiveSchema>| lacks.iter().flat_map(|lacking| fit::alike(schema, lacking)).collect();
        let alike = schema.as_ref().map(alike).unwrap_or_default();
        let proposal = schema.as_ref().and_then(|schema| fit::propose(schema, operation));
        Error::Unfit(Box::new(Lacking {
            operation: operation.word.to_owned(),
            lacks,
            alike,
            proposal,
            refusal,
            by_schema: schema.is_some(),
        }))
    }

    /// Returns the portal's own schema, asked for once; none where it does not tell.
    fn schema(&self) -> Option<Rc<LiveSchema>> {
        let told = || self.introspect().ok().map(|(told, _)| Rc::new(LiveSchema::from(&told)));
        self.schema.get_or_init(told).clone()
    }

    /// Asks the portal for its schema; also as the JSON that it answers with.
    fn introspect(&self) -> Result<(Introspected, String), Error> {
        let request = RawRequest { query: INTROSPECTION, variables: None, operation: Some("Introspection") };
        let reply = self.exchange("Introspection", &request)?;
        let (data, refusal) = self.open(&reply)?;
        let Some(data) = data.map(|data| data.get()).filter(|data| *data != "null") else {
            return Err(Error::Refused(refusal));
        };
        match serde_json::from_str(data) {
            Ok(told) => Ok((told, data.to_owned())),
            Err(_) => Err(self.bad_answer("what it tells of its schema cannot be read")),
        }
    }

    /// Returns the portal's schema in the language of schemas, and as JSON.
    pub fn tell_schema(&self) -> Result<(String, String), Error> {
        self.introspect().map(|(told, json)| (LiveSchema::from(&told).sdl(), json))
    }
}

fn refused_binding(operation: Operation, error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.is_of_the_document() => {
            Error::BindingRefused { operation: operation.word.to_owned(), refusal }
        }
        error => error,
    }
}
