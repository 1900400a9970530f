//! The ledger: which key is in use, which keys are others, and where they are.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::portal;
use crate::harness::{Home, ReferenceServer};

/// A reference server that does not tell which key is in use.
fn silent() -> (Home, ReferenceServer) {
    let contract = include_str!("../../../graphql/schema.graphql");
    let viewer = "  \"Whoever the key in use stands for.\"\n  viewer: Viewer @assumed\n";
    assert!(contract.contains(viewer));
    let mut home = Home::new();
    let schema = home.write("silent.graphql", contract.replace(viewer, ""));
    let keys = home.write("keys.json", json!([{ "name": "theirs" }]).to_string());
    let options = ["--schema", schema.to_str().unwrap(), "--keys-file", keys.to_str().unwrap()];
    let portal = ReferenceServer::start(&options);
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// Logs in with the portal's first key, stored in a file.
fn login(home: &Home, url: &str, options: &str) -> crate::harness::Session {
    let key = home.write("admin.txt", ReferenceServer::KEY);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let line = format!("auth login --portal {url} --store file --key-file '{}' {options}", key.display());
    home.line(&line).without_env("OPTRA_API_KEY").without_env("OPTRA_PORTAL_URL").run()
}

/// Runs with the profile that is logged in.
fn run(home: &Home, line: &str) -> crate::harness::Session {
    home.line(line).without_env("OPTRA_API_KEY").without_env("OPTRA_PORTAL_URL").run()
}

#[test]
fn a_portal_that_does_not_tell_the_key_in_use_asks_for_no_risk_where_this_machine_knows_it() {
    let (home, portal) = silent();
    let told = login(&home, &portal.url, "");
    assert!(told.ok().err().contains("name it with `--key-id ID`"), "{told}");
    assert!(run(&home, "keys revoke theirs --yes").exits(7).err().contains("is not known"));
    // The user names the key once.
    login(&home, &portal.url, "--key-id no-such-key").exits(6);
    let named = login(&home, &portal.url, "--key-id 'first key' -o json");
    assert_eq!(named.ok().json()["keyId"], "key-0001");
    run(&home, "keys revoke theirs --yes").ok();
    let own = run(&home, "keys revoke key-0001 --yes");
    assert!(own.exits(7).err().contains("is the one in use"), "{own}");
}

#[test]
fn what_the_environment_says_of_its_key_is_believed_unless_the_portal_knows_better() {
    let (home, _portal) = silent();
    home.line("keys revoke theirs --yes").env("OPTRA_API_KEY_ID", "key-0001").run().ok();
    let own = home.line("keys revoke key-0001 --yes").env("OPTRA_API_KEY_ID", "key-0001").run();
    assert!(own.exits(7).err().contains("is the one in use"), "{own}");
    let (home, _portal) = portal(&[], &json!([{ "name": "ci" }]));
    let wrong = home.line("keys revoke ci --yes").env("OPTRA_API_KEY_ID", "key-0002").run();
    assert!(wrong.exits(7).err().contains("the portal says that the key in use is key-0001, and"), "{wrong}");
}

#[test]
fn a_key_that_was_made_here_is_known_by_its_secret_wherever_it_comes_from() {
    let (home, _portal) = silent();
    let secret = home.run("keys generate --name robot").ok().out();
    let robot = |line: &str| home.line(line).env("OPTRA_API_KEY", secret.trim()).run();
    // Only the ledger says that it is the key in use.
    let refused = robot("keys revoke robot --yes");
    assert!(refused.exits(7).err().contains("key `robot` (id key-0003) is the one in use"), "{refused}");
    robot("keys revoke theirs --yes").ok();
    let ledger = fs::read_to_string(home.path("state/optra/journal/ledger")).unwrap();
    assert!(!ledger.contains(secret.trim()) && ledger.contains("key-0003"), "{ledger}");
    for file in ["ledger", "ledger.key"] {
        let mode = fs::metadata(home.path(format!("state/optra/journal/{file}"))).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn where_a_key_is_is_what_this_machine_did_with_it() {
    let (home, portal) = portal(&[], &json!([]));
    let folder = home.path("home");
    home.run("keys generate --name ci --to file:ci.key --to 'command:tee copy.txt'").ok();
    let places = home.run("keys where ci -o json").ok().json();
    let told: Vec<_> = places.as_array().unwrap().iter().map(|place| &place["place"]).collect();
    assert_eq!(told[0], &json!(format!("file:{}", folder.join("ci.key").canonicalize().unwrap().display())));
    assert_eq!(told[1], &json!("command:tee copy.txt"));
    let revoked = home.run("keys revoke ci --yes");
    assert!(revoked.ok().err().contains("2 places still hold it: file:"), "{revoked}");
    let gone = home.run("keys where key-0002 -o json").ok().json();
    assert_eq!(gone[0]["state"], "gone");
    home.run("keys generate --name lost --to file:lost.key").ok();
    home.run("keys generate --name found --to file:lost.key --force").ok();
    let lost = home.run("keys where lost -o json").ok().json();
    assert_eq!((&lost[0]["place"], &lost[0]["state"]), (&json!(null), &json!("missing")));
    let unknown = home.run("keys where no-such-key");
    assert!(unknown.exits(6).err().contains("this machine knows nothing of a key `no-such-key`"), "{unknown}");
    drop(portal);
}

#[test]
fn a_login_and_a_rotation_are_known_too_and_a_logout_takes_them_from_there() {
    let (home, portal) = portal(&[], &json!([]));
    login(&home, &portal.url, "").ok();
    let place = |id: &str| run(&home, &format!("keys where {id} -o json")).json()[0]["place"].clone();
    assert_eq!(place("key-0001"), "the key file of profile default");
    run(&home, "keys rotate --yes").ok();
    assert_eq!(place("key-0002"), "the key file of profile default");
    run(&home, "auth logout").ok();
    assert_eq!(place("key-0002"), json!(null));
}

#[test]
fn an_audit_says_where_an_old_key_is() {
    let (home, _portal) = portal(&["--now", "2026-03-01T12:00:00.000Z"], &json!([]));
    home.run("keys generate --name ci --to file:ci.key").ok();
    let findings = home.run("keys audit --max-age 1d -o json").exits(1).json();
    let old = findings.as_array().unwrap().iter().find(|finding| finding["keyName"] == "ci").unwrap();
    assert!(old["message"].as_str().unwrap().contains("; 1 place still holds it: file:"), "{old}");
}
