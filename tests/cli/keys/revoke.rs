//! `optra keys revoke --yes`: which keys it finds, what it refuses, and what it reports for each. It must check the
//! portal's own list afterwards, not only the program's output.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{asked_to_revoke, portal};
use crate::harness::{Home, ReferenceServer};

/// A reference server with `first key`, which is in use, and these.
pub(super) fn portal_with(names: &[&str]) -> (Home, ReferenceServer) {
    portal(&[], &names.iter().map(|name| json!({ "name": name })).collect())
}

/// Returns the names of the remaining keys.
fn left(home: &Home) -> String {
    let keys = home.run("keys list -o ndjson --fields name");
    let names: Vec<_> = keys.ok().ndjson().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect();
    names.join(", ")
}

#[test]
fn revoke_takes_an_id_or_a_name_and_says_what_is_gone() {
    let (home, portal) = portal_with(&["ci", "old dashboard"]);
    assert_data_eq!(
        home.run("keys revoke key-0002 --yes").to_string(),
        str![[r#"
--- stderr
Revoked key `ci` (id key-0002).
--- exit 0

"#]]
    );
    assert_data_eq!(
        home.run("keys revoke 'old dashboard' -y").to_string(),
        str![[r#"
--- stderr
Revoked key `old dashboard` (id key-0003).
--- exit 0

"#]]
    );
    assert_eq!(left(&home), "first key");
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002", "key-0003"]);
}

#[test]
fn revoke_gives_machines_a_row_per_key() {
    let (home, _portal) = portal_with(&["ci", "report"]);
    assert_data_eq!(
        home.run("keys revoke ci --yes -o json --quiet").to_string(),
        str![[r#"
[
  {"id":"key-0002","name":"ci","revoked":true,"changed":true,"error":null}
]
--- exit 0

"#]]
    );
    assert_data_eq!(
        home.run("keys revoke report --yes -o csv").to_string(),
        str![[r#"
id,name,revoked,changed,error
key-0003,report,true,true,
--- stderr
{"status":"Revoked key `report` (id key-0003)."}
--- exit 0

"#]]
    );
}

#[test]
fn revoke_names_a_key_without_a_name_by_its_id() {
    let (home, _portal) = portal(&[], &json!([{ "name": null }]));
    assert_data_eq!(
        home.run("keys revoke key-0002 --yes").to_string(),
        str![[r#"
--- stderr
Revoked key without a name (id key-0002).
--- exit 0

"#]]
    );
}

#[test]
fn revoke_goes_on_after_a_key_that_is_not_there() {
    let (home, portal) = portal_with(&["ci", "report"]);
    assert_data_eq!(
        home.run("keys revoke nobody ci report --yes").to_string(),
        str![[r#"
--- stderr
warning: there is no key `nobody`
Revoked key `ci` (id key-0002).
Revoked key `report` (id key-0003).
error: 1 of 3 keys was not revoked
--- exit 3

"#]]
    );
    assert_eq!(left(&home), "first key");
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002", "key-0003"]);
}

#[test]
fn revoke_gives_machines_the_failures_too_in_the_order_of_asking() {
    let (home, _portal) = portal_with(&["ci", "report"]);
    let session = home.run("keys revoke ci reprot report --yes -o json");
    let rows = session.exits(3).json();
    let told: Vec<_> = rows.as_array().unwrap().iter().map(|row| json!([row["name"], row["revoked"]])).collect();
    assert_eq!(told, [json!(["ci", true]), json!(["reprot", false]), json!(["report", true])], "{session}");
    assert_eq!(session.error()["code"], "partial");
}

#[test]
fn revoke_tells_the_nearest_name_of_each_key_that_is_not_there() {
    let (home, _portal) = portal_with(&["ci", "report"]);
    let session = home.run("keys revoke ci reprot --yes");
    assert!(session.exits(3).err().contains("`report`"), "{session}");
}

#[test]
fn revoke_takes_a_key_named_twice_once() {
    let (home, portal) = portal_with(&["ci"]);
    assert_data_eq!(
        home.run("keys revoke ci key-0002 ci --yes").to_string(),
        str![[r#"
--- stderr
Revoked key `ci` (id key-0002).
--- exit 0

"#]]
    );
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002"]);
}

#[test]
fn revoke_names_what_lies_near_an_unknown_key() {
    let (home, portal) = portal_with(&["nightly-report", "nightly-build", "ci"]);
    assert_data_eq!(
        home.run("keys revoke nightly-reprot --yes").to_string(),
        str![[r#"
--- stderr
error: there is no key `nightly-reprot`
hint: There is `nightly-report`, `nightly-build`.
--- exit 6

"#]]
    );
    assert_eq!(home.run("keys revoke key-0009 --yes -o json").exits(6).error()["code"], "not_found");
    assert!(asked_to_revoke(&portal.requests()).is_empty());
}

#[test]
fn revoke_wants_an_id_where_a_name_is_not_one_keys_alone() {
    let (home, portal) = portal_with(&["ci", "ci"]);
    assert_data_eq!(
        home.run("keys revoke ci --yes").to_string(),
        str![[r#"
--- stderr
error: 2 keys are called `ci`
hint: Name the one you mean by its id: `key-0002` or `key-0003`.
--- exit 6

"#]]
    );
    assert!(asked_to_revoke(&portal.requests()).is_empty());
    assert_data_eq!(
        home.run("keys revoke key-0003 --yes").to_string(),
        str![[r#"
--- stderr
Revoked key `ci` (id key-0003).
--- exit 0

"#]]
    );
}

#[test]
fn revoke_wants_an_id_or_a_name_that_is_one() {
    let (home, portal) = portal_with(&["ci"]);
    assert_data_eq!(
        home.run("keys revoke '' --yes").to_string(),
        str![[r#"
--- stderr
error: invalid value `` for `[ID|NAME]...`: an id or a name must not be empty
--- exit 2

"#]]
    );
    home.run("keys revoke ci ' ' --yes").exits(2);
    home.run("keys revoke --yes").exits(2);
    assert!(portal.requests().is_empty());
}

#[test]
fn revoke_without_yes_is_refused_at_once_where_nobody_can_be_asked() {
    let (home, portal) = portal_with(&["ci"]);
    assert_data_eq!(
        home.run("keys revoke ci").to_string(),
        str![[r#"
--- stderr
error: nothing was revoked
  because: this needs an answer, and stdin is not a terminal
hint: In a script, confirm with: `optra keys revoke ci --yes`.
--- exit 7

"#]]
    );
    assert_data_eq!(
        home.run("keys revoke ci -o json").to_string(),
        str![[r#"
--- stderr
{"error":{"code":"declined","exit":7,"message":"nothing was revoked","hints":["In a script, confirm with: `optra keys revoke ci -o json --yes`."],"causes":["this needs an answer, and the output is for a program"],"retryable":false,"retry_after_s":null,"request_id":null}}
--- exit 7

"#]]
    );
    home.line("keys revoke ci").stdin("ci\n").run().exits(7);
    assert!(portal.requests().is_empty());
}

#[test]
fn revoke_hints_at_a_command_that_a_shell_takes_as_it_was_meant() {
    let (home, _portal) = portal_with(&["old dashboard"]);
    let refused = home.run("keys revoke 'old dashboard'");
    let hint = refused.exits(7).err();
    let command = hint.split('`').find(|part| part.starts_with("optra keys revoke")).unwrap();
    home.script(command).run().ok();
    assert_eq!(left(&home), "first key");
}

#[test]
fn revoke_finds_keys_on_every_page() {
    let names: Vec<_> = (1..=5).map(|n| json!({ "name": format!("robot-{n}") })).collect();
    let (home, portal) = portal(&["--page", "2"], &json!(names));
    home.run("keys revoke robot-5 robot-2 --yes").ok();
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0006", "key-0003"]);
    assert_eq!(left(&home), "first key, robot-1, robot-3, robot-4");
}

#[test]
fn revoke_is_refused_in_the_portals_words() {
    let (home, _portal) = portal(&["--role", "viewer"], &json!([]));
    assert_data_eq!(
        home.run("keys revoke ci --yes").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: only an Admin may do this
hint: API keys and their management need the Admin role.
--- exit 5

"#]]
    );
    assert_eq!(home.run("keys revoke ci --yes -o json").exits(5).error()["code"], "forbidden");
}

#[test]
fn revoke_is_refused_where_api_keys_are_off() {
    let (home, _portal) = portal(&["--api-keys", "off"], &json!([]));
    assert_eq!(home.run("keys revoke ci --yes -o json").exits(5).error()["code"], "feature_disabled");
}

#[test]
fn revoke_is_unsupported_where_only_the_documented_query_is_known() {
    let (home, _portal) = portal(&["--dialect", "documented"], &json!([]));
    assert_data_eq!(
        home.run("keys revoke ci --yes").to_string(),
        str![[r#"
--- stderr
error: this portal cannot do `keys.list`: it has no query `apiKeys`
hint: Bind a document of your own with `optra portal bind keys.list -f FILE`; `optra portal schema` shows what the portal has.
--- exit 9

"#]]
    );
    assert_eq!(home.run("keys revoke ci --yes -o json").exits(9).error()["code"], "unsupported");
}

#[test]
fn a_key_that_is_not_there_may_pass_for_revoked() {
    let (home, portal) = portal_with(&["ci", "twice", "twice"]);
    home.run("keys revoke gone --yes").exits(6);
    let session = home.run("keys revoke gone --yes --ignore-not-found -o json");
    assert_eq!((session.ok().json(), session.err().contains("There is no key `gone`.")), (json!([]), true));
    let session = home.run("keys revoke gone --yes --ignore-not-found");
    assert_eq!(session.ok().err(), "There is no key `gone`.\n", "once");
    let rows = home.run("keys revoke gone ci --yes --ignore-not-found -o json").ok().json();
    assert_eq!((&rows[0]["name"], &rows[0]["changed"]), (&json!("ci"), &json!(true)));
    // An ambiguous name is not a missing key.
    home.run("keys revoke twice --yes --ignore-not-found").exits(6);
    drop(portal);
}
