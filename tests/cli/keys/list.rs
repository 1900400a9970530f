//! `optra keys list`: what there is, without secrets.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{at_portal, names};

#[test]
fn keys_are_listed_for_people() {
    let (home, _portal) = at_portal(&[]);
    home.run("keys generate --name ci").ok();
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
id        name       createdAt             lastUsedAt            createdBy
key-0001  first key  2025-06-01T00:00:00Z  2026-03-01T12:00:00Z  admin@example.com
key-0002  ci         2026-03-01T12:00:00Z  -                     admin@example.com
--- exit 0

"#]]
    );
}

#[test]
fn keys_are_listed_for_programs() {
    let (home, _portal) = at_portal(&[]);
    let keys = home.run("keys list -o json").ok().json();
    let members: Vec<&String> = keys[0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["createdAt", "createdBy", "id", "lastUsedAt", "name"]);
    assert_eq!(home.run("keys list -o csv --fields name,id").ok().out(), "name,id\nfirst key,key-0001\n");
    assert_eq!(home.run("keys list -o ndjson --fields id").ok().ndjson(), [json!({"id": "key-0001"})]);
}

#[test]
fn pages_are_read_to_the_end_or_to_the_limit() {
    let (home, portal) = at_portal(&["--page", "2"]);
    for name in ["a", "b", "c", "d"] {
        home.run(&format!("keys generate --name {name}")).ok();
    }
    let before = portal.requests().len();
    assert_eq!(names(&home), ["first key", "a", "b", "c", "d"]);
    assert_eq!(portal.requests().len() - before, 3);
    assert_eq!(home.run("keys list -o ndjson --limit 2").ok().ndjson().len(), 2);
    assert_eq!(portal.requests().len() - before, 4);
}

#[test]
fn a_portal_that_refuses_says_why() {
    for (options, exit, code) in [
        (["--role", "viewer"], 5, "forbidden"),
        (["--api-keys", "off"], 5, "feature_disabled"),
        (["--dialect", "documented"], 9, "unsupported"),
        (["--key", "another"], 4, "unauthenticated"),
    ] {
        let (home, _portal) = at_portal(&options);
        assert_eq!(home.run("keys list -o json").exits(exit).error()["code"], code, "{options:?}");
    }
}
