//! `optra devices wait`, `devices list --exit-code`, and `devices show` with a part of a name: for scripts and people.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

fn at(script: &MockServer) -> Home {
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    home
}

fn device(id: &str, status: &str) -> Value {
    json!({"id": id, "name": format!("dock-{id}"), "status": status})
}

fn list(devices: &[Value]) -> Answer {
    Answer::data(json!({ "devices": { "data": devices, "after": null } }))
}

fn show(id: &str, status: &str) -> Answer {
    Answer::data(json!({ "device": device(id, status) }))
}

#[test]
fn it_ends_once_all_devices_are_as_they_should_be() {
    let script = MockServer::new()
        .answer("DevicesList", list(&[device("1", "OFFLINE"), device("2", "OFFLINE"), device("3", "OFFLINE")]))
        .answer("DevicesShow", show("1", "ONLINE"))
        .answer("DevicesShow", show("2", "OFFLINE"))
        .answer("DevicesShow", show("1", "ONLINE"))
        .answer("DevicesShow", show("2", "ONLINE"));
    let session =
        at(&script).run("devices wait dock-1 2 dock-2 --for status=ONLINE --interval 20ms --fields id,status");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
id  status
1   ONLINE
2   ONLINE
--- stderr
not yet: dock-1 (status=OFFLINE), dock-2 (status=OFFLINE)
not yet: dock-2 (status=OFFLINE)
--- exit 0

"#]]
    );
}

#[test]
fn what_is_so_already_is_not_waited_for_and_a_deadline_is_kept() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "3"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("devices wait device-0001 --for status=online -o json --fields id,status");
    assert_eq!(session.ok().json(), json!([{"id": "device-0001", "status": "online"}]));
    assert_eq!((session.err(), portal.requests().len()), (String::new(), 1));
    let session = home.run("devices wait device-0001 device-0003 --for status=online --deadline 200ms --interval 50ms");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
not yet: Device 3 (status=offline)
error: after 0.2 s 1 of 2 devices do not meet the conditions
  because: Device 3 (status=offline)
hint: Give it more time with `--deadline`, or see how all are: `optra devices list`.
--- exit 8

"#]]
    );
    let error = home.run("devices wait device-0003 --for status=online --deadline 10ms -o json -q").exits(8).error();
    assert_eq!((&error["code"], &error["retryable"]), (&json!("timeout"), &json!(true)));
    let session = home.run("devices wait device-0001 --for 'lastSeenAt before 2999-01-01' --for name='Device*' -q");
    assert_eq!(session.ok().err(), "");
    home.run("devices wait device-0001").exits(2);
    home.run("devices wait device-0001 --for status=online --interval 0").exits(2);
    home.run("devices watch --interval 0").exits(2);
    home.run("devices wait device-0001 --for nonsense").exits(2);
}

#[test]
fn the_beginning_of_a_name_or_another_case_names_the_device() {
    for command in ["wait --for status=ONLINE", "show"] {
        for (word, hint) in [
            ("DOCK-01-camera", "There is `dock-01-camera`."),
            ("dock-01", "There is `dock-01-camera`."),
            ("gate-0", "There is `gate-04-camera`, `gate-01-monitor`, `gate-02-monitor`."),
        ] {
            let session = Home::new().run(&format!("--sandbox devices {command} {word}"));
            assert!(session.exits(6).err().ends_with(&format!("hint: {hint}\n")), "{session}");
        }
    }
}

#[test]
fn a_device_that_is_not_there_or_gone_ends_it() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "3"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("devices wait 'Device 9' --for status=online");
    assert!(
        session.exits(6).err().contains("error: there is no device `Device 9`\nhint: There is `Device"),
        "{session}"
    );

    let nobody = || Answer::data(json!({ "device": null }));
    let script = MockServer::new()
        .answer("DevicesList", list(&[device("1", "OFFLINE")]))
        .answer("DevicesShow", nobody())
        .answer("DevicesList", list(&[device("2", "ONLINE")]));
    let session = at(&script).run("devices wait dock-1 --for status=ONLINE --interval 10ms");
    assert!(session.exits(6).err().contains("error: device `dock-1` (id 1) is gone"), "{session}");
}

#[test]
fn a_part_of_the_list_says_nothing_of_a_device_that_is_not_in_it() {
    // A page with a null may have had the device.
    let part = Answer::json(
        200,
        json!({
            "data": { "devices": { "data": [device("2", "ONLINE"), null], "after": null } },
            "errors": [{ "message": "shard is away", "path": ["devices", "data", 1] }],
        }),
    );
    let script = MockServer::new()
        .answer("DevicesList", list(&[device("1", "OFFLINE")]))
        .answer("DevicesShow", Answer::data(json!({ "device": null })))
        .answer("DevicesList", part)
        .answer("DevicesShow", Answer::json(503, json!({})))
        .answer("DevicesShow", show("1", "ONLINE"));
    let session = at(&script).run("devices wait dock-1 --for status=ONLINE --interval 10ms --fields id");
    assert_eq!(session.ok().out(), "id\n1\n");
    assert_eq!(session.err().matches("; retrying").count(), 2, "{session}");
}

#[test]
fn what_the_portal_does_not_give_is_not_waited_for() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--dialect", "documented"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("devices wait device-0001 --for status=online -o json");
    assert_eq!(session.exits(9).error()["code"], "unsupported");
}

#[test]
fn a_person_sees_what_is_waited_for_and_may_leave() {
    let script = MockServer::new()
        .lenient()
        .answer("DevicesList", list(&[device("1", "OFFLINE")]))
        .answer("DevicesShow", show("1", "OFFLINE"));
    let home = at(&script);
    let mut terminal = home.terminal("devices wait dock-1 --for status=ONLINE --interval 100ms");
    terminal.expect("0 of 1; not yet: dock-1 (status=OFFLINE)");
    terminal.send_ctrl_c();
    assert_eq!(terminal.finish().code, Some(130));
}

#[test]
fn an_alert_goes_by_the_exit_code() {
    let home = Home::new();
    let run = |options: &str| home.run(&format!("--sandbox devices list --exit-code --fields id {options}"));
    let session = run("--where status=UNHEALTHY -q");
    assert_eq!((session.exits(1).out().lines().count(), session.err()), (3, "error: 2 devices found\n".to_owned()));
    assert_eq!(run("--where status=UNHEALTHY -o json").exits(1).error()["code"], "findings");
    assert_eq!(run("--where status=NOTHING -o json -q").ok().out(), "[]\n");
    assert_eq!(run("--where status=UNHEALTHY --limit 1").exits(1).out().lines().count(), 2);
    let count = |condition: &str| home.run(&format!("--sandbox devices list --exit-code --count -q {condition}"));
    assert_eq!(count("").exits(1).out(), "25\n");
    assert_eq!(count("--where status=UNHEALTHY").exits(1).out(), "2\n");
    assert_eq!(count("--where status=NOTHING").ok().out(), "0\n");
    // A failure keeps its exit code, whatever was found.
    let page = list(&[device("1", "ONLINE")]);
    let broken = Answer::data(json!({ "devices": { "data": [device("1", "ONLINE")], "after": "x" } }));
    let script = MockServer::new().answer("DevicesList", broken).answer("DevicesList", Answer::error("INTERNAL", "no"));
    at(&script).run("devices list --exit-code").exits(3);
    let script = MockServer::new().answer("DevicesList", page);
    at(&script).run("devices list --exit-code").exits(1);
}

#[test]
fn a_person_is_shown_the_only_device_that_can_be_meant_and_a_script_is_not() {
    let home = Home::new();
    let shown = |name: &str| {
        let ended = home.terminal(&format!("--sandbox devices show {name} --fields id")).finish();
        (ended.text, ended.code)
    };
    let (text, code) = shown("DOCK-01");
    assert!(text.contains("warning: there is no device `DOCK-01`; showing `dock-01-camera`\n"), "{text}");
    assert!(text.contains("id  364027113840054272\n") && code == Some(0), "{text}");
    let (text, code) = shown("dock");
    assert!(text.contains("error: there is no device `dock`") && code == Some(6), "{text}");
    // An id has to be exact.
    assert_eq!(shown("36402711384005427").1, Some(6));
    for options in ["", "-o json"] {
        home.run(&format!("--sandbox devices show DOCK-01 {options}")).exits(6);
    }
}

#[test]
fn a_portal_that_went_away_is_the_cause_and_not_the_device() {
    let mut script = MockServer::new().lenient().answer("DevicesList", list(&[device("1", "OFFLINE")]));
    for _ in 0..40 {
        script = script.answer("DevicesShow", Answer::close());
    }
    let line = "devices wait dock-1 --for status=ONLINE --interval 20ms --deadline 300ms --retries 0";
    let session = at(&script).run(line);
    let told = session.exits(8).err();
    let error = "error: after 0.3 s the portal does not answer; last seen: dock-1 (status=OFFLINE)\n";
    assert!(told.contains(error), "{session}");
    assert!(told.contains("because: the connection to the portal at"), "{session}");
}
