//! Which key is in use, and what ends it: every command agrees, and the log records what was verified.

use serde_json::json;

use super::asked_to_revoke;
use super::revoke::portal_with;
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// A profile whose recorded key is not the one that the portal names.
fn contradicted() -> (Home, ReferenceServer) {
    let (_, portal) = portal_with(&["ci", "report"]);
    // Without a key in the environment.
    let home = Home::new();
    let login = ["auth", "login", "--portal", &portal.url, "--store", "file", "--key-file", "-"];
    home.optra(login).stdin(ReferenceServer::KEY).run().ok();
    let file = home.path("config/optra/config.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("key-0001"), "{text}");
    std::fs::write(&file, text.replace("key-0001", "key-0002")).unwrap();
    (home, portal)
}

#[test]
fn a_note_that_contradicts_the_portal_stops_what_would_change_something() {
    let (home, portal) = contradicted();
    for line in [
        "keys rotate --yes",
        "keys rotate ci --yes --to file:k",
        "keys revoke report --yes",
        "keys revoke ci --yes --accept-risk lose-access",
        "auth logout --revoke --yes",
    ] {
        let session = home.run(line);
        let told = session.exits(7).err();
        assert!(
            told.contains(
                "the portal says that the key in use is key-0001, and the note beside the key says that it is key-0002"
            ),
            "{session}"
        );
    }
    assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
    // Commands that only show the key in use believe the portal.
    let keys = home.run("keys list -o json --fields id,inUse").ok().json();
    assert_eq!(keys[0], json!({"id": "key-0001", "inUse": true}));
    assert_eq!(keys[1], json!({"id": "key-0002", "inUse": false}));
}

#[test]
fn a_rotation_that_would_end_the_access_is_guarded_as_a_revocation_is() {
    let (home, portal) = portal_with(&["ci"]);
    let session = home.run("keys rotate --yes --to file:k");
    let told = session.exits(7).err();
    assert!(told.contains("key `first key` (id key-0001) is the one in use"), "{session}");
    assert!(told.contains("`optra keys rotate --yes --to file:k --accept-risk lose-access`"), "{session}");
    assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
    home.run("keys rotate ci --yes --to file:ci.key").ok();
    home.run("keys rotate --yes --to file:k --accept-risk lose-access").ok();
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002", "key-0001"]);
}

#[test]
fn the_log_says_what_was_seen_and_not_what_was_said() {
    let key = |id: &str| json!({"id": id, "name": id});
    let listed = |ids: &[&str]| {
        let keys: Vec<_> = ids.iter().map(|id| key(id)).collect();
        Answer::data(json!({"apiKeys": {"data": keys, "after": null}}))
    };
    let script = MockServer::new()
        .lenient()
        .answer("AuthViewer", Answer::data(json!({"viewer": {"apiKey": {"id": "k-1"}}})))
        .answer("KeysList", listed(&["k-1", "k-2", "k-3"]))
        .answer("KeysList", listed(&["k-1", "k-2"]))
        .answer("KeysRevoke", Answer::data(json!({"revokeApiKey": {"id": "k-2", "ok": false}})));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("keys revoke k-2 k-3 --yes");
    assert!(
        session.exits(3).err().contains("the portal accepted the revocation, but the key is still there"),
        "{session}"
    );
    let log = home.run("keys log -o json").ok().json();
    let results: Vec<_> = log.as_array().unwrap().iter().map(|entry| (&entry["ids"][0], &entry["result"])).collect();
    let told = |id, result| (json!(id), json!(result));
    let asked = [told("k-2", "asked"), told("k-3", "asked")];
    assert_eq!(results[..2], asked.each_ref().map(|(id, result)| (id, result)));
    assert_eq!(results[2..], [(&json!("k-2"), &json!("failed")), (&json!("k-3"), &json!("done"))]);
}

#[test]
fn a_rotation_whose_old_key_is_gone_comes_to_its_end_whatever_the_portal_says_of_it() {
    let key = |id: &str, name: &str| json!({"id": id, "name": name});
    let list = |keys: &[serde_json::Value]| Answer::data(json!({"apiKeys": {"data": keys, "after": null}}));
    let no_data = |status: u16, code: &str| {
        Answer::json(status, json!({"errors": [{"message": "no", "extensions": {"code": code}}]}))
    };
    for refusal in [
        Answer::error("INTERNAL_SERVER_ERROR", "no such thing"),
        Answer::error("NOT_FOUND", "no such key"),
        no_data(200, "NOT_FOUND"),
        no_data(400, "SOMETHING_NEW"),
    ] {
        let script = MockServer::new()
            .lenient()
            .answer("AuthViewer", Answer::data(json!({"viewer": {"apiKey": {"id": "k-1"}}})))
            .answer("KeysList", list(&[key("k-1", "admin"), key("k-2", "robot")]))
            .answer("KeysList", list(&[key("k-1", "admin"), key("k-3", "robot")]))
            .answer(
                "KeysGenerate",
                Answer::data(json!({"generateApiKey": {"id": "k-3", "secret": "secret-of-the-new-robot"}})),
            )
            .answer("KeysRevoke", Answer::close())
            .answer("KeysRevoke", refusal);
        let mut home = Home::new();
        home.portal(&script.url, "key-of-a-script");
        let session = home.run("keys rotate robot --yes --to file:robot.key");
        if session.code != Some(0) {
            home.run("keys rotate --resume").ok();
        }
        home.run("keys rotate --status").ok();
        assert_eq!(home.run("keys rotate --status -o json").ok().json(), serde_json::Value::Null);
    }
}
