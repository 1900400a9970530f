//! A pager for output that is longer than the screen: which one, when, and what its end means for the run. It must not
//! test a pager, only what the program does with one.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;
use serde_json::json;

use super::portal;
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// A pager that says what it read, and waits for a key as others do.
const PAGER: &str = r#"#!/bin/sh
count=0
while IFS= read -r line; do count=$((count + 1)); last=$line; done
echo "PAGER read $count lines, the last: $last; LESS=$LESS key=${OPTRA_API_KEY-none}"
IFS= read -r key </dev/tty
echo "PAGER left with $key"
"#;

/// A fleet at a reference server, and a test pager.
fn fleet(count: u32, page: u32) -> (Home, ReferenceServer) {
    let portal = ReferenceServer::start(&["--devices", &count.to_string(), "--page", &page.to_string()]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    let pager = script(&home, "bin/pager", PAGER);
    home.set("PAGER", pager);
    (home, portal)
}

fn script(home: &Home, name: &str, text: &str) -> String {
    let path = home.write(name, text);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_list_that_is_longer_than_the_screen_goes_through_the_pager_and_the_count_comes_after_it() {
    let (home, _portal) = fleet(60, 20);
    let mut terminal = home.terminal("devices list --limit 50");
    terminal.expect("PAGER read 51 lines, the last: device-0050").expect("LESS=FRX key=none").send_line("q");
    let ended = terminal.expect("PAGER left with q").expect("50 of 60 devices").finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert_eq!(ended.text.matches("device-0050").count(), 1, "{}", ended.text);
}

#[test]
fn a_list_that_fits_the_screen_needs_no_pager() {
    let (home, _portal) = fleet(22, 5);
    let ended = home.terminal("devices list").finish();
    assert!(ended.text.contains("device-0022") && !ended.text.contains("PAGER"), "{}", ended.text);
    // With the header this is one line more than the screen shows.
    let (home, _portal) = fleet(23, 5);
    let mut terminal = home.terminal("devices list");
    // The lines that were printed before the screen was full are erased, because the pager shows them.
    terminal.expect("PAGER read 24 lines").send_line("q");
    let ended = terminal.finish();
    assert!(ended.raw.contains("\x1b[21A\r\x1b[J"), "{:?}", ended.raw);
}

#[test]
fn nobody_pages_what_a_program_reads_or_what_nobody_watches() {
    let (mut home, _portal) = fleet(60, 100);
    for line in ["devices list -o json", "devices list -o ndjson", "devices list -o csv", "devices list --no-pager"] {
        let ended = home.terminal(line).finish();
        assert!(ended.code == Some(0) && !ended.text.contains("PAGER"), "{line}: {}", ended.text);
    }
    let ended = home.line("devices list").env("CI", "true").on_terminal().start().finish();
    assert!(ended.code == Some(0) && !ended.text.contains("PAGER"), "{}", ended.text);
    for variable in [("OPTRA_PAGER", ""), ("OPTRA_PAGER", "cat"), ("TERM", "dumb"), ("OPTRA_ACCESSIBLE", "1")] {
        let ended = home.line("devices list").env(variable.0, variable.1).on_terminal().start().finish();
        assert!(ended.code == Some(0) && !ended.text.contains("PAGER"), "{variable:?}: {}", ended.text);
    }
    assert!(!home.run("devices list").ok().out().contains("PAGER"));
    home.set("PAGER", "");
    let ended = home.terminal("devices list").finish();
    assert!(ended.code == Some(0) && ended.text.contains("device-0060"), "{}", ended.text);
}

#[test]
fn the_variable_of_its_own_goes_before_that_of_all_programs() {
    let (mut home, _portal) = fleet(60, 100);
    let own = script(&home, "bin/own", "#!/bin/sh\necho OWN \"$1\"; exec cat\n");
    home.set("OPTRA_PAGER", format!("'{own}' --with='a word'"));
    let ended = home.terminal("devices list").finish();
    assert!(ended.text.contains("OWN --with=a word") && ended.text.contains("device-0060"), "{}", ended.text);
    assert_eq!(ended.code, Some(0));
}

#[test]
fn a_pager_that_cannot_be_started_costs_a_warning_and_no_line() {
    let (mut home, _portal) = fleet(60, 100);
    for (pager, warning) in [
        ("no-such-pager -R", "warning: the pager `no-such-pager -R` of `PAGER` cannot be started: No such file"),
        ("'open", "warning: the pager `'open` of `PAGER` cannot be started: missing closing quote"),
        ("sh -c 'exit 3'", "warning: the pager `sh -c 'exit 3'` failed (exit status: 3)"),
    ] {
        home.set("PAGER", pager);
        let ended = home.terminal("devices list --limit 50").finish();
        assert_eq!(ended.code, Some(0), "{}", ended.text);
        for part in [warning, "device-0001 ", "device-0050", "50 of 60 devices"] {
            assert_eq!(ended.text.matches(part).count(), 1, "{pager}: {part}: {}", ended.text);
        }
    }
}

#[test]
fn whoever_leaves_the_pager_early_gets_the_verdict_and_no_noise() {
    let (mut home, portal) = fleet(100_000, 500);
    home.set("PAGER", script(&home, "bin/one", "#!/bin/sh\nIFS= read -r line; echo \"ONE $line\"\n"));
    let ended = home.terminal("devices list").finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(ended.text.contains("ONE id") && ended.text.contains("the pager was quit after "), "{}", ended.text);
    assert!(!ended.text.contains("error") && !ended.text.contains("warning"), "{}", ended.text);
    assert!(portal.requests().len() < 10, "what nobody reads is not asked for");
    // The verdict of the command takes precedence over the failure of its output.
    let keys = (0..60).map(|n| json!({"name": format!("key {n}"), "createdAt": "2020-01-01T00:00:00Z"})).collect();
    let (mut home, _portal) = super::portal(&keys);
    home.set("PAGER", script(&home, "bin/one", "#!/bin/sh\nIFS= read -r line; echo \"ONE $line\"\n"));
    let ended = home.terminal("keys audit").finish();
    assert_eq!(ended.code, Some(1), "{}", ended.text);
    assert!(ended.text.contains("ONE rule") && ended.text.contains("findings\n"), "{}", ended.text);
}

#[test]
fn rows_reach_the_pager_before_all_pages_are_there() {
    let page = |from: usize, after: Option<&str>| {
        let rows: Vec<_> = (from..from + 40).map(|id| json!({"id": id.to_string(), "name": "dock"})).collect();
        Answer::data(json!({"devices": {"data": rows, "after": after}}))
    };
    let portal = MockServer::new().answer("DevicesList", page(1, Some("next"))).answer("DevicesList", Answer::stall());
    let mut home = Home::new();
    home.portal(&portal.url, "key-of-a-script");
    home.set("PAGER", script(&home, "bin/few", "#!/bin/sh\nhead -n 30; echo FEW; IFS= read -r key </dev/tty\n"));
    let mut terminal = home.terminal("devices list --timeout 60");
    // The portal does not answer, so nothing more is written: the run ends with its reader.
    terminal.expect("FEW").send_line("q");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
}

#[test]
fn ctrl_c_in_the_pager_stops_the_listing_and_leaves_the_pager_to_the_person() {
    let (mut home, portal) = fleet(1_000_000, 500);
    // It ignores Ctrl-C, as `less` does, and reads on slowly.
    let text = "#!/bin/sh\ntrap 'echo STOPPED' INT\necho READY\n\
        while IFS= read -r line || [ $? -gt 128 ]; do :; done\necho END\n\
        until IFS= read -r key </dev/tty; do :; done\necho \"LEFT with $key\"\n";
    home.set("PAGER", script(&home, "bin/slow", text));
    let mut terminal = home.terminal("devices list");
    terminal.expect("READY").send_ctrl_c().expect("STOPPED").expect("END").send_line("q").expect("LEFT with q");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(130), "{}", ended.text);
    assert!(portal.requests().len() < 2_000, "a listing that was stopped goes on");
}

#[test]
fn a_run_that_is_ended_ends_its_pager_first() {
    let (mut home, _portal) = fleet(60, 100);
    let text = "#!/bin/sh\ntrap 'echo RESTORED; exit' TERM\ncat >/dev/null\necho READY\nwhile :; do sleep 0.05; done\n";
    home.set("PAGER", script(&home, "bin/patient", text));
    let mut terminal = home.terminal("devices list");
    terminal.expect("READY").signal(Signal::TERM).expect("RESTORED");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(130), "{}", ended.text);
}

#[test]
fn less_is_used_where_nobody_says_otherwise() {
    let (home, _portal) = fleet(60, 100);
    let mut terminal = home.line("devices list --limit 50").without_env("PAGER").on_terminal().start();
    terminal.expect("device-0020").expect(":").send("G").expect("device-0050").send("q");
    let ended = terminal.expect("50 of 60 devices").finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
}

#[test]
fn no_secret_goes_through_a_pager() {
    let (home, _portal) = portal(&json!([]));
    let pager = script(&home, "bin/pager", PAGER);
    for line in ["keys generate --name ci", "auth token --reveal", "run -- sh -c 'seq 50'"] {
        let run = home.line(line).env("OPTRA_PAGER", &pager).on_terminal().size(80, 2).start().finish();
        assert!(run.code == Some(0) && !run.text.contains("PAGER"), "{line}: {}", run.text);
    }
    let mut terminal = home.line("help environment").env("OPTRA_PAGER", &pager).on_terminal().start();
    terminal.expect("PAGER read").send_line("q");
    assert_eq!(terminal.finish().code, Some(0));
}
