//! The user's programs: how a command splits into words, how its name resolves to a program, and how a program runs within
//! a time limit.
//!
//! It must not know what a program is for: the caller connects its output and judges its status.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

/// The most bytes that are kept of a program's output: more than any key, name or error message needs.
const LARGEST: usize = 64 * 1024;

/// How long to read the output after the program's end, if another process keeps the pipe open.
const READ_LIMIT: Duration = Duration::from_millis(500);

/// The first and the longest interval of polling for the program's end: most end quickly, some ask a person.
const POLL_INTERVALS: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(20));

/// Splits a command into words as a shell does; returns `None` if a quote is not closed. No shell runs the command.
#[cfg(not(windows))]
pub fn words(command: &str) -> Option<Vec<String>> {
    shell_words::split(command).ok()
}

/// Splits a command into words as Windows programs do (`CommandLineToArgvW`): a backslash is part of a path, and only
/// double quotes keep words together, up to the end of the command if the second one is missing.
#[cfg(windows)]
pub fn words(command: &str) -> Option<Vec<String>> {
    Some(winsplit::split(command))
}

/// Returns the program to start for a name, so that the program that was checked before a key exists is the one that
/// runs. Windows does not find a `.cmd` by name, so there this is the resolved path, or the name if nothing is found:
/// the system then says why. Elsewhere both searches agree, and the name stays, because a program sees it as its own
/// name.
pub fn started_as(name: impl AsRef<OsStr>) -> OsString {
    let name = name.as_ref();
    if cfg!(windows) { which::which(name).map_or_else(|_| name.to_owned(), Into::into) } else { name.to_owned() }
}

/// Finds the program that a name starts. The error tells a file that cannot be executed from none, as shells do; the
/// system does not: for a missing interpreter it also reports a missing file.
pub fn find_program(name: impl AsRef<OsStr>) -> io::Result<PathBuf> {
    let name = name.as_ref();
    which::which(name).map_err(|_| match is_program_there(name) {
        true => io::Error::new(io::ErrorKind::PermissionDenied, "it is there, and cannot be executed"),
        false => io::Error::new(io::ErrorKind::NotFound, "there is no such program"),
    })
}

/// Returns true for an existing path, and for the name of a file on `PATH`, executable or not.
pub fn is_program_there(program: &OsStr) -> bool {
    let path = Path::new(program);
    match path.parent() {
        None => path.exists(),
        Some(directory) if directory != Path::new("") => path.exists(),
        Some(_) => env::var_os("PATH").is_some_and(|all| env::split_paths(&all).any(|on| on.join(path).exists())),
    }
}

/// Why a program has no result.
#[derive(Debug)]
pub enum NotRun {
    NotStarted(io::Error),
    /// The program was started, but not observed to its end.
    NotWatched(io::Error),
    /// The program exceeded its time limit and was killed.
    TimedOut,
}

/// The result of a program that has ended.
#[derive(Debug)]
pub struct Ran {
    /// The status, and the beginning of what the program wrote to pipes.
    pub output: Output,
    /// True if the program took all of its input.
    pub has_read: bool,
}

/// Runs a program for at most `limit`, with `input` on its stdin; `command` says where its other streams lead.
///
/// Memory is bounded, however much the program prints. Does not wait for background processes that the program leaves
/// behind, which may hold its pipes open forever.
pub fn run(command: &mut Command, input: Option<Zeroizing<Vec<u8>>>, limit: Duration) -> Result<Ran, NotRun> {
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.spawn().map_err(NotRun::NotStarted)?;
    let stdin = child.stdin.take();
    let child = Arc::new(Mutex::new(child));
    let watched = Arc::clone(&child);
    let (end, ended) = mpsc::sync_channel(1);
    let watch = move || {
        let output = output(&watched, || match (stdin, input) {
            (Some(mut stdin), Some(input)) => stdin.write_all(&input).is_ok(),
            _ => true,
        });
        // Nobody receives a result that comes too late.
        let _ = end.send(output);
    };
    let stop = || self::end(&mut child.lock().unwrap_or_else(PoisonError::into_inner));
    if let Err(error) = thread::Builder::new().spawn(watch) {
        stop();
        return Err(NotRun::NotWatched(error));
    }
    match ended.recv_timeout(limit) {
        Ok(ran) => ran.map_err(NotRun::NotWatched),
        Err(_) => {
            stop();
            Err(NotRun::TimedOut)
        }
    }
}

/// Reads the program's output while `write` passes the input, and waits for the program's end.
fn output(child: &Mutex<Child>, write: impl FnOnce() -> bool) -> io::Result<Ran> {
    let (stdout, stderr) = {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        (child.stdout.take(), child.stderr.take())
    };
    let (stdout, stderr) = (stdout.map(OutputReader::of).transpose()?, stderr.map(OutputReader::of).transpose()?);
    let has_read = write();
    let status = wait(child)?;
    let taken = |printed: Option<OutputReader>| printed.map_or(Ok(Vec::new()), OutputReader::taken);
    Ok(Ran { output: Output { status, stdout: taken(stdout)?, stderr: taken(stderr)? }, has_read })
}

/// The output of a program on a pipe, read on its own thread.
struct OutputReader {
    kept: Arc<Mutex<Vec<u8>>>,
    ended: mpsc::Receiver<io::Result<()>>,
}

impl OutputReader {
    /// Drains the pipe, so that the program never blocks, and keeps the beginning.
    fn of(mut from: impl Read + Send + 'static) -> io::Result<OutputReader> {
        let kept = Arc::<Mutex<Vec<u8>>>::default();
        let (end, ended) = mpsc::sync_channel(1);
        let shared = Arc::clone(&kept);
        let mut read = move || -> io::Result<()> {
            let mut chunk = Zeroizing::new([0; 4096]);
            loop {
                let length = match from.read(&mut chunk[..]) {
                    Ok(0) => return Ok(()),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read?,
                };
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let length = length.min(LARGEST.saturating_sub(kept.len()));
                kept.extend_from_slice(&chunk[..length]);
            }
        };
        thread::Builder::new().spawn(move || drop(end.send(read())))?;
        Ok(OutputReader { kept, ended })
    }

    /// Returns the output of a program that has ended.
    fn taken(self) -> io::Result<Vec<u8>> {
        // All output is in the pipe by now, but the end of file may never come.
        self.ended.recv_timeout(READ_LIMIT).unwrap_or(Ok(()))?;
        Ok(std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Waits for the end of a program that another thread may kill meanwhile.
fn wait(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    let (mut pause, longest) = POLL_INTERVALS;
    loop {
        if let Some(status) = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()? {
            return Ok(status);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(longest);
    }
}

/// Kills a program, which may have just ended. On Windows its children are killed too: a `.cmd` does its work in
/// children.
fn end(child: &mut Child) {
    #[cfg(windows)]
    if matches!(child.try_wait(), Ok(None)) {
        let mut tree = Command::new("taskkill");
        tree.args(["/t", "/f", "/pid", &child.id().to_string()]);
        let _ = tree.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_command_is_split_as_on_its_system() {
        let path = if cfg!(windows) { r"C:\tools\give.cmd" } else { "/tools/give" };
        let split = words(&format!(r#"{path} "two words" a"#)).unwrap();
        assert_eq!(split, [path, "two words", "a"]);
        assert_eq!(words(" ").unwrap_or_default(), [""; 0]);
        assert_eq!(words(r#"give "open"#).is_some(), cfg!(windows));
    }
}
