//! Checks whether anything answers at a portal's address, and reads its clock. It sends no key, because the server may
//! be anybody's.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE};

use super::endpoint::Endpoint;
use super::error::Error;
use super::http::Http;
use super::transport::Transport;

/// A query that every GraphQL server can answer or refuse.
const BODY: &str = r#"{"query":"query Typename { __typename }","operationName":"Typename"}"#;

/// A response of any kind.
#[derive(Debug)]
pub struct Reached {
    pub status: u16,
    /// Empty if the response has none.
    pub content_type: String,
    /// The server's time.
    pub date: Option<Timestamp>,
    pub took: Duration,
}

/// Sends one request without a key.
pub fn reach(endpoint: &Endpoint, transport: Transport) -> Result<Reached, Error> {
    let http = Http::new(endpoint, None, transport)?;
    let start = Instant::now();
    let reply = http.post(BODY.as_bytes(), || false)?;
    let date = jiff::fmt::rfc2822::parse(reply.header(DATE)).ok().map(|date| date.timestamp());
    let content_type = reply.header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_owned();
    Ok(Reached { status: reply.status, content_type, date, took: start.elapsed() })
}
