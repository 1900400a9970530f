//! Fleets of any size: everything streams, and no interrupted listing looks complete.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

fn at_portal(options: &[&str]) -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(options));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

fn at_script(script: &MockServer) -> Home {
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
fn a_later_page_with_wider_cells_loses_nothing() {
    let long = "a name that is much longer than all before";
    let script = MockServer::new().answer("DevicesList", page(&["1", "2"], Some("next"))).answer(
        "DevicesList",
        Answer::data(json!({"devices": {"data": [{"id": "30", "name": long}, {"id": "a-long-id", "name": "x"}]}})),
    );
    let table = at_script(&script).run("devices list --fields id,name").ok().out();
    assert_eq!(table, format!("id  name\n1   device 1\n2   device 2\n30  {long}\na-long-id  x\n"));
}

#[test]
fn a_listing_that_breaks_off_can_be_gone_on_with() {
    let broken = Answer::error("INTERNAL", "the database is away");
    let script =
        MockServer::new().answer("DevicesList", page(&["1", "2"], Some("c \u{e4}"))).answer("DevicesList", broken);
    let home = at_script(&script);
    let session = home.run("devices list -o json");
    let error = session.exits(3).error();
    assert_eq!((&error["code"], &error["after"]), (&json!("partial"), &json!("c \u{e4}")));
    assert!(session.out().contains("\"id\":\"2\"") && !session.out().contains(']'), "{session}");
    let rest = MockServer::new().answer("DevicesList", page(&["3", "4"], None));
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
        (page(&["3"], None).cut_after(45), "was lost"),
        (
            Answer::new(200, "application/json", r#"{"data":{"devices":{"data":[{"id":"3","name":"dev"#),
            "cannot be understood",
        ),
        (page(&["3"], Some("next")), "leads back to an earlier page"),
    ] {
        let script = MockServer::new().answer("DevicesList", first()).answer("DevicesList", bad);
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
    let script = MockServer::new().answer("DevicesList", Answer::new(200, "application/json", body));
    let session = at_script(&script).run("devices list -o csv --fields id");
    assert_eq!(session.ok().out().lines().count(), 120_001);
}

#[test]
fn the_next_page_is_asked_for_while_this_one_is_written() {
    let script = MockServer::new()
        .answer("DevicesList", page(&["1", "2"], Some("next")))
        .answer("DevicesList", page(&["3", "4"], None));
    let session = at_script(&script).run("devices list -v -o ndjson");
    assert_eq!((session.ok().ndjson().len(), script.requests().len()), (4, 2));
    // No page is prefetched that is not needed.
    let script = MockServer::new().answer("DevicesList", page(&["1", "2"], Some("next")));
    at_script(&script).run("devices list --limit 2").ok();
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn progress_is_told_to_a_person_who_sees_nothing_else_move() {
    let slow = |ids: &[&str], after| page(ids, after).delayed(std::time::Duration::from_millis(500));
    let script = || {
        MockServer::new()
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

#[test]
fn only_what_is_shown_travels() {
    let (home, portal) = at_portal(&["--devices", "3", "--page", "2"]);
    let session = home.run("devices list -o ndjson --fields id,location.name,tags.name");
    assert_eq!(
        session.ok().ndjson()[0],
        json!({"id": "device-0001", "location.name": "Main hall", "tags.name": ["lobby"]})
    );
    let requests = portal.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        let bare: String = request.document().split_whitespace().collect();
        assert_eq!(
            bare,
            "queryDevicesList($first:Int,$after:String){devices(first:$first,after:$after)\
             {data{idtags{idname}location{idname}}aftertotal}}"
        );
    }
    assert_eq!(
        home.run("devices list -o csv --fields location.latitude,name --limit 1").ok().out(),
        "location.latitude,name\n52.5,Device 1\n"
    );
    let filtered = home.run("devices list -o csv --fields name --where status=offline --sort lastSeenAt");
    assert_eq!(filtered.ok().out(), "name\nDevice 3\n");
    assert!(
        portal.requests().last().unwrap().document().contains("status\n")
            && !portal.requests().last().unwrap().document().contains("model")
    );
}

#[test]
fn a_portal_that_lacks_a_field_is_learned_of_and_still_asked_for_less() {
    let (home, portal) = at_portal(&["--devices", "2", "--dialect", "documented"]);
    home.run("devices list --fields id,model").exits(9);
    home.run("devices list --fields id").ok();
    let bare: String = portal.requests().last().unwrap().document().split_whitespace().collect();
    assert_eq!(bare, "queryDevicesList{devices{data{id}}}");
    // What was learned from a partial document is not applied to the full one.
    assert_eq!(home.run("devices list -o json").ok().json()[0]["name"], "Device 1");
}

#[test]
fn jq_goes_with_every_command() {
    let (home, _portal) = at_portal(&["--devices", "5", "--page", "2"]);
    assert_eq!(home.run("devices list --jq 'map(.id) | length, .[0]'").ok().out(), "5\ndevice-0001\n");
    assert_eq!(home.run("devices list -o ndjson --jq .name").ok().out().lines().count(), 5);
    assert_eq!(home.run("devices show device-0002 --jq .location.name").ok().out(), "Main hall\n");
    assert_eq!(home.run("api '{ devices { total } }' --jq .data.devices.total").ok().out(), "5\n");
    assert_eq!(home.run("keys list --jq '.[] | select(.inUse) | .name'").ok().out(), "first key\n");
    assert_eq!(home.run("keys generate --name ci --jq .secret").ok().out().len(), 49);
    assert!(home.run("devices list --jq '.['").exits(2).err().contains("expected closing bracket"));
    home.run("devices list -o csv --jq .").exits(11);
    home.run("devices list --jq .[0].name.first").exits(1);
    // A key whose secret the filter dropped is revoked.
    home.run("keys generate --name lost --jq .secret.no.such").exits(1);
    assert_eq!(home.run("keys list --jq 'map(.name)'").ok().out(), "[\"first key\",\"ci\"]\n");
    let broken = MockServer::new()
        .answer("DevicesList", page(&["1"], Some("n")))
        .answer("DevicesList", Answer::error("X", "away"));
    assert_eq!(at_script(&broken).run("devices list --jq length").exits(3).out(), "");
}

#[test]
fn any_list_with_a_cursor_is_paged_through() {
    let (home, portal) = at_portal(&["--devices", "5", "--page", "2"]);
    let document = "query ($after: String) { devices(after: $after) { data { id } after total } }";
    let api = |further: &[&str]| home.optra([&["api", "--paginate", document][..], further].concat()).run();
    let whole = api(&[]).ok().json();
    assert_eq!(whole["data"]["devices"]["data"].as_array().unwrap().len(), 5);
    assert_eq!((&whole["data"]["devices"]["after"], portal.requests().len()), (&json!(null), 3));
    assert_eq!(api(&["-o", "ndjson"]).ok().ndjson().len(), 5);
    assert_eq!(api(&["--jq", ".data.devices.data | length"]).ok().out(), "5\n");
    assert_eq!(api(&["-o", "ndjson", "--jq", ".id"]).ok().out().lines().count(), 5);
    home.optra(["api", "--paginate", "{ devices { data { id } after } }"]).run().exits(2);
    home.optra(["api", "--paginate", "query ($after: String) { devices(after: $after) { data { id } } }"])
        .run()
        .exits(2);
    let broken = MockServer::new().answer("", page(&["1"], Some("n"))).answer("", Answer::error("X", "away"));
    let session = at_script(&broken).optra(["api", "--paginate", document, "-o", "json"]).run();
    assert_eq!(session.exits(3).out(), "");
    assert!(session.err().contains("`$after` was `n`"), "{session}");
}

#[test]
fn changes_are_told_as_they_happen() {
    let look = |devices: Value| Answer::data(json!({"devices": {"data": devices}}));
    let script = MockServer::new()
        .answer("DevicesList", look(json!([{"id": "1", "status": "ONLINE"}, {"id": "2", "status": "OFFLINE"}])))
        .answer("DevicesList", look(json!([{"id": "1", "status": "OFFLINE"}, {"id": "3", "status": "ONLINE"}])))
        .answer("DevicesList", Answer::new(503, "text/plain", "no"))
        .answer("DevicesList", look(json!([{"id": "1", "status": "online"}, {"id": "3", "status": "ONLINE"}])))
        .answer("DevicesList", look(json!([{"id": "1", "status": "online"}, {"id": "3", "status": "UNHEALTHY"}])))
        .answer("DevicesList", look(json!([{"id": "1", "status": "online"}, {"id": "3", "status": "OFFLINE"}])))
        .answer("DevicesList", Answer::error("FORBIDDEN", "no more"));
    let home = at_script(&script);
    let session = home.run("devices watch --interval 50ms");
    let events: Vec<_> = session
        .exits(5)
        .ndjson()
        .iter()
        .map(|change| json!([change["event"], change["device"]["id"], change["was"]]))
        .collect();
    let expected = [
        json!(["offline", "1", "ONLINE"]),
        json!(["new", "3", null]),
        json!(["gone", "2", null]),
        json!(["online", "1", "OFFLINE"]),
        json!(["status", "3", "ONLINE"]),
        json!(["offline", "3", "UNHEALTHY"]),
    ];
    assert_eq!(events, expected);
    assert!(session.err().contains("watching 2 devices, every 0.05 s"), "{session}");
    let error = home.run("devices watch -o csv").exits(2).error();
    assert!(error["message"].as_str().unwrap().starts_with("only "), "{error}");
    assert!(
        session.err().contains("warning: the portal is unreachable") && session.err().contains("the portal is back"),
        "{session}"
    );
}

#[test]
fn a_person_sees_the_list_with_its_changes() {
    let look =
        |status: &str| Answer::data(json!({"devices": {"data": [{"id": "1", "name": "dock", "status": status}]}}));
    let script = MockServer::new().answer("DevicesList", look("ONLINE")).answer("DevicesList", look("OFFLINE"));
    let home = at_script(&script);
    let mut terminal = home.terminal("devices watch --interval 200ms");
    terminal.expect("dock  ONLINE");
    terminal.expect("went offline");
    terminal.send("q");
    assert_eq!(terminal.finish().code, Some(0));
}

#[test]
fn devices_with_a_location_are_a_map() {
    let devices = json!([
        {"id": "1", "name": "dock", "location": {"id": "l", "name": "Gdańsk", "latitude": 54.35, "longitude": 18.65}},
        {"id": "2", "name": "nowhere"},
        {"id": "3", "name": "half", "location": {"id": "m", "latitude": 1.0}},
        {"id": "4", "name": "gate", "location": {"id": "n", "latitude": -33.5, "longitude": 151}},
    ]);
    let mut home = Home::new();
    let file = home.write("devices.json", devices.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("devices list -o geojson --fields id,name");
    let map = session.ok().json();
    assert_eq!((&map["type"], map["features"].as_array().unwrap().len()), (&json!("FeatureCollection"), 2));
    assert_eq!(
        map["features"][0],
        json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [18.65, 54.35]}, "properties": {"id": "1", "name": "dock"}})
    );
    assert!(session.err().contains("2 of 4 devices have no location"), "{session}");
    assert_eq!(home.run("devices list -o geojson --where name=nowhere").ok().json()["features"], json!([]));
    assert_eq!(home.run("devices show gate -o geojson").ok().json()["features"][0]["properties"]["name"], "gate");
    home.run("keys list -o geojson").exits(2);
}

#[test]
fn a_template_writes_each_item() {
    let (home, _portal) = at_portal(&["--devices", "3", "--page", "2"]);
    let lines = home.run("devices list --template '{{ id }}: {{ location.name }}'");
    assert_eq!(lines.ok().out(), "device-0001: Main hall\ndevice-0002: Main hall\ndevice-0003: Main hall\n");
    assert_eq!(home.run("devices show device-0002 --template '{{ name }}'").ok().out(), "Device 2\n");
    assert_eq!(home.run("api '{ devices { total } }' --template '{{ data.devices.total }}'").ok().out(), "3\n");
    assert!(home.run("devices list --template '{{ id'").exits(2).err().contains("syntax error"));
    home.run("devices list --template x --jq .").exits(2);
    home.run("devices list --template x -o csv").exits(11);
}
