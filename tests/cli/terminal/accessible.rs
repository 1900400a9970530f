//! The program for people who use a screen reader or a braille display: nothing moves, and no meaning depends on
//! position. It must not test colour, because nothing depends on it.

use std::time::Duration;

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::{Answer, Home, MockServer};

/// Returns true if the output changes only the style of letters.
fn stands_still(raw: &str) -> bool {
    raw.split('\x1b').skip(1).all(|part| {
        part.starts_with('[') && part.find(char::is_alphabetic).is_some_and(|at| part[at..].starts_with('m'))
    })
}

const BLOCKS: &str = "\
id: key-0001
name: first key
inUse: yes

id: key-0002
name: ci
inUse: no
";

#[test]
fn rows_are_blocks_by_variable_or_by_configuration() {
    let (home, _portal) = portal(&json!([{ "name": "ci" }]));
    let line = "keys list --fields id,name,inUse";
    assert!(home.terminal(line).finish().text.starts_with("id        name"));
    let ended = home.line(line).env("OPTRA_ACCESSIBLE", "1").on_terminal().start().finish();
    assert_eq!(ended.text, BLOCKS);
    let piped = home.line(line).env("OPTRA_ACCESSIBLE", "1").run().ok().out();
    assert_eq!(piped, BLOCKS.replace("yes", "true").replace("no\n", "false\n"));
    home.write("config/optra/config.toml", "accessible = true\n");
    let ended = home.terminal(line).finish();
    assert_eq!(ended.text, BLOCKS);
    assert!(stands_still(&ended.raw), "{:?}", ended.raw);
    // The variable takes precedence over the file, and machine formats are unchanged.
    let ended = home.line(line).env("OPTRA_ACCESSIBLE", "0").on_terminal().start().finish();
    assert!(ended.text.starts_with("id        name"), "{}", ended.text);
    assert_eq!(home.run("keys list -o json --fields id").ok().json(), json!([{"id": "key-0001"}, {"id": "key-0002"}]));
    let home = Home::new();
    home.write("config/optra/config.toml", "accessible = 1\n");
    let ended = home.terminal("keys list").finish();
    assert!(ended.unbroken().contains("`accessible` that is not true or false"), "{}", ended.text);
    assert_eq!(ended.code, Some(11));
}

#[test]
fn a_card_is_a_block_too() {
    let (home, _portal) = portal(&json!([]));
    let ended = home.line("auth status").env("OPTRA_ACCESSIBLE", "1").on_terminal().start().finish();
    assert!(ended.text.contains("\nkeyId: key-0001\n"), "{}", ended.text);
}

#[test]
fn nothing_moves_for_whoever_waits() {
    let data = json!({"devices": {"data": [{"id": "1", "name": "dock"}], "after": null}});
    let portal = MockServer::new().answer("DevicesList", Answer::data(data).delayed(Duration::from_millis(900)));
    let mut home = Home::new();
    home.portal(&portal.url, "key-of-a-script").set("OPTRA_ACCESSIBLE", "1");
    let out = home.path("out.txt");
    let ended = home.line("devices list").on_terminal().stdout_to(out).start().finish();
    assert_eq!((ended.raw.as_str(), ended.code), ("", Some(0)));
}

#[test]
fn a_question_is_asked_and_answered_on_one_line() {
    let (home, _portal) = portal(&json!([{ "name": "ci" }]));
    let mut terminal = home.line("keys revoke ci").env("OPTRA_ACCESSIBLE", "1").on_terminal().start();
    let ended = terminal.expect("Type its name or id to revoke it: ").send_line("ci").finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(stands_still(&ended.raw), "{:?}", ended.raw);
}

#[test]
fn what_changes_is_said_in_sentences() {
    let look = |status: &str| {
        Answer::data(json!({"devices": {"data": [{"id": "1", "name": "do\u{1b}ck", "status": status}]}}))
    };
    let script = MockServer::new()
        .answer("DevicesList", look("ONLINE"))
        .answer("DevicesList", look("OFFLINE"))
        .answer("DevicesList", look("UNHEALTHY"))
        .answer("DevicesList", Answer::error("FORBIDDEN", "no more"));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script").set("OPTRA_ACCESSIBLE", "1");
    let ended = home.terminal("devices watch --interval 50ms").finish();
    assert_eq!(ended.code, Some(5));
    assert!(stands_still(&ended.raw), "{:?}", ended.raw);
    assert_data_eq!(
        ended.text,
        str![[r#"
id: 1
name: do/u{1b}ck
status: ONLINE
watching 1 device, every 0.05 s
device `do/u{1b}ck` (id 1): went offline [..]Z
device `do/u{1b}ck` (id 1): changed from OFFLINE [..]Z
error: [..]
...
"#]]
    );
}

#[test]
fn what_doctor_finds_is_a_block_with_a_label_on_each_line() {
    let (home, _portal) = portal(&json!([]));
    let ended = home.line("doctor").env("OPTRA_ACCESSIBLE", "1").on_terminal().start().finish();
    assert!(ended.text.starts_with("check: version\nstate: ok\nwhat: optra "), "{}", ended.text);
    let has_label = |line: &str| ["check", "state", "what", "why", "run"].contains(&line.split(':').next().unwrap());
    let odd = ended.text.lines().find(|line| !line.is_empty() && !has_label(line) && !line.contains("checks failed"));
    assert_eq!(odd, None, "{}", ended.text);
    assert!(stands_still(&ended.raw), "{:?}", ended.raw);
    // A narrow terminal has no room for columns, too.
    let ended = home.line("doctor").on_terminal().size(50, 24).start().finish();
    assert!(ended.text.starts_with("check: version\nstate: ok\nwhat: optra "), "{}", ended.text);
    let is_wide =
        |line: &&str| line.chars().count() > 50 && line.contains(' ') && !line.contains('`') && !line.contains("://");
    assert_eq!(ended.text.lines().find(is_wide), None, "{}", ended.text);
}
