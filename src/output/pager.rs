//! The pager: a program that shows output longer than the screen, one screen at a time.
//!
//! Only verbs that list or explain use one, and only for tables and text: a program that reads a machine format would
//! wait for a key forever. Output goes straight to the terminal until it no longer fits. No secret goes through a
//! pager (`Output::revealing`).

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

use super::settings::{Pager, Settings};
use super::stderr_buffer::StderrBuffer;
use super::stream::{self, lock};
use crate::disk;
use crate::interrupt;

/// Our defaults for `less`: quit if one screen is enough, show colours, leave the text on the screen.
const LESS: &str = "FRX";

/// A pager that fails sooner than this was not left by the user: it could not start.
const SOON: Duration = Duration::from_secs(1);

/// How long a run may go on after the user has left the pager.
const GRACE: Duration = Duration::from_secs(1);

/// A pager that has read this many bytes has started.
const ENOUGH: usize = 1 << 18;

/// Whether output goes to a pager, and its state.
pub struct Paging {
    /// The program to use, if a pager is allowed.
    program: Option<Pager>,
    state: Mutex<State>,
    /// True once other output is on the screen too.
    is_disturbed: AtomicBool,
    /// Holds stderr back while the pager has the screen.
    pub stderr_buffer: Arc<StderrBuffer>,
}

enum State {
    /// Output goes straight to stdout.
    Off,
    /// Output goes straight to stdout as long as it fits the screen.
    Fitting(Shown),
    Running(Running),
    /// The user has left the pager.
    Left,
}

/// The output on the screen so far.
#[derive(Default)]
struct Shown {
    bytes: Vec<u8>,
    lines: usize,
}

/// A running pager.
struct Running {
    name: String,
    input: Option<ChildStdin>,
    ended: Receiver<io::Result<ExitStatus>>,
    /// Tells the thread that waits for the pager that the run ends by itself.
    finished: Sender<()>,
    started: Instant,
    /// What the pager was given, kept until it is certain that it has started.
    given: Option<Vec<u8>>,
    _lent: interrupt::Lent,
}

/// The result of a write.
pub struct Delivery {
    pub written: io::Result<()>,
    /// What was wrong with the pager.
    pub problem: Option<String>,
}

impl Delivery {
    fn of(written: io::Result<()>) -> Delivery {
        Delivery { written, problem: None }
    }
}

impl Paging {
    /// Decides whether a pager is allowed at all.
    pub fn new(settings: &Settings, is_allowed: bool) -> Paging {
        let program = Some(settings.pager.clone()).filter(|pager| is_allowed && *pager != Pager::Off);
        Paging {
            program,
            state: Mutex::new(State::Off),
            is_disturbed: AtomicBool::new(false),
            stderr_buffer: Arc::default(),
        }
    }

    /// Uses a pager for the output from now on, if it turns out to be longer than the screen.
    pub fn begin(&self) {
        let mut state = lock(&self.state);
        if matches!(*state, State::Off) && self.program.is_some() && stream::is_in_foreground() {
            self.is_disturbed.store(false, Ordering::Relaxed);
            *state = State::Fitting(Shown::default());
        }
    }

    /// Returns true once the user has left the pager before its end.
    pub fn was_left(&self) -> bool {
        matches!(*lock(&self.state), State::Left)
    }

    /// Records that other output is on the screen now.
    pub fn disturb(&self) {
        self.is_disturbed.store(true, Ordering::Relaxed);
    }

    /// Writes the result, to the pager if one runs.
    pub fn deliver(&self, bytes: &[u8], out: &mut dyn Write, screen: (usize, Option<usize>)) -> Delivery {
        let mut state = lock(&self.state);
        if let State::Fitting(shown) = &mut *state {
            let (columns, height) = screen;
            let more = screen_lines(bytes, columns);
            if bytes.is_empty() || height.is_none_or(|height| shown.lines + more < height) {
                shown.bytes.extend_from_slice(bytes);
                shown.lines += more;
                return Delivery::of(write(bytes, out));
            }
            let mut shown = std::mem::take(shown);
            let running = match self.start() {
                Ok(Some(running)) => running,
                refused => {
                    *state = State::Off;
                    return Delivery { written: write(bytes, out), problem: refused.err() };
                }
            };
            self.stderr_buffer.hold();
            *state = State::Running(running);
            if shown.lines > 0 && !self.is_disturbed.load(Ordering::Relaxed) {
                // Erase it, because the pager shows it again.
                let _ = write(format!("\x1b[{}A\r\x1b[J", shown.lines).as_bytes(), out);
            }
            shown.bytes.extend_from_slice(bytes);
            return self.give(&mut state, &shown.bytes, out);
        }
        match &*state {
            State::Running(_) => self.give(&mut state, bytes, out),
            State::Left => Delivery::of(Err(io::ErrorKind::BrokenPipe.into())),
            State::Off | State::Fitting(_) => Delivery::of(write(bytes, out)),
        }
    }

    /// Writes more to a running pager.
    fn give(&self, state: &mut State, bytes: &[u8], out: &mut dyn Write) -> Delivery {
        let State::Running(running) = state else { return Delivery::of(Ok(())) };
        if let Some(given) = &mut running.given {
            given.extend_from_slice(bytes);
        }
        let written = match &mut running.input {
            // Ctrl-C stops the reading, and leaves the user in the pager with what was read.
            Some(input) if !interrupt::is_stopped() => write(bytes, input),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        };
        match written {
            Ok(()) => {
                running.given.take_if(|given| given.len() > ENOUGH);
                Delivery::of(Ok(()))
            }
            gone if interrupt::is_stopped() => Delivery::of(gone),
            Err(_) => self.wait(state, out),
        }
    }

    /// Waits for the pager's end, if one runs. [`StderrBuffer::release`] returns what was held back meanwhile.
    pub fn end(&self, out: &mut dyn Write) -> Delivery {
        let mut state = lock(&self.state);
        let ended = match &*state {
            // Closes its input, so the pager knows that this is all.
            State::Running(_) => self.wait(&mut state, out),
            State::Off | State::Fitting(_) | State::Left => Delivery::of(Ok(())),
        };
        *state = State::Off;
        ended
    }

    /// Waits for the pager's end. If the pager could not start, writes the output to stdout.
    fn wait(&self, state: &mut State, out: &mut dyn Write) -> Delivery {
        let State::Running(running) = std::mem::replace(state, State::Left) else { return Delivery::of(Ok(())) };
        let Running { name, input, ended, finished, started, given, _lent } = running;
        drop(input);
        let status = ended.recv().ok().and_then(Result::ok);
        let _ = finished.send(());
        interrupt::wait_if_ending();
        match (given, status) {
            (Some(given), Some(status)) if status.code().is_some_and(|code| code != 0) && started.elapsed() < SOON => {
                *state = State::Off;
                Delivery { written: write(&given, out), problem: Some(format!("the pager `{name}` failed ({status})")) }
            }
            _ => Delivery::of(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// Starts the pager; returns `None` if there is none, and an error if the named one cannot be started.
    fn start(&self) -> Result<Option<Running>, String> {
        let (words, by) = match &self.program {
            Some(Pager::Usual) if which::which("less").is_ok() => ("less", "PATH"),
            Some(Pager::Named { words, by }) => (&**words, *by),
            Some(Pager::Usual | Pager::Off) | None => return Ok(None),
        };
        let refused = |problem: String| format!("the pager `{words}` of `{by}` cannot be started: {problem}");
        let split = disk::words(words).ok_or_else(|| refused("missing closing quote".to_owned()))?;
        let Some((program, arguments)) = split.split_first() else { return Ok(None) };
        let mut command = Command::new(disk::started_as(program));
        // The pager does not need the key.
        command.args(arguments).stdin(Stdio::piped()).env_remove("OPTRA_API_KEY");
        for (variable, value) in [("LESS", LESS), ("LESSCHARSET", "utf-8"), ("LV", "-c")] {
            if std::env::var_os(variable).is_none() {
                command.env(variable, value);
            }
        }
        // Before the pager changes the terminal's modes.
        interrupt::install();
        let running = command.spawn().and_then(|child| watch(child, words.to_owned(), Arc::clone(&self.stderr_buffer)));
        running.map(Some).map_err(|error| refused(error.to_string()))
    }
}

fn write(bytes: &[u8], to: &mut dyn Write) -> io::Result<()> {
    to.write_all(bytes).and_then(|()| to.flush())
}

/// Waits on a separate thread for the pager's end. Ends the run if it still waits for a portal then, because nobody
/// reads the output.
fn watch(mut child: Child, name: String, stderr_buffer: Arc<StderrBuffer>) -> io::Result<Running> {
    let (input, lent) = (child.stdin.take(), interrupt::lend(child.id()));
    let (end, ended) = channel();
    let (finished, is_finished) = channel();
    let wait = move || {
        let status = child.wait();
        // The run may be over already.
        let _ = end.send(status);
        if let Err(RecvTimeoutError::Timeout) = is_finished.recv_timeout(GRACE) {
            let _ = io::stderr().write_all(&stderr_buffer.release());
            interrupt::abandon();
        }
    };
    thread::Builder::new().spawn(wait)?;
    let (started, given) = (Instant::now(), Some(Vec::new()));
    Ok(Running { name, input, ended, finished, started, given, _lent: lent })
}

/// Returns how many lines a text takes on the screen.
fn screen_lines(bytes: &[u8], columns: usize) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split_inclusive('\n').map(|line| {
        // Our own escape sequences have no width: they begin with ESC and end with `m`.
        let mut parts = line.trim_end().split('\x1b');
        let first = parts.next().unwrap_or_default().width();
        let rest = parts.map(|part| part.split_once('m').map_or(0, |(_, text)| text.width())).sum::<usize>();
        (first + rest).div_ceil(columns.max(1)).max(1)
    });
    lines.sum()
}

#[cfg(test)]
mod tests {
    use super::screen_lines;

    #[test]
    fn lines_are_counted_as_on_a_screen() {
        for (text, expected) in [
            ("", 0),
            ("a\n", 1),
            ("\n\n", 2),
            ("\x1b[1m1234567890\x1b[0m\n", 1),
            ("12345678901\n", 2),
            ("倉庫倉庫倉庫", 2),
        ] {
            assert_eq!(screen_lines(text.as_bytes(), 10), expected, "{text:?}");
        }
    }
}
