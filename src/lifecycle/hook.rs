//! Runs the hook of a rotation, before the old key is revoked: with the ids of both keys, without a secret, and with a
//! time limit.

use std::io;
use std::process::Command;
use std::time::Duration;

use crate::disk::{self, NotRun, Refused};
use crate::error::{Error, Kind};

/// Refuses a hook that cannot be run, or that another user could have written: before a key is generated, and before
/// the hook runs.
pub fn check(hook: &str) -> Result<(), Error> {
    words(hook).map(drop)
}

/// Returns the program and its arguments.
fn words(hook: &str) -> Result<(String, Vec<String>), Error> {
    let words = disk::words(hook).ok_or_else(|| failed(hook, "has a quote that is not closed"))?;
    let mut words = words.into_iter();
    let program = words.next().ok_or_else(|| failed(hook, "is empty"))?;
    let path = disk::find_program(&program).map_err(|error| {
        failed(hook, &format!("cannot be started: `{program}`: {error}"))
            .hint("It is run without a shell; what needs one is written as `--hook \"sh -c 'COMMAND'\"`.")
    })?;
    match disk::check_program(&path) {
        Err(Refused::Untrusted(untrusted)) => Err(untrusted.into()),
        _ => Ok((program, words.collect())),
    }
}

fn failed(hook: &str, problem: &str) -> Error {
    Error::new(Kind::Failed, format!("the hook `{hook}` {problem}"))
}

/// Runs the hook with these variables, and kills it after its time limit.
pub fn run(hook: &str, variables: &[(&str, &str)], limit: Duration) -> Result<(), Error> {
    let (program, arguments) = words(hook)?;
    let mut command = Command::new(disk::started_as(program));
    // The hook's output must not pass for our result.
    command.env_remove("OPTRA_API_KEY").args(arguments).stdout(io::stderr());
    command.envs(variables.iter().copied());
    match disk::run(&mut command, None, limit) {
        Err(NotRun::NotStarted(error)) => Err(failed(hook, &format!("cannot be started: {error}"))),
        Err(NotRun::NotWatched(error)) => Err(failed(hook, &format!("cannot be watched: {error}"))),
        Err(NotRun::TimedOut) => {
            Err(failed(hook, &format!("did not end within {} s, and was stopped", limit.as_secs())))
        }
        Ok(ran) if !ran.output.status.success() => Err(failed(hook, &format!("failed ({})", ran.output.status))),
        Ok(_) => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::run;
    use std::time::Duration;

    #[test]
    fn it_has_its_variables_and_its_time() {
        let second = Duration::from_secs(1);
        assert!(run("sh -c 'test \"$OPTRA_NEW_KEY_ID\" = 7'", &[("OPTRA_NEW_KEY_ID", "7")], second).is_ok());
        assert!(run("false", &[], second).unwrap_err().to_string().contains("failed (exit status: 1)"));
        let late = run("sleep 60", &[], Duration::ZERO).unwrap_err().to_string();
        assert!(late.contains("did not end within 0 s, and was stopped"), "{late}");
        assert!(run("no-such-program-anywhere", &[], second).unwrap_err().to_string().contains("cannot be started"));
    }
}
