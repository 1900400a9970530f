//! The process's stdout and stderr: where they lead, and how to write to them.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::settings::{self, Settings};
use crate::disk::{Blocking, Descriptor};

/// An output stream and its properties.
pub struct Stream {
    pub to: Mutex<Box<dyn Write + Send>>,
    pub color: bool,
    pub terminal: bool,
}

impl Stream {
    /// Takes a stream, and decides whether it has colour.
    pub fn new(to: Box<dyn Write + Send>, terminal: bool, settings: &Settings) -> Stream {
        let color = settings::is_colored(settings.color, &settings.terminal_env, terminal);
        Stream { to: Mutex::new(to), color, terminal }
    }
}

/// Wraps a stream that may be non-blocking, so that a slow reader only blocks us.
pub fn blocking<W: Write + Descriptor + Send + 'static>(to: W) -> Box<dyn Write + Send> {
    Box::new(Blocking(to))
}

/// Returns stdout without its line buffer.
#[cfg(unix)]
pub fn unbuffered(out: io::Stdout) -> Box<dyn Write + Send> {
    use std::os::fd::AsFd;
    match out.as_fd().try_clone_to_owned() {
        Ok(descriptor) => blocking(std::fs::File::from(descriptor)),
        Err(_) => blocking(out),
    }
}

/// Returns true if stdout is the null device.
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

/// Returns true if stdout is a character device but no console: in practice, that is the null device.
#[cfg(not(unix))]
pub fn is_null_device() -> bool {
    use std::io::IsTerminal;
    let kind = winapi_util::file::typ(winapi_util::HandleRef::stdout());
    kind.is_ok_and(|kind| kind.is_char()) && !io::stdout().is_terminal()
}

/// Makes the consoles interpret escape sequences, which each program on Windows has to request; an old console shows
/// them.
#[cfg(windows)]
pub fn understand_sequences() {
    use winapi_util::console::Console;
    for console in [Console::stdout(), Console::stderr()] {
        let _ = console.and_then(|mut console| console.set_virtual_terminal_processing(true));
    }
}

#[cfg(not(unix))]
pub fn unbuffered(out: io::Stdout) -> Box<dyn Write + Send> {
    blocking(out)
}

/// Returns false for a background job, which must not start a program that reads keys.
#[cfg(unix)]
pub fn is_in_foreground() -> bool {
    let group = rustix::termios::tcgetpgrp(io::stdout());
    group.is_ok_and(|group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
pub fn is_in_foreground() -> bool {
    true
}

/// Locks a mutex. Output from a thread that panicked is still written.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the width of the terminal on stdout.
pub fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0)).filter(|columns| *columns > 0)
}

/// Returns the width of the terminal on stderr; stdout may be something else.
pub fn width_of_stderr() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(usize::from(width.0)).filter(|columns| *columns > 0)
}

/// Returns the number of lines of the terminal on stdout.
pub fn terminal_height() -> Option<usize> {
    let (_, height) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(height.0)).filter(|lines| *lines > 0)
}
