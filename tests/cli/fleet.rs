//! Fleets of any size: everything streams, and nothing that breaks off looks whole.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::{Answer, Home, PortalJs, Scripted};

fn at_portal(options: &[&str]) -> (Home, PortalJs) {
    let (mut home, portal) = (Home::new(), PortalJs::start(options));
    home.portal(&portal.url, PortalJs::KEY);
    (home, portal)
}

fn at_script(script: &Scripted) -> Home {
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    home
}

fn page(ids: &[&str], after: Option<&str>) -> Answer {
    let data: Vec<Value> = ids.iter().map(|id| json!({ "id": id, "name": format!("device {id}") })).collect();
    Answer::data(json!({ "devices": { "data": data, "after": after, "total": 4 } }))
}

#[test]
fn a_fleet_of_a_hundred_thousand_is_listed() {
    let (home, portal) = at_portal(&["--devices", "100000", "--page", "500"]);
    let session = home.run("devices list -o ndjson --fields id");
    assert_eq!(session.ok().out().lines().count(), 100_000);
    assert!(session.out().ends_with("{\"id\":\"device-100000\"}\n"));
    assert_eq!(portal.requests().len(), 200);
    let first = home.script("optra devices list -o ndjson | head -1").run();
    assert_eq!(first.ok().ndjson().len(), 1);
    assert!(portal.requests().len() < 220, "what nobody reads is not asked for");
}

#[test]
fn the_reader_may_leave_in_every_format() {
    let (home, _portal) = at_portal(&["--devices", "5000", "--page", "100"]);
    for format in ["table", "json", "ndjson", "csv"] {
        let session = home.script(&format!("optra devices list -o {format} | head -1")).run();
        assert_eq!((session.ok().out().lines().count(), session.err()), (1, String::new()), "{format}");
    }
}

#[test]
fn the_widths_of_the_first_page_hold_for_all() {
    let long = "a name that is much longer than all before";
    let script = Scripted::new().answer("DevicesList", page(&["1", "2"], Some("next"))).answer(
        "DevicesList",
        Answer::data(json!({"devices": {"data": [{"id": "30", "name": long}, {"id": "a-long-id", "name": "x"}]}})),
    );
    let table = at_script(&script).run("devices list --fields id,name").ok().out();
    assert_eq!(table, "id  name\n1   device 1\n2   device 2\n30         a name …\na-long-id  x\n");
}

#[test]
fn a_listing_that_breaks_off_can_be_gone_on_with() {
    let broken = Answer::error("INTERNAL", "the database is away");
    let script =
        Scripted::new().answer("DevicesList", page(&["1", "2"], Some("c \u{e4}"))).answer("DevicesList", broken);
    let home = at_script(&script);
    let session = home.run("devices list -o json");
    let error = session.exits(3).error();
    assert_eq!((&error["code"], &error["after"]), (&json!("partial"), &json!("c \u{e4}")));
    assert!(session.out().contains("\"id\":\"2\"") && !session.out().contains(']'), "{session}");
    let rest = Scripted::new().answer("DevicesList", page(&["3", "4"], None));
    let home = at_script(&rest);
    let session = home.optra(["devices", "list", "-o", "ndjson", "--after", "c \u{e4}"]).run();
    assert_eq!((session.ok().ndjson().len(), session.err()), (2, String::new()));
    assert_eq!(rest.requests()[0].variables()["after"], "c \u{e4}");
}

#[test]
fn pages_that_stall_break_or_loop_end_it() {
    let first = || page(&["1", "2"], Some("next"));
    for (bad, said) in [
        (Answer::stall(), "did not answer within 1 s"),
        (page(&["3"], None).cut_after(45), "broke off"),
        (
            Answer::new(200, "application/json", r#"{"data":{"devices":{"data":[{"id":"3","name":"dev"#),
            "cannot be understood",
        ),
        (page(&["3"], Some("next")), "leads back to one that was read before"),
    ] {
        let script = Scripted::new().answer("DevicesList", first()).answer("DevicesList", bad);
        let session = at_script(&script).run("devices list -o ndjson --timeout 1");
        assert_eq!(session.exits(3).ndjson().len(), 2, "{session}");
        let error = session.error();
        assert!(error.to_string().contains(said), "{said}: {error}");
        assert_eq!(error["after"], "next");
    }
}

#[test]
fn one_answer_of_forty_megabytes_is_read() {
    let mut body = String::from(r#"{"data":{"devices":{"data":["#);
    for n in 0..120_000 {
        let comma = if n == 0 { "" } else { "," };
        write!(body, r#"{comma}{{"id":"device-{n}","name":"{n:0>350}"}}"#).unwrap();
    }
    body.push_str("]}}}");
    assert!(body.len() > 40 << 20);
    let script = Scripted::new().answer("DevicesList", Answer::new(200, "application/json", body));
    let session = at_script(&script).run("devices list -o csv --fields id");
    assert_eq!(session.ok().out().lines().count(), 120_001);
}

#[test]
fn the_next_page_is_asked_for_while_this_one_is_written() {
    let script = Scripted::new()
        .answer("DevicesList", page(&["1", "2"], Some("next")))
        .answer("DevicesList", page(&["3", "4"], None));
    let session = at_script(&script).run("devices list -v -o ndjson");
    assert_eq!((session.ok().ndjson().len(), script.requests().len()), (4, 2));
    // Not one that is not wanted.
    let script = Scripted::new().answer("DevicesList", page(&["1", "2"], Some("next")));
    at_script(&script).run("devices list --limit 2").ok();
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn progress_is_told_to_a_person_who_sees_nothing_else_move() {
    let slow = |ids: &[&str], after| page(ids, after).delayed(std::time::Duration::from_millis(500));
    let script = || {
        Scripted::new()
            .answer("DevicesList", slow(&["1", "2"], Some("next")))
            .answer("DevicesList", slow(&["3", "4"], None))
    };
    let watched = script();
    let home = at_script(&watched);
    let mut terminal = home.line("devices list -o ndjson").on_terminal().stdout_to(home.path("out")).start();
    terminal.expect("2 of 4 devices");
    assert_eq!(terminal.finish().code, Some(0));
    let unwatched = script();
    assert_eq!(at_script(&unwatched).run("devices list -o ndjson").ok().err(), "");
}
