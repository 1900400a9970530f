//! Reads a key from a program that prints it, or passes a key to a program: `pass`, `op`, `vault`, or the user's own.
//!
//! The command is split into words as the system does, and no shell runs it. Its stdout is the key and is never shown;
//! its stderr is shown if it fails.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

use super::{Error, key};
use crate::disk;
use crate::secret::Secret;

/// How long a program may take to accept a key: it may have to ask a person or a remote server.
const GIVE_LIMIT: Duration = Duration::from_secs(120);

/// More than any key with white space around it.
const LONGEST: usize = 4096;

/// The most bytes that are kept of a program's output: more than any key or error message needs.
const LARGEST: usize = 64 * 1024;

/// How long to read the output after the program's end, if another process keeps the pipe open.
const READ_LIMIT: Duration = Duration::from_millis(500);

/// The first and the longest interval of polling for the program's end: most end quickly, some ask a person.
const POLL_INTERVALS: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(20));

/// Runs the program and reads the key that it prints.
pub fn read(command: &str, limit: Duration) -> Result<Secret, Error> {
    let Output { status, mut stdout, stderr } = run(command, None, limit)?;
    // Too long to be a key, so it is not registered for masking; stderr might repeat it and is not shown.
    if stdout.len() > LONGEST {
        stdout.zeroize();
        return Err(failed(command, format!("printed more than {LONGEST} bytes, which is not a key"), b""));
    }
    // Register every word as a secret: any of them may be the key, and stderr might repeat it.
    for word in String::from_utf8_lossy(&stdout).split_whitespace() {
        Secret::new(word.to_owned());
    }
    if !status.success() {
        stdout.zeroize();
        return Err(failed(command, format!("failed ({status})"), &stderr));
    }
    key(stdout).map_err(|problem| failed(command, format!("printed no key: {problem}"), &stderr))
}

/// Writes the key to the program's stdin, without a newline.
pub fn give(command: &str, secret: &Secret) -> Result<(), Error> {
    let Output { status, stderr, .. } = run(command, Some(secret), GIVE_LIMIT)?;
    if status.success() { Ok(()) } else { Err(failed(command, format!("failed ({status})"), &stderr)) }
}

/// Checks that the program exists, before there is a key to pass to it.
pub fn find(command: &str) -> Result<(), Error> {
    let (program, _) = split(command)?;
    let found = which::which(&program);
    found.map(drop).map_err(|error| failed(command, format!("cannot be started: `{program}`: {error}"), b""))
}

fn split(command: &str) -> Result<(String, Vec<String>), Error> {
    let words = disk::words(command).ok_or_else(|| failed(command, "has a quote that is not closed".into(), b""))?;
    let mut words = words.into_iter();
    let program = words.next().ok_or_else(|| failed(command, "is empty".into(), b""))?;
    Ok((program, words.collect()))
}

fn run(command: &str, secret: Option<&Secret>, limit: Duration) -> Result<Output, Error> {
    let (program, arguments) = split(command)?;
    // Discard unused output: a program may print endlessly.
    let (stdin, stdout) =
        if secret.is_some() { (Stdio::piped(), Stdio::null()) } else { (Stdio::null(), Stdio::piped()) };
    let mut child = Command::new(disk::started_as(program));
    // The program does not need the key in use.
    child.env_remove("OPTRA_API_KEY").args(arguments).stdin(stdin).stdout(stdout).stderr(Stdio::piped());
    let mut child = child.spawn().map_err(|error| failed(command, format!("cannot be started: {error}"), b""))?;
    let (input, secret) = (child.stdin.take(), secret.cloned());
    let child = Arc::new(Mutex::new(child));
    let watched = Arc::clone(&child);
    let (end, ended) = mpsc::sync_channel(1);
    let watch = move || {
        let written = match (input, secret) {
            (Some(mut input), Some(secret)) => input.write_all(secret.expose().as_bytes()),
            _ => Ok(()),
        };
        // Nobody receives an end that comes too late.
        let _ = end.send((written, output(&watched)));
    };
    if let Err(error) = thread::Builder::new().spawn(watch) {
        stop(&child);
        return Err(failed(command, format!("cannot be watched: {error}"), b""));
    }
    let Ok((written, output)) = ended.recv_timeout(limit) else {
        stop(&child);
        return Err(failed(command, format!("did not end within {} s", limit.as_secs_f64()), b""));
    };
    let output = output.map_err(|error| failed(command, error.to_string(), b""))?;
    match written {
        Err(_) if output.status.success() => Err(failed(command, "did not read the key".into(), &output.stderr)),
        _ => Ok(output),
    }
}

/// Waits for the program's end, and keeps only as much output as a key or an error message needs.
///
/// Does not wait for background processes that the program leaves behind, which may hold its pipes open forever.
fn output(child: &Mutex<Child>) -> io::Result<Output> {
    let (stdout, stderr) = {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        (child.stdout.take(), child.stderr.take())
    };
    let (stdout, stderr) = (stdout.map(OutputReader::of).transpose()?, stderr.map(OutputReader::of).transpose()?);
    let status = wait(child)?;
    let taken = |printed: Option<OutputReader>| printed.map_or(Ok(Vec::new()), OutputReader::taken);
    Ok(Output { status, stdout: taken(stdout)?, stderr: taken(stderr)? })
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

fn failed(command: &str, problem: String, stderr: &[u8]) -> Error {
    let stderr = String::from_utf8_lossy(stderr.trim_ascii()).into_owned();
    Error::Command { command: command.to_owned(), problem, stderr }
}

fn stop(child: &Mutex<Child>) {
    disk::end(&mut child.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Waits for the end of a program that another thread may kill meanwhile.
fn wait(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    let (mut blink, longest) = POLL_INTERVALS;
    loop {
        if let Some(status) = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()? {
            return Ok(status);
        }
        thread::sleep(blink);
        blink = (blink * 2).min(longest);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{give, read};
    use crate::secret::Secret;
    use std::time::{Duration, Instant};

    fn run(command: &str) -> Result<String, String> {
        let limit = Duration::from_millis(500);
        read(command, limit).map(|key| key.expose().to_owned()).map_err(|error| format!("{error} {error:?}"))
    }

    #[test]
    fn the_key_is_what_it_prints() {
        assert_eq!(run("echo 'k-123456'").as_deref(), Ok("k-123456"));
        assert_eq!(run("echo '$HOME/k'").as_deref(), Ok("$HOME/k"));
    }

    #[test]
    fn a_failure_shows_its_stderr_and_never_its_output() {
        let error = run("sh -c 'echo canary-output; echo why >&2; exit 3'").unwrap_err();
        assert!(error.contains("exit status: 3") && error.contains("why"), "{error}");
        assert!(
            !error
                .replace("sh -c 'echo canary-output", "")
                .replace("sh -c \\'echo canary-output", "")
                .contains("canary"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_cannot_run_is_named() {
        for (command, said) in [
            ("", "is empty"),
            ("'open", "a quote that is not closed"),
            ("no-such-program-anywhere", "cannot be started"),
            ("true", "printed no key: the key is empty"),
            ("echo two words", "white space"),
        ] {
            let error = run(command).unwrap_err();
            assert!(error.contains(said), "{command}: {error}");
        }
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let start = Instant::now();
        assert!(run("sleep 60").unwrap_err().contains("did not end within 0.5 s"));
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_background_process_is_not_waited_for() {
        let (key, start) = (Secret::new("k-123456".into()), Instant::now());
        assert!(give("sh -c 'cat >/dev/null; sleep 30 >/dev/null &'", &key).is_ok());
        let error = give("sh -c 'sleep 30 & echo why >&2; exit 3'", &key).unwrap_err();
        assert!(format!("{error:?}").contains("why"), "{error:?}");
        let limit = Duration::from_secs(20);
        let read = read("sh -c 'echo k-123456; sleep 30 &'", limit).map(|key| key.expose().to_owned());
        assert_eq!(read.unwrap(), "k-123456");
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }

    #[test]
    fn endless_output_takes_no_memory() {
        let key = Secret::new("k-123456".into());
        assert!(
            give("sh -c 'cat >/dev/null; head -c 50000000 /dev/zero; head -c 5000000 /dev/zero >&2'", &key).is_ok()
        );
        let error = run("sh -c 'head -c 5000000 /dev/zero | tr \\\\0 x'").unwrap_err();
        assert!(error.contains("printed more than 4096 bytes") && error.len() < 1000, "{error}");
    }
}
