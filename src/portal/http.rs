//! One HTTP POST to the portal: the only place that builds an HTTP client, and the only header that carries a key.
//!
//! It follows no redirect, retries nothing, and knows nothing of GraphQL.

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use reqwest::{Client, StatusCode, redirect};
use tokio::runtime::{Builder, Runtime};

use super::endpoint::Endpoint;
use super::error::{Certainty, Error, Failure};
use super::fault::{self, Fault};
use super::issuer::issuer;
use super::request_id::RequestId;
use super::resolver::Resolver;
use super::tls;
use super::trace_context::TraceContext;
use super::transport::Transport;
use crate::secret::Secret;

/// The header that carries the key (documented).
const API_SECRET: HeaderName = HeaderName::from_static("api-secret");

/// The media types of a GraphQL response: the specification's, and the one used before it.
const GRAPHQL_JSON: &str = "application/graphql-response+json, application/json;q=0.9";

/// How long establishing a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long an idle connection is reused by default.
const IDLE: Duration = Duration::from_secs(1);

/// The largest response that is read: twice the size of a fleet of 100,000 devices on one page.
const LARGEST: usize = 96 << 20;

/// A complete response with any status.
pub struct Reply {
    pub origin: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// The id under which the portal's logs have the request.
    pub request_id: Option<RequestId>,
    pub body: Vec<u8>,
}

impl Reply {
    /// Returns a header's text; empty if there is none.
    pub fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns how long the portal asks us to wait, from a number of seconds or a date.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER);
        let until = || Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp());
        let from_now = |until: jiff::Timestamp| Duration::try_from(until.duration_since(crate::text::now()));
        text.parse().ok().map(Duration::from_secs).or_else(|| Some(from_now(until()?).unwrap_or_default()))
    }

    /// Returns the headers as text, for an observer.
    pub fn listed(&self) -> Vec<(String, String)> {
        listed(&self.headers)
    }
}

/// A client for one endpoint with one key; any thread may use it.
pub struct Http {
    endpoint: Endpoint,
    /// Reuses connections.
    pooled: Client,
    /// Opens a new connection for each request; created when needed.
    fresh: OnceLock<Client>,
    /// True once the pool may hold a connection.
    is_used: AtomicBool,
    headers: HeaderMap,
    /// `None` only while the client is dropped.
    runtime: Option<Runtime>,
    transport: Transport,
}

impl Http {
    /// Creates the client, without a key for a mere reachability check. Loads trust roots for https only: loading
    /// costs more than a whole http request.
    pub fn new(endpoint: &Endpoint, key: Option<&Secret>, transport: Transport) -> Result<Http, Error> {
        // An error means that a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let pooled = client(endpoint, &transport, usize::MAX)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::setup("the network", error))?;
        let (fresh, is_used) = (OnceLock::new(), AtomicBool::new(false));
        let (endpoint, headers) = (endpoint.clone(), headers(key, &transport)?);
        Ok(Http { endpoint, pooled, fresh, is_used, headers, runtime: Some(runtime), transport })
    }

    /// Returns true if every request carries that key.
    pub fn carries(&self, secret: &Secret) -> bool {
        self.headers.get(API_SECRET).is_some_and(|value| value.as_bytes() == secret.expose().as_bytes())
    }

    /// Returns the headers of every request as text.
    pub fn headers(&self) -> Vec<(String, String)> {
        listed(&self.headers)
    }

    /// Posts a JSON body and reads the complete response, whatever its status; a redirect is an error. Uses a new
    /// connection if `fresh` says so and the pool may hold one.
    pub fn post(&self, body: &[u8], fresh: impl FnOnce() -> bool) -> Result<Reply, Error> {
        let Some(runtime) = &self.runtime else { unreachable!("the runtime lives as long as the client") };
        let client = if self.is_used.swap(true, Ordering::Relaxed) && fresh() { self.fresh()? } else { &self.pooled };
        runtime.block_on(async {
            let request = client.post(self.endpoint.url().clone()).headers(self.headers.clone()).body(body.to_vec());
            let mut response = request.send().await.map_err(|error| self.lost(error))?;
            let (origin, status) = (self.endpoint.origin(), response.status());
            let headers = std::mem::take(response.headers_mut());
            let request_id = RequestId::of(&headers);
            if is_redirect(status) {
                let target = headers.get(LOCATION).map(|value| self.endpoint.url().join(value.to_str().ok()?).ok());
                let target = match target {
                    None => "no address at all".to_owned(),
                    Some(None) => "an unreadable address".to_owned(),
                    Some(Some(url)) => url.origin().ascii_serialization(),
                };
                let failure = Failure::Redirected { origin, target };
                return Err(Error::new(failure, Certainty::Unknown).of_request(request_id));
            }
            let mut body = Vec::new();
            let lost = |error| self.lost(error).of_request(request_id.clone());
            while let Some(chunk) = response.chunk().await.map_err(lost)? {
                if body.len() + chunk.len() > LARGEST {
                    let what = format!("it is larger than {} MiB", LARGEST >> 20);
                    return Err(Error::bad_answer(origin, what, Certainty::Unknown).of_request(request_id));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Reply { origin, status: status.as_u16(), headers, request_id, body })
        })
    }

    fn fresh(&self) -> Result<&Client, Error> {
        if let Some(client) = self.fresh.get() {
            return Ok(client);
        }
        let client = client(&self.endpoint, &self.transport, 0)?;
        Ok(self.fresh.get_or_init(|| client))
    }

    /// Explains a request without a complete response.
    fn lost(&self, error: reqwest::Error) -> Error {
        let origin = self.endpoint.origin();
        // Nothing is written before a connection is established.
        let certainty = if error.is_connect() { Certainty::NotExecuted } else { Certainty::Unknown };
        if error.is_timeout() {
            let limit = if error.is_connect() { CONNECT_LIMIT } else { Duration::MAX };
            let limit = self.transport.timeout.map_or(limit, |total| total.min(limit));
            return Error::new(Failure::Timeout { origin, limit }, certainty);
        }
        let via = self.transport.proxy.as_ref().filter(|_| !self.endpoint.is_loopback());
        if let Some(fault) = fault::fault(&error) {
            let fault = match fault {
                // Through a proxy, a separate look might see another certificate.
                Fault::UnknownIssuer(_) if via.is_none() => Fault::UnknownIssuer(issuer(&self.endpoint)),
                fault => fault,
            };
            let via = via.map_or_else(String::new, |proxy| format!(" through the proxy {proxy}"));
            return Error::new(Failure::Certificate { origin, via, fault }, certainty);
        }
        // The outermost message repeats the URL, which our own message contains already.
        let source = match error.source() {
            Some(cause) => anyhow::Error::msg(chain(cause)),
            None => anyhow::Error::msg("no cause was given"),
        };
        let source = match via {
            Some(proxy) => anyhow::anyhow!("through the proxy {proxy}: {source}"),
            None => source,
        };
        let failure = match error.is_connect() {
            true => Failure::Unreachable { origin, source },
            false => Failure::ConnectionLost { origin, source },
        };
        Error::new(failure, certainty)
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // A plain drop would wait for a name lookup in progress.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn client(endpoint: &Endpoint, transport: &Transport, idle: usize) -> Result<Client, Error> {
    let Transport { timeout, cacert, client_cert, client_key, .. } = transport;
    let mut builder = Client::builder()
        // A redirect would take the key along: reqwest removes only the well-known credential headers.
        .redirect(redirect::Policy::none())
        .dns_resolver(Arc::new(Resolver { loopback_only: !endpoint.is_https() }))
        .pool_max_idle_per_host(idle)
        .pool_idle_timeout(transport.idle.unwrap_or(IDLE))
        .connect_timeout(timeout.map_or(CONNECT_LIMIT, |limit| limit.min(CONNECT_LIMIT)));
    if let Some(limit) = timeout {
        builder = builder.timeout(*limit);
    }
    if endpoint.is_loopback() {
        // A proxy would see the key of a plain http request.
        builder = builder.no_proxy();
    }
    if !endpoint.is_https() {
        builder = builder.tls_certs_only([]);
    } else if let Some(path) = cacert {
        builder = builder.tls_certs_only(tls::authorities(path)?);
    }
    match (client_cert, client_key) {
        (Some(certificate), key) if endpoint.is_https() => {
            builder = builder.identity(tls::identity(certificate, key.as_deref())?);
        }
        (None, Some(_)) if endpoint.is_https() => {
            let problem = anyhow::Error::msg("it goes with a certificate: name that with `--client-cert FILE`");
            return Err(Error::setup("the client's private key", problem));
        }
        _ => {}
    }
    builder.build().map_err(|error| Error::setup("the HTTP client", error))
}

fn headers(key: Option<&Secret>, transport: &Transport) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static(GRAPHQL_JSON)),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (USER_AGENT, HeaderValue::from_static(concat!("optra/", env!("CARGO_PKG_VERSION")))),
    ]);
    for (name, value) in transport.trace.iter().flat_map(TraceContext::headers) {
        let value = HeaderValue::from_str(value).map_err(|error| Error::setup("the trace of this run", error))?;
        headers.insert(HeaderName::from_static(name), value);
    }
    for (name, value) in &transport.headers {
        let unusable =
            || Error::setup(format!("the header `{name}`"), anyhow::Error::msg("it is not a valid HTTP header value"));
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| unusable())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?, value);
    }
    // Inserted last, so that the user's headers cannot replace it.
    if let Some(key) = key {
        let mut secret = HeaderValue::from_str(key.expose()).map_err(|_| {
            Error::setup("the API key", anyhow::Error::msg("it holds characters that no HTTP header can carry"))
        })?;
        secret.set_sensitive(true);
        headers.insert(API_SECRET, secret);
    }
    Ok(headers)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 300..=303 | 307 | 308)
}

/// Joins an error and its causes without repetitions: many wrappers repeat what they wrap.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        // hyper names the layer before the cause.
        if !text.starts_with("client error (") && !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}

fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
