//! `optra keys show`: what the portal and this machine know of one key.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::portal;

#[test]
fn a_key_is_shown_with_all_that_is_known_of_it() {
    let (home, _portal) = portal(&["--now", "2026-03-01T12:00:00.000Z"], &json!([]));
    home.run("keys generate --name ci --to file:ci.key --to 'command:tee copy.txt'").ok();
    let shown = home.run("keys show ci -o json").ok().json();
    assert_eq!(
        (&shown["id"], &shown["name"], &shown["inUse"], &shown["lastUsedAt"], &shown["rotation"]),
        (&json!("key-0002"), &json!("ci"), &json!(false), &json!(null), &json!(null))
    );
    let file = format!("file:{}", home.path("home").join("ci.key").canonicalize().unwrap().display());
    assert_eq!(shown["places"], json!([file, "command:tee copy.txt"]));
    assert!(shown["ageDays"].as_i64().unwrap() > 200 && shown["ageDays"] == shown["unusedDays"], "{shown}");
    assert_data_eq!(
        home.run("keys show 'first key' --fields id,name,inUse,profiles").to_string(),
        str![[r#"
id        key-0001
name      first key
inUse     true
profiles  -
--- exit 0

"#]]
    );
    // An id takes precedence over a name, and a missing key gets a suggestion.
    assert_eq!(home.run("keys show key-0002 -o json").ok().json()["name"], "ci");
    let none = home.run("keys show 'first kay'");
    assert!(none.exits(6).err().contains("error: there is no key `first kay`\nhint: There is `first key`"), "{none}");
    let tip = home.run("keys describe ci");
    assert!(tip.exits(2).err().contains("`optra keys show` does that"), "{tip}");
}

#[test]
fn the_profile_that_uses_a_key_and_a_rotation_under_way_are_told() {
    let (home, portal) = portal(&[], &json!([]));
    let run = |line: &str| home.line(line).without_env("OPTRA_API_KEY").without_env("OPTRA_PORTAL_URL").run();
    let line = format!("auth login --portal {} --store file --key-file -", portal.url);
    home.line(&line).stdin(crate::harness::ReferenceServer::KEY).without_env("OPTRA_API_KEY").run().ok();
    let shown = run("keys show key-0001 -o json").ok().json();
    assert_eq!(
        (&shown["profiles"], &shown["places"]),
        (&json!(["default"]), &json!(["the key file of profile default"]))
    );
    // A failing hook leaves an unfinished rotation.
    assert_ne!(run("keys rotate --yes --hook false").code, Some(0));
    let shown = run("keys show key-0001 -o json").ok().json();
    assert!(shown["rotation"].is_string(), "{shown}");
}

#[test]
fn what_the_portal_does_not_tell_is_null() {
    let (home, _portal) = portal(&["--dialect", "documented"], &json!([]));
    assert_eq!(home.run("keys show ci -o json").exits(9).error()["code"], "unsupported");
}
