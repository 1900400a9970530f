//! `optra keys revoke` on the key in use: never by accident, last of all, and gone from the keyring with it. It must
//! check the portal afterwards, not only the program's output.

use std::fs;

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::revoke::portal_with;
use super::{asked_to_revoke, home_of, listing, revoked, viewer};
use crate::harness::{Answer, Home, Keyring, MockServer, ReferenceServer};

const ONE: [(&str, &str); 1] = [("k-1", "one")];
const LINE: &str = "keys revoke one --yes --accept-risk lose-access";

#[test]
fn revoke_of_the_key_in_use_is_refused() {
    let (home, portal) = portal_with(&["ci"]);
    let refused = home.run("keys revoke ci 'first key' --yes");
    assert_data_eq!(
        refused.to_string(),
        str![[r#"
--- stderr
error: key `first key` (id key-0001) is the one in use; revoking it ends this access
hint: To replace it: `optra keys rotate`.
hint: If that is intended: `optra keys revoke ci 'first key' --yes --accept-risk lose-access`.
--- exit 7

"#]]
    );
    assert!(asked_to_revoke(&portal.requests()).is_empty());
}

#[test]
fn revoke_of_the_key_in_use_hints_at_a_command_that_does_it() {
    let (home, _portal) = portal_with(&[]);
    let hint = home.run("keys revoke key-0001 --yes").exits(7).err();
    let command = hint.split('`').find(|part| part.starts_with("optra keys revoke")).unwrap();
    home.script(command).run().ok();
    home.run("keys list").exits(4);
}

#[test]
fn revoke_of_the_key_in_use_comes_last_and_ends_the_access() {
    let (home, portal) = portal_with(&["ci", "report"]);
    let session = home.run("keys revoke ci key-0001 report --yes --accept-risk lose-access");
    assert_eq!(session.ok().err().matches("Revoked key").count(), 3, "{session}");
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002", "key-0003", "key-0001"]);
    assert_eq!(home.run("keys list -o json").exits(4).error()["code"], "unauthenticated");
}

#[test]
fn revoke_asks_where_the_portal_does_not_tell_the_key_in_use() {
    let contract = include_str!("../../../graphql/schema.graphql");
    let viewer = "  \"Whoever the key in use stands for.\"\n  viewer: Viewer @assumed\n";
    assert!(contract.contains(viewer));
    let silent = contract.replace(viewer, "");
    let mut home = Home::new();
    let schema = home.write("silent.graphql", silent);
    let portal = ReferenceServer::start(&["--schema", schema.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    // A key that this machine generated is known to be another one.
    home.run("keys generate --name made-here").ok();
    home.run("keys revoke made-here --yes").ok();
    home.run("keys generate --name ci").ok();
    fs::remove_file(home.path("state/optra/journal/ledger")).unwrap();
    assert_data_eq!(
        home.run("keys revoke ci --yes").to_string(),
        str![[r#"
--- stderr
error: which of the keys is the one in use is not known; nothing was revoked
hint: Say which: `optra auth login --key-id ID`.
hint: If it may go with the others: `optra keys revoke ci --yes --accept-risk lose-access`.
--- exit 7

"#]]
    );
    home.run("keys revoke ci --yes --accept-risk lose-access").ok();
}

#[test]
fn revoke_of_the_key_in_use_takes_it_from_the_keyring_too() {
    let (keyring, portal) = (Keyring::start(), ReferenceServer::start(&[]));
    let mut home = Home::new();
    home.set_all(keyring.env());
    let login = home.optra(["auth", "login", "--portal", &portal.url, "--key-file", "-"]).stdin(ReferenceServer::KEY);
    login.run().ok();
    assert_eq!(keyring.lookup("optra", "default").as_deref(), Some(ReferenceServer::KEY));
    assert_data_eq!(
        home.run("keys revoke key-0001 --yes --accept-risk lose-access").to_string(),
        str![[r#"
--- stderr
Revoked key `first key` (id key-0001).
It was the key of profile `default`, which is now logged out.
--- exit 0

"#]]
    );
    assert_eq!(keyring.lookup("optra", "default"), None);
    home.run("keys list").exits(4);
}

#[test]
fn revoke_does_not_believe_a_portal_where_the_key_in_use_still_works() {
    let server = MockServer::new()
        .answer("KeysList", listing(&ONE))
        .answer("AuthViewer", viewer("k-1"))
        .answer("KeysRevoke", revoked("k-1"));
    let session = home_of(&server).run(LINE);
    assert_ne!(session.code, Some(0), "the key is still there, and the portal takes it:\n{session}");
}

#[test]
fn revoke_of_the_key_in_use_looks_whether_it_is_dead_when_the_answer_is_lost() {
    let dead = Answer::json(401, json!({ "errors": [{ "message": "no valid key" }] }));
    // Any rejected query proves it, so the script allows any.
    let server = MockServer::new()
        .answer("KeysList", listing(&ONE))
        .answer("KeysList", dead.clone())
        .answer("AuthViewer", viewer("k-1"))
        .answer("AuthViewer", dead)
        .answer("KeysRevoke", Answer::close())
        .lenient();
    let session = home_of(&server).run(LINE);
    assert_eq!(asked_to_revoke(&server.requests()), ["k-1"]);
    assert_eq!(session.ok().to_string(), "--- stderr\nRevoked key `one` (id k-1).\n--- exit 0\n");
}
