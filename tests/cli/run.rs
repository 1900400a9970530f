//! `optra run` and `optra auth token`: the key where it was asked for, and nowhere beside.

use std::fs;

use rustix::process::Signal;

use crate::harness::{Home, PortalJs};

const KEY: &str = "k7WqB3x-hunter2-PjR5vTn9-LmZx81";
const PORTAL: &str = "https://portal.example";

fn home() -> Home {
    let mut home = Home::new();
    home.portal(PORTAL, KEY);
    home
}

#[test]
fn the_program_has_the_key_and_the_portal_in_its_environment() {
    let session = home().line("run -- env").env("OPTRA_API_URL", "https://portal.example/graphql").run();
    let environment = session.ok().out();
    for line in [format!("OPTRA_API_KEY={KEY}"), format!("OPTRA_PORTAL_URL={PORTAL}")] {
        assert!(environment.lines().any(|other| other == line), "{environment}");
    }
    assert!(!environment.contains("OPTRA_API_URL"), "{environment}");
}

#[test]
fn exit_codes_signals_input_and_output_are_the_programs_own() {
    let home = home();
    for code in [0, 7, 255] {
        home.run(&format!("run -- sh -c 'exit {code}'")).exits(code);
    }
    assert_eq!(home.run("run -- sh -c 'kill -TERM $$'").signal, Some(15));
    assert_eq!(home.line("run -- cat").stdin("in and out").run().ok().out(), "in and out");
    let session = home.run("run -- printf %s|%s --not-ours -v");
    assert_eq!(session.ok().out(), "--not-ours|-v");
    let running = home.line("run -- sh -c 'echo started; exec sleep 30'").start();
    assert_eq!(running.first_line(), "started");
    running.signal(Signal::INT);
    assert_eq!(running.end().signal, Some(2));
}

#[test]
fn the_terminal_is_the_programs_own() {
    let mut terminal = home().terminal("run -- sh -c 'test -t 0 && test -t 1 && stty size'");
    terminal.expect("24 80");
    assert_eq!(terminal.finish().code, Some(0));
}

#[test]
fn no_command_line_shows_the_key() {
    let home = home();
    let running = home.line("run -- sh -c 'echo $$; exec sleep 30'").start();
    let id = running.first_line();
    let shown = fs::read(format!("/proc/{id}/cmdline")).unwrap();
    assert!(!String::from_utf8_lossy(&shown).contains("hunter2"));
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let session = home().run("run -- no-such-program");
    assert!(session.exits(2).err().starts_with("error: cannot run `no-such-program`\n  because: "), "{session}");
    home().run("run").exits(2);
}

#[test]
fn a_program_can_use_the_sandbox() {
    let home = Home::new();
    let session = home.run("--sandbox run -- sh -c 'optra devices list -o csv --fields name --limit 1 -q; exit 5'");
    assert_eq!(session.exits(5).out(), "name\ndock-01-camera\n");
    home.run("--sandbox run -- sh -c 'kill -TERM $$'").exits(143);
}

#[test]
fn the_token_goes_into_a_pipe_and_on_a_screen_only_if_it_is_meant() {
    let home = home();
    assert_eq!(home.run("auth token").ok().out(), format!("{KEY}\n"));
    let ended = home.terminal("auth token").finish();
    assert_eq!(ended.code, Some(7));
    assert!(ended.text.contains("--reveal") && !ended.text.contains("hunter2"), "{}", ended.text);
    assert!(home.terminal("auth token --reveal").finish().text.contains(KEY));
    let portal = PortalJs::start(&["--key", KEY]);
    let session = home
        .script("optra auth token | OPTRA_API_KEY=$(cat) OPTRA_PORTAL_URL=$URL optra devices list")
        .env("URL", &portal.url)
        .run();
    session.ok();
}
