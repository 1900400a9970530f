//! The one way to ask the portal something: an operation goes out, its typed data or an [`Error`] comes back.
//!
//! Nothing of a body is ever quoted in an error: what cannot be decoded may be a secret.

use graphql_client::GraphQLQuery;
use reqwest::header::CONTENT_TYPE;
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Portal;
use super::error::{Error, GraphQlError, Refusal};
use super::transport::{Exchange, Reply, listed, timed};

/// Data, and the errors that came beside it.
pub(super) struct Answer<D> {
    pub data: D,
    refusal: Refusal,
    origin: String,
}

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
struct RawRequest<'a> {
    query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<&'a Value>,
    #[serde(rename = "operationName", skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
}

/// The members of a GraphQL answer. `data: null` and no `data` differ: only the latter proves that nothing ran.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
    /// A list; some servers give a single error instead.
    #[serde(default)]
    errors: Value,
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

impl Portal {
    /// Sends one typed operation.
    pub(super) fn send<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Answer<Q::ResponseData>, Error> {
        let request = Q::build_query(variables);
        let reply = self.exchange(request.operation_name, &request)?;
        let (data, refusal) = self.open(request.operation_name, &reply)?;
        match data.filter(|data| data.get() != "null") {
            Some(data) => match decode(data) {
                Ok(data) => Ok(Answer { data, refusal, origin: self.endpoint.origin() }),
                // Errors explain data that is incomplete; the data does not explain itself.
                Err(_) if !refusal.errors.is_empty() => Err(Error::Refused(refusal)),
                Err(what) => Err(self.bad_answer(&what)),
            },
            None if !refusal.errors.is_empty() => Err(Error::Refused(refusal)),
            None => Err(self.bad_answer("it has neither data nor errors")),
        }
    }

    /// Sends any document; variables are a JSON object.
    pub fn send_raw(
        &self,
        document: &str,
        variables: Option<&Value>,
        operation: Option<&str>,
    ) -> Result<RawAnswer, Error> {
        let reply = self.exchange("", &RawRequest { query: document, variables, operation })?;
        let (data, refusal) = self.open(operation.unwrap_or("the document"), &reply)?;
        if data.is_none() && refusal.errors.is_empty() {
            return Err(self.bad_answer("it has neither data nor errors"));
        }
        let has_data = data.is_some_and(|data| data.get() != "null");
        let refusal = (!refusal.errors.is_empty()).then_some(refusal);
        Ok(RawAnswer { body: reply.body, has_data, refusal })
    }

    fn exchange(&self, operation: &str, request: &impl Serialize) -> Result<Reply, Error> {
        let body = serde_json::to_vec(request)
            .map_err(|error| Error::Setup { what: "the request".into(), source: error.into() })?;
        let request = self.observer.as_ref().map(|_| body.clone()).unwrap_or_default();
        let (reply, took) = timed(|| self.transport.post(&self.endpoint, body));
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

    /// Takes the envelope apart, or says what came instead of one.
    fn open<'r>(&self, operation: &str, reply: &'r Reply) -> Result<(Option<&'r RawValue>, Refusal), Error> {
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
            Err(_) => return Err(self.bad_answer(&what_came_instead(reply))),
        };
        let errors = match &envelope.errors {
            Value::Null => &[],
            Value::Array(errors) => &errors[..],
            single => std::slice::from_ref(single),
        };
        let refusal = Refusal {
            operation: operation.to_owned(),
            status: reply.status,
            before_execution: envelope.data.is_none(),
            errors: errors.iter().map(GraphQlError::read).collect(),
            retry_after: reply.retry_after(),
        };
        Ok((envelope.data, refusal))
    }

    fn bad_answer(&self, what: &str) -> Error {
        Error::BadAnswer { origin: self.endpoint.origin(), what: what.to_owned() }
    }
}

impl<D> Answer<D> {
    /// Returns the member that `root` picks, and the errors beside it; an absent member is a refusal.
    pub fn root<T>(self, root: impl FnOnce(D) -> Option<T>) -> Result<(T, Vec<GraphQlError>), Error> {
        match root(self.data) {
            Some(found) => Ok((found, self.refusal.errors)),
            None if !self.refusal.errors.is_empty() => Err(Error::Refused(self.refusal)),
            None => Err(Error::BadAnswer {
                origin: self.origin,
                what: "what was asked for is null, and no error says why".into(),
            }),
        }
    }

    /// Returns the data if no error stands beside it.
    pub fn whole(self) -> Result<D, Error> {
        if self.refusal.errors.is_empty() { Ok(self.data) } else { Err(Error::Refused(self.refusal)) }
    }
}

/// Decodes `data`; a failure names the place and the kind of trouble, never the value that stood there.
fn decode<D: DeserializeOwned>(data: &RawValue) -> Result<D, String> {
    serde_json::from_str(data.get()).map_err(|_| {
        // Keeping the path costs time, so only a failure pays for it, by a second reading.
        let mut json = serde_json::Deserializer::from_str(data.get());
        match serde_path_to_error::deserialize::<_, D>(&mut json) {
            Ok(_) => "`data` cannot be read".to_owned(),
            Err(error) => format!("`data.{}` is missing or of another type", error.path()),
        }
    })
}

fn what_came_instead(reply: &Reply) -> String {
    let body = reply.body.trim_ascii_start();
    if body.is_empty() {
        "the body is empty".to_owned()
    } else if body.starts_with(b"<") {
        "it is a web page, not JSON".to_owned()
    } else {
        format!("it is not JSON ({} bytes of type `{}`)", reply.body.len(), reply.header(CONTENT_TYPE))
    }
}
