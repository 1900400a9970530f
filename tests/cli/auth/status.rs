//! `optra auth status`: one of valid, invalid and unknown, with exit 0, 4 and 8, and never more of a key than its last
//! characters. Keyring failures are in `keyring.rs`.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{KEY, LoggedInUser, NOBODY, never_shows, portal};
use crate::harness::{Answer, Home, MockServer, ReferenceServer, Session};

/// Runs `auth status` with a key in the environment, which needs no keyring.
fn status(url: &str, words: &str) -> Session {
    let session = Home::new().portal(url, KEY).run(&format!("auth status {words}"));
    never_shows(&session, "hunter2");
    session
}

#[test]
fn a_valid_key_is_shown_with_its_portal_source_and_end() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let session = user.home.run("auth status");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
profile       default
portal        [PORTAL]
organization  Example Organization
source        keyring
key           …Zx81
keyId         key-0001
state         valid
--- exit 0

"#]]
    );
    let session = user.home.run("auth status -o json");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
{
  "profile": "default",
  "portal": "[PORTAL]",
  "organization": "Example Organization",
  "source": "keyring",
  "key": "…Zx81",
  "keyId": "key-0001",
  "state": "valid",
  "shadowed": []
}
--- exit 0

"#]]
    );
    never_shows(&session, "hunter2");
}

#[test]
fn the_environment_is_named_as_the_source() {
    let portal = portal(&[]);
    let session = status(&portal.url, "");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
portal        [PORTAL]
organization  Example Organization
source        environment
key           …Zx81
keyId         key-0001
state         valid
--- exit 0

"#]]
    );
    assert_eq!(status(&portal.url, "-o json").ok().json()["source"], "environment");
}

#[test]
fn the_sandbox_is_named_as_the_source() {
    let shown = Home::new().run("--sandbox auth status -o json").ok().json();
    assert_eq!((&shown["source"], &shown["state"]), (&json!("sandbox"), &json!("valid")));
}

#[test]
fn a_portal_that_does_not_tell_who_asks_says_valid_all_the_same() {
    let portal = portal(&["--dialect", "documented"]);
    let session = status(&portal.url, "");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
portal  [PORTAL]
source  environment
key     …Zx81
state   valid
--- exit 0

"#]]
    );
    let shown = status(&portal.url, "-o json").ok().json();
    assert_eq!((&shown["organization"], &shown["keyId"]), (&json!(null), &json!(null)));
}

#[test]
fn an_organization_without_a_name_is_shown_by_its_id() {
    let portal = MockServer::new()
        .answer("AuthViewer", Answer::data(json!({ "viewer": { "organization": { "id": 7, "name": null } } })))
        .answer("AuthViewer", Answer::data(json!({ "viewer": { "organization": null, "apiKey": { "id": "k-1" } } })));
    assert_eq!(status(&portal.url, "-o json").ok().json()["organization"], "7");
    assert_eq!(status(&portal.url, "-o json").ok().json()["organization"], json!(null));
}

#[test]
fn a_key_that_may_not_ask_is_valid() {
    for code in ["FORBIDDEN", "FEATURE_DISABLED"] {
        let portal = MockServer::new().answer("*", Answer::error(code, "not for you"));
        assert_eq!(status(&portal.url, "-o json").ok().json()["state"], "valid", "{code}");
    }
}

#[test]
fn a_rejected_key_is_invalid_and_exits_with_4() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{}\"\n", portal.url));
    user.keyring.store("optra", "default", "revoked-hunter2-key-of-may-4242");
    let session = user.home.run("auth status");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
profile  default
portal   [PORTAL]
source   keyring
key      …4242
state    invalid
--- stderr
error: the portal refuses: the api-secret header holds no valid key
hint: Log in anew with `optra auth login --portal [PORTAL]`.
--- exit 4

"#]]
    );
    let session = user.home.run("auth status -o json");
    assert_eq!(session.json()["state"], "invalid");
    assert_eq!(session.exits(4).error()["code"], "unauthenticated");
    never_shows(&session, "hunter2");
}

#[test]
fn a_portal_that_is_away_leaves_it_unknown_and_exits_with_8() {
    let session = status(NOBODY, "");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
portal  http://127.0.0.1:1
source  environment
key     …Zx81
state   unknown
--- stderr
error: whether the key is valid cannot be known now
  because: cannot reach the portal at http://127.0.0.1:1
  because: tcp connect error: Connection refused (os error 111)
hint: Check that http://127.0.0.1:1 is the portal's API base URL, and can be reached from here.
--- exit 8

"#]]
    );
    let session = status(NOBODY, "-o json");
    assert_eq!(session.json()["state"], "unknown");
    let error = session.exits(8).error();
    assert_eq!((&error["code"], &error["retryable"]), (&json!("unreachable"), &json!(true)));
}

#[test]
fn whatever_else_goes_wrong_leaves_it_unknown_and_exits_with_8() {
    let html = || Answer::new(200, "text/html", "<h1>Welcome</h1>");
    for (what, answer, code) in [
        ("a failing portal", Answer::json(500, json!({})), "unreachable"),
        ("a portal that wants peace", Answer::json(429, json!({})).header("retry-after", "7"), "rate_limited"),
        ("a silent portal", Answer::stall(), "timeout"),
        ("a cut answer", Answer::data(json!({ "viewer": null })).cut_after(3), "unreachable"),
        ("a web page", html(), "unreachable"),
        ("no such page", Answer::new(404, "text/html", ""), "unreachable"),
        ("a redirect", Answer::redirect("https://elsewhere.example/graphql"), "unreachable"),
    ] {
        let portal = MockServer::new().answer("*", answer);
        let session = status(&portal.url, "-o json --timeout 500ms");
        assert_eq!(session.exits(8).json()["state"], "unknown", "{what}");
        assert_eq!(session.error()["code"], code, "{what}");
    }
}

#[test]
fn a_portal_that_wants_peace_says_for_how_long() {
    let portal = MockServer::new().answer("*", Answer::json(429, json!({})).header("retry-after", "7"));
    assert_eq!(status(&portal.url, "-o json").exits(8).error()["retry_after_s"], 7);
}

#[test]
fn nobody_is_sent_back_to_the_command_that_just_failed() {
    let portal = ReferenceServer::start(&["--key", "another-key"]);
    for url in [portal.url.as_str(), NOBODY] {
        let error = status(url, "-o json").error();
        assert!(!error["hints"].to_string().contains("auth status"), "{error}");
    }
}

#[test]
fn no_key_at_all_exits_with_4_and_says_how_to_get_one() {
    let user = LoggedInUser::new();
    let session = user.home.run("auth status --portal https://portal.example");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: there is no key for https://portal.example
hint: Log in with `optra auth login --portal https://portal.example`, or set `OPTRA_API_KEY`.
--- exit 4

"#]]
    );
    let error = user.home.run("auth status --portal https://portal.example -o json").exits(4).error();
    assert_eq!(error["code"], "unauthenticated");
}

#[test]
fn of_a_short_key_nothing_is_shown() {
    let portal = portal(&["--key", "tiny-key-hunter2"]);
    let mut home = Home::new();
    home.portal(&portal.url, "tiny-key-hunter2");
    let session = home.run("auth status -o json");
    assert_eq!(session.ok().json()["key"], "…");
    never_shows(&session, "ter2");
}

#[test]
fn an_id_that_was_noted_at_login_is_shown_where_the_portal_does_not_tell_it() {
    let (user, portal) = (LoggedInUser::new(), portal(&["--dialect", "documented"]));
    let config = format!("[profiles.default]\nportal = \"{}\"\nkey_id = \"key-77\"\n", portal.url);
    user.home.write("config/optra/config.toml", config);
    user.keyring.store("optra", "default", KEY);
    assert_eq!(user.home.run("auth status -o json").ok().json()["keyId"], "key-77");
}

#[test]
fn a_viewer_that_tells_nothing_proves_nothing() {
    let empty = || Answer::data(json!({ "viewer": {} }));
    let rejected = || Answer::json(401, json!({ "errors": [{ "message": "who are you?" }] }));
    let server = MockServer::new().lenient().answer("AuthViewer", empty()).answer("*", rejected());
    assert!(status(&server.url, "").exits(4).out().contains("state   invalid"));
    let devices = Answer::data(json!({ "devices": { "data": [], "after": null, "total": 0 } }));
    let server = MockServer::new().answer("AuthViewer", empty()).answer("DevicesList", devices);
    assert!(status(&server.url, "").ok().out().contains("state   valid"));
}
