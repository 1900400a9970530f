//! The request id that a portal's support needs: shown with an error and by `-v`, and safe whatever it holds.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// As long as a real one; it also looks like a key.
const ID: &str = "7d1f0c52-93ab-4e0a-8b1c-2f6d5e4a3b21";

fn home_of(script: &MockServer) -> Home {
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    home
}

/// Returns the `request_id` of the error after this answer to `devices list`, and the whole stderr.
fn told(answer: Answer) -> (Value, String) {
    let script = MockServer::new().lenient().answer("*", answer);
    let home = home_of(&script);
    let session = home.run("devices list -o json");
    let human = home.run("devices list").err();
    (session.error()["request_id"].clone(), format!("{}{human}", session.err()))
}

fn refused() -> Answer {
    Answer::json(403, json!({"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]}))
}

#[test]
fn an_error_tells_the_request_that_it_came_of() {
    let portal = ReferenceServer::start(&["--request-ids"]);
    let mut home = Home::new();
    home.portal(&portal.url, "no-key-of-this-portal");
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: the api-secret header holds no valid key
request: request-0001
hint: See which key was used with `optra auth status`.
--- exit 4

"#]]
    );
    let error = home.run("devices list -o json").exits(4).error();
    assert_eq!(error["request_id"], "request-0002");
}

#[test]
fn an_error_without_an_answer_has_none_and_says_so_to_programs_alone() {
    let mut home = Home::new();
    home.portal("http://127.0.0.1:9", "key-of-a-script");
    let session = home.run("devices list -o json");
    assert_eq!(session.exits(8).error().get("request_id"), Some(&Value::Null), "{session}");
    assert!(!home.run("devices list").err().contains("request:"));
    assert!(told(refused()).0.is_null());
}

#[test]
fn whatever_answers_the_header_is_known() {
    for header in ["x-request-id", "x-amzn-requestid", "x-correlation-id", "cf-ray", "x-amzn-trace-id", "traceparent"] {
        for answer in [
            refused(),
            Answer::new(502, "text/html", "<h1>Bad gateway"),
            Answer::new(200, "text/html", "<h1>Log in"),
            Answer::data(json!({"devices": null})),
            Answer::json(200, json!({"nothing": "of GraphQL"})),
            Answer::redirect("https://elsewhere.example/"),
            Answer::data(json!({"devices": {"data": []}})).cut_after(9),
            Answer::json(
                200,
                json!({"data": {"devices": {"data": [{"id": "1"}]}}, "errors": [{"message": "one is lost"}]}),
            ),
        ] {
            let (id, said) = told(answer.header(header, ID));
            assert_eq!(id, ID, "{header}: {said}");
            assert!(said.contains(&format!("\nrequest: {ID}\n")), "{header}: {said}");
        }
    }
}

#[test]
fn an_id_is_a_strangers_text() {
    let long = "x".repeat(129);
    for odd in ["two words", "\u{9b}31mred", "größe", &long, "a-key-of-a-script-key-of-a-script"] {
        let (id, said) = told(refused().header("x-request-id", odd));
        assert!(id.is_null() && !said.contains("request:") && !said.contains(odd), "{odd}: {said}");
    }
    // An unusable id does not hide another.
    assert_eq!(told(refused().header("x-request-id", &long).header("cf-ray", "8f3c-AMS")).0, "8f3c-AMS");
}

#[test]
fn an_id_that_repeats_a_new_secret_is_not_told() {
    // The white space makes the secret unusable, so it is never registered as a secret.
    let secret = "Zq7vN2xK9mB4tR6wPc3s";
    let made = Answer::data(json!({"generateApiKey": {"id": "k-2", "secret": format!("{secret} ")}}));
    for (id, is_told) in [(secret.to_owned(), false), (format!("of-{secret}-x"), false), (ID.to_owned(), true)] {
        let list = Answer::data(json!({"apiKeys": {"data": [], "after": null}}));
        let script =
            MockServer::new().answer("KeysList", list).answer("KeysGenerate", made.clone().header("x-request-id", &id));
        let session = home_of(&script).run("keys generate --name ci -v");
        assert_eq!(session.exits(9).err().contains(&format!("\nrequest: {id}\n")), is_told, "{session}");
        assert!(!session.err().contains(secret), "{session}");
    }
}

#[test]
fn a_trace_tells_the_request_too() {
    let devices = Answer::data(json!({"devices": {"data": [], "after": null}})).header("x-request-id", ID);
    let script = MockServer::new().answer("DevicesList", devices.header("x-other", "hidden"));
    let home = home_of(&script);
    let once = home.run("devices list -v").ok().err();
    assert!(once.contains(&format!(" ms, request {ID}\n")), "{once}");
    let twice = home.run("devices list -vv").ok().err();
    assert!(
        twice.contains(&format!("< x-request-id: {ID}\n")) && twice.contains("< x-other: [not shown]\n"),
        "{twice}"
    );
}

#[test]
fn a_binding_and_a_gap_tell_the_request_that_showed_them() {
    let portal = ReferenceServer::start(&["--request-ids", "--dialect", "documented"]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    let error = home.run("keys list -o json").exits(9).error();
    assert_eq!(error["code"], "unsupported");
    assert!(error["request_id"].as_str().unwrap().starts_with("request-"), "{error}");
    let session = home.run("api '{ nothing }' -o json");
    assert!(session.exits(9).error()["request_id"].as_str().unwrap().starts_with("request-"), "{session}");
}
