//! A mock HTTP server that follows the script of a test: faults, and answers that no honest portal gives. It must not
//! understand GraphQL beyond the name of the operation, and unused answers must fail the test.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::json;

use super::answer::{Answer, End};
use super::request::Request;

#[derive(Default)]
struct State {
    script: BTreeMap<String, Answers>,
    requests: Vec<Request>,
    open: Vec<TcpStream>,
    surprises: Vec<String>,
    lenient: bool,
    closing: bool,
}

#[derive(Default)]
struct Answers {
    waiting: VecDeque<Answer>,
    last: Option<Answer>,
}

pub struct MockServer {
    pub url: String,
    state: Arc<Mutex<State>>,
    listening: Option<JoinHandle<()>>,
}

impl MockServer {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let state = Arc::<Mutex<State>>::default();
        let theirs = Arc::clone(&state);
        let listening = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if lock(&theirs).closing {
                    return;
                }
                let state = Arc::clone(&theirs);
                thread::spawn(move || serve(stream, &state));
            }
        });
        Self { url, state, listening: Some(listening) }
    }

    /// Adds an answer to an operation, or with `*` to every operation without its own. The last one repeats.
    #[must_use]
    pub fn answer(self, operation: &str, answer: Answer) -> Self {
        lock(&self.state).script.entry(operation.to_owned()).or_default().waiting.push_back(answer);
        self
    }

    /// Allows unused answers and unexpected operations.
    #[must_use]
    pub fn lenient(self) -> Self {
        lock(&self.state).lenient = true;
        self
    }

    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.clone()
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        let open = {
            let mut state = lock(&self.state);
            state.closing = true;
            std::mem::take(&mut state.open)
        };
        for stream in open {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Only a connection wakes the listener.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        let ended = self.listening.take().map(JoinHandle::join);
        let mut state = lock(&self.state);
        if state.lenient || thread::panicking() {
            return;
        }
        assert!(matches!(ended, Some(Ok(()))), "the scripted server broke");
        let mut complaints = std::mem::take(&mut state.surprises);
        for (operation, answers) in &state.script {
            if !answers.waiting.is_empty() {
                complaints.push(format!("{operation}: {} answers were never asked for", answers.waiting.len()));
            }
        }
        drop(state);
        assert!(complaints.is_empty(), "the script was not followed:\n{}", complaints.join("\n"));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let (Ok(reading), Ok(kept)) = (stream.try_clone(), stream.try_clone()) else {
        return;
    };
    lock(state).open.push(kept);
    let mut reader = BufReader::new(reading);
    while let Some(request) = read_request(&mut reader) {
        let answer = choose(&mut lock(state), request);
        match answer.end {
            End::Never => return,
            End::Whole | End::Cut(_) if answer.write_to(&mut stream).unwrap_or(false) => {}
            _ => break,
        }
    }
    // The clone that is kept for the drop would hold the connection open.
    let _ = stream.shutdown(Shutdown::Both);
}

fn choose(state: &mut State, request: Request) -> Answer {
    let operation = request.operation().to_owned();
    state.requests.push(request);
    let key = if state.script.contains_key(&operation) { operation.as_str() } else { "*" };
    let Some(answers) = state.script.get_mut(key) else {
        state.surprises.push(format!("unexpected operation {operation:?}"));
        return Answer::json(500, json!({ "errors": [{ "message": format!("not in the script: {operation:?}") }] }));
    };
    if let Some(next) = answers.waiting.pop_front() {
        answers.last = Some(next);
    }
    answers.last.clone().expect("an operation has at least one answer")
}

/// Reads one request; `None` at the end of the connection, or if it is not HTTP with a content length.
fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut first = lines.first()?.split(' ').map(str::to_owned);
    let (method, path) = (first.next()?, first.next()?);
    let pairs = lines[1..].iter().filter_map(|line| line.split_once(':'));
    let headers: BTreeMap<_, _> =
        pairs.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned())).collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text.clone().into());
    Some(Request { method, path, headers, body, text, status: None })
}
