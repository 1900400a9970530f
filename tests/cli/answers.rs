//! Answers that are odd in one place: that place costs no other, nothing else changes, and nothing is counted twice. It
//! must not test what a portal lacks or refuses; see portal/ and faults.rs.

use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer};

fn at(answers: impl IntoIterator<Item = Answer>) -> (Home, MockServer) {
    let mut home = Home::new();
    let script = answers.into_iter().fold(MockServer::new(), |script, answer| script.answer("DevicesList", answer));
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

fn devices(devices: &Value) -> Answer {
    Answer::data(json!({ "devices": { "data": devices } }))
}

/// A listing with this JSON text as its devices.
fn raw(devices: &[u8]) -> Answer {
    let body = [&br#"{"data":{"devices":{"data":["#[..], devices, br#"],"total":"25"}}}"#].concat();
    Answer::new(200, "application/json", body)
}

#[test]
fn one_value_that_is_no_text_costs_no_other() {
    for bytes in
        [&br#"{"id":"1","name":"cam \ud83d"},{"id":"2"}"#[..], b"{\"id\":\"1\",\"name\":\"cam \xff\"},{\"id\":\"2\"}"]
    {
        let (home, _script) = at([raw(bytes)]);
        let session = home.run("devices list -o ndjson --fields id,name");
        assert_eq!(
            session.ok().ndjson(),
            [json!({"id": "1", "name": "cam \u{fffd}"}), json!({"id": "2", "name": null})]
        );
        assert_eq!(session.err().matches("not Unicode").count(), 1, "{session}");
    }
}

#[test]
fn a_value_of_another_type_is_understood_or_left_out_and_told() {
    let (home, _script) = at([raw(
        br#"{"id":1.5e3,"name":"a","name":"b","enabled":"true","tags":["pilot"],"location":{"id":7,"latitude":"52.1"}},
            {"id":123456789012345678901234567890,"model":["x"]}"#,
    )]);
    let session = home.run("devices list -o json");
    let listed = session.ok().json();
    let (first, second) = (&listed[0], &listed[1]);
    assert_eq!((&first["id"], &first["name"], &first["enabled"]), (&json!("1500"), &json!("b"), &json!(true)));
    assert_eq!(
        (&first["tags"], &first["location"]["latitude"]),
        (&json!([{"id": "pilot", "name": "pilot"}]), &json!(52.1))
    );
    assert_eq!((&second["id"], &second["model"]), (&json!("123456789012345678901234567890"), &Value::Null));
    assert!(
        session.err().contains("some `devices.data.model` from the portal is not of the expected type"),
        "{session}"
    );
}

#[test]
fn a_time_is_read_in_the_unit_that_makes_it_one() {
    let rows = json!([
        {"id": "1", "lastSeenAt": 1_795_162_256},
        {"id": "2", "lastSeenAt": 1_795_162_256_000_i64},
        {"id": "3", "lastSeenAt": 17_951_622},
        {"id": "4", "lastSeenAt": 0},
    ]);
    let (home, _script) = at([devices(&rows)]);
    let times: Vec<Value> = home.run("devices list -o ndjson --fields lastSeenAt").ok().ndjson();
    let times: Vec<&str> = times.iter().filter_map(|row| row["lastSeenAt"].as_str()).collect();
    assert_eq!(times, ["2026-11-20T08:10:56Z", "2026-11-20T08:10:56Z", "17951622", "0"]);
    let session = home.run("devices list -o ndjson --fields id --where 'lastSeenAt<2026-01-01'");
    assert_eq!(session.ok().ndjson(), [Value::Null; 0], "{session}");
    assert!(session.err().contains("`--where` cannot compare `lastSeenAt` of 2 devices"), "{session}");
}

#[test]
fn the_rows_are_counted_where_the_portal_counts_less() {
    for total in [0, 2, 3, 7] {
        let rows = json!([{"id": "1"}, {"id": "2"}, {"id": "3"}]);
        let (home, _script) = at([Answer::data(json!({"devices": {"data": rows, "total": total}}))]);
        assert_eq!(home.run("devices list --count").ok().out(), "3\n", "{total}");
    }
}

#[test]
fn a_device_on_two_pages_is_one() {
    let page = |rows: Value, after: Value| Answer::data(json!({"devices": {"data": rows, "after": after}}));
    let first = || page(json!([{"id": "1", "name": "dev-1"}, {"id": "2", "name": "dev-2"}]), json!("next"));
    let second = || page(json!([{"id": "2", "name": "dev-2"}, {"id": "3", "name": "dev-3"}]), Value::Null);
    let (home, _script) = at([first(), second(), first(), second(), first(), second()]);
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 3);
    assert_eq!(home.run("devices list --count").ok().out(), "3\n");
    assert_eq!(home.run("devices list -o ndjson --where name=dev-2").ok().ndjson().len(), 1);
}

#[test]
fn a_name_is_found_in_either_normal_form() {
    let (composed, decomposed) = ("Z\u{fc}rich", "Zu\u{308}rich");
    for (given, asked) in [(composed, decomposed), (decomposed, composed)] {
        let (home, _script) = at([devices(&json!([{"id": "1", "name": given}, {"id": "2", "name": "other"}]))]);
        let found = home.optra(["devices", "list", "-o", "ndjson", "--where", &format!("name={asked}")]).run();
        assert_eq!(found.ok().ndjson().len(), 1, "{found}");
    }
}

#[test]
fn a_refusal_without_locations_takes_away_what_it_names_and_nothing_else() {
    for (messages, gone, stays) in [
        (
            &[
                "Unknown argument \"first\" on field \"Query.devices\".",
                "Unknown argument \"after\" on field \"Query.devices\".",
            ][..],
            "devices(",
            "devices {",
        ),
        (&["Field 'devices' doesn't accept argument 'first'"], "first", "after: $after"),
        (&["Cannot query field \"serialNumber\" on type \"Device\". Did you mean \"name\"?"], "serialNumber", "name"),
        (&["The field `model` does not exist on the type `Device`."], "model", "name"),
        (&["Cannot query field \"id\" on type \"Label\"."], "tags {\n        id", "data {\n      id"),
    ] {
        let errors: Vec<Value> = messages.iter().map(|message| json!({ "message": message })).collect();
        let (mut home, script) = (Home::new(), MockServer::new().lenient());
        let script = script
            .answer("DevicesList", Answer::json(400, json!({ "errors": errors })))
            .answer("DevicesList", devices(&json!([{"id": "1", "name": "one"}])))
            .answer("Introspection", Answer::json(400, json!({"errors": [{"message": "no"}]})));
        home.portal(&script.url, "key-of-a-script");
        let session = home.run("devices list -o ndjson --allow-partial");
        assert_eq!(session.ok().ndjson().len(), 1, "{session}");
        let asked = script.requests();
        let document = asked.last().unwrap().document();
        assert!(!document.contains(gone) && document.contains(stays), "{messages:?}\n{document}");
    }
}

#[test]
fn a_page_that_is_too_large_is_asked_for_in_smaller_ones() {
    for refusal in [
        Answer::error("BAD_USER_INPUT", "the page is too large"),
        Answer::error("BAD_USER_INPUT", "first must be from 1 to 100, not 500"),
        Answer::error("LIMIT", "at most 100 are allowed"),
    ] {
        let (home, script) = at([refusal, devices(&json!([{"id": "1"}]))]);
        assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 1);
        assert_eq!(script.requests()[1].variables()["first"], 100);
        // The page size that the portal allows is remembered.
        home.run("devices list").ok();
        assert_eq!((script.requests().len(), &script.requests()[2].variables()["first"]), (3, &json!(100)));
    }
    let (home, script) =
        at([Answer::error("BAD_USER_INPUT", "first is wrong"), Answer::error("BAD_USER_INPUT", "not that either")]);
    assert!(home.run("devices list").exits(1).err().contains("refuses: first is wrong\n"));
    assert_eq!(script.requests().len(), 2);
}

#[test]
fn another_device_than_the_one_that_was_asked_for_is_no_answer() {
    let shown = |id: &str, name: &str| Answer::data(json!({ "device": { "id": id, "name": name } }));
    let run = |answer: Answer, line: &str| {
        let list = devices(&json!([{ "id": "7", "name": "dock" }, { "id": "8", "name": "dock" }]));
        let (home, server) = at([list]);
        let server = server.lenient().answer("DevicesShow", answer);
        let session = home.run(line);
        drop(server);
        session
    };
    let session = run(shown("8", "gate"), "devices show 7 -o json");
    let error = session.exits(9).error();
    assert_eq!(error["code"], "bad_answer", "{session}");
    assert!(error.to_string().contains("another device"), "{session}");
    assert_eq!(run(shown("ABC-9", "gate"), "devices show abc-9 -o json").ok().json()["id"], "ABC-9");
    // A portal that finds devices by name does not say how many have this one.
    run(shown("8", "dock"), "devices show dock").exits(6);
}

#[test]
fn a_list_is_no_object_at_any_place() {
    let (home, server) = at([Answer::data(json!({ "devices": [[["7"]], null, 1] }))]);
    assert_eq!(home.run("devices list -o json").exits(9).error()["code"], "bad_answer");
    drop(server);
    let (home, _server) = at([devices(&json!([{ "id": "7", "location": ["l-1", "hall"] }, ["8"]]))]);
    home.run("devices list -o json").exits(9);
    let (home, _server) = at([devices(&json!([{ "id": "7", "location": ["l-1", "hall"] }]))]);
    let session = home.run("devices list -o json --fields id,location.name");
    assert!(session.ok().err().contains("`devices.data.location`"), "{session}");
    assert_eq!(session.json()[0]["location"], json!(null), "{session}");
}

#[test]
fn data_of_a_document_of_the_users_own_is_an_object_or_errors_say_why_it_is_null() {
    let document = "query ($after: String) { devices(after: $after) { data { id } after } }";
    let run = |body: &str, line: &str| {
        let server = MockServer::new().answer("*", Answer::new(200, "application/json", body));
        let mut home = Home::new();
        home.portal(&server.url, "key-of-a-script");
        home.write("config/optra/queries/fleet.graphql", document);
        home.line(&line.replace("DOCUMENT", &format!("'{document}'"))).run()
    };
    for data in ["\"x\"", "[]", "[null]", "0", "null", "true"] {
        for line in [
            "api DOCUMENT -o json",
            "api --paginate DOCUMENT -o json",
            "query fleet -o json",
            "query fleet --paginate -o json",
        ] {
            let session = run(&format!("{{\"data\":{data}}}"), line);
            let error = session.exits(9).error();
            assert_eq!((&error["code"], session.out().as_str()), (&json!("bad_answer"), ""), "{data} {line}");
            assert!(!error["hints"].as_array().unwrap().is_empty(), "{session}");
        }
    }
    let session = run("{\"data\":null}", "api 'mutation { wipe }' -o json");
    assert!(session.exits(9).err().contains("It may have been done all the same"), "{session}");
    for line in ["query fleet -o json", "query fleet --paginate -o json"] {
        let session = run("{\"data\":{}}", line);
        assert!(session.exits(9).err().contains("optra api -f"), "{session}");
        // Siblings of `data` may be nested deeply.
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        let body = format!(
            "{{\"data\":{{\"devices\":{{\"data\":[{{\"id\":\"7\"}}],\"after\":null}}}},\"extensions\":{deep}}}"
        );
        assert_eq!(run(&body, line).ok().json(), json!([{ "id": "7" }]), "{line}");
    }
}
