//! Programs of the user's: which words a command has, what its name stands for, and how one is run for a limited time.
//!
//! It does not know what a program is for: whoever runs one says where its streams lead, and judges its status.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

/// The bytes that are kept of what a program prints: more than any key, name or reason has.
const LARGEST: usize = 64 * 1024;

/// How long the output of a program that has ended is waited for, where something else keeps its pipe open.
const READING: Duration = Duration::from_millis(500);

/// The first and the longest pause between two looks at a running program: most end quickly, some ask somebody.
const PAUSES: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(20));

/// Splits a command into its words, as a shell does; none where a quote is not closed. No shell runs them.
#[cfg(not(windows))]
pub fn words(command: &str) -> Option<Vec<String>> {
    shell_words::split(command).ok()
}

/// Splits a command into its words, as programs do on Windows (`CommandLineToArgvW`): a backslash is a part of a path, and only
/// double quotes keep words together, to the end of the command where there is no second one.
#[cfg(windows)]
pub fn words(command: &str) -> Option<Vec<String>> {
    Some(winsplit::split(command))
}

/// Returns the program that a name stands for: what is looked for before there is a key is what is started afterwards. Windows by
/// itself passes over a `.cmd`, so there it is the path that was found, or the name where there is none: the system then says why.
/// Elsewhere both look in the same places, and the name stays, because a program is told it.
pub fn started_as(name: impl AsRef<OsStr>) -> OsString {
    let name = name.as_ref();
    if cfg!(windows) { which::which(name).map_or_else(|_| name.to_owned(), Into::into) } else { name.to_owned() }
}

/// Why there is no output of a program.
#[derive(Debug)]
pub enum NotRun {
    NotStarted(io::Error),
    /// It was started, and nobody could see what became of it.
    NotWatched(io::Error),
    /// It took longer than it may, and was ended.
    TimedOut,
}

/// What a program that ended has left.
#[derive(Debug)]
pub struct Ran {
    /// Its status, and the beginning of what it printed into pipes.
    pub output: Output,
    /// True where it took all of its input.
    pub has_read: bool,
}

/// Runs a program for at most `limit`. It reads `input`, or nothing; its other streams lead where the command says.
///
/// Memory is bounded whatever the program prints. Its own end decides: what it started and left behind may hold its pipes open for
/// ever, and is not waited for.
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
        // Nobody waits for an end that comes too late.
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

/// Reads what the program prints while `write` gives it its input, and waits for its end.
fn output(child: &Mutex<Child>, write: impl FnOnce() -> bool) -> io::Result<Ran> {
    let (stdout, stderr) = {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        (child.stdout.take(), child.stderr.take())
    };
    let (stdout, stderr) = (stdout.map(Printed::of).transpose()?, stderr.map(Printed::of).transpose()?);
    let has_read = write();
    let status = wait(child)?;
    let taken = |printed: Option<Printed>| printed.map_or(Ok(Vec::new()), Printed::taken);
    Ok(Ran { output: Output { status, stdout: taken(stdout)?, stderr: taken(stderr)? }, has_read })
}

/// What a program prints into a pipe, read on a thread of its own.
struct Printed {
    kept: Arc<Mutex<Vec<u8>>>,
    ended: mpsc::Receiver<io::Result<()>>,
}

impl Printed {
    /// Reads to the end, so that the program does not wait for a reader, and keeps the beginning.
    fn of(mut from: impl Read + Send + 'static) -> io::Result<Printed> {
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
        Ok(Printed { kept, ended })
    }

    /// Returns what the program printed, which has ended.
    fn taken(self) -> io::Result<Vec<u8>> {
        // What it printed is in the pipe by now; the end of the pipe may never come.
        self.ended.recv_timeout(READING).unwrap_or(Ok(()))?;
        Ok(std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Waits for the end of a program that another thread may stop meanwhile.
fn wait(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    let (mut pause, longest) = PAUSES;
    loop {
        if let Some(status) = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()? {
            return Ok(status);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(longest);
    }
}

/// Ends a program, which may have ended by itself in this moment. On Windows what it started ends with it: a `.cmd` does nothing by
/// itself.
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
    fn a_command_is_split_as_its_system_does() {
        let path = if cfg!(windows) { r"C:\tools\give.cmd" } else { "/tools/give" };
        let split = words(&format!(r#"{path} "two words" a"#)).unwrap();
        assert_eq!(split, [path, "two words", "a"]);
        assert_eq!(words(" ").unwrap_or_default(), [""; 0]);
        assert_eq!(words(r#"give "open"#).is_some(), cfg!(windows));
    }
}
