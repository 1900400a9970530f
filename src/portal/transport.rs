//! One HTTP POST to the portal: the only place that builds an HTTP client and the only header that carries a key.
//!
//! It follows no redirect, retries nothing, and knows nothing of GraphQL.

use std::error::Error as _;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use reqwest::{Client, StatusCode, redirect};
use tokio::runtime::{Builder, Runtime};

use super::endpoint::Endpoint;
use super::error::Error;
use crate::secret::Secret;

/// The header that carries the key (documented).
const API_SECRET: HeaderName = HeaderName::from_static("api-secret");

/// The media types of a GraphQL answer: the specification's own, and the one from before it.
const GRAPHQL_JSON: &str = "application/graphql-response+json, application/json;q=0.9";

/// How long a connection may take to be made.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// A connection that nothing was sent over for so long is not used again.
const IDLE: Duration = Duration::from_secs(1);

/// A fleet of 100,000 devices in one answer is half of it; a server that sends without end is not read without end.
const LARGEST: usize = 96 << 20;

/// What of the transport a user may set.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The limit of one request from connecting to the last byte; none means no limit.
    pub timeout: Option<Duration>,
    /// A PEM file of the certificate authorities to trust instead of the system's.
    pub cacert: Option<PathBuf>,
    /// Where what is learned of this portal is remembered; none for nowhere.
    pub memory: Option<PathBuf>,
    /// How often a read is asked for again after a fault that may pass.
    pub retries: u32,
    /// True where no mutation may be sent.
    pub read_only: bool,
    /// The directory of the bindings to use; none for none.
    pub bindings: Option<PathBuf>,
}

/// What an observer is told of a finished request.
pub struct Exchange<'a> {
    /// The operation's name; empty for a document that is not ours.
    pub operation: &'a str,
    pub url: &'a str,
    pub request_headers: Vec<(String, String)>,
    pub request: &'a [u8],
    pub status: u16,
    pub answer_headers: Vec<(String, String)>,
    pub answer: &'a [u8],
    pub took: Duration,
}

pub(super) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// Returns a header's text; nothing where there is none.
    pub fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns how long the portal asks to wait: a number of seconds, or until a date.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER);
        let until = || Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp());
        let from_now = |until: jiff::Timestamp| Duration::try_from(until.duration_since(jiff::Timestamp::now()));
        text.parse().ok().map(Duration::from_secs).or_else(|| Some(from_now(until()?).unwrap_or_default()))
    }
}

pub(super) struct Transport {
    /// Keeps connections for the next request.
    pooled: Client,
    /// Makes a connection for each request; made when it is needed.
    fresh: OnceLock<Client>,
    /// True once a connection may lie in the pool.
    is_used: AtomicBool,
    headers: HeaderMap,
    /// Gone only while it is dropped.
    runtime: Option<Runtime>,
    options: Options,
}

impl Transport {
    /// Makes the client. Trust roots are read for https only: they cost more than a whole http request.
    pub fn new(endpoint: &Endpoint, key: &Secret, options: &Options) -> Result<Transport, Error> {
        // An error means that a provider is installed already, which is all that is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let pooled = client(endpoint, options, usize::MAX)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| setup("the network", error))?;
        let (headers, options) = (headers(key)?, options.clone());
        let (fresh, is_used) = (OnceLock::new(), AtomicBool::new(false));
        Ok(Transport { pooled, fresh, is_used, headers, runtime: Some(runtime), options })
    }

    /// Returns true for the key that every request carries.
    pub fn carries(&self, secret: &Secret) -> bool {
        self.headers.get(API_SECRET).is_some_and(|value| value.as_bytes() == secret.expose().as_bytes())
    }

    /// Returns the client that keeps no connection.
    fn fresh(&self, endpoint: &Endpoint) -> Result<&Client, Error> {
        if let Some(client) = self.fresh.get() {
            return Ok(client);
        }
        let client = client(endpoint, &self.options, 0)?;
        Ok(self.fresh.get_or_init(|| client))
    }

    /// Returns the headers that every request has.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Posts a JSON body and reads the whole answer, whatever its status, unless it is a redirect. A server may have closed
    /// an idle connection unannounced, so what must not get lost goes over one of its own, where `alone` says so.
    pub fn post(&self, endpoint: &Endpoint, body: Vec<u8>, alone: impl FnOnce(&[u8]) -> bool) -> Result<Reply, Error> {
        let Some(runtime) = &self.runtime else { unreachable!("the runtime lives as long as the transport") };
        let is_used = self.is_used.swap(true, Ordering::Relaxed);
        let client = if is_used && alone(&body) { self.fresh(endpoint)? } else { &self.pooled };
        runtime.block_on(async {
            let request = client.post(endpoint.url().clone()).headers(self.headers.clone()).body(body);
            let mut response = request.send().await.map_err(|error| self.lost(endpoint, error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            if is_redirect(status) {
                let target = headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
                let target = match endpoint.url().join(target) {
                    Ok(url) => url.origin().ascii_serialization(),
                    Err(_) => "an unreadable address".to_owned(),
                };
                return Err(Error::Redirected { origin: endpoint.origin(), target });
            }
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(|error| self.lost(endpoint, error))? {
                if body.len() + chunk.len() > LARGEST {
                    let what = format!("it is larger than {} MiB", LARGEST >> 20);
                    return Err(Error::BadAnswer { origin: endpoint.origin(), what });
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Reply { status: status.as_u16(), headers, body })
        })
    }

    /// Says what became of a request without a whole answer.
    fn lost(&self, endpoint: &Endpoint, error: reqwest::Error) -> Error {
        let origin = endpoint.origin();
        if error.is_timeout() {
            let sent = !error.is_connect();
            let limit = if sent { Duration::MAX } else { CONNECT_LIMIT };
            return Error::Timeout {
                origin,
                limit: self.options.timeout.map_or(limit, |total| total.min(limit)),
                sent,
            };
        }
        // The outermost message repeats the URL, which our own message has already said.
        let source = match error.source() {
            Some(cause) => anyhow::Error::msg(chain(cause)),
            None => anyhow::Error::msg("no cause was given"),
        };
        if error.is_connect() { Error::Unreachable { origin, source } } else { Error::BrokenOff { origin, source } }
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        // A plain drop would wait for a name look-up that is still under way.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn client(endpoint: &Endpoint, options: &Options, idle: usize) -> Result<Client, Error> {
    let mut builder = Client::builder()
        // Every redirect would take the key along: reqwest removes only the well-known credential headers.
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(idle)
        .pool_idle_timeout(IDLE)
        .connect_timeout(options.timeout.map_or(CONNECT_LIMIT, |limit| limit.min(CONNECT_LIMIT)));
    if let Some(limit) = options.timeout {
        builder = builder.timeout(limit);
    }
    if endpoint.is_loopback() {
        // A proxy would see the key of a plain http request.
        builder = builder.no_proxy();
    }
    if !endpoint.is_https() {
        builder = builder.tls_certs_only([]);
    } else if let Some(path) = &options.cacert {
        builder = builder.tls_certs_only(certificates(path)?);
    }
    builder.build().map_err(|error| setup("the HTTP client", error))
}

fn headers(key: &Secret) -> Result<HeaderMap, Error> {
    let mut secret = HeaderValue::from_str(key.expose())
        .map_err(|_| setup("the API key", anyhow::Error::msg("it holds characters that no HTTP header can carry")))?;
    secret.set_sensitive(true);
    Ok(HeaderMap::from_iter([
        (API_SECRET, secret),
        (ACCEPT, HeaderValue::from_static(GRAPHQL_JSON)),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (USER_AGENT, HeaderValue::from_static(concat!("optra/", env!("CARGO_PKG_VERSION")))),
    ]))
}

fn certificates(path: &PathBuf) -> Result<Vec<reqwest::Certificate>, Error> {
    let what = || format!("the certificate file `{}`", path.display());
    let pem = fs::read(path).map_err(|error| setup(what(), error))?;
    let certificates = reqwest::Certificate::from_pem_bundle(&pem).context("it is not PEM");
    let certificates = certificates.map_err(|error| setup(what(), error))?;
    if certificates.is_empty() {
        return Err(setup(what(), anyhow::Error::msg("it holds no certificate")));
    }
    Ok(certificates)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 300..=303 | 307 | 308)
}

fn setup(what: impl Into<String>, source: impl Into<anyhow::Error>) -> Error {
    Error::Setup { what: what.into(), source: source.into() }
}

/// Joins an error and its causes, without saying the same twice: many wrappers repeat what they wrap.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        // hyper names the layer before it names the cause.
        if !text.starts_with("client error (") && !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}

/// Returns headers as plain text, for an observer.
pub(super) fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// Measures one exchange for an observer.
pub(super) fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (run(), start.elapsed())
}
