//! `optra keys generate`: the secret goes where it was asked for, whole or not at all, and a key is never made twice.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{at_portal, at_script, names};
use crate::harness::{Answer, Home, Scripted};

#[test]
fn a_pipe_gets_the_bare_secret_and_it_opens_the_portal() {
    let (mut home, portal) = at_portal(&[]);
    let session = home.run("keys generate --name ci");
    session.ok();
    let secret = session.out();
    assert_eq!(secret.lines().count(), 1);
    assert_data_eq!(
        session.masked(&[(secret.trim(), "[SECRET]")]),
        str![[r#"
[SECRET]
--- stderr
Generated API key `ci` (id key-0002).
--- exit 0

"#]]
    );
    home.portal(&portal.url, secret.trim());
    assert_eq!(names(&home), ["first key", "ci"]);
}

#[test]
fn a_shell_takes_it_into_a_variable() {
    let (home, _portal) = at_portal(&[]);
    let script =
        "KEY=$(optra keys generate --name ci -q); OPTRA_API_KEY=$KEY optra auth status -o ndjson; echo ${#KEY}";
    let session = home.script(script).run();
    assert!(session.ok().out().contains("\"state\":\"valid\""), "{session}");
    assert_eq!(session.err(), "");
}

#[test]
fn machine_formats_give_the_whole_key() {
    let (home, _portal) = at_portal(&[]);
    let key = home.run("keys generate --name a -o json").ok().json();
    assert_eq!((&key["id"], &key["name"]), (&json!("key-0002"), &json!("a")));
    assert!(key["secret"].as_str().unwrap().len() > 16 && key["createdAt"].is_string(), "{key}");
    assert_eq!(home.run("keys generate -o ndjson").ok().ndjson()[0]["name"], json!(null));
    let csv = home.run("keys generate --name b -o csv").ok().out();
    assert!(csv.starts_with("id,name,createdAt,secret\nkey-0004,b,"), "{csv}");
}

#[test]
fn a_name_is_sent_only_where_there_is_one() {
    let (home, portal) = at_portal(&[]);
    home.run("keys generate").ok();
    home.run("keys generate --name ci").ok();
    let requests = portal.requests();
    assert_eq!((requests[0].operation(), requests[0].variables()), ("KeysGenerate", &json!({})));
    assert_eq!(requests[1].variables(), &json!({"name": "ci"}));
    home.run("keys generate --name ''").exits(2);
    assert_eq!(portal.requests().len(), 2);
}

#[test]
fn a_secret_that_cannot_be_delivered_is_revoked_again() {
    let (home, _portal) = at_portal(&[]);
    let session = home.script("optra keys generate --name lost > /dev/full").run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the secret could not be delivered, so the new key (id key-0002) was revoked again
  because: cannot write the output
  because: No space left on device (os error 28)
--- exit 1

"#]]
    );
    assert_eq!(names(&home), ["first key"]);
}

#[test]
fn a_lost_answer_is_not_asked_for_again_and_says_where_to_look() {
    let whole = r#"{"data":{"generateApiKey":{"id":"1","secret":"s","name":"ci"}}}"#;
    for (answer, exit, code) in [
        (Answer::close(), 8, "unreachable"),
        (Answer::stall(), 8, "timeout"),
        (Answer::new(200, "application/json", whole).cut_after(20), 8, "unreachable"),
        (Answer::new(502, "text/html", "<h1>Bad gateway</h1>"), 8, "unreachable"),
        (Answer::json(200, json!({"data": {"generateApiKey": {"id": "1"}}})), 9, "bad_answer"),
    ] {
        let (home, script) = at_script(Scripted::new().answer("KeysGenerate", answer));
        let error = home.run("keys generate --name ci -o json --timeout 1").exits(exit).error();
        assert_eq!(error["code"], code);
        assert!(error["hints"].to_string().contains("`optra keys list`"), "{error}");
        assert_eq!(script.requests().len(), 1);
    }
}

#[test]
fn what_never_reached_the_portal_leaves_nothing_to_look_for() {
    let mut home = Home::new();
    home.portal("http://127.0.0.1:1", "key-of-nobody");
    let error = home.run("keys generate -o json").exits(8).error();
    assert!(!error["hints"].to_string().contains("keys list"), "{error}");
}

#[test]
fn a_portal_that_refuses_says_why() {
    for (options, exit, code) in [
        (["--role", "viewer"], 5, "forbidden"),
        (["--api-keys", "off"], 5, "feature_disabled"),
        (["--dialect", "documented"], 9, "unsupported"),
    ] {
        let (home, _portal) = at_portal(&options);
        assert_eq!(home.run("keys generate -o json").exits(exit).error()["code"], code, "{options:?}");
    }
}
