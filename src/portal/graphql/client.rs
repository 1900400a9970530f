//! The client: one exchange over HTTP, wrapped in layers, the outermost first.

use super::envelope::Envelope;
use super::layer::Execute;
use super::read_only::ReadOnly;
use super::request::Request;
use super::retry::{Notice, Retry};
use super::trace::{Observer, Trace};
use crate::portal::endpoint::Endpoint;
use crate::portal::error::Error;
use crate::portal::http::{Http, Reply};
use crate::secret::Secret;

/// Callbacks for requests, notices and retries, on any thread.
#[derive(Clone, Default)]
pub struct Observers {
    pub exchanges: Option<Observer>,
    pub notices: Option<Notice>,
    /// Called for each retry of a read.
    pub retries: Option<Notice>,
}

/// A client for one endpoint with one key.
pub struct Client(ReadOnly<Retry<Trace<Wire>>>);

/// The innermost layer: one POST.
struct Wire(Http);

impl Execute for Wire {
    fn execute<T>(&self, request: &Request<'_>, open: &dyn Fn(Reply) -> Result<T, Error>) -> Result<T, Error> {
        // A server may have closed an idle connection silently; a mutation that is lost on one is not retried.
        let fresh = || !request.is_read();
        let mut reply = self.0.post(&request.body, fresh)?;
        if reply.request_id.is_some() && !request.is_read() {
            // Drop an id that may repeat a new secret in the response.
            reply.request_id.take_if(|id| id.repeats(&reply.body));
        }
        let id = reply.request_id.clone();
        open(reply).map_err(|error| error.of_request(id))
    }
}

impl Client {
    /// Wraps a transport in the layers.
    pub fn new(
        http: Http,
        endpoint: &Endpoint,
        retries: u32,
        read_only: Option<String>,
        observers: Observers,
    ) -> Client {
        let (url, headers) = (endpoint.url().to_string(), http.headers());
        let trace = Trace { inner: Wire(http), url, headers, observer: observers.exchanges };
        let retry = Retry { inner: trace, limit: retries, notice: observers.retries };
        Client(ReadOnly { inner: retry, by: read_only })
    }

    /// Returns true if every request carries that key.
    pub fn carries(&self, secret: &Secret) -> bool {
        self.0.inner.inner.inner.0.carries(secret)
    }

    /// Executes a request; `open` decodes the complete reply, whatever its status.
    pub fn execute<T>(&self, request: &Request<'_>, open: impl Fn(Reply) -> Result<T, Error>) -> Result<T, Error> {
        self.0.execute(request, &open)
    }

    /// Executes a request, and returns its envelope.
    pub fn envelope(&self, request: &Request<'_>) -> Result<Envelope, Error> {
        self.execute(request, Envelope::open)
    }
}
