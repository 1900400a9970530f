//! The two streams of the process: where they lead, and how they are written to.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::settings::{self, Settings};
use crate::disk::{Descriptor, Patient};

/// One side of the output and what is known about it.
pub struct Stream {
    pub to: Mutex<Box<dyn Write + Send>>,
    pub color: bool,
    pub terminal: bool,
}

impl Stream {
    /// Takes a stream, and decides whether it is written in colour.
    pub fn new(to: Box<dyn Write + Send>, terminal: bool, settings: &Settings) -> Stream {
        let color = settings::is_colored(settings.color, &settings.surroundings, terminal);
        Stream { to: Mutex::new(to), color, terminal }
    }
}

/// Waits for a reader that is slower than we are, where the stream itself would not.
pub fn patient<W: Write + Descriptor + Send + 'static>(to: W) -> Box<dyn Write + Send> {
    Box::new(Patient(to))
}

/// Returns stdout without the buffer of its own, which writes every line by itself.
#[cfg(unix)]
pub fn unbuffered(out: io::Stdout) -> Box<dyn Write + Send> {
    use std::os::fd::AsFd;
    match out.as_fd().try_clone_to_owned() {
        Ok(descriptor) => patient(std::fs::File::from(descriptor)),
        Err(_) => patient(out),
    }
}

/// Returns true where stdout is the null device.
#[cfg(unix)]
pub fn is_null_device() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let own =
        io::stdout().as_fd().try_clone_to_owned().and_then(|descriptor| std::fs::File::from(descriptor).metadata());
    match (own, std::fs::metadata("/dev/null")) {
        (Ok(own), Ok(null)) => own.rdev() == null.rdev() && own.rdev() != 0,
        _ => false,
    }
}

/// Returns true where stdout is a device and no console: only the null device is left then that anybody writes to.
#[cfg(not(unix))]
pub fn is_null_device() -> bool {
    use std::io::IsTerminal;
    let kind = winapi_util::file::typ(winapi_util::HandleRef::stdout());
    kind.is_ok_and(|kind| kind.is_char()) && !io::stdout().is_terminal()
}

/// Has the consoles take escape sequences as such, which Windows leaves to each program; one that is older than that shows them.
#[cfg(windows)]
pub fn understand_sequences() {
    use winapi_util::console::Console;
    for console in [Console::stdout(), Console::stderr()] {
        let _ = console.and_then(|mut console| console.set_virtual_terminal_processing(true));
    }
}

#[cfg(not(unix))]
pub fn unbuffered(out: io::Stdout) -> Box<dyn Write + Send> {
    patient(out)
}

/// Returns false for a run in the background, which must not start what reads keys.
#[cfg(unix)]
pub fn is_in_foreground() -> bool {
    let group = rustix::termios::tcgetpgrp(io::stdout());
    group.is_ok_and(|group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
pub fn is_in_foreground() -> bool {
    true
}

/// What a thread that panicked left behind is written all the same.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the width of the terminal that stdout is.
pub fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0)).filter(|columns| *columns > 0)
}

/// Returns the width of the terminal that stderr is, which may be there where stdout is none.
pub fn width_of_stderr() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(usize::from(width.0)).filter(|columns| *columns > 0)
}

/// Returns how many lines it has.
pub fn terminal_height() -> Option<usize> {
    let (_, height) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(height.0)).filter(|lines| *lines > 0)
}
