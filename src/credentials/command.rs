//! A key from a program that prints it: `pass`, `op`, `vault`, or one of the user's own.
//!
//! Its words are split as a shell splits them, and no shell runs them. Its stdout is the key and is never shown; its
//! stderr is shown when it fails.

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroize;

use super::{Error, key};
use crate::secret::Secret;

/// Runs the program and reads the key that it prints.
pub fn read(command: &str, limit: Duration) -> Result<Secret, Error> {
    let failed = |problem: String, stderr: &[u8]| Error::Command {
        command: command.to_owned(),
        problem,
        stderr: String::from_utf8_lossy(stderr.trim_ascii()).into_owned(),
    };
    let words = shell_words::split(command).map_err(|_| failed("has a quote that is not closed".into(), b""))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("is empty".into(), b""));
    };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().map_err(|error| failed(format!("cannot be started: {error}"), b""))?;
    let id = child.id();
    let (end, ended) = mpsc::sync_channel(1);
    thread::spawn(move || {
        // Nobody waits for an end that comes too late.
        let _ = end.send(child.wait_with_output());
    });
    let Ok(output) = ended.recv_timeout(limit) else {
        stop(id);
        return Err(failed(format!("did not end within {} s", limit.as_secs_f64()), b""));
    };
    let Output { status, mut stdout, stderr } = output.map_err(|error| failed(error.to_string(), b""))?;
    // Whatever it printed may be the key, and must not be repeated from its stderr.
    for word in String::from_utf8_lossy(&stdout).split_whitespace() {
        Secret::new(word.to_owned());
    }
    if !status.success() {
        stdout.zeroize();
        return Err(failed(format!("failed ({status})"), &stderr));
    }
    key(stdout).map_err(|problem| failed(format!("printed no key: {problem}"), &stderr))
}

#[cfg(unix)]
fn stop(id: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // It may have ended by itself in this moment.
        let _ = kill_process(pid, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn stop(_: u32) {}

#[cfg(test)]
mod tests {
    use super::read;
    use std::time::{Duration, Instant};

    fn run(command: &str) -> Result<String, String> {
        let limit = Duration::from_millis(500);
        read(command, limit).map(|key| key.expose().to_owned()).map_err(|error| format!("{error} {error:?}"))
    }

    #[test]
    fn the_key_is_what_it_prints() {
        assert_eq!(run("echo 'k-123456'").as_deref(), Ok("k-123456"));
        assert_eq!(run("echo '$HOME'").as_deref(), Ok("$HOME"));
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
    fn what_cannot_be_run_is_named() {
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
    fn one_that_does_not_end_is_stopped() {
        let start = Instant::now();
        assert!(run("sleep 60").unwrap_err().contains("did not end within 0.5 s"));
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}
