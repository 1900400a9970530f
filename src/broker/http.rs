//! The HTTP server of a broker: one path, one method, one header with the token.
//!
//! It checks headers and sizes, asks the policy, and forwards; it does not interpret documents. Only the rewritten
//! parts of a request are forwarded, and only the body and three headers of an answer come back.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as Incoming, State};
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::entry::{Entry, Line, Log};
use super::listen::Bound;
use super::policy::Policy;
use super::rate_limit::RateLimit;
use super::request::Request;
use super::token::Token;
use crate::loopback::{ForeignRequest, refuse_foreign};
use crate::portal::error::Failure;
use crate::portal::{Forwarded, Portal};
use crate::secret;

/// No honest request is larger.
const LARGEST_BODY: usize = 1 << 20;

/// How long a program may take to send its request.
const PATIENCE: Duration = Duration::from_secs(30);

const API_SECRET: HeaderName = HeaderName::from_static("api-secret");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

/// The shared state of all requests.
pub(super) struct Broker {
    pub portal: Portal,
    pub policy: Policy,
    pub token: Token,
    pub rate_limit: Option<RateLimit>,
    /// Limits concurrent requests to the portal.
    pub turns: Semaphore,
    pub log: Option<Box<dyn Log>>,
    /// False once the token is invalid.
    pub is_open: Arc<AtomicBool>,
}

/// A listener, registered with the runtime.
pub(super) enum Listener {
    Port(tokio::net::TcpListener),
    #[cfg(unix)]
    Socket(tokio::net::UnixListener),
}

/// Registers a bound listener with the runtime.
pub(super) fn listener(runtime: &Runtime, bound: Bound) -> io::Result<Listener> {
    let _guard = runtime.enter();
    match bound {
        Bound::Port(listener) => tokio::net::TcpListener::from_std(listener).map(Listener::Port),
        #[cfg(unix)]
        Bound::Socket(listener) => tokio::net::UnixListener::from_std(listener).map(Listener::Socket),
    }
}

/// Answers requests until the process ends.
pub(super) async fn serve(listener: Listener, broker: Arc<Broker>) {
    let router = Router::new().route("/graphql", post(answer).fallback(nothing)).fallback(nothing).with_state(broker);
    // axum retries a failed accept, so this returns no error.
    let _ = match listener {
        Listener::Port(listener) => {
            // Send an answer at once instead of waiting for a full packet.
            let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
            axum::serve(listener, router).await
        }
        #[cfg(unix)]
        Listener::Socket(listener) => axum::serve(listener, router).await,
    };
}

/// Why the broker refuses a request: a status, `extensions.code`, a message, and a delay for a retry.
struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    wait: Option<Duration>,
}

impl Refusal {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into(), wait: None }
    }
}

async fn answer(State(broker): State<Arc<Broker>>, incoming: Incoming) -> Response {
    let (mut entry, mut line) = (Entry::now(), None);
    let accept = incoming.headers().get(ACCEPT).cloned();
    let (response, length) = match exchange(&broker, incoming, &mut entry, &mut line).await {
        Ok(forwarded) => told(forwarded),
        Err(refusal) => refused(&refusal, accept.as_ref()),
    };
    logged(&broker, line, entry, response, length, accept.as_ref())
}

/// Answers what is no POST to the one path. The body is empty: a client must not take it for an answer of the portal.
async fn nothing(State(broker): State<Arc<Broker>>, incoming: Incoming) -> Response {
    let accept = incoming.headers().get(ACCEPT).cloned();
    let response = match incoming.uri().path() {
        "/graphql" => (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")]).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    };
    logged(&broker, None, Entry::now(), response, 0, accept.as_ref())
}

/// Logs a response, and returns it; a refusal in its place if nothing was sent on and the log cannot be written.
fn logged(
    broker: &Broker,
    line: Option<Line>,
    entry: Entry,
    response: Response,
    length: usize,
    accept: Option<&HeaderValue>,
) -> Response {
    let entry = Entry { status: Some(response.status().as_u16()), bytes: Some(length), ..entry };
    match broker.log.as_ref().map(|log| log.end(line.as_ref(), &entry)) {
        // What was sent on has its line already, without the status, and the program needs the answer.
        Some(Err(_)) if line.is_none() => refused(&unlogged(), accept).0,
        _ => response,
    }
}

fn unlogged() -> Refusal {
    Refusal::new(503, "UNAVAILABLE", "the log of this broker cannot be written, so nothing was sent to the portal")
}

/// Checks a request from the outside in: the body is not read before the token is valid.
async fn exchange(
    broker: &Arc<Broker>,
    incoming: Incoming,
    entry: &mut Entry,
    line: &mut Option<Line>,
) -> Result<Forwarded, Refusal> {
    check_headers(broker, incoming.headers())?;
    if let Some(Err(wait)) = broker.rate_limit.as_ref().map(|rate_limit| rate_limit.admit(Instant::now())) {
        let refusal = Refusal::new(429, "RATE_LIMITED", "too many requests in this minute");
        return Err(Refusal { wait: Some(wait), ..refusal });
    }
    let body = match timeout(PATIENCE, to_bytes(incoming.into_body(), LARGEST_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Err(Refusal::new(413, "BAD_USER_INPUT", "the request is too large, or incomplete")),
        Err(_) => return Err(Refusal::new(408, "BAD_USER_INPUT", "the request took too long")),
    };
    let refused = |refused: super::refused::Refused| {
        let (code, status) = refused.code();
        Refusal::new(status, code, refused.to_string())
    };
    let request = Request::read(&body).map_err(refused)?;
    *entry = std::mem::take(entry).of(&request);
    broker.policy.check(&request.document).map_err(refused)?;
    let gone = || Refusal::new(503, "UNAVAILABLE", "the broker is shutting down");
    let _turn = broker.turns.acquire().await.map_err(|_| gone())?;
    if !broker.is_open.load(Ordering::SeqCst) {
        return Err(unknown());
    }
    entry.allowed = true;
    if let Some(log) = &broker.log {
        *line = Some(log.begin(entry).map_err(|_| {
            entry.allowed = false;
            unlogged()
        })?);
    }
    let asking = Arc::clone(broker);
    // The portal's client has its own runtime, and blocks.
    tokio::task::spawn_blocking(move || forward(&asking.portal, &request)).await.map_err(|_| gone())?
}

fn check_headers(broker: &Broker, headers: &HeaderMap) -> Result<(), Refusal> {
    refuse_foreign(headers).map_err(|stranger| {
        Refusal::new(
            403,
            "FORBIDDEN",
            match stranger {
                ForeignRequest::Host => {
                    "a broker accepts only the host names of this machine, such as 127.0.0.1 or localhost"
                }
                ForeignRequest::Origin => "a broker rejects requests of web pages from other machines",
            },
        )
    })?;
    let mut tokens = headers.get_all(API_SECRET).iter();
    let is_known = match (tokens.next(), tokens.next()) {
        (Some(token), None) => broker.token.is(token.as_bytes()),
        _ => false,
    };
    if !is_known || !broker.is_open.load(Ordering::SeqCst) {
        return Err(unknown());
    }
    // A web page can send other types without a CORS preflight.
    match headers.get(CONTENT_TYPE).is_some_and(|value| is_type(value, JSON)) {
        true => Ok(()),
        false => Err(Refusal::new(415, "BAD_USER_INPUT", format!("the content type has to be {JSON}"))),
    }
}

fn unknown() -> Refusal {
    Refusal::new(401, "UNAUTHENTICATED", "`api-secret` is not the token of this broker")
}

fn forward(portal: &Portal, request: &Request) -> Result<Forwarded, Refusal> {
    let Request { document, variables, operation } = request;
    let answer = portal.forward(&document.text, variables.as_deref(), operation.as_deref(), document.has_mutation);
    answer.map_err(|error| {
        // A status from 500 on proves nothing about what was executed.
        let status = if matches!(error.failure(), Failure::Timeout { .. }) { 504 } else { 502 };
        Refusal::new(status, "BAD_GATEWAY", error.to_string())
    })
}

/// Returns the portal's answer, with the key masked if the portal repeats it.
fn told(forwarded: Forwarded) -> (Response, usize) {
    let Forwarded { status, content_type, retry_after, request_id, body } = forwarded;
    let body = match secret::mask_bytes(&body, None) {
        Cow::Borrowed(_) => body,
        Cow::Owned(masked) => masked,
    };
    let length = body.len();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers =
        [(CONTENT_TYPE, content_type), (RETRY_AFTER, retry_after), (REQUEST_ID, request_id.unwrap_or_default())];
    for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty() && secret::mask(value) == *value) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    (response, length)
}

fn refused(refusal: &Refusal, accept: Option<&HeaderValue>) -> (Response, usize) {
    let Refusal { status, code, message, wait } = refusal;
    let body =
        json!({ "errors": [{ "message": secret::mask(message), "extensions": { "code": code, "broker": true } }] })
            .to_string();
    let length = body.len();
    let modern = accept.is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains(GRAPHQL)));
    let content_type = if modern { GRAPHQL } else { JSON };
    let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(CONTENT_TYPE, format!("{content_type}; charset=utf-8"))], body).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
    }
    (response, length)
}

/// Compares a media type, ignoring its parameters.
fn is_type(value: &HeaderValue, wanted: &str) -> bool {
    let name = value.to_str().ok().and_then(|value| value.split(';').next());
    name.is_some_and(|name| name.trim().eq_ignore_ascii_case(wanted))
}
