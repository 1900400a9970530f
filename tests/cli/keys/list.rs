//! `optra keys list`: the columns of a key, pages, and incomplete listings. It must not test how a table fits a
//! terminal.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{home_of, listing, portal, viewer};
use crate::harness::{Answer, MockServer};

#[test]
fn list_shows_the_keys_as_a_table() {
    let (home, _portal) = portal(
        &[],
        &json!([
            { "name": "ci", "createdAt": "2026-01-05T09:30:00Z", "createdBy": "ada@example.com" },
            { "name": null },
            { "name": "倉庫 dashboard", "lastUsedAt": "2026-02-28T23:59:59.5Z", "createdBy": null },
        ]),
    );
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
id        name            createdAt             lastUsedAt              createdBy          inUse
key-0001  first key       2025-06-01T00:00:00Z  2026-03-01T12:00:00Z    admin@example.com  true
key-0002  ci              2026-01-05T09:30:00Z  never                   ada@example.com    false
key-0003  -               2026-03-01T12:00:00Z  never                   admin@example.com  false
key-0004  倉庫 dashboard  2026-03-01T12:00:00Z  2026-02-28T23:59:59.5Z  -                  false
--- exit 0

"#]]
    );
}

#[test]
fn list_gives_the_portals_names_and_values_as_json() {
    let (home, portal) = portal(&[], &json!([{ "name": "ci", "secret": "hush-hush" }, { "name": null }]));
    let session = home.run("keys list -o json");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
[
  {"id":"key-0001","name":"first key","createdAt":"2025-06-01T00:00:00Z","lastUsedAt":"2026-03-01T12:00:00Z","createdBy":"admin@example.com","inUse":true},
  {"id":"key-0002","name":"ci","createdAt":"2026-03-01T12:00:00Z","lastUsedAt":null,"createdBy":"admin@example.com","inUse":false},
  {"id":"key-0003","name":null,"createdAt":"2026-03-01T12:00:00Z","lastUsedAt":null,"createdBy":"admin@example.com","inUse":false}
]
--- exit 0

"#]]
    );
    assert_eq!(portal.operations(), ["AuthViewer", "KeysList"]);
    assert_data_eq!(
        home.run("keys list -o ndjson --fields name,id").to_string(),
        str![[r#"
{"name":"first key","id":"key-0001"}
{"name":"ci","id":"key-0002"}
{"name":null,"id":"key-0003"}
--- exit 0

"#]]
    );
}

#[test]
fn list_reads_all_pages_and_stops_at_a_limit() {
    let names: Vec<_> = (1..=4).map(|n| json!({ "name": format!("robot-{n}") })).collect();
    let (home, portal) = portal(&["--page", "2"], &json!(names));
    let all = home.run("keys list -o ndjson --fields name");
    let names: Vec<_> = all.ok().ndjson().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["first key", "robot-1", "robot-2", "robot-3", "robot-4"]);
    assert_eq!(portal.operations().len(), 3);

    assert_data_eq!(
        home.run("keys list --limit 3 --fields id,name").to_string(),
        str![[r#"
id        name
key-0001  first key
key-0002  robot-1
key-0003  robot-2
--- stderr
3 of 5 keys
--- exit 0

"#]]
    );
    let asked: Vec<_> = portal.requests()[3..].iter().map(|request| request.variables()["first"].clone()).collect();
    assert_eq!(asked, [3, 1]);
}

#[test]
fn list_says_so_when_there_are_no_keys() {
    let server = MockServer::new().answer("KeysList", listing(&[])).answer("AuthViewer", viewer("k-9"));
    let home = home_of(&server);
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
--- stderr
no keys
--- exit 0

"#]]
    );
    assert_eq!(home.run("keys list -o json").ok().json(), json!([]));
}

#[test]
fn list_that_breaks_off_is_partial_and_never_looks_whole() {
    let first = json!({ "apiKeys": { "data": [{ "id": "k-1", "name": "one" }], "after": "2", "total": 2 } });
    let broken = Answer::error("INTERNAL_SERVER_ERROR", "the database is away");
    let server = || {
        let script =
            MockServer::new().answer("KeysList", Answer::data(first.clone())).answer("KeysList", broken.clone());
        script.answer("AuthViewer", viewer("k-1"))
    };
    let (table, json) = (server(), server());
    assert_data_eq!(
        home_of(&table).run("keys list").to_string(),
        str![[r#"
id   name  lastUsedAt  inUse
k-1  one   never       true
--- stderr
error: the listing stopped after 1 key
  because: the portal refuses: the database is away
hint: Resume with `--after 2`.
--- exit 3

"#]]
    );
    let session = home_of(&json).run("keys list -o json");
    assert_eq!(session.exits(3).error()["code"], "partial");
    assert!(!session.out().contains(']'), "{session}");
}

#[test]
fn list_is_refused_in_the_portals_words() {
    let (home, _portal) = portal(&["--role", "viewer"], &json!([]));
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: only an Admin may do this
hint: API keys and their management need the Admin role.
--- exit 5

"#]]
    );
    assert_data_eq!(
        home.run("keys list -o json").to_string(),
        str![[r#"
--- stderr
{"error":{"code":"forbidden","exit":5,"message":"the portal refuses: only an Admin may do this","hints":["API keys and their management need the Admin role."],"causes":[],"retryable":false,"retry_after_s":null,"request_id":null}}
--- exit 5

"#]]
    );
}

#[test]
fn list_is_refused_where_api_keys_are_off() {
    let (home, _portal) = portal(&["--api-keys", "off"], &json!([]));
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: API keys are not enabled for this organization
hint: API keys are switched off for this organization; Optra's support can switch them on.
--- exit 5

"#]]
    );
    assert_eq!(home.run("keys list -o ndjson").exits(5).error()["code"], "feature_disabled");
}

#[test]
fn list_is_unsupported_where_only_the_documented_query_is_known() {
    let (home, _portal) = portal(&["--dialect", "documented"], &json!([]));
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
--- stderr
error: this portal cannot do `keys.list`: it has no query `apiKeys`
hint: Bind a document of your own with `optra portal bind keys.list -f FILE`; `optra portal schema` shows what the portal has.
--- exit 9

"#]]
    );
    assert_eq!(home.run("keys list -o json").exits(9).error()["code"], "unsupported");
}
