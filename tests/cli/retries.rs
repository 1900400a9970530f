//! Reads are retried after a transient fault; mutations never.

use serde_json::json;

use crate::harness::{Answer, Home, MockServer};

fn home_of(script: &MockServer) -> Home {
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script").set("OPTRA_RETRIES", "3");
    home
}

fn devices() -> Answer {
    Answer::data(json!({"devices": {"data": [{"id": "1"}]}}))
}

#[test]
fn a_fault_that_passes_is_only_a_warning() {
    let limited = Answer::error("RATE_LIMITED", "slow down");
    for fault in [
        Answer::new(503, "text/html", "<h1>Busy"),
        Answer::new(429, "text/plain", "slow").header("retry-after", "0"),
        Answer::close(),
        limited,
    ] {
        let script = MockServer::new().answer("DevicesList", fault).answer("DevicesList", devices());
        let session = home_of(&script).run("devices list -o ndjson");
        assert_eq!(session.ok().ndjson().len(), 1);
        assert_eq!(session.err().matches("; retrying in ").count(), 1, "{session}");
        assert_eq!(script.requests().len(), 2);
    }
}

#[test]
fn what_went_well_in_the_end_is_no_noise_in_a_quiet_run() {
    let busy = Answer::new(503, "text/plain", "no").header("retry-after", "0");
    let script = MockServer::new().answer("DevicesList", busy).answer("DevicesList", devices());
    let session = home_of(&script).run("devices list -q -o ndjson");
    assert_eq!((session.ok().err(), script.requests().len()), (String::new(), 2));
    let session = home_of(&script).run("devices list -q --where id=2 --where name!=x");
    assert_eq!((session.ok().err(), session.out()), (String::new(), String::new()));
    // An incomplete or repaired result is reported all the same.
    let odd = Answer::data(json!({"devices": {"data": [{"id": "1", "status": {"is": "no text"}}, null]}}));
    let script = MockServer::new().lenient().answer("DevicesList", odd);
    let session = home_of(&script).run("devices list -q --fields id,status");
    assert!(session.err().contains("warning: "), "{session}");
}

#[test]
fn hope_has_an_end_and_a_limit() {
    let script =
        MockServer::new().answer("DevicesList", Answer::new(503, "text/plain", "no").header("retry-after", "0"));
    let session = home_of(&script).run("devices list --retries 2");
    assert_eq!((session.exits(8).err().matches("retrying in").count(), script.requests().len()), (2, 3));
    let later = Answer::new(429, "text/plain", "no").header("retry-after", "3600");
    let script = MockServer::new().answer("DevicesList", later);
    let error = home_of(&script).run("devices list -o json").exits(8).error();
    assert_eq!((&error["code"], &error["retry_after_s"]), (&json!("rate_limited"), &json!(3600)));
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn a_date_is_as_good_as_a_number() {
    let past = Answer::new(429, "text/plain", "no").header("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT");
    let script = MockServer::new().answer("DevicesList", past).answer("DevicesList", devices());
    home_of(&script).run("devices list").ok();
    let far = Answer::new(429, "text/plain", "no").header("retry-after", "Tue, 01 Jan 2999 00:00:00 GMT");
    let script = MockServer::new().answer("DevicesList", far);
    let error = home_of(&script).run("devices list -o json").exits(8).error();
    assert!(error["retry_after_s"].as_u64().unwrap() > 1_000_000, "{error}");
}

#[test]
fn what_is_no_passing_fault_is_not_repeated() {
    for answer in [Answer::new(500, "text/plain", "no"), Answer::new(401, "text/plain", "no"), Answer::stall()] {
        let script = MockServer::new().answer("DevicesList", answer);
        let session = home_of(&script).run("devices list --timeout 1");
        assert_eq!(script.requests().len(), 1, "{session}");
    }
}

#[test]
fn a_mutation_is_never_repeated() {
    let busy = || Answer::new(503, "text/plain", "no").header("retry-after", "0");
    let script = MockServer::new().lenient().answer("KeysGenerate", busy());
    home_of(&script).run("keys generate --retries 1").exits(8);
    assert_eq!(script.requests().iter().filter(|request| request.operation() == "KeysGenerate").count(), 1);
    let script = MockServer::new().answer("", busy());
    let home = home_of(&script);
    home.run("api 'mutation { x }'").exits(8);
    assert_eq!(script.requests().len(), 1);
    home.run("api '{ x }'").exits(8);
    assert_eq!(script.requests().len(), 5);
}
