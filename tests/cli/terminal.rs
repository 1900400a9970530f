//! Questions and looks on a real terminal: what is typed decides, Ctrl-C changes nothing, and everything fits.

use serde_json::json;

use crate::harness::{Home, PortalJs};

/// A home at a portal with two keys besides the one in use: key-0002 `a`, key-0003 `b`.
fn with_keys() -> (Home, PortalJs) {
    let (mut home, portal) = (Home::new(), PortalJs::start(&[]));
    home.portal(&portal.url, PortalJs::KEY);
    for name in ["a", "b"] {
        home.run(&format!("keys generate --name {name}")).ok();
    }
    (home, portal)
}

fn revocations(portal: &PortalJs) -> usize {
    portal.operations().iter().filter(|operation| *operation == "KeysRevoke").count()
}

#[test]
fn the_typed_name_or_id_revokes() {
    for (named, typed) in [("key-0002", "a"), ("a", "key-0002")] {
        let (home, portal) = with_keys();
        let mut terminal = home.terminal(&format!("keys revoke {named}"));
        terminal.expect("Revoke key `a` (id key-0002), generated 2026-03-01T12:00:00Z by admin@example.com");
        terminal.expect("Type its name or id to revoke it").send_line(typed);
        terminal.expect("Revoked key `a` (id key-0002).");
        assert_eq!(terminal.finish().code, Some(0));
        assert_eq!(revocations(&portal), 1);
    }
}

#[test]
fn anything_else_revokes_nothing() {
    for typed in ["b", "y", "yes", "A", ""] {
        let (home, portal) = with_keys();
        let mut terminal = home.terminal("keys revoke a");
        terminal.expect("Type its name or id").send_line(typed);
        terminal.expect("nothing was revoked");
        assert_eq!(terminal.finish().code, Some(7), "{typed}");
        assert_eq!(revocations(&portal), 0, "{typed}");
    }
}

#[test]
fn of_two_keys_none_goes_before_both_are_confirmed() {
    let (home, portal) = with_keys();
    let mut terminal = home.terminal("keys revoke a b");
    terminal.expect("Revoke key `a`").expect("Type its name or id").send_line("a");
    terminal.expect("Revoke key `b`").expect("Type its name or id").send_line("no");
    assert_eq!(terminal.finish().code, Some(7));
    assert_eq!(revocations(&portal), 0);
}

#[test]
fn ctrl_c_leaves_everything_as_it_was() {
    let (home, portal) = with_keys();
    let mut terminal = home.terminal("keys revoke a");
    terminal.expect("Type its name or id").send_ctrl_c();
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(130), "{}", ended.text);
    assert!(ended.raw.ends_with("\u{1b}[?25h\r\n") || ended.raw.contains("\u{1b}[?25h"), "{:?}", ended.raw);
    assert!(!ended.text.contains("error"), "{}", ended.text);
    assert_eq!(revocations(&portal), 0);
}

#[test]
fn the_question_is_asked_although_stdout_goes_to_a_file() {
    let (home, portal) = with_keys();
    let file = home.path("out");
    let mut terminal = home.line("keys revoke a").on_terminal().stdout_to(&file).start();
    terminal.expect("Type its name or id").send_line("a");
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!((std::fs::read_to_string(file).unwrap().as_str(), revocations(&portal)), ("", 1));
}

#[test]
fn nobody_is_asked_where_nobody_is_expected() {
    for (line, variable) in [("keys revoke a", "CI"), ("keys revoke a --no-input", "X"), ("keys revoke a -o json", "X")]
    {
        let (home, portal) = with_keys();
        let ended = home.line(line).env(variable, "1").on_terminal().start().finish();
        assert_eq!(ended.code, Some(7), "{line} {}", ended.text);
        assert!(!ended.text.contains("Type its name"), "{}", ended.text);
        assert_eq!(revocations(&portal), 0);
    }
}

#[test]
fn a_name_cannot_forge_the_question() {
    let (home, _portal) = with_keys();
    home.optra(["keys", "generate", "--name", "x\u{1b}[2J\u{202e}\nRevoke key `b`"]).run().ok();
    let mut terminal = home.terminal("keys revoke key-0004");
    terminal.expect("Revoke key `x\\u{1b}[2J\\u{202e}\\nRevoke key `b`` (id key-0004)").send_ctrl_c();
    assert_eq!(terminal.finish().code, Some(130));
}

#[test]
fn a_secret_on_the_screen_is_said_to_be_shown_once() {
    let (home, _portal) = with_keys();
    let mut terminal = home.terminal("keys generate --name c");
    terminal.expect("shown once; keep it like a password:").expect("Generated API key `c` (id key-0004).");
    assert_eq!(terminal.finish().code, Some(0));
}

#[test]
fn headings_are_bold_where_colour_is_wanted() {
    let home = Home::new();
    let bold = |text: &str| text.contains("\u{1b}[1m");
    let on_terminal = |line: &str, variable: &str, value: &str| {
        home.line(line).env(variable, value).on_terminal().start().finish().raw
    };
    let line = "--sandbox devices list --limit 1";
    assert!(bold(&on_terminal(line, "X", "")));
    assert!(bold(&on_terminal(line, "NO_COLOR", "")));
    assert!(!bold(&on_terminal(line, "NO_COLOR", "1")));
    assert!(!bold(&on_terminal(line, "TERM", "dumb")));
    assert!(!bold(&on_terminal(&format!("{line} --color never"), "X", "")));
    assert!(!bold(&home.run(line).out()));
    assert!(bold(&home.run(&format!("{line} --color always")).out()));
    assert!(bold(&home.line(line).env("CLICOLOR_FORCE", "1").run().out()));
}

#[test]
fn a_narrow_terminal_drops_columns_and_never_cuts_an_id() {
    let home = Home::new();
    for (columns, header) in [
        (200, "id                  name              model   status  tags                location   lastSeenAt"),
        (80, "id                  name              model   status  location   lastSeenAt"),
        (60, "id                  name              status  lastSeenAt"),
        (40, "id                  name"),
        (20, "id                  name"),
    ] {
        let line = home.line("--sandbox devices list --limit 3");
        let ended = line.on_terminal().size(columns, 24).start().finish();
        let plain = ended.raw.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines[0].trim_end(), header, "{columns}");
        assert!(lines[1].starts_with("364027113840054272  dock-01-camera"), "{columns}: {plain}");
    }
}

#[test]
fn times_are_told_to_people_and_given_to_programs() {
    let home = Home::new();
    let line = "--sandbox keys generate --name now";
    home.run(line).ok();
    let ended = home.terminal("--sandbox keys list").finish();
    assert!(ended.text.contains("just now"), "{}", ended.text);
    let keys = home.run("--sandbox keys list -o json").json();
    let time = keys[1]["createdAt"].as_str().unwrap().to_owned();
    assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
    assert!(home.run("--sandbox keys list").out().contains(&time));
    assert_eq!(keys[1]["lastUsedAt"], json!(null));
}
