//! Faults between the client and a portal, one by one: the kind, the exit code, the message, and no leak.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

const KEY: &str = "k7WqB3x-hunter2-PjR5vTn9-LmZx81";

/// A home at a mock server that answers a listing with this.
fn at(answer: Answer) -> (Home, MockServer) {
    let mut home = Home::new();
    let script = MockServer::new().answer("DevicesList", answer);
    home.portal(&script.url, KEY);
    (home, script)
}

fn refused(status: u16, code: Option<&str>) -> Answer {
    let extensions = code.map(|code| json!({ "code": code }));
    Answer::json(status, json!({"errors": [{"message": "no", "extensions": extensions}]}))
}

#[test]
fn every_refusal_has_its_kind() {
    for (answer, exit, code, retryable) in [
        (refused(200, Some("UNAUTHENTICATED")), 4, "unauthenticated", false),
        (refused(200, Some("FORBIDDEN")), 5, "forbidden", false),
        (refused(200, Some("FEATURE_DISABLED")), 5, "feature_disabled", false),
        (refused(200, Some("NOT_FOUND")), 6, "not_found", false),
        (refused(200, Some("BAD_USER_INPUT")), 1, "failed", false),
        (refused(200, Some("RATE_LIMITED")), 8, "rate_limited", true),
        (refused(400, Some("SOMETHING_ELSE")), 1, "failed", false),
        (refused(401, None), 4, "unauthenticated", false),
        (refused(403, None), 5, "forbidden", false),
        (refused(404, None), 6, "not_found", false),
        (refused(429, None), 8, "rate_limited", true),
        (refused(500, None), 8, "unreachable", true),
        (Answer::new(401, "text/plain", "no"), 4, "unauthenticated", false),
        (Answer::new(404, "text/html", "<h1>no</h1>"), 6, "not_found", false),
        (Answer::new(503, "text/html", "<h1>no</h1>"), 8, "unreachable", true),
        (Answer::new(418, "text/plain", "no"), 1, "failed", false),
        (Answer::new(200, "text/html", "<html>no</html>"), 9, "bad_answer", false),
        (Answer::new(200, "application/json", ""), 9, "bad_answer", false),
        (Answer::new(200, "application/json", "not json"), 9, "bad_answer", false),
        (Answer::json(200, json!({"message": "no"})), 9, "bad_answer", false),
        (Answer::json(200, json!([1])), 9, "bad_answer", false),
        (Answer::json(200, json!([{"devices": {"data": []}}])), 9, "bad_answer", false),
        (Answer::json(200, json!({"data": null})), 9, "bad_answer", false),
        (Answer::data(json!({"devices": null})), 9, "bad_answer", false),
        (Answer::json(200, json!({"data": null, "errors": "no"})), 1, "failed", false),
        (Answer::close(), 8, "unreachable", true),
        (Answer::stall(), 8, "timeout", true),
        (Answer::data(json!({"devices": {"data": []}})).cut_after(10), 8, "unreachable", true),
    ] {
        let (home, script) = at(answer);
        let session = home.run("devices list -o json --timeout 1");
        let error = session.exits(exit).error();
        assert_eq!((&error["code"], &error["retryable"]), (&json!(code), &json!(retryable)), "{session}");
        assert_eq!((&error["exit"], session.out()), (&json!(exit), String::new()), "{session}");
        assert_eq!(script.requests().len(), 1, "nothing is sent twice: {session}");
    }
}

#[test]
fn an_error_says_what_why_and_what_to_do() {
    let (home, script) = at(refused(429, None).header("retry-after", "7"));
    let masked = |text: String| text.replace(&script.url, "[PORTAL]");
    assert_data_eq!(
        masked(home.run("devices list").to_string()),
        str![[r#"
--- stderr
error: the portal refuses: no
hint: Try again in 7 s.
--- exit 8

"#]]
    );
    assert_data_eq!(
        masked(home.run("devices list -o json").to_string()),
        str![[r#"
--- stderr
{"error":{"code":"rate_limited","exit":8,"message":"the portal refuses: no","hints":["Try again in 7 s."],"causes":[],"retryable":true,"retry_after_s":7,"request_id":null}}
--- exit 8

"#]]
    );
    let (home, script) = at(Answer::new(200, "text/html", "<html>"));
    assert_data_eq!(
        home.run("devices list").to_string().replace(&script.url, "[PORTAL]"),
        str![[r#"
--- stderr
error: the answer of the portal at [PORTAL] cannot be understood: it is a web page, not JSON
hint: Check that the URL is the portal's API base URL, which is not the web page's.
--- exit 9

"#]]
    );
    let (home, script) = at(Answer::stall());
    let session = home.run("devices list --timeout 500ms").to_string().replace(&script.url, "[PORTAL]");
    assert_data_eq!(
        session,
        str![[r#"
--- stderr
error: the portal at [PORTAL] did not answer within 0.5 s
hint: Give it more time with `--timeout 2m`.
--- exit 8

"#]]
    );
    let mut home = Home::new();
    home.portal("http://127.0.0.1:1", KEY);
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: cannot reach the portal at http://127.0.0.1:1
  because: tcp connect error: Connection refused (os error 111)
hint: Find out why: `optra doctor`.
--- exit 8

"#]]
    );
}

#[test]
fn data_beside_errors_is_kept_and_the_run_is_partial() {
    let error = json!({"message": "the location is away", "path": ["devices", "data", 0, "location"]});
    let body = json!({"data": {"devices": {"data": [{"id": "1", "location": null}]}}, "errors": [error]});
    let (home, _script) = at(Answer::json(200, body));
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
id  name
1   -
--- stderr
error: the portal could not give all of the devices
  because: the location is away (at `devices.data.0.location`)
--- exit 3

"#]]
    );
    let session = home.run("devices list -o json --fields id");
    // A partial result never looks complete: the array stays open, even with `--limit 1`.
    home.run("devices list --limit 1").exits(3);
    home.run("devices list --count").exits(3);
    assert_eq!(session.exits(3).out(), "[\n  {\"id\":\"1\"}\n");
}

#[test]
fn a_redirect_is_never_followed_and_its_target_is_named() {
    for status in [301, 302, 303, 307, 308] {
        let target = MockServer::new().lenient();
        let (home, script) =
            at(Answer::new(status, "text/plain", "").header("location", &format!("{}/graphql?k={KEY}", target.url)));
        let session = home.run("devices list");
        session.exits(9);
        let said = format!(
            "error: the portal at {} redirects to {}, and a key is never sent to another address\n",
            script.url, target.url
        );
        assert!(session.err().starts_with(&said), "{session}");
        assert_eq!(target.requests().len(), 0);
        assert!(!session.to_string().contains("hunter2"), "{session}");
    }
}

#[test]
fn an_answer_of_wrong_types_is_told_by_its_place_and_never_by_its_value() {
    for (data, place) in [
        (json!({"devices": {"data": [{"id": ["canary"]}]}}), "data.devices.data[0].id"),
        (json!({"devices": {"data": [{"name": "canary"}]}}), "data.devices.data[0]"),
        (json!({"devices": {"data": "canary"}}), "data.devices.data"),
        (json!({"devices": "canary"}), "data.devices"),
        (json!("canary"), "data."),
    ] {
        let (home, _script) = at(Answer::data(data));
        for extra in ["", "-v", "-o json"] {
            let session = home.run(&format!("devices list {extra}"));
            session.exits(9);
            assert!(session.err().contains(place), "{place}: {session}");
            assert!(!session.to_string().contains("canary"), "{session}");
        }
    }
}

#[test]
fn a_key_in_the_portals_words_is_masked() {
    let echo = json!({"errors": [{"message": format!("{KEY} is no key"), "extensions": {"code": "UNAUTHENTICATED"}}]});
    let (home, _script) = at(Answer::json(401, echo));
    for extra in ["", "-vv", "-o json", "-vv -o csv"] {
        let session = home.run(&format!("devices list {extra}"));
        session.exits(4);
        assert!(session.err().contains("[secret] is no key"), "{session}");
        assert!(!session.to_string().contains("hunter2"), "{session}");
    }
}

#[test]
fn a_request_is_what_a_strict_server_expects() {
    let (home, script) = at(Answer::data(json!({"devices": {"data": []}})));
    home.run("devices list").ok();
    let request = &script.requests()[0];
    for (name, value) in [
        ("api-secret", KEY),
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json, application/json;q=0.9"),
        ("accept-encoding", "gzip"),
        ("user-agent", concat!("optra/", env!("CARGO_PKG_VERSION"))),
    ] {
        assert_eq!(request.header(name), Some(value));
    }
    assert_eq!((request.operation(), request.variables()), ("DevicesList", &json!({"first": 500})));
    assert!(request.document().starts_with("query DevicesList($first: Int, $after: String)"));
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn a_large_answer_comes_compressed() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "300"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("-vv devices list -o ndjson");
    assert_eq!(session.ok().ndjson().len(), 300);
    let devices: Vec<Value> = session.ndjson();
    assert_eq!(devices[299]["id"], "device-0300");
}
