//! Streams that somebody else has told not to wait: a pipe that is shared with such a program, or a terminal. We wait.

use std::io::{self, Read, Write};

/// A stream that is waited for.
#[cfg(unix)]
pub trait Descriptor: std::os::fd::AsFd {}

#[cfg(unix)]
impl<T: std::os::fd::AsFd> Descriptor for T {}

#[cfg(not(unix))]
pub trait Descriptor {}

#[cfg(not(unix))]
impl<T> Descriptor for T {}

/// Reads and writes as if the stream waited by itself.
pub struct Patient<T>(pub T);

impl<T: Write + Descriptor> Write for Patient<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait(&self.0, Wait::ToWrite)?,
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        loop {
            match self.0.flush() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait(&self.0, Wait::ToWrite)?,
                flushed => return flushed,
            }
        }
    }
}

impl<T: Read + Descriptor> Read for Patient<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait(&self.0, Wait::ToRead)?,
                read => return read,
            }
        }
    }
}

enum Wait {
    ToRead,
    ToWrite,
}

#[cfg(unix)]
fn wait(stream: &impl Descriptor, what: Wait) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let flags = match what {
        Wait::ToRead => PollFlags::IN,
        Wait::ToWrite => PollFlags::OUT,
    };
    match poll(&mut [PollFd::new(stream, flags)], None) {
        // A signal that was caught; whoever waits looks again.
        Err(rustix::io::Errno::INTR) => Ok(()),
        polled => Ok(polled.map(drop)?),
    }
}

#[cfg(not(unix))]
fn wait(_: &impl Descriptor, _: Wait) -> io::Result<()> {
    std::thread::sleep(std::time::Duration::from_millis(5));
    Ok(())
}
