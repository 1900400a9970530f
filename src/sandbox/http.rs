//! GraphQL over HTTP: one path, one method, one header with a key.
//!
//! It checks headers and sizes, and chooses the status. It does not interpret requests.

use std::io;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use http_body::Frame;
use tokio::runtime::Runtime;

use super::execute::{Answer, Portal};
use super::faults::{Chance, Encounter, Fault};
use super::refusal::{Code, Refusal};
use crate::loopback::{ForeignRequest, refuse_foreign};

const LARGEST_BODY: usize = 1 << 20;

const API_SECRET: HeaderName = HeaderName::from_static("api-secret");

/// The legacy media type, with which every well-formed request gets a 200.
const JSON: &str = "application/json";
/// The media type with which a refused request gets its own status.
const GRAPHQL: &str = "application/graphql-response+json";

/// Registers a bound socket with the runtime.
pub(super) fn listener(runtime: &Runtime, socket: TcpListener) -> io::Result<tokio::net::TcpListener> {
    socket.set_nonblocking(true)?;
    let _guard = runtime.enter();
    tokio::net::TcpListener::from_std(socket)
}

/// Answers requests until the process ends.
pub(super) async fn serve(listener: tokio::net::TcpListener, portal: Arc<Portal>, chance: Arc<Chance>) {
    let endpoint = post(graphql).with_state((portal, chance));
    let router = Router::new().route("/graphql", endpoint).layer(DefaultBodyLimit::max(LARGEST_BODY));
    // Send an answer at once instead of waiting for a full packet.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    // axum retries a failed accept, so this returns no error.
    let _ = axum::serve(listener, router).await;
}

type Served = (Arc<Portal>, Arc<Chance>);

async fn graphql(State((portal, chance)): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    let modern = accepts(&headers, GRAPHQL);
    let Encounter { fault, wait } = chance.next();
    let response = match fault {
        Some(Fault::Drop) => Lost::response(),
        Some(Fault::Status(status)) => failing(status, modern),
        Some(Fault::DropAfter) | None => match answer(&portal, &headers, &body, modern) {
            (_, Answer::Changed(_)) if fault.is_some() => Lost::response(),
            (status, answer) => respond(status, &answer, modern),
        },
    };
    if !wait.is_zero() {
        // The delay comes after the work, so a client that times out does not know whether it was done.
        tokio::time::sleep(wait).await;
    }
    response
}

/// Returns an injected fault of this status; a rate limit has a `Retry-After`.
fn failing(status: u16, modern: bool) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let refusal = Refusal::new(Code::of_status(status), format!("This is a fault of `--fail {status}`."));
    let mut response = respond(code, &refusal.into(), modern);
    if code == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// A body that fails before its first byte. The server has written nothing by then, and closes the connection.
struct Lost;

impl Lost {
    fn response() -> Response {
        Body::new(Lost).into_response()
    }
}

impl HttpBody for Lost {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}

fn respond(status: StatusCode, answer: &Answer, modern: bool) -> Response {
    let content_type = if modern { GRAPHQL } else { JSON };
    match serde_json::to_vec(answer) {
        Ok(body) => (status, [(CONTENT_TYPE, format!("{content_type}; charset=utf-8"))], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn answer(portal: &Portal, headers: &HeaderMap, body: &[u8], modern: bool) -> (StatusCode, Answer) {
    if let Err(stranger) = refuse_foreign(headers) {
        let problem = match stranger {
            ForeignRequest::Host => {
                "The sandbox accepts only the host names of this machine, such as 127.0.0.1 or localhost."
            }
            ForeignRequest::Origin => "The sandbox rejects requests of web pages from other machines.",
        };
        return (StatusCode::FORBIDDEN, Refusal::new(Code::Forbidden, problem.to_owned()).into());
    }
    let secret = headers.get(API_SECRET).and_then(|value| value.to_str().ok());
    let key = match portal.authenticate(secret) {
        Ok(key) => key,
        Err(refusal) if refusal.code == Code::Unauthenticated => return (StatusCode::UNAUTHORIZED, refusal.into()),
        Err(refusal) => return (StatusCode::INTERNAL_SERVER_ERROR, refusal.into()),
    };
    if !headers.get(CONTENT_TYPE).is_some_and(|value| value.to_str().is_ok_and(|value| is_type(value, JSON))) {
        let refusal = Refusal::new(Code::BadUserInput, format!("The content type must be {JSON}."));
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, refusal.into());
    }
    let request = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(error) => {
            let refusal = Refusal::new(Code::BadUserInput, format!("The body is not a GraphQL request: {error}."));
            return (StatusCode::BAD_REQUEST, refusal.into());
        }
    };
    let answer = portal.answer(&request, key);
    let refused = matches!(answer, Answer::Refused { .. });
    (if refused && modern { StatusCode::BAD_REQUEST } else { StatusCode::OK }, answer)
}

fn accepts(headers: &HeaderMap, wanted: &str) -> bool {
    let ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    ranges.flat_map(|value| value.split(',')).any(|range| is_type(range, wanted))
}

/// Compares a media type, ignoring its parameters.
fn is_type(value: &str, wanted: &str) -> bool {
    value.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use crate::sandbox::{Options, Sandbox, start};

    /// Sends a request, and returns the raw response.
    fn send(sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> String {
        send_as("Host: localhost\r\n", sandbox, method, path, headers, body)
    }

    fn send_as(who: &str, sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(sandbox.url().strip_prefix("http://").unwrap()).unwrap();
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\n{who}Connection: close\r\nContent-Length: {length}\r\n");
        write!(connection, "{head}{headers}\r\n{body}").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn no_page_of_another_machine_is_answered_whatever_its_name_leads_to() {
        let sandbox = start(Options::default()).unwrap();
        let headers = format!("api-secret: {}\r\ncontent-type: application/json\r\n", sandbox.key().expose());
        for (who, status) in [
            ("Host: 127.0.0.1:1\r\n", 200),
            ("Host: localhost\r\nOrigin: http://localhost:3000\r\n", 200),
            ("Host: evil.example\r\n", 403),
            ("Host: evil.example\r\nOrigin: http://evil.example\r\n", 403),
            ("Host: localhost\r\nOrigin: https://evil.example\r\n", 403),
            ("Host: localhost\r\nOrigin: null\r\n", 403),
            ("Host: localhost\r\nHost: evil.example\r\n", 403),
            ("", 403),
        ] {
            let answer = send_as(who, &sandbox, "POST", "/graphql", &headers, r#"{"query":"{__typename}"}"#);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{who}: {answer}");
        }
    }

    #[test]
    fn statuses_are_those_of_graphql_over_http() {
        let sandbox = start(Options::default()).unwrap();
        let json = format!("api-secret: {}\r\ncontent-type: application/json\r\n", sandbox.key().expose());
        let modern = format!("{json}accept: application/json;q=0.9, application/graphql-response+json\r\n");
        let plain = json.replace("application/json", "text/plain");
        let (good, wrong) = (r#"{"query":"{__typename}","extensions":{}}"#, r#"{"query":"{nothing}"}"#);
        for (headers, body, status) in [
            (json.as_str(), good, 200),
            (&json, wrong, 200),
            (&modern, good, 200),
            (&modern, wrong, 400),
            (&json, "{}", 400),
            (&json, "query", 400),
            (&plain, good, 415),
            ("content-type: application/json\r\napi-secret: x\r\n", "not even JSON", 401),
        ] {
            let answer = send(&sandbox, "POST", "/graphql", headers, body);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
            let content_type = if headers == modern { "application/graphql-response+json" } else { "application/json" };
            assert!(answer.contains(&format!("content-type: {content_type}; charset=utf-8")), "{answer}");
        }
        let get = send(&sandbox, "GET", "/graphql", &json, "");
        assert!(get.starts_with("HTTP/1.1 405 ") && get.contains("allow: POST"), "{get}");
        assert!(send(&sandbox, "POST", "/", &json, good).starts_with("HTTP/1.1 404 "));
    }
}
