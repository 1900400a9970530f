//! `optra devices`: the fleet of the reference server, of the sandbox, and of mock servers with odd answers.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

fn at_portal(options: &[&str]) -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(options));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// A home at a reference server with these devices.
fn with_devices(devices: Value) -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let file = home.write("devices.json", devices.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// A home at a mock server that answers a listing with this.
fn with_answer(data: Value) -> (Home, MockServer) {
    let mut home = Home::new();
    let script = MockServer::new().answer("DevicesList", Answer::data(json!({ "devices": data })));
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

#[test]
fn a_portal_of_other_make_is_listed_in_one_request() {
    let (home, portal) = at_portal(&["--devices", "3"]);
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
id           name      model     status   tags   location   lastSeenAt
device-0001  Device 1  Edge One  online   lobby  Main hall  2026-03-01T12:00:00Z
device-0002  Device 2  Edge One  online   lobby  Main hall  2026-03-01T12:00:00Z
device-0003  Device 3  Edge One  offline  lobby  Main hall  2026-03-01T12:00:00Z
--- exit 0

"#]]
    );
    let requests = portal.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].operation(), requests[0].variables()), ("DevicesList", &json!({"first": 500})));
}

#[test]
fn programs_get_every_member_under_the_portals_names() {
    let (home, _portal) = at_portal(&["--devices", "2"]);
    let devices = home.run("devices list -o json").ok().json();
    assert_eq!(devices.as_array().unwrap().len(), 2);
    for name in ["id", "serialNumber", "lastSeenAt", "tags", "location", "macAddress"] {
        assert!(devices[0].as_object().unwrap().contains_key(name), "{name}");
    }
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson(), *devices.as_array().unwrap());
    let csv = home.run("devices list -o csv").ok().out();
    assert!(csv.starts_with("id,name,serialNumber,model,status,enabled,"), "{csv}");
}

#[test]
fn fields_are_those_that_were_asked_for_in_that_order() {
    let (home, _portal) = at_portal(&["--devices", "1"]);
    assert_eq!(home.run("devices list -o csv --fields name,id,name").ok().out(), "name,id\nDevice 1,device-0001\n");
    let line = home.run("devices list -o ndjson --fields name,id").ok().out();
    assert_eq!(line, "{\"name\":\"Device 1\",\"id\":\"device-0001\"}\n");
    let session = home.run("devices list --fields nope");
    assert!(session.exits(2).err().contains("; possible values: profile, id, name, serialNumber"), "{session}");
}

#[test]
fn pages_are_asked_for_as_they_are_wanted() {
    let (home, portal) = at_portal(&["--devices", "5", "--page", "2"]);
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 5);
    assert_eq!(portal.requests().len(), 3);
    assert_eq!(home.run("devices list -o ndjson --limit 2").ok().ndjson().len(), 2);
    assert_eq!((portal.requests().len(), portal.requests()[3].variables()), (4, &json!({"first": 2})));
    assert_eq!(home.run("devices list -o ndjson --limit 3").ok().ndjson().len(), 3);
    assert_eq!(portal.requests().len(), 6);
    home.run("devices list --limit 0").exits(2);
}

#[test]
fn a_portal_with_the_documented_query_only_is_fitted_and_remembered() {
    let (home, portal) = at_portal(&["--devices", "2", "--dialect", "documented"]);
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
id           name
device-0001  Device 1
device-0002  Device 2
--- stderr
warning: this portal does not have serialNumber, model, status, enabled, firmwareVersion, ipAddress, macAddress, timezone, tags, location, lastSeenAt, createdAt
--- exit 0

"#]]
    );
    assert_eq!(portal.operations(), ["DevicesList", "Introspection", "DevicesList"]);
    home.run("devices list").ok();
    assert_eq!(portal.requests().len(), 4);
    let session = home.run("devices list --fields id,status");
    assert!(session.exits(9).err().contains("error: this portal does not have status\n"), "{session}");
    home.run("devices show device-0002").ok();
}

#[test]
fn a_portal_that_keeps_its_schema_to_itself_is_fitted_by_its_refusals() {
    let options = ["--devices", "2", "--dialect", "documented", "--introspection", "off"];
    for further in [&[][..], &["--lenient-status"], &["--suggestions", "off"], &["--validation-code", "X"]] {
        let (home, portal) = at_portal(&[&options[..], further].concat());
        let session = home.run("devices list -o ndjson --allow-partial");
        assert_eq!(session.ok().ndjson().len(), 2, "{further:?}");
        assert!(session.err().contains("whether there are more devices than on this page cannot be told"), "{session}");
        assert_eq!(portal.requests().len(), 3, "{further:?}");
    }
}

#[test]
fn a_portal_that_refuses_for_ever_is_given_up() {
    let refusal =
        json!({"errors": [{"message": "Cannot query field \"id\"", "locations": [{"line": 1, "column": 1}]}]});
    let mut home = Home::new();
    let script = MockServer::new()
        .answer("DevicesList", Answer::json(400, refusal.clone()))
        .answer("Introspection", Answer::json(400, refusal));
    home.portal(&script.url, "key-of-a-script");
    assert_eq!(home.run("devices list -o json").exits(9).error()["code"], "unsupported");
    let asked = script.requests().iter().filter(|request| request.operation() == "DevicesList").count();
    assert!((2..=3).contains(&asked), "{asked}");
}

#[test]
fn one_device_is_shown_by_its_id_or_its_name() {
    let (home, portal) = at_portal(&["--devices", "3"]);
    let by_id = home.run("devices show device-0002 -o json").ok().json();
    assert_eq!((&by_id["id"], portal.requests().len()), (&json!("device-0002"), 1));
    assert_eq!(home.run("devices show 'Device 2' -o json").ok().json(), by_id);
    assert_data_eq!(
        Home::new().run("--sandbox devices show gate-01-monitor").to_string(),
        str![[r#"
id               364027113840058368
name             gate-01-monitor
serialNumber     27EIV0AYTRP35
model            vz6000
status           ONLINE
enabled          true
firmwareVersion  3.2.0
ipAddress        10.0.0.2
macAddress       02:6f:00:00:00:01
timezone         Europe/Amsterdam
tags             outdoor
location         Rotterdam
lastSeenAt       2026-11-20T08:14:25Z
createdAt        2026-03-27T20:04:44Z
--- exit 0

"#]]
    );
}

#[test]
fn what_is_not_one_device_is_named() {
    let devices = json!([
        {"id": "1", "name": "gate"}, {"id": "2", "name": "gate"}, {"id": "3", "name": "dock-01"}, {"id": "4", "name": null}
    ]);
    let (home, _portal) = with_devices(devices);
    assert_data_eq!(
        home.run("devices show gate").to_string(),
        str![[r#"
--- stderr
error: 2 devices are called `gate`
hint: Name the one you mean by its id: `1` or `2`.
--- exit 6

"#]]
    );
    assert_data_eq!(
        home.run("devices show dock-1").to_string(),
        str![[r#"
--- stderr
error: there is no device `dock-1`
hint: There is `dock-01`.
--- exit 6

"#]]
    );
    home.run("devices show ''").exits(2);
}

#[test]
fn a_name_that_is_no_id_for_the_portal_is_looked_for_in_the_list() {
    let mut home = Home::new();
    let script = MockServer::new()
        .answer("DevicesShow", Answer::error("BAD_USER_INPUT", "this is no id"))
        .answer("DevicesList", Answer::data(json!({"devices": {"data": [{"id": "1", "name": "dock"}]}})));
    home.portal(&script.url, "key-of-a-script");
    assert_eq!(home.run("devices show dock -o json").ok().json()["id"], "1");
}

#[test]
fn odd_answers_are_listed_all_the_same() {
    let data = json!({
        "data": [
            {"id": 371650114937028608_u64, "name": null, "status": "SOMETHING_NEW", "unknown": {"deep": []}},
            null,
            {"id": "2", "lastSeenAt": 1_795_162_500_000_u64, "createdAt": "yesterday", "tags": [null, {"id": 7}]},
        ],
        "after": "", "more": true,
    });
    let (home, _script) = with_answer(data);
    let session = home.run("devices list -o json --fields id,name,status,lastSeenAt,createdAt,tags");
    assert_eq!(
        session.ok().json(),
        json!([
            {"id": "371650114937028608", "name": null, "status": "SOMETHING_NEW", "lastSeenAt": null, "createdAt": null, "tags": null},
            {"id": "2", "name": null, "status": null, "lastSeenAt": "2026-11-20T08:15:00Z", "createdAt": "yesterday",
             "tags": [{"id": "7", "name": null}]},
        ])
    );
    assert_eq!(session.err(), "{\"warning\":\"the portal gave 1 device as null, not shown here\"}\n");
}

#[test]
fn a_list_that_is_not_there_is_no_empty_fleet() {
    for data in [json!({"data": null}), json!({})] {
        let (home, _script) = with_answer(data);
        let session = home.run("devices list -o json");
        assert_eq!((session.exits(9).out(), &session.error()["code"]), (String::new(), &json!("bad_answer")));
    }
}

#[test]
fn a_cursor_that_leads_back_is_an_error() {
    let (home, script) = with_answer(json!({"data": [{"id": "1"}], "after": "again"}));
    let error = home.run("devices list -o ndjson").exits(3).error();
    assert!(error["causes"].to_string().contains("`again` leads back"), "{error}");
    assert_eq!(script.requests().len(), 2);
}

#[test]
fn options_stand_before_or_after_the_verb() {
    let home = Home::new();
    let before = home.run("--sandbox -o csv devices list --limit 2").ok().out();
    assert_eq!(home.run("devices list --limit 2 -o csv --sandbox").ok().out(), before);
    assert_eq!(home.line("devices list --limit 2 --sandbox").env("OPTRA_OUTPUT", "csv").run().out(), before);
}
