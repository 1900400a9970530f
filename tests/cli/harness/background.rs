//! A program that runs in the background of a test: its output is captured, and it outlives neither its time limit nor
//! its test. It must not change or drop any output.

use std::io::{self, Read};
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};

use super::session::Session;

/// A program in the background, killed on drop.
pub struct Background {
    name: String,
    child: Child,
    stdout: Capture,
    stderr: Capture,
    limit: Duration,
}

impl Background {
    pub fn new(name: String, mut child: Child, reads: Option<u64>, limit: Duration) -> Self {
        let stdout = Capture::of(child.stdout.take().expect("piped"), reads.unwrap_or(u64::MAX));
        let stderr = Capture::of(child.stderr.take().expect("piped"), u64::MAX);
        Self { name, child, stdout, stderr, limit }
    }

    /// Waits for the first complete line on stdout, and returns it.
    #[track_caller]
    pub fn first_line(&self) -> String {
        let bytes = self.stdout.wait_for(Instant::now() + self.limit, |bytes| bytes.contains(&b'\n'));
        let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
        let line = text.split_once('\n').map(|(line, _)| line.to_owned());
        line.unwrap_or_else(|| panic!("`{}` printed no line:\n{}", self.name, self.printed()))
    }

    /// Waits until stderr contains this text.
    #[track_caller]
    pub fn wait_for_stderr(&self, text: &str) {
        let has_text = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(text);
        let seen = self.stderr.wait_for(Instant::now() + self.limit, has_text);
        assert!(seen.is_some(), "`{}` never said {text:?}:\n{}", self.name, self.printed());
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the program still runs");
    }

    /// Sends a signal, if the program is still running.
    #[cfg(unix)]
    pub fn try_signal(&self, signal: Signal) {
        let _ = kill_process(Pid::from_child(&self.child), signal);
    }

    /// Waits for the program to end.
    #[track_caller]
    pub fn end(mut self) -> Session {
        let deadline = Instant::now() + self.limit;
        let status = loop {
            match self.child.try_wait().expect("a child of ours") {
                Some(status) => break status,
                None if Instant::now() < deadline => thread::sleep(Duration::from_millis(1)),
                None => panic!("`{}` still runs after {:?}:\n{}", self.name, self.limit, self.printed()),
            }
        };
        // A grandchild may hold the pipes for longer than the program lives; waiting for its output is limited.
        let (Some(stdout), Some(stderr)) = (self.stdout.wait_for_end(deadline), self.stderr.wait_for_end(deadline))
        else {
            panic!("`{}` ended but something it started still holds its output:\n{}", self.name, self.printed());
        };
        Session::new(self.name.clone(), stdout, stderr, status)
    }

    fn printed(&self) -> String {
        let (out, err) = (self.stdout.so_far(), self.stderr.so_far());
        format!("{}--- stderr\n{}", String::from_utf8_lossy(&out), String::from_utf8_lossy(&err))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The output of one pipe so far, read by a thread of its own.
struct Capture(Arc<(Mutex<Captured>, Condvar)>);

#[derive(Default)]
struct Captured {
    bytes: Vec<u8>,
    ended: bool,
}

impl Capture {
    fn of(pipe: impl Read + Send + 'static, most: u64) -> Self {
        let shared = Arc::new((Mutex::new(Captured::default()), Condvar::new()));
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            let mut pipe = pipe.take(most);
            let mut chunk = [0; 16 * 1024];
            loop {
                let read = match pipe.read(&mut chunk) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read.unwrap_or(0),
                };
                let mut captured = theirs.0.lock().expect("no panic while it is held");
                captured.bytes.extend_from_slice(&chunk[..read]);
                captured.ended = read == 0;
                theirs.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self(shared)
    }

    /// Waits until `wanted` is true of the bytes and returns them; `None` if the pipe ends or the deadline passes
    /// first.
    fn wait_for(&self, deadline: Instant, wanted: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        let captured = self.wait_while(deadline, |captured| !captured.ended && !wanted(&captured.bytes));
        wanted(&captured.bytes).then(|| captured.bytes.clone())
    }

    fn wait_for_end(&self, deadline: Instant) -> Option<Vec<u8>> {
        let captured = self.wait_while(deadline, |captured| !captured.ended);
        captured.ended.then(|| captured.bytes.clone())
    }

    fn wait_while(&self, deadline: Instant, waits: impl Fn(&Captured) -> bool) -> MutexGuard<'_, Captured> {
        let left = deadline.saturating_duration_since(Instant::now());
        let captured = self.0.0.lock().expect("no panic while it is held");
        let (captured, _) =
            self.0.1.wait_timeout_while(captured, left, |captured| waits(captured)).expect("no panic while it is held");
        captured
    }

    fn so_far(&self) -> Vec<u8> {
        self.0.0.lock().expect("no panic while it is held").bytes.clone()
    }
}
