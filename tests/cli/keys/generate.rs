//! `optra keys generate`: the secret is delivered, or there is no key. It must prove that a secret works by using it,
//! not by its looks.

use std::time::Duration;

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::{asked_to_revoke, home_of, listing, portal, revoked};
use crate::harness::{Answer, MockServer};

/// A mock server with one key, before another is generated.
fn server() -> MockServer {
    MockServer::new().answer("KeysList", listing(&[("k-1", "first")]))
}

fn generated(secret: &str) -> Answer {
    Answer::data(json!({ "generateApiKey": { "id": "k-7", "secret": secret, "name": "ci", "createdAt": null } }))
}

#[test]
fn generate_prints_the_bare_secret_and_the_secret_is_a_key() {
    let (home, portal) = portal(&[], &json!([]));
    let made = home.run("keys generate --name ci");
    let secret = made.out().trim_end().to_owned();
    assert_data_eq!(
        made.masked(&[(&secret, "<secret>")]),
        str![[r#"
<secret>
--- stderr
Generated API key `ci` (id key-0002).
--- exit 0

"#]]
    );

    let used = home.line("keys list --fields id,name,lastUsedAt").env("OPTRA_API_KEY", &secret).run();
    assert_data_eq!(
        used.to_string(),
        str![[r#"
id        name       lastUsedAt
key-0001  first key  2026-03-01T12:00:00Z
key-0002  ci         2026-03-01T12:00:00Z
--- exit 0

"#]]
    );
    assert_eq!(portal.requests()[2].header("api-secret"), Some(secret.as_str()));
}

#[test]
fn generate_fills_a_shells_variable() {
    let (home, _portal) = portal(&[], &json!([]));
    let session =
        home.script("KEY=$(optra keys generate --name ci); OPTRA_API_KEY=$KEY optra keys revoke ci --yes").run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
Generated API key `ci` (id key-0002).
error: key `ci` (id key-0002) is the one in use; revoking it ends this access
hint: To replace it: `optra keys rotate`.
hint: If that is intended: `optra keys revoke ci --yes --accept-risk lose-access`.
--- exit 7

"#]]
    );
}

#[test]
fn generate_gives_machines_the_record_with_the_secret() {
    let (home, _portal) = portal(&[], &json!([]));
    let json = home.run("keys generate --name ci -o json");
    let secret = json.ok().json()["secret"].as_str().unwrap().to_owned();
    assert_data_eq!(
        json.masked(&[(&secret, "<secret>")]),
        str![[r#"
{
  "id": "key-0002",
  "name": "ci",
  "createdAt": "2026-03-01T12:00:00Z",
  "changed": true,
  "secret": "<secret>"
}
--- stderr
{"status":"Generated API key `ci` (id key-0002)."}
--- exit 0

"#]]
    );

    let line = home.run("keys generate --name b -o ndjson --quiet");
    let secret = line.ok().ndjson()[0]["secret"].as_str().unwrap().to_owned();
    assert_data_eq!(
        line.masked(&[(&secret, "<secret>")]),
        str![[r#"
{"id":"key-0003","name":"b","createdAt":"2026-03-01T12:00:00Z","changed":true,"secret":"<secret>"}
--- exit 0

"#]]
    );

    let csv = home.run("keys generate --name 'a,b' -o csv --quiet");
    let secret = csv.ok().out().trim_end().rsplit(',').next().unwrap().to_owned();
    assert_data_eq!(
        csv.masked(&[(&secret, "<secret>")]),
        str![[r#"
id,name,createdAt,changed,secret
key-0004,"a,b",2026-03-01T12:00:00Z,true,<secret>
--- exit 0

"#]]
    );
    home.line("keys list").env("OPTRA_API_KEY", &secret).run().ok();
}

#[test]
fn generate_without_a_name_makes_one_that_is_known_again() {
    let (home, portal) = portal(&[], &json!([]));
    let made = home.run("keys generate -o json").ok().json();
    let name = made["name"].as_str().unwrap();
    assert!(name.len() == 14 && name.starts_with("optra-"), "{made}");
    let request = &portal.requests()[0];
    assert_eq!((request.operation(), &request.variables()["name"]), ("KeysGenerate", &made["name"]));
}

#[test]
fn generate_wants_a_name_that_is_one() {
    let (home, portal) = portal(&[], &json!([]));
    assert_data_eq!(
        home.run("keys generate --name ''").to_string(),
        str![[r#"
--- stderr
error: invalid value `` for `--name <NAME>`: an id or a name must not be empty
--- exit 2

"#]]
    );
    home.run("keys generate --name '  '").exits(2);
    assert!(portal.requests().is_empty());
}

#[test]
fn generate_revokes_the_key_when_the_disk_is_full() {
    let (home, portal) = portal(&[], &json!([]));
    let session = home.script("optra keys generate --name lost >/dev/full").run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the secret could not be delivered, so the new key (id key-0002) was revoked
  because: the secret did not reach `stdout`
  because: cannot write the output
  because: No space left on device (os error 28)
--- exit 1

"#]]
    );
    for format in ["json", "ndjson", "csv"] {
        let session = home.script(&format!("optra keys generate --name lost -o {format} >/dev/full")).run();
        assert_eq!(session.exits(1).error()["code"], "failed");
        assert_eq!(session.err().lines().count(), 1, "{session}");
    }
    // The revocation is verified.
    assert_eq!(portal.operations(), ["KeysList", "KeysGenerate", "KeysRevoke", "KeysList"].repeat(4));
    assert_data_eq!(
        home.run("keys list --fields name -o csv").to_string(),
        str![[r#"
name
first key
--- exit 0

"#]]
    );
}

#[test]
fn generate_revokes_the_key_when_the_reader_is_gone() {
    // The reader is gone by the time of the answer.
    let late = generated("s3cret").delayed(Duration::from_millis(400));
    let server = server().answer("KeysGenerate", late).answer("KeysRevoke", revoked("k-7"));
    let session = home_of(&server).line("keys generate --name ci").reader_leaves_after(0).run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the secret could not be delivered, so the new key (id k-7) was revoked
  because: the secret did not reach `stdout`
  because: the reader of the output has gone
--- exit 1

"#]]
    );
    assert_eq!(asked_to_revoke(&server.requests()), ["k-7"]);
}

#[test]
fn generate_leaves_no_key_where_stdout_is_closed() {
    let (home, _portal) = portal(&[], &json!([]));
    let session = home.script("optra keys generate --name lost >&-").run();
    let left = home.run("keys list -o csv --fields name");
    assert!(!left.ok().out().contains("lost"), "nobody has the secret of this key:\n{session}");
    assert_ne!(session.code, Some(0));
}

#[test]
fn generate_delivers_a_secret_that_came_beside_an_error() {
    let answer = json!({
        "data": { "generateApiKey": { "id": "k-7", "secret": "s3cret", "name": null, "createdAt": null } },
        "errors": [{ "message": "the name is lost", "path": ["generateApiKey", "name"] }],
    });
    let server = server().answer("KeysGenerate", Answer::json(200, answer));
    assert_eq!(home_of(&server).run("keys generate --name ci").ok().out(), "s3cret\n");
}

#[test]
fn generate_that_has_to_wait_made_no_key() {
    let later = Answer::json(429, json!({ "errors": [{ "message": "slow down" }] })).header("retry-after", "7");
    let server = server().answer("KeysGenerate", later);
    assert_data_eq!(
        home_of(&server).run("keys generate --name ci").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: slow down
hint: Try again in 7 s.
--- exit 8

"#]]
    );
    // A proxy may have forwarded the request, so the key is looked for.
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn generate_tells_of_a_key_that_it_could_not_take_back() {
    let refusal = Answer::error("FORBIDDEN", "only an Admin may do this");
    let server = server().answer("KeysGenerate", generated("s3cret")).answer("KeysRevoke", refusal);
    let session = home_of(&server).script("optra keys generate --name ci >/dev/full").run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the secret could not be delivered, and the new key (id k-7) could not be revoked
  because: the portal refuses: only an Admin may do this
hint: Nobody has its secret: `optra keys revoke k-7`.
--- exit 1

"#]]
    );
}

#[test]
fn generate_with_a_lost_answer_is_not_repeated_and_says_where_to_look() {
    let page = Answer::new(200, "text/html", "<!doctype html><p>Sign in");
    let without_secret = Answer::data(json!({ "generateApiKey": { "id": "k-7", "secret": null } }));
    for (what, answer, code, exit) in [
        ("closed", Answer::close(), "unreachable", 8),
        ("stalled", Answer::stall(), "timeout", 8),
        ("cut", generated("s3cret").cut_after(30), "unreachable", 8),
        ("a gateway's page", Answer::new(502, "text/html", "<h1>Bad Gateway"), "unreachable", 8),
        ("a page", page, "bad_answer", 9),
        ("nothing", Answer::data(Value::Null), "bad_answer", 9),
        ("no secret", without_secret, "bad_answer", 9),
        (
            "half of one",
            Answer::new(200, "application/json", r#"{"data":{"generateApiKey":{"secret":"s3cr"#),
            "bad_answer",
            9,
        ),
    ] {
        let server = server().answer("KeysGenerate", answer);
        let session = home_of(&server).run("keys generate --name ci --timeout 1s -o json");
        let error = session.exits(exit).error();
        assert_eq!(error["code"], code, "{what}: {session}");
        let hints = error["hints"].to_string();
        assert!(hints.contains("`ci`") && hints.contains("`optra keys list`"), "{what}: {session}");
        assert_eq!(error["message"], "the answer was lost, and no new key is there", "{what}: {session}");
        assert!(!session.err().contains("s3cr") && session.stdout.is_empty(), "{what}: {session}");
        let asked: Vec<_> = server.requests().iter().map(|request| request.operation().to_owned()).collect();
        assert_eq!(asked, ["KeysList", "KeysGenerate", "KeysList"], "{what}");
    }
}

#[test]
fn generate_with_a_lost_answer_does_not_call_for_another_try() {
    let server = server().answer("KeysGenerate", Answer::stall());
    let error = home_of(&server).run("keys generate --name ci --timeout 1s -o json").exits(8).error();
    assert_eq!(error["retryable"], false, "a script would make a second key: {error}");
}

#[test]
fn generate_with_a_lost_answer_reads_like_this() {
    let server = server().answer("KeysGenerate", Answer::stall());
    let session = home_of(&server).run("keys generate --name ci --timeout 1s");
    assert_data_eq!(
        session.masked(&[(&server.url, "http://portal")]),
        str![[r#"
--- stderr
error: the answer was lost, and no new key is there
  because: the portal at http://portal did not answer within 1 s
hint: Look once more for one named `ci` with `optra keys list` before you try again.
--- exit 8

"#]]
    );
}

#[test]
fn generate_is_refused_in_the_portals_words() {
    let (home, portal) = portal(&["--role", "viewer"], &json!([]));
    assert_data_eq!(
        home.run("keys generate --name ci").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: only an Admin may do this
hint: API keys and their management need the Admin role.
hint: Nothing proves that no key was generated: have an Admin look for one named `ci`, and revoke it, for nobody has its secret.
--- exit 5

"#]]
    );
    assert_eq!(home.run("keys generate -o json").exits(5).error()["code"], "forbidden");
    // A resolver that fails may have acted, so the key is looked for.
    let asked = ["KeysList", "KeysGenerate", "KeysList", "KeysGenerate", "KeysList"];
    assert_eq!(portal.operations(), asked);
}

#[test]
fn generate_is_refused_where_api_keys_are_off() {
    let (home, _portal) = portal(&["--api-keys", "off"], &json!([]));
    assert_data_eq!(
        home.run("keys generate --name ci").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: API keys are not enabled for this organization
hint: API keys are switched off for this organization; Optra's support can switch them on.
hint: Nothing proves that no key was generated: have an Admin look for one named `ci`, and revoke it, for nobody has its secret.
--- exit 5

"#]]
    );
    assert_eq!(home.run("keys generate -o json").exits(5).error()["code"], "feature_disabled");
}

#[test]
fn generate_is_unsupported_where_only_the_documented_query_is_known() {
    let (home, _portal) = portal(&["--dialect", "documented"], &json!([]));
    assert_data_eq!(
        home.run("keys generate --name ci").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: Schema is not configured to execute mutation operation
hint: See what this portal can do: `optra portal check`.
hint: Nothing proves that no key was generated: have an Admin look for one named `ci`, and revoke it, for nobody has its secret.
--- exit 9

"#]]
    );
    assert_eq!(home.run("keys generate -o json").exits(9).error()["code"], "unsupported");
}

#[test]
fn a_name_that_a_key_has_already_is_said_or_refused() {
    let (home, portal) = portal(&[], &json!([{ "name": "ci" }]));
    let told = home.run("keys generate --name ci");
    assert!(told.ok().err().contains("warning: a key is called `ci` already (id key-0002)"), "{told}");
    let refused = home.run("keys generate --name ci --unique");
    assert!(refused.exits(7).err().contains("keys are called `ci` already (id key-0002 key-0003)"), "{refused}");
    home.run("keys generate --name other --unique").ok();
    home.run("keys generate --unique").exits(2);
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysGenerate").count(), 2);
}

#[test]
fn a_hint_to_repeat_the_line_keeps_all_that_was_given() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci" }]));
    let session = home.script("optra keys generate --name 'my ci' --force > /dev/null").run();
    assert!(session.exits(7).err().contains("`KEY=$(optra keys generate --name 'my ci' --force)`"), "{session}");
    let session = home.run("keys revoke ci --reason 'it is old' --allow-partial");
    let line = "`optra keys revoke ci --reason 'it is old' --allow-partial --yes`";
    assert!(session.exits(7).err().contains(line), "{session}");
}
