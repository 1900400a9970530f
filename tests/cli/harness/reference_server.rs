//! The reference server, tests/servers/portal.js: started, asked for the requests it saw, and ended with the test. It
//! must not know what the portal does; only the JavaScript file does.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::request::Request;
use super::run::one_start_at_a_time;

const SERVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/portal.js");
const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/graphql/schema.graphql");
/// Where distributions install graphql-js; Node does not search there by default.
const NODE_PATH: &str = "/usr/share/nodejs:/usr/lib/node_modules:/usr/local/lib/node_modules";
const INSTALL: &str =
    "this test needs Node and graphql-js: apt-get install -y --no-install-recommends nodejs node-graphql";
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

pub struct ReferenceServer {
    pub url: String,
    child: Child,
    control: Option<ChildStdin>,
    lines: Mutex<Lines>,
}

/// The lines of the server's stdout, and the requests among them.
struct Lines {
    incoming: Receiver<Value>,
    requests: Vec<Request>,
    marks: u32,
}

impl ReferenceServer {
    /// The secret of the server's first key, unless an option changes it.
    pub const KEY: &str = "admin-key";

    /// Starts the server with these options of portal.js. Without `--schema` it serves the contract.
    #[track_caller]
    pub fn start(options: &[&str]) -> Self {
        let mut command = Command::new("node");
        command.arg(SERVER).args(options);
        if !options.contains(&"--schema") {
            command.args(["--schema", CONTRACT]);
        }
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("NODE_PATH", NODE_PATH);
        // stderr is inherited, so that a mistake in the options or the SDL shows in the test's output.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let started = {
            let _guard = one_start_at_a_time();
            command.spawn()
        };
        let mut child = started.unwrap_or_else(|error| panic!("cannot start `node` ({error}); {INSTALL}"));
        let control = child.stdin.take();
        let incoming = lines_of(child.stdout.take().expect("piped"));
        let mut portal = Self {
            url: String::new(),
            child,
            control,
            lines: Mutex::new(Lines { incoming, requests: Vec::new(), marks: 0 }),
        };
        let first = portal.lines.get_mut().expect("new").next();
        assert!(first["missing"].is_null(), "{INSTALL}");
        portal.url = first["url"].as_str().expect("the address comes first").to_owned();
        portal
    }

    /// Returns all answered requests so far.
    #[track_caller]
    pub fn requests(&self) -> Vec<Request> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.marks += 1;
        let mark = lines.marks.to_string();
        self.say(&mut lines, &mark);
        lines.requests.clone()
    }

    /// Saves the current keys.
    #[track_caller]
    pub fn save_keys(&self) {
        self.say(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner), "keep");
    }

    /// Restores the saved keys, or those of the start, and forgets the requests.
    #[track_caller]
    pub fn restore_keys(&self, to_the_start: bool) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        self.say(&mut lines, if to_the_start { "begin" } else { "back" });
        lines.requests.clear();
    }

    /// Returns all keys that ever existed, with their secrets: `id`, `name`, `secret`, `revoked`.
    #[track_caller]
    pub fn keys(&self) -> Vec<Value> {
        let told = self.say(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner), "keys");
        told["keys"].as_array().expect("the keys").clone()
    }

    /// Returns the number of TLS connections.
    #[track_caller]
    pub fn handshakes(&self) -> u64 {
        let told = self.say(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner), "handshakes");
        told["handshakes"].as_u64().expect("a number")
    }

    /// Sends a control word to the server and returns its answer. The server logs a request before it answers it, so
    /// every request that the test knows of comes before that answer.
    #[track_caller]
    fn say(&self, lines: &mut Lines, word: &str) -> Value {
        writeln!(self.control.as_ref().expect("open until the end"), "{word}").expect("the portal listens");
        loop {
            let line = lines.next();
            if line["mark"] == word {
                return line;
            }
            lines.requests.push(request_of(&line));
        }
    }

    /// Returns the names of the requested operations, in order.
    #[track_caller]
    pub fn operations(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.operation().to_owned()).collect()
    }
}

impl Lines {
    #[track_caller]
    fn next(&self) -> Value {
        self.incoming.recv_timeout(ANSWER_LIMIT).expect("the portal still runs and answers; its complaint stands above")
    }
}

impl Drop for ReferenceServer {
    fn drop(&mut self) {
        // Closing stdin ends the server; the kill is for one that hangs.
        self.control = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines_of(stdout: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            let Ok(line) = line else { return };
            let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            if sender.send(value).is_err() {
                return;
            }
        }
    });
    receiver
}

fn request_of(line: &Value) -> Request {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let headers = line["headers"].as_object().into_iter().flatten();
    Request {
        method: text("method"),
        path: text("path"),
        headers: headers.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect(),
        body: line["body"].clone(),
        text: String::new(),
        status: line["status"].as_u64().and_then(|status| u16::try_from(status).ok()),
    }
}
