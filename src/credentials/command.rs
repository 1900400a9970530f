//! Reads a key from a program that prints it, or passes a key to a program: `pass`, `op`, `vault`, or the user's own.
//!
//! The command is split into words as the system does, and no shell runs it. Its stdout is the key and is never shown;
//! its stderr is shown if it fails.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

use super::{Error, key};
use crate::disk::{self, NotRun};
use crate::secret::Secret;

/// How long a program may take to accept a key: it may have to ask a person or a remote server.
const GIVE_LIMIT: Duration = Duration::from_secs(120);

/// More than any key with white space around it.
const LONGEST: usize = 4096;

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
    let found = disk::find_program(&program);
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
    let input = secret.map(|secret| Zeroizing::new(secret.expose().as_bytes().to_vec()));
    let mut child = Command::new(disk::started_as(program));
    // The program does not need the key in use.
    child.env_remove("OPTRA_API_KEY").args(arguments).stderr(Stdio::piped());
    // Discard unused output: a program may print endlessly.
    child.stdout(if secret.is_some() { Stdio::null() } else { Stdio::piped() });
    let ran = disk::run(&mut child, input, limit).map_err(|error| {
        let problem = match error {
            NotRun::NotStarted(error) => format!("cannot be started: {error}"),
            NotRun::NotWatched(error) => format!("cannot be watched: {error}"),
            NotRun::TimedOut => format!("did not end within {} s", limit.as_secs_f64()),
        };
        failed(command, problem, b"")
    })?;
    match ran.has_read {
        false if ran.output.status.success() => Err(failed(command, "did not read the key".into(), &ran.output.stderr)),
        _ => Ok(ran.output),
    }
}

fn failed(command: &str, problem: String, stderr: &[u8]) -> Error {
    let stderr = String::from_utf8_lossy(stderr.trim_ascii()).into_owned();
    Error::Command { command: command.to_owned(), problem, stderr }
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
