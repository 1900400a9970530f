//! The one way to ask the portal something: an operation goes out, its typed data or an [`Error`] comes back.
//!
//! Nothing of a body is ever quoted in an error: what cannot be decoded may be a secret.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use graphql_client::{GraphQLQuery, QueryBody};
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;

use super::envelope::{self, Envelope};
use super::error::{Error, GraphQlError, Refusal};
use super::fit::{self, Fitted, Operation, Paging};
use super::operations::{self, OPERATIONS};
use super::repair::repair;
use super::transport::{Exchange, Reply, listed, timed};
use super::{Portal, Wanted};

/// Data, and the errors that came beside it.
pub(super) struct Answer<D> {
    data: D,
    refusal: Refusal,
    origin: String,
    fitted: Option<Fitted>,
}

/// The root member of an answer, with what a listing has to know of the whole.
pub(super) struct Root<T> {
    pub found: T,
    pub errors: Vec<GraphQlError>,
    pub left_out: Vec<String>,
    pub paging: Paging,
}

/// A request that was sent ahead of time.
pub(super) struct Ahead {
    body: Vec<u8>,
    reply: JoinHandle<(Result<Reply, Error>, Duration)>,
}

/// One thing, and the fields of it that this portal could not be asked for.
pub struct Shown<T> {
    pub item: T,
    pub left_out: Vec<String>,
}

/// More errors than a person reads, or than one document can have.
const MOST_ERRORS: usize = 500;

/// An answer for which no type is known: what `optra api` prints.
pub struct RawAnswer {
    /// The body as it came.
    pub body: Vec<u8>,
    /// True where there is data, whatever stands beside it.
    pub has_data: bool,
    /// What the portal refused, if anything.
    pub refusal: Option<Refusal>,
}

#[derive(Serialize)]
pub(super) struct RawRequest<'a> {
    pub query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<&'a Value>,
    #[serde(rename = "operationName", skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'a str>,
}

impl Portal {
    /// Sends one typed operation, in a form that the portal accepts.
    pub(super) fn send<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Answer<Q::ResponseData>, Error> {
        self.send_choosing::<Q>(&[], variables)
    }

    /// Does the same, and has the portal choose among the items, where it can be told what fields have to be.
    fn send_choosing<Q: GraphQLQuery>(
        &self,
        equal: &[(String, String)],
        variables: Q::Variables,
    ) -> Result<Answer<Q::ResponseData>, Error> {
        let QueryBody { variables, query, operation_name } = Q::build_query(variables);
        let operation = operations::typed(operation_name, query);
        self.adapt(operation, |fitted| {
            self.persist(|| query.starts_with("query"), || self.ask(operation, fitted, &variables, equal))
        })
    }

    /// Sends one typed read that asks for the wanted fields only; all of them where that is refused, so that it is learned what
    /// this portal lacks.
    pub(super) fn send_narrow<Q: GraphQLQuery>(
        &self,
        wanted: &Wanted,
        variables: impl Fn() -> Q::Variables,
    ) -> Result<Answer<Q::ResponseData>, Error> {
        let QueryBody { variables: given, query, operation_name } = Q::build_query(variables());
        let operation = operations::typed(operation_name, query);
        let narrow = self.narrow(operation, wanted)?;
        let whole = || self.send_choosing::<Q>(&wanted.equal, variables());
        let Some(fitted) = narrow else { return whole() };
        match self.persist(|| true, || self.ask(operation, Some(&fitted), &given, &wanted.equal)) {
            Err(Error::Refused(refusal)) if refusal.may_be_of_the_document(false) => whole(),
            answer => answer,
        }
    }

    /// Returns the document that this portal accepts with only the wanted fields in it; none where there is no such choice.
    fn narrow(&self, operation: Operation, wanted: &Wanted) -> Result<Option<Fitted>, Error> {
        if !wanted.only || self.bindings.recall(operation)?.is_some() {
            return Ok(None);
        }
        let mut narrowed = self.narrowed.borrow_mut();
        let remembered = self.memory.borrow().recall(operation);
        let document = remembered.as_ref().map_or(operation.document, |fitted| &fitted.document);
        // The same for every page.
        if narrowed.as_ref().is_none_or(|(from, _)| from != document) {
            let fitted = fit::narrow(operation, document, &wanted.fields, remembered.as_ref());
            *narrowed = fitted.map(|fitted| (document.to_owned(), fitted));
        }
        Ok(narrowed.as_ref().map(|(_, fitted)| fitted.clone()))
    }

    /// Sends a read ahead of time: when the same is asked for in earnest, its answer may be there already.
    pub(super) fn foresee<Q: GraphQLQuery>(&self, wanted: &Wanted, variables: Q::Variables) {
        let QueryBody { variables, query, operation_name } = Q::build_query(variables);
        let operation = operations::typed(operation_name, query);
        let bound = self.bindings.recall(operation).ok().flatten();
        let narrow = || self.narrow(operation, wanted).ok().flatten();
        let fitted = bound.or_else(narrow).or_else(|| self.memory.borrow().recall(operation));
        // Whatever stands in the way will be told when it is asked for in earnest.
        let Ok(body) = self.body(operation, fitted.as_ref(), &variables, &wanted.equal) else { return };
        let (transport, endpoint, sent) = (Arc::clone(&self.transport), self.endpoint.clone(), body.clone());
        let reply = thread::spawn(move || timed(|| transport.post(&endpoint, sent, |_| false)));
        self.ahead.replace(Some(Ahead { body, reply }));
    }

    /// Returns the body of a request in the form that this portal accepts.
    fn body(
        &self,
        operation: Operation,
        fitted: Option<&Fitted>,
        variables: &impl Serialize,
        equal: &[(String, String)],
    ) -> Result<Vec<u8>, Error> {
        let Some(fitted) = fitted else {
            let (query, operation_name) = (operation.document, operation.name);
            return written(&QueryBody { variables, query, operation_name });
        };
        let (mut variables, lost) = fitted.split(serde_json::to_value(variables).unwrap_or_default());
        // A page that is not asked for still comes; what a mutation is not told would be done otherwise.
        if !lost.is_empty() && fit::is_mutation(&fitted.document) {
            let lacks = lost.iter().map(|name| format!("${name}")).collect();
            return Err(self.unfit(operation, lacks, None));
        }
        fitted.choose(equal, &mut variables);
        let (query, operation) = (&*fitted.document, fitted.name.as_deref());
        written(&RawRequest { query, variables: Some(&variables), operation })
    }

    fn ask<D: DeserializeOwned>(
        &self,
        operation: Operation,
        fitted: Option<&Fitted>,
        variables: &impl Serialize,
        equal: &[(String, String)],
    ) -> Result<Answer<D>, Error> {
        let body = self.body(operation, fitted, variables, equal)?;
        let reply = self.exchange_body(operation.name, body)?;
        let answer = |data, refusal| Answer { data, refusal, origin: self.endpoint.origin(), fitted: fitted.cloned() };
        // An answer that is as it should be is read once; the others are taken apart first.
        if let Some(data) = envelope::whole(&reply) {
            return Ok(answer(data, Refusal::default()));
        }
        self.opened(&reply, |data, refusal, replaced| {
            let decoded = match data.filter(|data| data.get() != "null") {
                Some(data) => {
                    envelope::decode(data).or_else(|what| self.decode_leniently(data, operation, replaced).ok_or(what))
                }
                None => Err("it has neither data nor errors".to_owned()),
            };
            match decoded {
                Ok(data) => Ok(answer(data, refusal)),
                // Errors explain data that is incomplete; the data does not explain itself.
                Err(_) if !refusal.errors.is_empty() => Err(Error::Refused(refusal)),
                Err(what) => Err(self.bad_answer(&what)),
            }
        })
    }

    /// Sends any document; variables are a JSON object.
    pub fn send_raw(
        &self,
        document: &str,
        variables: Option<&Value>,
        operation: Option<&str>,
    ) -> Result<RawAnswer, Error> {
        let is_read = || fit::has_mutation(document) == Some(false);
        self.persist(is_read, || self.ask_raw(document, variables, operation))
    }

    fn ask_raw(&self, document: &str, variables: Option<&Value>, operation: Option<&str>) -> Result<RawAnswer, Error> {
        let reply = self.exchange("", &RawRequest { query: document, variables, operation })?;
        let (is_there, refusal) = self.opened(&reply, |data, refusal, _| Ok((data.is_some(), refusal)))?;
        if !is_there && refusal.errors.is_empty() {
            return Err(self.bad_answer("it has neither data nor errors"));
        }
        let has_data = !refusal.without_data;
        let refusal = (!refusal.errors.is_empty()).then_some(refusal);
        Ok(RawAnswer { body: reply.body, has_data, refusal })
    }

    /// Lets no document out that would change something, where nothing may be changed.
    fn permit(&self, body: &[u8]) -> Result<(), Error> {
        if !self.read_only {
            return Ok(());
        }
        match has_mutation(body) {
            Some(false) => Ok(()),
            Some(true) => Err(Error::ReadOnly("has a mutation")),
            None => Err(Error::ReadOnly("cannot be read, so it may have a mutation")),
        }
    }

    pub(super) fn exchange(&self, operation: &str, request: &impl Serialize) -> Result<Reply, Error> {
        self.exchange_body(operation, written(request)?)
    }

    fn exchange_body(&self, operation: &str, body: Vec<u8>) -> Result<Reply, Error> {
        self.permit(&body)?;
        let request = self.observer.as_ref().map(|_| body.clone()).unwrap_or_default();
        let ahead = self.ahead.take().filter(|ahead| ahead.body == body);
        let (reply, took) = match ahead.map(|ahead| ahead.reply.join()) {
            Some(Ok(foreseen)) => foreseen,
            _ => timed(|| self.transport.post(&self.endpoint, body, |body| !is_read(operation, body))),
        };
        let reply = reply?;
        if let Some(observer) = &self.observer {
            observer(&Exchange {
                operation,
                url: self.endpoint.url().as_str(),
                request_headers: listed(self.transport.headers()),
                request: &request,
                status: reply.status,
                answer_headers: listed(&reply.headers),
                answer: &reply.body,
                took,
            });
        }
        Ok(reply)
    }

    /// Takes the envelope apart; one that strict readers refuse for one bad value, once it is repaired.
    fn opened<T>(
        &self,
        reply: &Reply,
        read: impl FnOnce(Option<&RawValue>, Refusal, usize) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.open(reply) {
            Ok((data, refusal)) => read(data, refusal, 0),
            Err(error) => {
                let Some((repaired, replaced)) = envelope::repaired(reply) else { return Err(error) };
                let (data, refusal) = self.open(&repaired)?;
                read(data, refusal, replaced)
            }
        }
    }

    /// Takes the envelope apart, or says what came instead of one.
    pub(super) fn open<'r>(&self, reply: &'r Reply) -> Result<(Option<&'r RawValue>, Refusal), Error> {
        let envelope = match serde_json::from_slice::<Envelope>(&reply.body) {
            Ok(envelope) if envelope.data.is_some() || !envelope.errors.is_null() => envelope,
            _ if !(200..300).contains(&reply.status) => {
                return Err(Error::Status {
                    origin: self.endpoint.origin(),
                    status: reply.status,
                    content_type: reply.header(CONTENT_TYPE).to_owned(),
                    retry_after: reply.retry_after(),
                });
            }
            Ok(_) => return Err(self.bad_answer("it is JSON, but no GraphQL answer")),
            Err(_) if serde_json::from_slice::<IgnoredAny>(&reply.body).is_ok() => {
                return Err(self.bad_answer("it is JSON, but no GraphQL answer"));
            }
            Err(_) => return Err(self.bad_answer(&envelope::what_came_instead(reply))),
        };
        let errors = match &envelope.errors {
            Value::Null => &[],
            Value::Array(errors) => &errors[..],
            single => std::slice::from_ref(single),
        };
        let refusal = Refusal {
            status: reply.status,
            is_request_error: envelope.is_request_error(reply.status),
            without_data: envelope.data.is_none_or(|data| data.get() == "null"),
            errors: errors.iter().take(MOST_ERRORS).map(GraphQlError::read).collect(),
            retry_after: reply.retry_after(),
        };
        Ok((envelope.data, refusal))
    }

    /// Decodes what is not as the contract says: a value that cannot be one of its type is left out and told, once.
    fn decode_leniently<D: DeserializeOwned>(
        &self,
        data: &RawValue,
        operation: Operation,
        replaced: usize,
    ) -> Option<D> {
        if data.get().len() > envelope::LARGEST_REPAIRED {
            return None;
        }
        let repaired = repair(data.get().as_bytes());
        let mut value: Value = serde_json::from_str(&repaired.text).ok()?;
        let nulled = fit::coerce(&mut value, operation)?;
        let decoded = serde_json::from_value(value).ok()?;
        if repaired.replaced + replaced > 0 {
            self.tell_once("some text of the portal's is not Unicode; what cannot be read is shown as \u{fffd}");
        }
        for path in nulled {
            self.tell_once(&format!("some `{path}` of the portal's is not what the contract says, and is left out"));
        }
        Some(decoded)
    }

    fn tell_once(&self, sentence: &str) {
        if let Some(notice) = self.notice.as_ref().filter(|_| self.told.borrow_mut().insert(sentence.to_owned())) {
            notice(sentence);
        }
    }

    /// Returns the list of a page. One that is not there is no empty one, unless an error says why.
    pub(super) fn list_of<T>(&self, list: Option<Vec<T>>, errors: &[GraphQlError]) -> Result<Vec<T>, Error> {
        match list {
            Some(list) => Ok(list),
            None if errors.is_empty() => Err(self.bad_answer("the list is null, and no error says why")),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn bad_answer(&self, what: &str) -> Error {
        Error::BadAnswer { origin: self.endpoint.origin(), what: what.to_owned() }
    }
}

impl<D> Answer<D> {
    /// Returns the member that `root` picks, and what stands beside it; an absent member is a refusal.
    pub fn root<T>(self, root: impl FnOnce(D) -> Option<T>) -> Result<Root<T>, Error> {
        let (left_out, paging) = self.fitted.map(|fitted| (fitted.left_out, fitted.paging)).unwrap_or_default();
        match root(self.data) {
            Some(found) => Ok(Root { found, errors: self.refusal.errors, left_out, paging }),
            None if !self.refusal.errors.is_empty() => Err(Error::Refused(self.refusal)),
            None => Err(Error::BadAnswer {
                origin: self.origin,
                what: "what was asked for is null, and no error says why".into(),
            }),
        }
    }

    /// Returns the one thing that `root` picks, if there is one and no error stands beside it.
    pub fn one<T, F: Into<T>>(self, root: impl FnOnce(D) -> Option<F>) -> Result<Option<Shown<T>>, Error> {
        let left_out = self.fitted.as_ref().map(|fitted| fitted.left_out.clone()).unwrap_or_default();
        Ok(root(self.whole()?).map(|found| Shown { item: found.into(), left_out }))
    }

    /// Returns the data if no error stands beside it.
    pub fn whole(self) -> Result<D, Error> {
        if self.refusal.errors.is_empty() { Ok(self.data) } else { Err(Error::Refused(self.refusal)) }
    }
}

fn written(request: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(request).map_err(|error| Error::Setup { what: "the request".into(), source: error.into() })
}

/// Returns true for a request that changes nothing. Of an operation of ours that is known without looking.
fn is_read(operation: &str, body: &[u8]) -> bool {
    match OPERATIONS.iter().find(|known| known.name == operation) {
        Some(known) => known.document.starts_with("query"),
        // A probe names a query as the one to run.
        None => !operation.is_empty() || has_mutation(body) == Some(false),
    }
}

/// Returns true if a request's document changes something; none for one that cannot be parsed.
fn has_mutation(body: &[u8]) -> Option<bool> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    fit::has_mutation(request["query"].as_str().unwrap_or_default())
}
