//! The result of a run: its output and exit code, with assertions that read well in a test. It must not change the
//! output; tests mask explicitly.

use std::fmt;
use std::process::ExitStatus;

use serde_json::Value;

/// A finished run. It displays like a session: stdout, then stderr and the exit code under headings.
#[must_use = "a run whose end nobody looks at proves nothing"]
#[derive(Debug, Clone)]
pub struct Session {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub code: Option<i32>,
    pub signal: Option<i32>,
    command: String,
}

impl Session {
    pub fn new(command: String, stdout: Vec<u8>, stderr: Vec<u8>, status: ExitStatus) -> Self {
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal = None;
        Self { stdout, stderr, code: status.code(), signal, command }
    }

    /// Returns stdout as text.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Returns stderr as text.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Asserts success.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.exits(0)
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert!(self.code == Some(code), "{} should have exited with {code}:\n{self}", self.command);
        self
    }

    /// Parses stdout as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{}: stdout is not one JSON value ({error}):\n{self}", self.command))
    }

    /// Parses each line of stdout as JSON.
    #[track_caller]
    pub fn ndjson(&self) -> Vec<Value> {
        let parsed: serde_json::Result<_> = self.out().lines().map(serde_json::from_str).collect();
        parsed.unwrap_or_else(|error| panic!("{}: a line is not JSON ({error}):\n{self}", self.command))
    }

    /// Returns the error object on stderr. Warnings may precede it, and nothing follows it.
    #[track_caller]
    pub fn error(&self) -> Value {
        let text = self.err();
        let last = text.lines().last().unwrap_or_default();
        let envelope: Option<Value> = serde_json::from_str(last).ok();
        let error = envelope.and_then(|mut envelope| envelope.get_mut("error").map(Value::take));
        error.unwrap_or_else(|| panic!("{}: stderr does not end with an error object:\n{self}", self.command))
    }

    /// Returns the displayed session with each of these values replaced by a name, for values that differ between runs.
    pub fn masked(&self, names: &[(&str, &str)]) -> String {
        names.iter().fold(self.to_string(), |text, (value, name)| text.replace(value, name))
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lines(f, &self.out())?;
        if !self.stderr.is_empty() {
            writeln!(f, "--- stderr")?;
            write_lines(f, &self.err())?;
        }
        match (self.code, self.signal) {
            (Some(code), _) => writeln!(f, "--- exit {code}"),
            (None, Some(signal)) => writeln!(f, "--- signal {signal}"),
            (None, None) => writeln!(f, "--- neither exit nor signal"),
        }
    }
}

fn write_lines(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(text)?;
    if text.is_empty() || text.ends_with('\n') { Ok(()) } else { f.write_str("\n") }
}
