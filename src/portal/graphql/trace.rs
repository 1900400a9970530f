//! The layer that reports each exchange to an observer. Without an observer it costs nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::layer::Execute;
use super::request::Request;
use crate::portal::error::Error;
use crate::portal::http::Reply;
use crate::portal::request_id::RequestId;

/// Called for every finished exchange, on any thread.
pub type Observer = Arc<dyn Fn(&Exchange<'_>) + Send + Sync>;

/// A finished exchange.
pub struct Exchange<'a> {
    /// The operation's name; empty for a user's document.
    pub operation: &'a str,
    pub url: &'a str,
    pub request_headers: Vec<(String, String)>,
    pub request: &'a [u8],
    pub status: u16,
    /// The id under which the portal's logs have the request.
    pub request_id: Option<&'a RequestId>,
    pub answer_headers: Vec<(String, String)>,
    pub answer: &'a [u8],
    pub took: Duration,
}

/// Observes the inner layer.
pub struct Trace<L> {
    pub inner: L,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub observer: Option<Observer>,
}

impl<L: Execute> Execute for Trace<L> {
    fn execute<T>(&self, request: &Request<'_>, open: &dyn Fn(Reply) -> Result<T, Error>) -> Result<T, Error> {
        let Some(observer) = &self.observer else { return self.inner.execute(request, open) };
        let start = Instant::now();
        self.inner.execute(request, &|reply| {
            observer(&Exchange {
                operation: request.name,
                url: &self.url,
                request_headers: self.headers.clone(),
                request: &request.body,
                status: reply.status,
                request_id: reply.request_id.as_ref(),
                answer_headers: reply.listed(),
                answer: &reply.body,
                took: start.elapsed(),
            });
            open(reply)
        })
    }
}
