//! `optra keys revoke` where nobody is asked: what is named goes, nothing else does, and the portal's word is not enough.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::{at_portal, at_script, names};
use crate::harness::{Answer, Home, Scripted};

fn keys(ids: &[(&str, &str)]) -> Answer {
    let keys: Vec<Value> = ids.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
    Answer::data(json!({"apiKeys": {"data": keys}}))
}

fn viewer(id: &str) -> Answer {
    Answer::data(json!({"viewer": {"apiKey": {"id": id}}}))
}

fn revoked(id: &str) -> Answer {
    Answer::data(json!({"revokeApiKey": {"id": id}}))
}

#[test]
fn keys_go_by_id_and_by_name_in_one_call() {
    let (home, portal) = at_portal(&[]);
    for name in ["a", "b", "c"] {
        home.run(&format!("keys generate --name {name}")).ok();
    }
    assert_data_eq!(
        home.run("keys revoke key-0002 b --yes").to_string(),
        str![[r#"
--- stderr
Revoked key `a` (id key-0002).
Revoked key `b` (id key-0003).
--- exit 0

"#]]
    );
    assert_eq!(names(&home), ["first key", "c"]);
    let operations = portal.operations();
    assert_eq!(operations[3..8], ["KeysList", "AuthViewer", "KeysRevoke", "KeysRevoke", "KeysList"]);
}

#[test]
fn the_sandbox_keeps_its_keys_from_run_to_run() {
    let home = Home::new();
    let secret = home.run("--sandbox keys generate --name ci").ok().out();
    assert!(home.run("--sandbox keys list").ok().out().contains("  ci "));
    home.run("--sandbox keys revoke ci --yes").ok();
    assert!(!home.run("--sandbox keys list").ok().out().contains("  ci "));
    assert!(secret.len() > 40);
}

#[test]
fn a_revoked_key_is_dead_at_once() {
    let (home, _portal) = at_portal(&[]);
    let secret = home.run("keys generate --name ci").ok().out();
    let with_it = || home.line("devices list").env("OPTRA_API_KEY", secret.trim()).run();
    with_it().ok();
    home.run("keys revoke ci --yes").ok();
    with_it().exits(4);
}

#[test]
fn without_a_terminal_it_wants_yes_and_asks_the_portal_nothing() {
    let (home, portal) = at_portal(&[]);
    assert_data_eq!(
        home.run("keys revoke key-0001 b").to_string(),
        str![[r#"
--- stderr
error: nothing was revoked
  because: this needs an answer, and stdin is no terminal
hint: Where nobody can be asked, say so: `optra keys revoke key-0001 b --yes`.
--- exit 7

"#]]
    );
    assert_eq!(portal.requests().len(), 0);
}

#[test]
fn what_is_not_there_is_named_with_what_is_near() {
    let (home, _portal) = at_portal(&[]);
    for name in ["warehouse-report", "warehouse-report-2"] {
        home.run(&format!("keys generate --name {name}")).ok();
    }
    let session = home.run("keys revoke warehouse-reprot --yes");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: there is no key `warehouse-reprot`
hint: There is `warehouse-report`, `warehouse-report-2`.
--- exit 6

"#]]
    );
    home.run("keys revoke '' --yes").exits(2);
    home.run("keys revoke --yes").exits(2);
}

#[test]
fn one_of_two_of_a_name_is_not_guessed() {
    let (home, _portal) = at_portal(&[]);
    home.run("keys generate --name twin").ok();
    home.run("keys generate --name twin").ok();
    let error = home.run("keys revoke twin --yes -o json").exits(6).error();
    assert!(error["hints"].to_string().contains("`key-0002` or `key-0003`"), "{error}");
}

#[test]
fn it_goes_on_after_one_that_is_not_there() {
    let (home, _portal) = at_portal(&[]);
    for name in ["a", "b"] {
        home.run(&format!("keys generate --name {name}")).ok();
    }
    let session = home.run("keys revoke a nobody b --yes -o json");
    session.exits(3);
    let outcomes = session.json();
    let told: Vec<_> = outcomes.as_array().unwrap().iter().map(|key| (&key["name"], &key["revoked"])).collect();
    assert_eq!(told, [(&json!("nobody"), &json!(false)), (&json!("a"), &json!(true)), (&json!("b"), &json!(true))]);
    assert_eq!(session.error()["code"], "partial");
    assert_eq!(names(&home), ["first key"]);
}

#[test]
fn the_key_in_use_wants_its_own_word_and_goes_last() {
    let (home, portal) = at_portal(&[]);
    home.run("keys generate --name other").ok();
    let session = home.run("keys revoke key-0001 other --yes -o json");
    assert_eq!(session.exits(7).error()["code"], "declined");
    assert_eq!(names(&home), ["first key", "other"]);
    home.run("keys revoke key-0001 other --yes --accept-risk lose-access").ok();
    let requests = portal.requests();
    let ids: Vec<_> = requests
        .iter()
        .filter(|request| request.operation() == "KeysRevoke")
        .map(|request| request.variables())
        .collect();
    assert_eq!(ids, [&json!({"id": "key-0002"}), &json!({"id": "key-0001"})]);
    home.run("keys list").exits(4);
}

#[test]
fn what_refuses_one_refuses_all_and_is_asked_once() {
    let script = Scripted::new()
        .answer("KeysList", keys(&[("1", "a"), ("2", "b"), ("9", "own")]))
        .answer("AuthViewer", viewer("9"))
        .answer("KeysRevoke", Answer::error("FORBIDDEN", "only an Admin may do this"));
    let (home, script) = at_script(script);
    let session = home.run("keys revoke a b --yes -o json");
    session.exits(3);
    assert!(session.json()[1]["error"].as_str().unwrap().contains("not tried"), "{session}");
    let revokes = script.requests().iter().filter(|request| request.operation() == "KeysRevoke").count();
    assert_eq!(revokes, 1);
}

#[test]
fn a_key_that_is_still_listed_was_not_revoked() {
    let script = Scripted::new()
        .answer("KeysList", keys(&[("1", "a"), ("9", "own")]))
        .answer("AuthViewer", viewer("9"))
        .answer("KeysRevoke", revoked("1"));
    let (home, _script) = at_script(script);
    let session = home.run("keys revoke a --yes");
    session.exits(1);
    assert!(session.err().contains("error: the portal took the revocation, but still lists the key"), "{session}");
}

#[test]
fn a_lost_answer_is_decided_by_the_list() {
    let script = Scripted::new()
        .answer("KeysList", keys(&[("1", "a"), ("9", "own")]))
        .answer("KeysList", keys(&[("9", "own")]))
        .answer("AuthViewer", viewer("9"))
        .answer("KeysRevoke", Answer::close());
    let (home, script) = at_script(script);
    home.run("keys revoke a --yes").ok();
    assert_eq!(script.requests().len(), 4);
}

#[test]
fn what_cannot_be_verified_is_said() {
    let script = Scripted::new()
        .answer("KeysList", keys(&[("1", "a"), ("2", "b"), ("9", "own")]))
        .answer("KeysList", Answer::close())
        .answer("AuthViewer", viewer("9"))
        .answer("KeysRevoke", revoked("1"));
    let (home, _script) = at_script(script);
    let session = home.run("keys revoke a b --yes -o json");
    session.exits(3);
    assert!(session.json()[0]["error"].as_str().unwrap().contains("cannot be seen"), "{session}");
}

#[test]
fn a_portal_that_does_not_say_which_key_is_in_use_is_warned_of() {
    let unknown = json!({"errors": [{
        "message": "Cannot query field \"viewer\" on type \"Query\".", "locations": [{"line": 2, "column": 3}],
    }]});
    let script = Scripted::new()
        .answer("KeysList", keys(&[("1", "a")]))
        .answer("KeysList", keys(&[]))
        .answer("AuthViewer", Answer::json(400, unknown.clone()))
        .answer("Introspection", Answer::json(400, unknown))
        .answer("KeysRevoke", revoked("1"));
    let (home, _script) = at_script(script);
    let session = home.run("keys revoke a --yes");
    session.ok();
    assert!(session.err().starts_with("warning: which of the keys is the one in use is not known\n"), "{session}");
}
