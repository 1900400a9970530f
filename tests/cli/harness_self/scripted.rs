//! The mock server: its answers in order, its faults, and its complaints. A script that is not followed must fail the
//! test.

use std::time::Duration;

use serde_json::{Value, json};

use super::{curl, failure_of};
use crate::harness::{Answer, Home, MockServer};

#[test]
fn a_script_is_followed_in_its_order() {
    let home = Home::new();
    let list = json!({ "query": "query DevicesList { devices { data { id } } }", "operationName": "DevicesList" });
    let server = MockServer::new()
        .answer("DevicesList", Answer::error("RATE_LIMITED", "slow down").header("retry-after", "1"))
        .answer("DevicesList", Answer::data(json!({ "devices": null })).delayed(Duration::from_millis(50)))
        .answer("DevicesList", Answer::json(200, json!({ "data": {} })).cut_after(4))
        .answer("DevicesList", Answer::close())
        .answer("*", Answer::redirect("http://127.0.0.1:1/"));
    let send = |body: &Value| curl(&home, &server.url, "key", body).run();
    assert_eq!(send(&list).json()["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(send(&list).ok().json()["data"]["devices"], Value::Null);
    send(&list).exits(18);
    send(&list).exits(52);
    send(&list).exits(52);
    send(&json!({ "query": "{ viewer { apiKey { id } } }" })).ok();
    let names: Vec<_> = server.requests().iter().map(|request| request.operation().to_owned()).collect();
    assert_eq!(names.join(" "), "DevicesList DevicesList DevicesList DevicesList DevicesList ");
}

#[test]
fn a_script_that_was_not_followed_fails_the_test() {
    let home = Home::new();
    let unused = MockServer::new().answer("KeysList", Answer::stall());
    assert!(failure_of(|| drop(unused)).contains("KeysList: 1 answers were never asked for"));
    let unexpected = MockServer::new();
    curl(&home, &unexpected.url, "key", &json!({ "operationName": "KeysRevoke" })).run().ok();
    assert!(failure_of(|| drop(unexpected)).contains("unexpected operation \"KeysRevoke\""));
    drop(MockServer::new().answer("KeysList", Answer::new(200, "text/html", "<p>")).lenient());
}

#[test]
fn a_stalled_answer_never_comes() {
    let home = Home::new();
    let server = MockServer::new().answer("*", Answer::stall());
    home.program("curl", ["-sS", "--max-time", "0.3", &server.url]).run().exits(28);
}
