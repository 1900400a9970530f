//! Runs and sessions: the environment, input and output, time limits, signals.
//! It must not need a server.

use std::time::Duration;

use rustix::process::Signal;
use snapbox::{assert_data_eq, str};

use super::failure_of;
use crate::harness::Home;

#[test]
fn a_session_reads_as_one_text() {
    let session = Home::new().script("echo out; echo err >&2; exit 7").env("IGNORED", "x").run();
    session.exits(7);
    assert_data_eq!(
        session.to_string(),
        str![[r#"
out
--- stderr
err
--- exit 7

"#]]
    );
    assert_eq!(session.masked(&[("out", "[OUT]")]), "[OUT]\n--- stderr\nerr\n--- exit 7\n");
    assert!(failure_of(|| _ = session.ok()).contains("--- exit 7"));
}

#[test]
fn the_environment_is_the_homes_alone() {
    let mut home = Home::new();
    home.portal("http://127.0.0.1:1", "key");
    let session = home.program("env", ["-u", "PWD"]).run();
    let mut names: Vec<_> = session.out().lines().map(|line| line.split('=').next().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names.join(" "), {
        "HOME LANG OPTRA_API_KEY OPTRA_PORTAL_URL OPTRA_RETRIES PATH XDG_CACHE_HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR XDG_STATE_HOME"
    });
    assert!(!home.program("env", [""; 0]).without_env("LANG").run().out().contains("LANG"));
    home.script("test ! -t 0 && test $(stat -c %a $XDG_RUNTIME_DIR) = 700").run().ok();
}

#[test]
fn the_program_runs_by_words_and_by_arguments_and_in_scripts() {
    let home = Home::new();
    let version = home.run("--version");
    version.ok();
    assert_eq!(home.optra(["--version"]).run().out(), version.out());
    assert_eq!(home.script("optra --version").run().out(), version.out());
    assert_eq!(home.terminal("--version").expect("optra").finish().code, Some(0));
    assert_eq!(home.line(r#"keys generate --name 'my key' """#).name(), "optra keys generate --name my key ");
}

#[test]
fn input_comes_from_bytes_or_a_file_and_folders_can_be_chosen() {
    let home = Home::new();
    assert_eq!(home.program("cat", [""; 0]).stdin("typed").run().out(), "typed");
    let file = home.write("config/optra/some.txt", "kept");
    assert_eq!(home.program("cat", [""; 0]).stdin_file(&file).run().out(), "kept");
    home.program("test", ["-f", "optra/some.txt"]).folder(home.path("config")).run().ok();
}

#[test]
fn output_is_read_as_json_lines_and_errors() {
    let home = Home::new();
    let session =
        home.script(r#"echo '{"a":1}'; echo '{"a":2}'; echo careful >&2; echo '{"error":{"exit":4}}' >&2"#).run();
    assert_eq!(session.ndjson()[1]["a"], 2);
    assert_eq!(session.error()["exit"], 4);
    assert!(failure_of(|| drop(session.json())).contains("not one JSON value"));
    assert_eq!(session.err().lines().count(), 2);
}

#[test]
fn a_run_that_does_not_end_is_killed_and_shown() {
    let home = Home::new();
    let hangs = home.script("echo so far; exec sleep 60").time_limit(Duration::from_millis(300));
    let message = failure_of(|| drop(hangs.run()));
    assert!(message.contains("still runs") && message.contains("so far"), "{message}");
}

#[test]
fn a_program_in_the_background_is_watched_and_signalled() {
    let home = Home::new();
    let running = home.script("trap 'exit 130' INT; echo ready; echo asking >&2; while :; do sleep 0.05; done").start();
    assert_eq!(running.first_line(), "ready");
    running.wait_for_stderr("asking");
    running.signal(Signal::INT);
    running.end().exits(130);
    let killed = home.script("kill -KILL $$").run();
    assert_eq!((killed.signal, killed.to_string().as_str()), (Some(9), "--- signal 9\n"));
}

#[test]
fn a_reader_can_leave_early() {
    let session = Home::new().program("yes", [""; 0]).reader_leaves_after(10).run();
    assert_eq!((session.stdout.len(), session.signal), (10, Some(Signal::PIPE.as_raw())));
}
