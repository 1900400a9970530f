//! The portal makes a key, and the connection dies before the answer: nothing is sent twice, and no key is left whose secret
//! nobody has, or it is said.

use serde_json::{Value, json};

use super::portal;
use crate::harness::{Cutting, Home, PortalJs};

fn cut(options: &[&str], keys: &Value) -> (Home, Home, PortalJs) {
    let (admin, portal) = portal(options, keys);
    let proxy = Cutting::start(&portal.url, "KeysGenerate");
    let mut home = Home::new();
    home.portal(&proxy.url, PortalJs::KEY);
    (home, admin, portal)
}

fn names(admin: &Home) -> Vec<Value> {
    admin.run("keys list -o ndjson --fields name").ok().ndjson().iter().map(|key| key["name"].clone()).collect()
}

#[test]
fn one_of_a_name_of_our_own_making_is_revoked_again() {
    let (home, admin, portal) = cut(&[], &json!([]));
    let session = home.run("keys generate -o json");
    let error = session.exits(8).error();
    assert_eq!(error["message"], "the answer was lost; the new key (id key-0002) was found and revoked again");
    assert_eq!(error["retryable"], true);
    assert_eq!(names(&admin), ["first key"]);
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysGenerate").count(), 1);
    let log = home.run("keys log -o json").ok().json();
    assert_eq!((&log[1]["action"], &log[1]["result"]), (&json!("generate"), &json!("unknown")));
    assert_eq!((&log[2]["ids"], &log[2]["result"]), (&json!(["key-0002"]), &json!("done")));
}

#[test]
fn one_of_a_name_that_others_may_give_is_named_and_left() {
    let (home, admin, portal) = cut(&[], &json!([{ "name": "ci" }]));
    let error = home.run("keys generate --name ci -o json").exits(8).error();
    assert_eq!(error["message"], "the answer was lost, and one named `ci` is there now (id key-0003)");
    assert!(error["hints"][0].as_str().unwrap().ends_with("`optra keys revoke key-0003`."), "{error}");
    assert_eq!(error["retryable"], false);
    assert_eq!(names(&admin), ["first key", "ci", "ci"]);
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysGenerate").count(), 1);
}

#[test]
fn a_rotation_whose_answer_was_lost_leaves_the_old_key_alone() {
    let now = jiff::Timestamp::now().to_string();
    let (home, admin, _portal) = cut(&["--now", &now], &json!([{ "name": "robot", "createdAt": now }]));
    let file = home.path("robot.key");
    let rotate = format!("keys rotate robot --yes --to 'file:{}'", file.display());
    // The new key's name has a mark, so it is certainly ours.
    let session = home.run(&rotate);
    assert!(session.exits(8).err().contains("the new key (id key-0003) was found and revoked again"), "{session}");
    assert_eq!(names(&admin), ["first key", "robot"]);
    home.run("keys rotate --resume").exits(6);
    assert!(!file.exists());
}
