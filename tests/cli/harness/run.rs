//! Prepares and starts a program in a [`Home`](super::Home). It must give the program only what the home and the test
//! define: no terminal, no inherited variable.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::Home;
use super::background::Background;
use super::session::Session;
#[cfg(unix)]
use super::terminal::OnTerminal;

const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Serializes process starts. The pseudo-terminal crate opens a pipe that other children would inherit, and then waits
/// for that pipe to close: two concurrent starts could wait for each other's program to end.
pub fn one_start_at_a_time() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

enum Input {
    Nothing,
    Bytes(Vec<u8>),
    File(PathBuf),
}

/// A run that has not started yet.
#[must_use = "nothing runs before .run() or .start()"]
pub struct Run<'home> {
    program: OsString,
    args: Vec<OsString>,
    env: BTreeMap<OsString, OsString>,
    folder: PathBuf,
    input: Input,
    reads: Option<u64>,
    limit: Duration,
    /// Borrows the home: a deleted home would look like a missing program.
    home: PhantomData<&'home Home>,
}

impl<'home> Run<'home> {
    pub fn new<A: AsRef<OsStr>>(home: &'home Home, program: &OsStr, args: impl IntoIterator<Item = A>) -> Self {
        Self {
            program: program.to_owned(),
            args: args.into_iter().map(|arg| arg.as_ref().to_owned()).collect(),
            env: home.env.clone(),
            folder: home.path("home"),
            input: Input::Nothing,
            reads: None,
            limit: TIME_LIMIT,
            home: PhantomData,
        }
    }

    pub fn env(mut self, variable: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(variable.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    pub fn without_env(mut self, variable: impl AsRef<OsStr>) -> Self {
        self.env.remove(variable.as_ref());
        self
    }

    /// Sets the working directory; default: the home's HOME.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    pub fn stdin_file(mut self, path: impl AsRef<Path>) -> Self {
        self.input = Input::File(path.as_ref().to_owned());
        self
    }

    /// Closes the read end of stdout after this many bytes, as `| head` does.
    pub fn reader_leaves_after(mut self, bytes: u64) -> Self {
        self.reads = Some(bytes);
        self
    }

    /// Kills the program with SIGKILL before the given call that changes disk or network.
    pub fn killed_before(self, call: usize) -> Self {
        self.env("LD_PRELOAD", preloaded("kill_at")).env("KILL_AT", call.to_string())
    }

    /// Makes the given call fail with this errno, counting calls that read, write, name or connect.
    pub fn failing_at(self, call: usize, error: i32) -> Self {
        self.env("LD_PRELOAD", preloaded("fail_at"))
            .env("FAIL_AT", call.to_string())
            .env("FAIL_WITH", error.to_string())
    }

    /// Writes the program's peak memory, in KiB, to this file when it ends.
    pub fn peak_to(self, file: &Path) -> Self {
        self.env("LD_PRELOAD", preloaded("peak")).env("PEAK_FILE", file)
    }

    /// Makes the given system call fail with this errno; 0 lets all succeed. `report` gets a line for each call:
    /// number, name, subject, and `failed` for the one that did.
    pub fn with_call_failing(mut self, call: usize, error: i32, report: &Path) -> Self {
        let program = std::mem::replace(&mut self.program, built("inject", &["-O2"]).into());
        let words = [report.into(), call.to_string().into(), error.to_string().into(), program];
        self.args.splice(0..0, words);
        self
    }

    /// Fakes the clock: it stands at this second since 1970.
    pub fn with_clock_at(self, second: &str) -> Self {
        self.env("LD_PRELOAD", preloaded("clock")).env("CLOCK", second)
    }

    /// Adds an argument that `line` could not express.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs to the end. Past the time limit the program is killed, and the test fails with its output.
    #[track_caller]
    pub fn run(self) -> Session {
        self.start().end()
    }

    /// Prepares the same run on a terminal.
    #[cfg(unix)]
    pub fn on_terminal(self) -> OnTerminal<'home> {
        OnTerminal::new(self)
    }

    /// Starts the program without waiting for its end.
    #[track_caller]
    pub fn start(self) -> Background {
        let name = self.name();
        let mut command = self.command();
        command.stdin(match &self.input {
            Input::Nothing => Stdio::null(),
            Input::Bytes(_) => Stdio::piped(),
            Input::File(path) => File::open(path).expect("the file for stdin").into(),
        });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = {
            let _guard = one_start_at_a_time();
            command.spawn()
        };
        let mut child = started.unwrap_or_else(|error| panic!("cannot start `{name}`: {error}"));
        if let (Some(mut pipe), Input::Bytes(bytes)) = (child.stdin.take(), self.input) {
            // A program may end without reading its input; the test judges that.
            thread::spawn(move || drop(pipe.write_all(&bytes)));
        }
        Background::new(name, child, self.reads, self.limit)
    }

    pub fn name(&self) -> String {
        let program = Path::new(&self.program).file_name().unwrap_or(&self.program);
        let words = std::iter::once(program).chain(self.args.iter().map(OsString::as_os_str));
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear().envs(&self.env).current_dir(&self.folder);
        command
    }

    /// Returns the same command wrapped in a POSIX shell script, which gets program and arguments as `"$@"`.
    pub fn through_shell(&self, script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, "sh"]).arg(&self.program).args(&self.args);
        command.env_clear().env("TERM", "xterm-256color").envs(&self.env).current_dir(&self.folder);
        command
    }
}

/// The signal that ends a run of `killed_before`.
pub const KILLED: i32 = 9;

/// Compiles a library for LD_PRELOAD, once.
fn preloaded(name: &'static str) -> PathBuf {
    built(name, &["-shared", "-fPIC"])
}

/// Compiles a C source of the tests, once.
fn built(name: &'static str, options: &[&str]) -> PathBuf {
    static BUILT: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let result = built.entry(name).or_insert_with(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/faults/{name}.c"));
        let result = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let compiled = Command::new("cc").args(options).arg("-o").arg(&result).arg(source).status();
        assert!(compiled.expect("this test needs a C compiler").success());
        result
    });
    result.clone()
}
