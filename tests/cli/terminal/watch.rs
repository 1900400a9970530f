//! `devices watch` on the whole screen: its keys, what it shows, and the state of the terminal after every way to end
//! it. It must not test what counts as a change.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer, Terminal};

const ENTER: &str = "\x1b[?1049h";
const LEAVE: &str = "\x1b[?1049l";

/// A mock server that returns these fleets one after the other, and the last one forever.
fn watching(fleets: &[Value]) -> (Home, MockServer) {
    let fleet = |devices: &Value| Answer::data(json!({"devices": {"data": devices}}));
    let mut script = MockServer::new().lenient();
    for devices in fleets {
        script = script.answer("DevicesList", fleet(devices));
    }
    let last = fleet(fleets.last().unwrap());
    let script = script.answer("*", last);
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

fn devices(count: usize) -> Value {
    (1..=count)
        .map(|n| json!({"id": format!("{n:02}"), "name": format!("name {}", 100 - n), "status": "ONLINE"}))
        .collect()
}

/// Starts `devices watch` in a shell that compares the terminal's state before and after.
fn start(home: &Home, words: &str) -> Terminal {
    let script = format!(
        "trap : INT TERM; before=$(stty -g); code=0; optra devices watch {words} || code=$?; echo exit $code
        test \"$(stty -g)\" = \"$before\" && echo as before"
    );
    home.script(&script).on_terminal().start()
}

#[test]
fn q_ends_it_and_the_terminal_is_as_it_was() {
    let (home, _script) = watching(&[devices(30)]);
    let mut terminal = start(&home, "");
    terminal.expect("name 99").expect("q quit").send("q");
    let ended = terminal.expect("exit 0").expect("as before").finish();
    assert_eq!((ended.raw.matches(ENTER).count(), ended.raw.matches(LEAVE).count()), (1, 1), "{:?}", ended.raw);
    assert!(ended.raw.rfind("\x1b[?25h") > ended.raw.rfind("\x1b[?25l"), "the cursor stays hidden: {:?}", ended.raw);
}

#[test]
fn keys_scroll_and_choose_the_order() {
    let (home, _script) = watching(&[devices(60)]);
    let mut terminal = home.terminal("devices watch --interval 60s");
    // 22 rows fit between header and footer.
    terminal.expect("22  name 78").expect("60 devices").send("j");
    terminal.expect("23  name 77").expect("60 devices").send("\x1b[6~");
    terminal.expect("45  name 55").expect("60 devices").send("\x1b[B\x1b[A\x1b[5~");
    terminal.expect("02  name 98").expect("23  name 77").expect("60 devices").send("G");
    terminal.expect("60  name 40").expect("60 devices").send("ss");
    terminal.expect("60  name 40").expect("39  name 61").expect("order: name").send("q");
    assert_eq!(terminal.finish().code, Some(0));
    let mut terminal = home.terminal("devices watch --sort name");
    terminal.expect("60  name 40").expect("order: name").send("q");
    assert_eq!(terminal.finish().code, Some(0));
}

#[test]
fn a_change_stays_marked_in_words() {
    let fleet = |status: &str| json!([{"id": "1", "name": "dock", "status": "ONLINE"}, {"id": "2", "name": "gate", "status": status}]);
    let (home, script) = watching(&[fleet("ONLINE"), fleet("OFFLINE"), fleet("OFFLINE"), fleet("OFFLINE")]);
    let mut terminal = home.terminal("devices watch --interval 100ms");
    terminal.expect("1   dock  ONLINE").expect("gate  OFFLINE  went offline ");
    while script.requests().len() < 6 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // The latest change is the first row, also some polls later.
    terminal.send("j").send("q");
    let ended = terminal.finish();
    let last = ended.text.rsplit("event").next().unwrap();
    assert!(last.contains("2   gate  OFFLINE  went offline ") && last.contains("1   dock  ONLINE"), "{last}");
}

#[test]
fn another_size_is_another_picture() {
    let (home, _script) = watching(&[devices(60)]);
    let mut terminal = home.line("devices watch --interval 60s").on_terminal().size(80, 24).start();
    terminal.expect("22  name 78").expect("60 devices").resize(80, 12);
    terminal.expect("10  name 90").expect("60 devices").resize(18, 12);
    terminal.expect("name: name 99").expect("q quit").send("q");
    assert_eq!(terminal.finish().code, Some(0));
}

#[test]
fn ctrl_c_and_signals_leave_the_terminal_as_it_was() {
    let (home, _script) = watching(&[devices(3)]);
    let mut terminal = start(&home, "");
    let ended = terminal.expect("q quit").send_ctrl_c().expect("exit 130").expect("as before").finish();
    assert_eq!(ended.raw.matches(LEAVE).count(), 1, "{:?}", ended.raw);
    let mut terminal = home.terminal("devices watch");
    terminal.expect("q quit").signal(Signal::TERM).expect_echo(true);
    let ended = terminal.finish();
    assert_eq!((ended.code, ended.raw.matches(LEAVE).count()), (Some(130), 1), "{:?}", ended.raw);
}

#[test]
fn a_stop_gives_the_terminal_back_and_going_on_takes_it_again() {
    let (home, _script) = watching(&[devices(3)]);
    let mut terminal = home.terminal("devices watch");
    terminal.expect("q quit").expect_echo(false).signal(Signal::TSTP).expect_echo(true);
    terminal.signal(Signal::CONT).expect_echo(false).expect("q quit").send("q");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(0));
    let (enters, leaves) = (ended.raw.matches(ENTER).count(), ended.raw.matches(LEAVE).count());
    assert_eq!((enters, leaves), (2, 2), "{:?}", ended.raw);
}

#[test]
fn an_error_is_told_once_the_screen_is_left() {
    let script = MockServer::new()
        .answer("DevicesList", Answer::data(json!({"devices": {"data": devices(1)}})))
        .answer("DevicesList", Answer::new(503, "text/plain", "no"))
        .answer("DevicesList", Answer::error("FORBIDDEN", "no more"));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    let mut terminal = start(&home, "--interval 100ms");
    terminal.expect("the portal is unreachable");
    let ended = terminal.expect("error: ").expect("exit 5").expect("as before").finish();
    let (left, told) = (ended.raw.find(LEAVE), ended.raw.find("error:"));
    assert!(left.is_some() && left < told, "{:?}", ended.raw);
}

#[test]
fn a_key_that_nobody_can_press_is_not_waited_for() {
    let (home, script) = watching(&[devices(2)]);
    let mut terminal = home.script("optra devices watch --interval 100ms </dev/null").on_terminal().start();
    terminal.expect("watching 2 devices");
    while script.requests().len() < 4 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let ended = terminal.send_ctrl_c().finish();
    assert!(!ended.raw.contains(ENTER) && ended.code != Some(0), "{:?}", ended.raw);
}
