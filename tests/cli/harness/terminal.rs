//! The program on a real pseudo-terminal, driven as a person would: read the screen, type, press Ctrl-C. It must not
//! reach into the program: no switch, no variable that a user would not have.

use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::process::{Healthcheck, Termios};
use expectrl::session::OsSession;
use expectrl::{Expect, Session};
use rustix::process::{Pid, Signal, kill_process};

use super::run::{Run, one_start_at_a_time};

const TIME_LIMIT: Duration = Duration::from_secs(10);
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);
const CTRL_C: &[u8] = b"\x03";

/// Delays the program until the terminal has its size and echoes: the pseudo-terminal starts without echo, and enabling
/// it later could undo what the program does to hide a password. Restores the default handling of Ctrl-C, which a
/// background test run may have ignored.
const GATE: &str = r#"IFS= read -r go && stty echo && if [ -n "$TEST_STDOUT" ]
then out=$TEST_STDOUT; unset TEST_STDOUT; exec env --default-signal=INT,QUIT "$@" >"$out"
else unset TEST_STDOUT; exec env --default-signal=INT,QUIT "$@"
fi"#;

/// A run on a terminal that has not started yet.
#[must_use = "nothing runs before .start()"]
pub struct OnTerminal<'home> {
    run: Run<'home>,
    columns: u16,
    rows: u16,
    stdout: Option<PathBuf>,
}

impl<'home> OnTerminal<'home> {
    pub fn new(run: Run<'home>) -> Self {
        Self { run, columns: 80, rows: 24, stdout: None }
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// Redirects stdout to a file while stdin and stderr stay on the terminal, as in `key=$(optra …)`.
    pub fn stdout_to(mut self, path: impl Into<PathBuf>) -> Self {
        self.stdout = Some(path.into());
        self
    }

    #[track_caller]
    pub fn start(self) -> Terminal {
        let mut command = self.run.through_shell(GATE);
        command.env("TEST_STDOUT", self.stdout.unwrap_or_default());
        let name = self.run.name();
        let started = {
            let _guard = one_start_at_a_time();
            Session::spawn(command)
        };
        let mut session = started.unwrap_or_else(|error| panic!("cannot start `{name}` on a terminal: {error}"));
        session.get_process_mut().set_window_size(self.columns, self.rows).expect("the size is set");
        session.send_line("go").expect("the gate reads");
        Terminal { name, session, raw: Vec::new(), plain: Vec::new(), searched: 0, ended: false }
    }
}

/// A program on a terminal, killed on drop.
pub struct Terminal {
    name: String,
    session: OsSession,
    raw: Vec<u8>,
    /// The output so far without escape sequences, which is searched.
    plain: Vec<u8>,
    searched: usize,
    ended: bool,
}

/// The final output of a terminal, and how the program ended.
#[derive(Debug)]
#[must_use = "a run whose end nobody looks at proves nothing"]
pub struct Ended {
    /// The raw output, with escape sequences.
    pub raw: String,
    /// The output without escape sequences, with plain line ends.
    pub text: String,
    pub code: Option<i32>,
}

impl Ended {
    /// Returns the text with each sentence in one line, wherever it was broken to fit.
    pub fn unbroken(&self) -> String {
        let mut text = String::new();
        for line in self.text.lines() {
            let rest = line.trim_start();
            text.push_str(if text.is_empty() {
                ""
            } else if rest.len() + 1 < line.len() {
                " "
            } else {
                "\n"
            });
            text.push_str(rest);
        }
        text
    }
}

impl Terminal {
    /// Waits for this text, after the text that was waited for before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> &mut Self {
        let found = self.wait_until(|terminal| {
            let unread = &terminal.plain[terminal.searched..];
            let at = unread.windows(text.len()).position(|window| window == text.as_bytes());
            at.map(|at| terminal.searched + at + text.len())
        });
        self.searched = found.unwrap_or_else(|| panic!("`{}` never showed {text:?}:\n{}", self.name, self.text()));
        self
    }

    /// Waits for this text, and until the terminal no longer echoes.
    #[track_caller]
    pub fn expect_hidden(&mut self, text: &str) -> &mut Self {
        self.expect(text);
        let hidden = self.wait_until(|terminal| (!terminal.session.is_echo().ok()?).then_some(()));
        assert!(hidden.is_some(), "`{}` still shows what is typed at {text:?}", self.name);
        self
    }

    /// Waits until the terminal echoes, or does not.
    #[track_caller]
    pub fn expect_echo(&mut self, echo: bool) -> &mut Self {
        let is_so = self.wait_until(|terminal| (terminal.session.is_echo().ok()? == echo).then_some(()));
        assert!(is_so.is_some(), "`{}`: the echo is {}", self.name, !echo);
        self
    }

    /// Sends the program a signal, as a shell does.
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        let pid = Pid::from_raw(self.session.get_process().pid().as_raw()).expect("a process");
        kill_process(pid, signal).expect("the program runs");
        self
    }

    /// Resizes the terminal, which signals the program.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.session.get_process_mut().set_window_size(columns, rows).expect("the size is set");
        self
    }

    pub fn send_line(&mut self, text: &str) -> &mut Self {
        self.send(text).send("\r")
    }

    /// Types these keys; `"\x1b[B"` is the arrow down.
    pub fn send(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).expect("the terminal takes keys");
        self
    }

    pub fn send_ctrl_c(&mut self) -> &mut Self {
        self.session.send(CTRL_C).expect("the terminal takes keys");
        self
    }

    /// Waits for the program to end.
    #[track_caller]
    pub fn finish(&mut self) -> Ended {
        let ended = self.wait_until(|terminal| terminal.ended.then_some(()));
        assert!(ended.is_some(), "`{}` does not end:\n{}", self.name, self.text());
        let status = self.wait_until(|terminal| match terminal.session.get_status() {
            Ok(WaitStatus::StillAlive) => None,
            status => Some(status.expect("a child of ours")),
        });
        let status = status.unwrap_or_else(|| panic!("`{}` left the terminal but does not end", self.name));
        let code = if let WaitStatus::Exited(_, code) = status { Some(code) } else { None };
        Ended { raw: String::from_utf8_lossy(&self.raw).into_owned(), text: self.text(), code }
    }

    fn wait_until<T>(&mut self, look: impl Fn(&Self) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + TIME_LIMIT;
        loop {
            self.read_available();
            let found = look(self);
            if found.is_some() || Instant::now() > deadline {
                return found;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
    }

    fn read_available(&mut self) {
        let mut chunk = [0; 4096];
        while !self.ended {
            match self.session.try_read(&mut chunk) {
                Ok(0) => self.ended = true,
                Ok(read) => self.raw.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => panic!("`{}`: the terminal cannot be read: {error}", self.name),
            }
        }
        self.plain = without_escapes(&self.raw);
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.plain).replace("\r\n", "\n")
    }
}

/// Removes escape sequences: `ESC [ … letter`, `ESC ] … BEL`, and `ESC` with one character. An incomplete one is left
/// out, so the result only grows.
fn without_escapes(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\x1b' {
            plain.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'[') => drop(bytes.find(|byte| (0x40..=0x7e).contains(byte))),
            Some(b']') => drop(bytes.find(|byte| *byte == b'\x07')),
            _ => {}
        }
    }
    plain
}
