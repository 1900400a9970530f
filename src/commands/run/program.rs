//! Runs the program of `optra run`: its environment, and whether it replaces this process or is its child.
//!
//! It must not know where the key comes from, nor what happens to it afterwards.

use std::ffi::OsStr;
use std::io;
use std::process::{self, Command};

#[cfg(feature = "server")]
use crate::broker::Running;
use crate::context::Context;
use crate::disk;
use crate::error::{Error, Kind};
#[cfg(unix)]
use crate::interrupt;
use crate::secret::Secret;

/// What the program was given; it is valid as long as this value.
#[must_use]
#[derive(Default)]
pub struct Given {
    /// The broker of its token; `None` if it has a key.
    #[cfg(feature = "server")]
    broker: Option<Running>,
}

impl Given {
    #[cfg(feature = "server")]
    pub fn by(broker: Running) -> Given {
        Given { broker: Some(broker) }
    }

    /// Returns true if this process has to stay alive for the program.
    pub fn lives_here(&self) -> bool {
        #[cfg(feature = "server")]
        return self.broker.is_some();
        #[cfg(not(feature = "server"))]
        false
    }
}

/// Gives the program its key. From here on stderr belongs to the program.
pub fn give(command: &mut Command, url: &str, secret: &Secret, cx: &Context) -> Result<(), Error> {
    command.env("OPTRA_API_KEY", secret.expose()).env("OPTRA_PORTAL_URL", url);
    // The program must not do what this run may not do.
    if cx.config.read_only()?.is_some() {
        command.env("OPTRA_READ_ONLY", "1");
    }
    // These variables would contradict the key, or are used up.
    for variable in ["OPTRA_API_URL", "OPTRA_PROFILE"] {
        command.env_remove(variable);
    }
    cx.warn_of_unknown_keys();
    Ok(cx.out.flush()?)
}

/// Returns an error if there is no such program.
pub fn find(program: &OsStr) -> Result<(), Error> {
    disk::find_program(program).map(drop).map_err(|error| not_run(program, error))
}

/// Tells a missing program from one that cannot be executed, as shells do.
pub fn not_run(program: &OsStr, cause: io::Error) -> Error {
    let kind = if disk::is_program_there(program) { Kind::ProgramNotRun } else { Kind::ProgramNotFound };
    Error::new(kind, format!("cannot run `{}`", program.display())).cause(cause)
}

/// Replaces this process by the program. Returns only if it cannot be started.
#[cfg(unix)]
pub fn become_it(mut command: Command) -> io::Error {
    std::os::unix::process::CommandExt::exec(&mut command)
}

#[cfg(not(unix))]
pub fn become_it(command: Command) -> io::Error {
    stay_beside(command)
}

/// Runs the program as a child, because this process serves its sandbox. Returns only if the program cannot be started.
pub fn stay_beside(command: Command) -> io::Error {
    match run_beside(command) {
        Ok(code) => leave(code),
        Err(error) => error,
    }
}

/// Exits with the program's exit code.
#[expect(clippy::exit, reason = "the exit code is the program's, which no kind of error has")]
pub fn leave(code: i32) -> ! {
    process::exit(code)
}

/// Runs the program as a child, with the terminal and the signals to itself, and returns its exit code in a shell's
/// terms.
pub fn run_beside(mut command: Command) -> io::Result<i32> {
    // Signals are caught before the program starts, so that none ends this process in between.
    let signals = catch_signals()?;
    let mut program = command.spawn()?;
    hand_on(signals, &program);
    let status = program.wait()?;
    Ok(status.code().unwrap_or_else(|| signal(status)))
}

#[cfg(unix)]
fn catch_signals() -> io::Result<signal_hook::iterator::Signals> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    signal_hook::iterator::Signals::new(interrupt::not_ignored(&[SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]))
}

/// Forwards every signal to the program, which decides how the run ends.
#[cfg(unix)]
fn hand_on(mut signals: signal_hook::iterator::Signals, program: &process::Child) {
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGINT, SIGQUIT};
    use std::io::IsTerminal;
    let (pid, typed) = (Pid::from_child(program), io::stdin().is_terminal());
    let hand_on = move || {
        for signal in signals.forever() {
            // The terminal sends these to the program itself.
            let reached = typed && matches!(signal, SIGINT | SIGQUIT);
            if let (false, Some(signal)) = (reached, Signal::from_named_raw(signal)) {
                let _ = kill_process(pid, signal);
            }
        }
    };
    // Without the thread, signals to this process alone are lost, and the program runs on.
    let _ = std::thread::Builder::new().spawn(hand_on);
}

/// Forwards nothing: a console signals each of its programs itself.
#[cfg(not(unix))]
struct Caught;

#[cfg(not(unix))]
fn catch_signals() -> io::Result<Caught> {
    let _ = ctrlc::set_handler(|| ());
    Ok(Caught)
}

#[cfg(not(unix))]
fn hand_on(_: Caught, _: &process::Child) {}

/// Returns the exit code that a shell gives a program which a signal ended.
#[cfg(unix)]
fn signal(status: process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.signal().map_or(1, |signal| 128 + signal)
}

#[cfg(not(unix))]
fn signal(_: process::ExitStatus) -> i32 {
    1
}
