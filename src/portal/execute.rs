//! Executes a typed operation: sends a document that the portal accepts, and decodes the response.
//!
//! It must not know any particular operation. An error quotes nothing of a body, because a response may contain a
//! secret.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

use super::compat::{self, CompatDocument, Negotiation, PagePosition, Pager};
use super::decode::Decoded;
use super::error::{Certainty, Error, Failure};
use super::graphql::{Envelope, Refusal, Request};
use super::handle::Portal;
use super::operation::Typed;
use super::page::{Page, PageFacts};
use super::query::{ListQuery, Predicate};
use super::request_id::RequestId;
use super::scalars::Text;

/// A prepared operation, to be executed once or for each page.
pub(super) struct Call<Q> {
    portal: Portal,
    /// Kept from page to page, with the document that the portal accepts.
    negotiation: Mutex<Negotiation>,
    predicates: Vec<Predicate>,
    typed: PhantomData<fn() -> Q>,
}

/// Decoded data, and what came with it.
pub(super) struct Answer<D> {
    data: D,
    refusal: Refusal,
    origin: String,
    facts: PageFacts,
}

/// The parts of a page: its list, its next cursor, and the total count.
pub(super) type Parts<I> = (Option<Vec<Option<I>>>, Option<Text>, Option<i64>);

/// An item, and the fields that the portal lacks.
pub struct FoundItem<T> {
    pub item: T,
    pub omitted: Vec<String>,
}

/// An untyped response, for `optra api`.
pub struct RawAnswer {
    /// The body as received.
    pub body: Vec<u8>,
    /// The body after repair, if it needed one.
    repaired: Option<String>,
    /// True if there is data, with or without errors.
    pub has_data: bool,
    /// The portal's errors, if there are any.
    pub refusal: Option<Refusal>,
}

/// A request, and what is needed to decode its response.
struct Prepared<'d> {
    request: Request<'d>,
    /// The predicates that the portal will evaluate, by field.
    pushed: Vec<String>,
    /// The variables sent, if the document is not ours.
    variables: Value,
    cursor: Option<String>,
}

/// Why no request can be sent.
enum Unsendable {
    /// The portal's document may not use these variables.
    Lost(Vec<String>),
    Failed(Error),
}

impl From<Error> for Unsendable {
    fn from(error: Error) -> Unsendable {
        Unsendable::Failed(error)
    }
}

impl<Q: Typed> Call<Q> {
    /// Prepares an operation with all fields of the contract.
    pub fn new(portal: &Portal) -> Result<Call<Q>, Error> {
        let negotiation = portal.negotiation(Q::OPERATION)?;
        Ok(Call::with(portal, negotiation, Vec::new()))
    }

    /// Prepares a listing with the fields of a query.
    pub fn listing(portal: &Portal, query: &ListQuery) -> Result<Call<Q>, Error> {
        let negotiation = portal.negotiation(Q::OPERATION)?;
        let negotiation = match query.projection.exclusive {
            true => negotiation.projected(query.projection.fields.clone()),
            false => negotiation,
        };
        Ok(Call::with(portal, negotiation, query.predicates.clone()))
    }

    fn with(portal: &Portal, negotiation: Negotiation, predicates: Vec<Predicate>) -> Call<Q> {
        Call { portal: portal.clone(), negotiation: Mutex::new(negotiation), predicates, typed: PhantomData }
    }

    /// Executes the operation with a document that the portal accepts.
    pub fn execute(&self, variables: Q::Variables) -> Result<Answer<Q::ResponseData>, Error> {
        let mut negotiation = self.negotiation.lock().unwrap_or_else(PoisonError::into_inner);
        let executed = self.portal.negotiate(&mut negotiation, str::to_owned, |negotiation| {
            let document = negotiation.document();
            let answer = self.attempt(document, &variables, &self.predicates);
            let is_refused = |error: &Error| matches!(error.failure(), Failure::Refused(_));
            match answer {
                // Retry without pushdown: the portal may refuse a predicate, such as a word that its enum lacks.
                Err((error, true)) if is_refused(&error) => {
                    self.attempt(document, &variables, &[]).map_err(|(error, _)| error)
                }
                answer => answer.map_err(|(error, _)| error),
            }
        });
        match executed {
            Err(error) => {
                let error = error.given(&negotiation.document().map(|document| document.given()).unwrap_or_default());
                Err(if Q::OPERATION.gives_secret() { error.mask_suspects() } else { error })
            }
            Ok(mut answer) if Q::OPERATION.gives_secret() => {
                answer.refusal.mask_suspects();
                Ok(answer)
            }
            executed => executed,
        }
    }

    /// Sends one document; an error comes with whether predicates were pushed down.
    fn attempt(
        &self,
        document: Option<&Arc<CompatDocument>>,
        variables: &Q::Variables,
        predicates: &[Predicate],
    ) -> Result<Answer<Q::ResponseData>, (Error, bool)> {
        let prepared = self.request(document, variables, predicates).map_err(|unsendable| match unsendable {
            Unsendable::Lost(lacks) => (self.portal.unsupported(Q::OPERATION, lacks, None), false),
            Unsendable::Failed(error) => (error, false),
        })?;
        let Prepared { request, pushed, variables, cursor } = prepared;
        let decoded = self.portal.client().execute(&request, |reply| {
            match document.and_then(|document| document.mapping.as_ref()) {
                None => self.portal.decode(Q::OPERATION, reply),
                Some(mapping) => {
                    let map = |data: &str| mapping.apply(data, &variables, cursor.as_deref());
                    self.portal.decode_mapped(Q::OPERATION, reply, map)
                }
            }
        });
        let Decoded { data, refusal, absent, more } = decoded.map_err(|error| (error, !pushed.is_empty()))?;
        let facts = PageFacts { document: document.cloned(), pushed, absent, more };
        Ok(Answer { data, refusal, origin: self.origin(), facts })
    }

    /// Builds the request for a document, with the predicates that it pushes down.
    fn request<'d>(
        &self,
        document: Option<&'d Arc<CompatDocument>>,
        variables: &impl Serialize,
        predicates: &[Predicate],
    ) -> Result<Prepared<'d>, Unsendable> {
        let operation = Q::OPERATION;
        let executing = |request: Request<'d>| request.executing(operation.is_mutation());
        let Some(document) = document else {
            let request = Request::new(operation.name, operation.document, Some(variables), Some(operation.name))?;
            return Ok(Prepared {
                request: executing(request),
                pushed: Vec::new(),
                variables: Value::Null,
                cursor: None,
            });
        };
        let given = serde_json::to_value(variables).unwrap_or_default();
        let cursor = given.get("after").and_then(Value::as_str).map(str::to_owned);
        let size = given.get("first").and_then(Value::as_i64);
        let (mut variables, lost) = document.split(given);
        // A listing works without a paging variable; a mutation without one of its variables would do something else.
        if !lost.is_empty() && operation.is_mutation() {
            return Err(Unsendable::Lost(lost.iter().map(|name| format!("${name}")).collect()));
        }
        let unset = |what| Error::new(Failure::Unset { operation: operation.word, what }, Certainty::NotExecuted);
        let page = PagePosition { cursor: cursor.as_deref(), size };
        document.fill(&mut variables, page, self.portal.variables()).map_err(unset)?;
        let pushed = document.push_down(predicates, &mut variables);
        let request = Request::new(operation.name, &document.document, Some(&variables), document.name.as_deref())?;
        Ok(Prepared { request: executing(request), pushed, variables, cursor })
    }

    /// Checks in the portal's schema whether the portal now pages, if a list of `count` items was taken for complete
    /// because of an earlier run's cache entry; if so, invalidates the entry. This sends one request, once for each
    /// length.
    pub fn may_be_page(&self, count: usize) -> bool {
        let mut negotiation = self.negotiation.lock().unwrap_or_else(PoisonError::into_inner);
        // What the user's binding says of paging is not doubted.
        let unconfirmed = || self.portal.cache().unconfirmed(Q::OPERATION, count);
        let Some(cached) = (!negotiation.is_bound()).then(unconfirmed).flatten() else { return false };
        let schema = self.portal.remote_schema();
        if schema.is_some_and(|schema| compat::has_no_paging(schema, Q::OPERATION, &cached.document)) {
            self.portal.cache().confirm(Q::OPERATION, count);
            return false;
        }
        self.portal.cache().forget(Q::OPERATION);
        negotiation.restart();
        true
    }

    /// Returns true if all pages must have the same size.
    pub fn needs_one_size(&self) -> bool {
        let negotiation = self.negotiation.lock().unwrap_or_else(PoisonError::into_inner);
        let mapping = negotiation.document().and_then(|document| document.mapping.as_ref());
        mapping.and_then(|mapping| mapping.pager.as_ref()).is_some_and(Pager::needs_one_size)
    }

    /// Returns the largest page size that the portal is known to allow.
    pub fn page_size(&self) -> Option<usize> {
        self.portal.cache().page_size(Q::OPERATION)
    }

    /// Records the largest page size that the portal allows.
    pub fn limit_page(&self, size: usize) {
        self.portal.cache().limit_page(Q::OPERATION, size);
    }

    /// Returns the portal's origin.
    pub fn origin(&self) -> String {
        self.portal.endpoint().origin()
    }
}

impl Portal {
    /// Executes any document; variables are a JSON object.
    pub fn execute_raw(
        &self,
        document: &str,
        variables: Option<&impl Serialize>,
        operation: Option<&str>,
    ) -> Result<RawAnswer, Error> {
        let mut envelope = self.client().envelope(&Request::new("", document, variables, operation)?)?;
        // By the specification, data is an object, or null with errors; anything else is no GraphQL response.
        let is_given = match envelope.data() {
            Some(data) => data.starts_with('{'),
            None => !envelope.refusal.errors.is_empty(),
        };
        if !is_given {
            return Err(envelope.refused());
        }
        let repaired = envelope.repaired_text();
        let Envelope { body, refusal, .. } = envelope;
        let has_data = !refusal.without_data;
        Ok(RawAnswer { body, repaired, has_data, refusal: (!refusal.errors.is_empty()).then_some(refusal) })
    }
}

impl RawAnswer {
    /// Returns the body as text: without a byte order mark, and with a replacement character for each invalid
    /// sequence.
    pub fn readable(&self) -> &[u8] {
        self.repaired.as_ref().map_or(&self.body, |text| text.as_bytes())
    }
}

impl<D> Answer<D> {
    /// Returns the root field that `root` picks; fails if it is null.
    pub fn root<T>(self, root: impl FnOnce(D) -> Option<T>) -> Result<T, Error> {
        let Answer { data, refusal, origin, facts } = self;
        root(data).ok_or_else(|| refused_or_bad(refusal, origin, "requested field", &facts))
    }

    /// Returns the page from the parts that `parts` picks.
    pub fn page<T, I: Into<T>>(self, parts: impl FnOnce(D) -> Option<Parts<I>>) -> Result<Page<T>, Error> {
        let Answer { data, refusal, origin, facts } = self;
        let Some((list, after, total)) = parts(data) else {
            return Err(refused_or_bad(refusal, origin, "requested field", &facts));
        };
        // A missing list is not an empty one, unless an error explains it.
        let Some(list) = list.or_else(|| (!refusal.errors.is_empty()).then(Vec::new)) else {
            return Err(refused_or_bad(refusal, origin, "list", &facts));
        };
        Ok(Page { errors: refusal.errors, facts, ..Page::new(list, after.map(Into::into), total) })
    }

    /// Returns the item that `root` picks, if there is one; fails if there are errors.
    pub fn one<T, F: Into<T>>(self, root: impl FnOnce(D) -> Option<F>) -> Result<Option<FoundItem<T>>, Error> {
        let omitted = self.facts.omitted().to_vec();
        Ok(root(self.complete()?).map(|found| FoundItem { item: found.into(), omitted }))
    }

    /// Returns the id under which the portal's logs have the request, if the portal sent one.
    pub fn request_id(&self) -> Option<RequestId> {
        self.refusal.request_id.clone()
    }

    /// Returns the message of the first error beside the data or in it.
    pub fn first_error(&self) -> Option<&str> {
        self.refusal.errors.first().map(|error| error.message.as_str())
    }

    /// Returns the data; fails if there are errors.
    pub fn complete(self) -> Result<D, Error> {
        self.without_errors().map(|answer| answer.data)
    }

    /// Returns the answer; fails if there are errors.
    pub fn without_errors(self) -> Result<Answer<D>, Error> {
        if self.refusal.errors.is_empty() {
            Ok(self)
        } else {
            Err(Error::from(self.refusal).given(&self.facts.given()))
        }
    }
}

/// Returns the error for a null where a result belongs: the portal's own, if there is one.
fn refused_or_bad(refusal: Refusal, origin: String, what: &str, facts: &PageFacts) -> Error {
    let given = facts.given();
    let error = match given.as_slice() {
        _ if !refusal.errors.is_empty() => refusal.into(),
        [] => null(refusal, origin, &format!("the {what} is null, and no error says why")),
        _ => null(
            refusal,
            origin,
            &format!("the {what} is null for the `{}` that the profile gives", given.join("`, `")),
        ),
    };
    error.given(&given)
}

fn null(refusal: Refusal, origin: String, problem: &str) -> Error {
    Error::bad_answer(origin, problem, Certainty::Unknown).of_request(refusal.request_id)
}
