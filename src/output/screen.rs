//! The alternate screen, for output that is redrawn: draws lines and reads keys. `interrupt` restores the terminal
//! however the run ends.
//!
//! It must not know what is shown. If the system or the terminal lacks support, there is no screen.
#![cfg_attr(not(unix), allow(dead_code))]

use std::time::Duration;

use super::cell::Cell;
use super::error::Error;
use super::fields::Fields;
use super::handle::Output;
use super::record::Record;
use super::stream;
use super::table::{Table, cut};

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Letter(char),
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}

/// Why [`Screen::next`] returns.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    Keys(Vec<Key>),
    /// There is something new to show, or the terminal was resized.
    Woken,
    /// The time limit has passed.
    Passed,
    /// No more keys can be read.
    Closed,
}

/// The alternate screen, until it is dropped.
pub struct Screen<'o> {
    output: &'o Output,
    #[cfg(unix)]
    wake: (std::os::unix::net::UnixStream, std::os::unix::net::UnixStream),
    #[cfg(unix)]
    _taken: crate::interrupt::FullScreen,
}

/// Wakes a thread that waits in [`Screen::next`], from any thread.
pub struct Waker(#[cfg(unix)] std::os::unix::net::UnixStream);

/// Rows as lines; those of a table have a heading.
pub struct Lines {
    pub heading: Option<String>,
    pub lines: Vec<String>,
    /// The columns that do not fit.
    pub lost: Vec<&'static str>,
}

impl Output {
    /// Enters the alternate screen, if stdout and stdin are a terminal in the foreground and motion is allowed.
    #[cfg(unix)]
    pub fn screen(&self) -> Option<Screen<'_>> {
        use std::io::{self, IsTerminal};
        use std::os::unix::net::UnixStream;
        if !self.is_watched()
            || self.is_machine()
            || self.no_animation
            || !io::stdin().is_terminal()
            || !stream::is_in_foreground()
        {
            return None;
        }
        self.flush().ok()?;
        let wake = UnixStream::pair().ok()?;
        wake.0.set_nonblocking(true).and_then(|()| wake.1.set_nonblocking(true)).ok()?;
        let taken = crate::interrupt::FullScreen::begin(&wake.1).ok()?;
        self.paging.stderr_buffer.hold();
        Some(Screen { output: self, wake, _taken: taken })
    }

    /// Returns `None`: this system has no support.
    #[cfg(not(unix))]
    pub fn screen(&self) -> Option<Screen<'_>> {
        None
    }

    /// Formats rows as lines of a table of the given width.
    pub fn lines<'r, R: Record>(&self, rows: impl Iterator<Item = &'r R>, width: usize) -> Lines {
        let mut table = Table::new(&Fields::all(), self);
        rows.for_each(|row| table.push(row));
        let text = table.drain(self, Some(width));
        let mut lines = text.lines().map(str::to_owned);
        let heading = if table.has_heading() { lines.next() } else { None };
        Lines { heading, lines: lines.collect(), lost: table.lost() }
    }

    /// Returns text, sanitized for a terminal.
    pub fn words(&self, text: &str) -> String {
        super::table::words(Cell::Text(text.into()))
    }
}

impl Screen<'_> {
    /// Returns the number of columns and lines.
    pub fn size(&self) -> (usize, usize) {
        (stream::terminal_width().unwrap_or(80), stream::terminal_height().unwrap_or(24))
    }

    /// Draws lines from the top and omits those that do not fit. `foot` is drawn on the last line.
    pub fn draw(&self, heading: Option<&str>, lines: &[String], foot: &str) -> Result<(), Error> {
        let (columns, height) = self.size();
        let room = height.saturating_sub(1 + usize::from(heading.is_some()));
        // Overwrites line by line instead of clearing the screen, which would flicker.
        let mut text = "\x1b[H".to_owned();
        for line in heading.into_iter().chain(lines.iter().take(room).map(String::as_str)) {
            text.push_str(&format!("{line}\x1b[K\r\n"));
        }
        text.push_str(&format!("\x1b[J\x1b[{height};1H{}\x1b[K", cut(foot, columns)));
        self.output.text(&text)
    }
}

#[cfg(unix)]
impl Screen<'_> {
    /// Returns a handle that wakes this screen.
    pub fn waker(&self) -> Option<Waker> {
        self.wake.1.try_clone().ok().map(Waker)
    }

    /// Waits for the next event, up to a time limit.
    pub fn next(&self, limit: Option<Duration>) -> Event {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use std::io::{self, Read};
        let stdin = io::stdin();
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut looked = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&self.wake.0, PollFlags::IN)];
        match poll(&mut looked, limit.as_ref()) {
            Ok(0) => return Event::Passed,
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Event::Woken,
            Err(_) => return Event::Closed,
        }
        let mut bytes = [0; 256];
        if !looked[1].revents().is_empty() {
            while (&self.wake.0).read(&mut bytes).is_ok_and(|read| read > 0) {}
            return Event::Woken;
        }
        match rustix::io::read(&stdin, &mut bytes) {
            Ok(0) => Event::Closed,
            Ok(read) => Event::Keys(keys(&bytes[..read])),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Event::Woken,
            Err(_) => Event::Closed,
        }
    }
}

#[cfg(not(unix))]
impl Screen<'_> {
    /// Returns a handle that wakes this screen.
    pub fn waker(&self) -> Option<Waker> {
        None
    }

    /// Waits for the next event, up to a time limit.
    pub fn next(&self, _: Option<Duration>) -> Event {
        Event::Closed
    }
}

impl Waker {
    /// Wakes the screen.
    pub fn wake(&self) {
        #[cfg(unix)]
        let _ = std::io::Write::write_all(&mut &self.0, b"!");
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        let _ = self.output.flush();
    }
}

/// Parses the bytes that a terminal sends for keys; ignores unknown ones.
fn keys(mut bytes: &[u8]) -> Vec<Key> {
    const SEQUENCES: [(&[u8], Key); 14] = [
        (b"\x1b[A", Key::Up),
        (b"\x1bOA", Key::Up),
        (b"\x1b[B", Key::Down),
        (b"\x1bOB", Key::Down),
        (b"\x1b[5~", Key::PageUp),
        (b"\x1b[6~", Key::PageDown),
        (b"\x1b[H", Key::Home),
        (b"\x1bOH", Key::Home),
        (b"\x1b[1~", Key::Home),
        (b"\x1b[F", Key::End),
        (b"\x1bOF", Key::End),
        (b"\x1b[4~", Key::End),
        (b"\x02", Key::PageUp),
        (b"\x06", Key::PageDown),
    ];
    let mut keys = Vec::new();
    while let Some(byte) = bytes.first() {
        if let Some((sequence, key)) = SEQUENCES.iter().find(|(sequence, _)| bytes.starts_with(sequence)) {
            keys.push(*key);
            bytes = &bytes[sequence.len()..];
        } else if *byte == b'\x1b' {
            // Skip an unknown sequence.
            let end = bytes.iter().skip(2).position(|byte| (0x40..=0x7e).contains(byte));
            bytes = end.map_or(&[], |end| &bytes[end + 3..]);
        } else {
            keys.extend(byte.is_ascii_graphic().then_some(Key::Letter(char::from(*byte))));
            keys.extend((*byte == b' ').then_some(Key::PageDown));
            bytes = &bytes[1..];
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::{Key, keys};

    #[test]
    fn keys_are_read_as_terminals_send_them() {
        assert_eq!(keys(b"q"), [Key::Letter('q')]);
        assert_eq!(
            keys(b"\x1b[A\x1bOB\x1b[6~j "),
            [Key::Up, Key::Down, Key::PageDown, Key::Letter('j'), Key::PageDown]
        );
        assert_eq!(keys(b"\x1b[1;5Ck\xff\x1b"), [Key::Letter('k')]);
    }
}
