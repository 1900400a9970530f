//! Blocking access to streams that another program has set to non-blocking, such as a shared pipe or a terminal.

use std::io::{self, Read, Write};

/// A stream that can be polled.
#[cfg(unix)]
pub trait Descriptor: std::os::fd::AsFd {}

#[cfg(unix)]
impl<T: std::os::fd::AsFd> Descriptor for T {}

#[cfg(not(unix))]
pub trait Descriptor {}

#[cfg(not(unix))]
impl<T> Descriptor for T {}

/// Reads and writes as if the stream were blocking.
pub struct Blocking<T>(pub T);

impl<T: Write + Descriptor> Write for Blocking<T> {
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

impl<T: Read + Descriptor> Read for Blocking<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait(&self.0, Wait::ToRead)?,
                read => return read,
            }
        }
    }
}

/// How long a named pipe may have no writer.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Opens a file that the user named, which may be a pipe. Reading blocks while a writer has the pipe open, but does
/// not wait forever for the first one.
#[cfg(unix)]
pub fn open(path: &std::path::Path) -> io::Result<Blocking<impl Read + Descriptor>> {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut file = std::fs::File::options().read(true).custom_flags(flags).open(path)?;
    let (mut first, mut read) = ([0], 0);
    if file.metadata()?.file_type().is_fifo() {
        let start = std::time::Instant::now();
        // Without a writer, a read returns 0 bytes; with a silent writer, it would block.
        while read == 0 {
            read = match file.read(&mut first) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                read => read?,
            };
            if read == 0 && start.elapsed() > PATIENCE {
                let message = format!("it is a pipe, and nobody wrote to it within {} s", PATIENCE.as_secs());
                return Err(io::Error::new(io::ErrorKind::TimedOut, message));
            }
            if read == 0 {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        }
    }
    Ok(Blocking(Peeked { first: (read > 0).then_some(first[0]), file }))
}

#[cfg(not(unix))]
pub fn open(path: &std::path::Path) -> io::Result<Blocking<impl Read + Descriptor>> {
    Ok(Blocking(std::fs::File::open(path)?))
}

/// A file whose first byte was read already.
#[cfg(unix)]
struct Peeked {
    first: Option<u8>,
    file: std::fs::File,
}

#[cfg(unix)]
impl Read for Peeked {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match (self.first.take(), bytes) {
            (Some(first), [to, ..]) => {
                *to = first;
                Ok(1)
            }
            (first, bytes) => {
                self.first = first;
                self.file.read(bytes)
            }
        }
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Peeked {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.file.as_fd()
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
        // A signal was caught; the caller polls again.
        Err(rustix::io::Errno::INTR) => Ok(()),
        polled => Ok(polled.map(drop)?),
    }
}

#[cfg(not(unix))]
fn wait(_: &impl Descriptor, _: Wait) -> io::Result<()> {
    std::thread::sleep(std::time::Duration::from_millis(5));
    Ok(())
}
