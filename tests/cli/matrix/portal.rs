//! A portal that executes requests, keeps its keys, counts requests, and misbehaves at one chosen request. It must not
//! understand GraphQL beyond the client's own documents; it asks a sandbox for all else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use super::faults::{Act, End, Fault};

/// The key in use: long enough that every part of it is recognizable.
pub const KEY: &str = "k7WqB3x-hunter2-PjR5vTn9-LmZx81";

/// A part of every secret that the portal generates.
pub const CANARY: &str = "c4n4ry";

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The name of the operation; `*` for every request.
    pub operation: &'static str,
    /// Which request of that operation, from 1.
    pub nth: usize,
    /// True if every later request is struck, too.
    pub lasts: bool,
    /// True if the portal executes the request before the fault.
    pub done: bool,
}

impl Stage {
    /// Returns a label: `KeysGenerate#1 done, and after`.
    pub fn label(&self) -> String {
        let Stage { operation, nth, lasts, done } = self;
        let (done, lasts) = (if *done { " done" } else { "" }, if *lasts { ", and after" } else { "" });
        format!("{operation}#{nth}{done}{lasts}")
    }
}

pub struct ApiKey {
    pub id: String,
    pub name: Option<String>,
    pub secret: String,
    pub is_alive: bool,
}

#[derive(Default)]
pub struct State {
    pub keys: Vec<ApiKey>,
    /// The requested operations, in order.
    pub asked: Vec<String>,
    struck: bool,
    armed: Option<(Stage, Arc<Fault>)>,
    closing: bool,
}

/// The sandbox that answers what this portal does not know.
#[derive(Clone, Default)]
pub struct Upstream {
    pub url: String,
    pub key: String,
}

pub struct Portal {
    pub url: String,
    address: String,
    state: Arc<Mutex<State>>,
}

trait Wire: Read + Write + Send {
    fn tcp(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Wire for rustls::StreamOwned<rustls::ServerConnection, TcpStream> {
    fn tcp(&self) -> &TcpStream {
        &self.sock
    }
}

impl Portal {
    /// Starts a portal that is honest until it is armed. `certificates` is a folder with `cert.pem` and the like.
    pub fn start(fault: &Fault, upstream: &Upstream, certificates: &Path) -> Portal {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound").to_string();
        let scheme = if fault.act.is_tls() { "https" } else { "http" };
        let state = Arc::<Mutex<State>>::default();
        lock(&state).keys = vec![
            ApiKey { id: "key-1".into(), name: Some("mine".into()), secret: KEY.into(), is_alive: true },
            ApiKey { id: "key-2".into(), name: Some("old".into()), secret: "none-of-ours".into(), is_alive: true },
        ];
        let (theirs, upstream, folder) = (Arc::clone(&state), upstream.clone(), certificates.to_owned());
        let tls = fault.act.certificate().map(|name| Arc::new(tls(&folder, name)));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if lock(&theirs).closing {
                    return;
                }
                let (state, upstream, tls) = (Arc::clone(&theirs), upstream.clone(), tls.clone());
                thread::spawn(move || accept(stream, &state, &upstream, tls));
            }
        });
        Portal { url: format!("{scheme}://{address}"), address, state }
    }

    /// Arms the portal with a fault.
    pub fn arm(&self, stage: Stage, fault: &Arc<Fault>) {
        let mut state = lock(&self.state);
        state.asked.clear();
        state.armed = Some((stage, Arc::clone(fault)));
        if matches!(fault.act, Act::Refused) {
            state.closing = true;
            drop(state);
            // Only a connection wakes the listener; wait until it is gone.
            drop(TcpStream::connect(&self.address));
            while TcpStream::connect(&self.address).is_ok() {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        lock(&self.state).closing = true;
        drop(TcpStream::connect(&self.address));
    }
}

impl State {
    /// Returns the number of requests of an operation.
    pub fn count(&self, operation: &str) -> usize {
        self.asked.iter().filter(|asked| *asked == operation).count()
    }

    pub fn has_struck(&self) -> bool {
        self.struck
    }

    /// Records a request, and returns the fault that strikes it.
    fn strikes(&mut self, operation: &str) -> Option<(Stage, Arc<Fault>)> {
        self.asked.push(operation.to_owned());
        let (stage, fault) = self.armed.clone()?;
        let nth = if stage.operation == "*" { self.asked.len() } else { self.count(operation) };
        let is_meant = stage.operation == "*" || stage.operation == operation;
        let hit = match self.struck {
            true => stage.lasts || is_meant,
            false => is_meant && nth >= stage.nth,
        };
        self.struck |= hit;
        hit.then_some((stage, fault))
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tls(folder: &Path, name: &str) -> rustls::ServerConfig {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = CertificateDer::from_pem_file(folder.join(format!("{name}cert.pem"))).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(folder.join(format!("{name}key.pem"))).expect("a key");
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    config.with_single_cert(vec![certificate], key).expect("a pair")
}

fn accept(mut stream: TcpStream, state: &Mutex<State>, upstream: &Upstream, tls: Option<Arc<rustls::ServerConfig>>) {
    let _ = stream.set_nodelay(true);
    // No wait is longer than a test may be.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let _ = stream.set_write_timeout(Some(Duration::from_secs(30)));
    let armed = lock(state).armed.clone();
    if let Some((_, fault)) = &armed {
        match &fault.act {
            Act::Accept(end) => {
                lock(state).struck = true;
                return finish(&stream, *end);
            }
            Act::Hello(answer) => {
                lock(state).struck = true;
                let _ = stream.read(&mut [0; 16 * 1024]);
                let _ = stream.write_all(answer);
                return finish(&stream, End::Close);
            }
            _ => {}
        }
    }
    match tls {
        None => serve(stream, state, upstream),
        Some(config) => {
            let Ok(connection) = rustls::ServerConnection::new(config) else { return };
            let mut stream = rustls::StreamOwned::new(connection, stream);
            if stream.flush().is_err() || stream.conn.complete_io(&mut stream.sock).is_err() {
                lock(state).struck = true;
                return finish(&stream.sock, End::Close);
            }
            serve(stream, state, upstream);
        }
    }
}

fn finish(stream: &TcpStream, end: End) {
    match end {
        End::Reset => {
            let _ = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
        }
        End::Close => drop(stream.shutdown(Shutdown::Both)),
        // Until the client closes the connection.
        End::Stay => drop((&*stream).read(&mut [0; 1])),
    }
}

fn serve(stream: impl Wire, state: &Mutex<State>, upstream: &Upstream) {
    let mut reader = BufReader::new(stream);
    while let Some((key, body)) = read_request(&mut reader) {
        let operation = operation(&body);
        let struck = lock(state).strikes(&operation.0);
        let answer = match &struck {
            Some((stage, _)) if !stage.done && is_mutation(&operation.0) => json!({"data": null}).to_string(),
            _ => honest(state, &key, &operation.0, &body, upstream),
        };
        let wire = reader.get_mut();
        match struck.as_ref().map(|(_, fault)| &fault.act) {
            Some(Act::Reply(reply, end) | Act::OverTls(reply, end)) => {
                // Some faults are about a client that disconnects midway.
                let _ = reply(wire, &answer).and_then(|()| wire.flush());
                return finish(wire.tcp(), *end);
            }
            Some(Act::Accept(end)) => return finish(wire.tcp(), *end),
            _ => {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
                if write!(wire, "{head}{}\r\n\r\n{answer}", answer.len()).and_then(|()| wire.flush()).is_err() {
                    return;
                }
            }
        }
    }
}

/// Answers each request of a connection, until one side closes it.
pub fn each_request(stream: TcpStream, answer: impl Fn(&Value, &mut dyn Write) -> std::io::Result<()>) {
    let mut reader = BufReader::new(stream);
    while let Some((_, body)) = read_request(&mut reader) {
        if answer(&body, reader.get_mut()).is_err() {
            return;
        }
    }
}

/// Reads a request: its key and its body.
fn read_request(reader: &mut BufReader<impl Wire>) -> Option<(String, Value)> {
    let (mut key, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(':') {
            None if line.trim_end().is_empty() => break,
            Some((name, said)) if name.eq_ignore_ascii_case("content-length") => length = said.trim().parse().ok()?,
            Some((name, said)) if name.eq_ignore_ascii_case("api-secret") => said.trim().clone_into(&mut key),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((key, serde_json::from_slice(&body).ok()?))
}

/// Returns the name of the operation, and the document.
fn operation(body: &Value) -> (String, String) {
    let document = body["query"].as_str().unwrap_or_default().to_owned();
    let name = match body["operationName"].as_str() {
        _ if document.contains("generateApiKey") && document.starts_with("mutation") => "KeysGenerate",
        Some(name) => name,
        None => document.strip_prefix("query ").and_then(|rest| rest.split([' ', '(']).next()).unwrap_or_default(),
    };
    (name.to_owned(), document.clone())
}

pub fn is_mutation(operation: &str) -> bool {
    matches!(operation, "KeysGenerate" | "KeysRevoke")
}

/// Returns the answer of an honest portal.
fn honest(state: &Mutex<State>, key: &str, operation: &str, body: &Value, upstream: &Upstream) -> String {
    let variables = &body["variables"];
    let mut state = lock(state);
    let Some(own) = state.keys.iter().position(|known| known.is_alive && known.secret == key) else {
        let refused = json!({"message": "no such key", "extensions": {"code": "UNAUTHENTICATED"}});
        return json!({ "errors": [refused] }).to_string();
    };
    let listed = |key: &ApiKey| {
        json!({"id": key.id, "name": key.name, "createdAt": "2020-01-01T00:00:00Z", "lastUsedAt": "2020-01-02T00:00:00Z",
               "createdBy": "a@b.example"})
    };
    let data = match operation {
        "AuthViewer" => {
            json!({"viewer": {"organization": {"id": "o", "name": "Org", "personal": false}, "apiKey": listed(&state.keys[own])}})
        }
        "DevicesList" | "Fleet" => match variables["after"].as_str() {
            None => json!({"devices": {"data": [device(1), device(2)], "after": "2", "total": 3}}),
            Some(_) => json!({"devices": {"data": [device(3)], "after": null, "total": 3}}),
        },
        "DevicesShow" => json!({ "device": device(1) }),
        "KeysList" => {
            let alive: Vec<Value> = state.keys.iter().filter(|key| key.is_alive).map(listed).collect();
            json!({"apiKeys": {"data": alive, "after": null, "total": alive.len()}})
        }
        "KeysGenerate" => {
            let (id, name) = (format!("key-{}", state.keys.len() + 1), variables["name"].as_str().map(str::to_owned));
            let secret = format!("s{}-{CANARY}-Xb82nQzR7tLw", state.keys.len());
            let made = json!({"id": id, "secret": secret, "name": name, "createdAt": "2026-01-01T00:00:00Z"});
            state.keys.push(ApiKey { id, name, secret, is_alive: true });
            json!({ "generateApiKey": made })
        }
        "KeysRevoke" => {
            let id = variables["id"].as_str().unwrap_or_default();
            let key = state.keys.iter_mut().find(|key| key.id == id && key.is_alive);
            json!({"revokeApiKey": key.map(|key| { key.is_alive = false; json!({ "id": key.id }) })})
        }
        _ => {
            drop(state);
            return ask(upstream, body).unwrap_or_else(|| json!({"errors": [{"message": "no sandbox"}]}).to_string());
        }
    };
    json!({ "data": data }).to_string()
}

fn device(n: u32) -> Value {
    json!({"id": format!("d{n}"), "name": format!("dev-{n}"), "serialNumber": "SN", "model": "m", "status": "ONLINE",
           "enabled": true, "firmwareVersion": "1", "ipAddress": "10.0.0.1", "macAddress": "0", "timezone": "UTC",
           "tags": [{"id": "t", "name": "pilot"}],
           "location": {"id": "l", "name": "Dock", "address": "Quay", "latitude": 1.5, "longitude": 2.5},
           "lastSeenAt": "2026-01-01T00:00:00Z", "createdAt": "2020-01-01T00:00:00Z"})
}

fn ask(upstream: &Upstream, body: &Value) -> Option<String> {
    let host = upstream.url.strip_prefix("http://")?;
    let mut stream = TcpStream::connect(host).ok()?;
    let body = body.to_string();
    let length = body.len();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nhost: {host}\r\napi-secret: {}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}",
        upstream.key
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    assert!(!head.to_lowercase().contains("chunked"), "the sandbox says how long its answers are");
    Some(body.to_owned())
}
