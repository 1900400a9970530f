//! `optra keys revoke` on servers that fail or lie: nothing is sent twice, and only a verified revocation counts. Each
//! script lists all expected requests; any other fails the test.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{asked_to_revoke, home_of, listing, revoked, viewer};
use crate::harness::{Answer, Home, MockServer};

const THREE: [(&str, &str); 3] = [("k-1", "one"), ("k-2", "two"), ("k-3", "three")];

/// A mock server with these keys, and another key in use.
fn server(keys: &[(&str, &str)]) -> MockServer {
    MockServer::new().answer("KeysList", listing(keys)).answer("AuthViewer", viewer("k-9"))
}

/// A listing in which the portal could not return one key.
fn with_a_hole() -> Answer {
    Answer::json(
        200,
        json!({
            "data": { "apiKeys": { "data": [null, { "id": "k-2", "name": "two" }], "after": null, "total": 2 } },
            "errors": [{ "message": "a shard is away", "path": ["apiKeys", "data", 0] }],
        }),
    )
}

#[test]
fn revoke_stops_at_a_refusal_that_holds_for_all() {
    let server = server(&THREE).answer("KeysRevoke", Answer::error("FORBIDDEN", "only an Admin may do this"));
    let session = home_of(&server).run("keys revoke one two three --yes");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
warning: key `one` (id k-1) was not revoked: the portal refuses: only an Admin may do this
warning: key `two` (id k-2) was not revoked: not attempted after the previous refusal
warning: key `three` (id k-3) was not revoked: not attempted after the previous refusal
error: 3 of 3 keys were not revoked
--- exit 3

"#]]
    );
    assert_eq!(asked_to_revoke(&server.requests()), ["k-1"]);
}

#[test]
fn revoke_stops_at_a_refusal_that_holds_for_all_before_the_key_in_use() {
    let server = MockServer::new()
        .answer("KeysList", listing(&THREE))
        .answer("AuthViewer", viewer("k-3"))
        .answer("KeysRevoke", Answer::error("RATE_LIMITED", "slow down"));
    let session = home_of(&server).run("keys revoke one three --yes --accept-risk lose-access");
    session.exits(3);
    assert_eq!(asked_to_revoke(&server.requests()), ["k-1"], "{session}");
}

#[test]
fn revoke_goes_on_after_a_failure_of_one_key() {
    let server = server(&THREE)
        .answer("KeysRevoke", Answer::error("BAD_USER_INPUT", "this key is in use by a workflow"))
        .answer("KeysRevoke", revoked("k-2"))
        .answer("KeysList", listing(&[("k-1", "one"), ("k-3", "three")]));
    let session = home_of(&server).run("keys revoke one two --yes");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
warning: key `one` (id k-1) was not revoked: the portal refuses: this key is in use by a workflow
Revoked key `two` (id k-2).
error: 1 of 2 keys was not revoked
--- exit 3

"#]]
    );
    assert_eq!(asked_to_revoke(&server.requests()), ["k-1", "k-2"]);
}

#[test]
fn revoke_does_not_believe_a_portal_that_still_lists_the_key() {
    let server = server(&THREE).answer("KeysRevoke", revoked("k-1"));
    assert_data_eq!(
        home_of(&server).run("keys revoke one --yes").to_string(),
        str![[r#"
--- stderr
error: key `one` (id k-1) was not revoked
  because: the portal accepted the revocation, but the key is still there
--- exit 1

"#]]
    );
}

#[test]
fn revoke_looks_whether_the_key_is_gone_when_the_answer_is_lost() {
    let cut = revoked("k-1").cut_after(9);
    for lost in [Answer::close(), Answer::stall(), cut, Answer::new(502, "text/html", "<h1>Bad Gateway")] {
        let server = server(&THREE).answer("KeysRevoke", lost).answer("KeysList", listing(&THREE[1..]));
        let session = home_of(&server).run("keys revoke one --yes --timeout 1s");
        assert_eq!(session.ok().to_string(), "--- stderr\nRevoked key `one` (id k-1).\n--- exit 0\n");
        assert_eq!(asked_to_revoke(&server.requests()), ["k-1"]);
    }
}

#[test]
fn revoke_fails_when_the_answer_is_lost_and_the_key_is_still_there() {
    let server = server(&THREE).answer("KeysRevoke", Answer::close());
    let session = home_of(&server).run("keys revoke one --yes");
    assert_eq!(asked_to_revoke(&server.requests()), ["k-1"]);
    session.exits(8);
    assert!(session.err().contains("still"), "it should say that the key is still there:\n{session}");
}

#[test]
fn revoke_does_not_take_a_listing_with_holes_for_proof() {
    let server = server(&THREE).answer("KeysRevoke", Answer::close()).answer("KeysList", with_a_hole());
    let session = home_of(&server).run("keys revoke one --yes");
    assert_eq!(asked_to_revoke(&server.requests()), ["k-1"]);
    assert_ne!(session.code, Some(0), "nobody saw that the key is gone:\n{session}");
}

#[test]
fn revoke_does_not_miss_a_key_in_a_listing_with_holes() {
    let server = MockServer::new().answer("KeysList", with_a_hole()).answer("AuthViewer", viewer("k-9")).lenient();
    let session = home_of(&server).run("keys revoke one --yes");
    assert!(asked_to_revoke(&server.requests()).is_empty());
    assert_eq!(session.code, Some(3), "whether there is such a key was not seen:\n{session}");
}

#[test]
fn revoke_says_so_where_it_cannot_look() {
    let server =
        server(&THREE).answer("KeysRevoke", revoked("k-1")).answer("KeysList", Answer::error("FORBIDDEN", "no more"));
    assert_data_eq!(
        home_of(&server).run("keys revoke one --yes").to_string(),
        str![[r#"
--- stderr
error: whether key `one` (id k-1) was revoked is not known
  because: the portal accepted the revocation, but cannot verify that the key is gone: the portal refuses: no more
--- exit 3

"#]]
    );
}

#[test]
fn revoke_does_not_start_where_the_key_in_use_cannot_be_asked_for() {
    let server = MockServer::new()
        .answer("KeysList", listing(&THREE))
        .answer("AuthViewer", Answer::error("INTERNAL_SERVER_ERROR", "the database is away"));
    let session = home_of(&server).run("keys revoke one --yes -o json");
    assert_eq!(session.exits(1).error()["code"], "failed");
    assert!(asked_to_revoke(&server.requests()).is_empty());
}

#[test]
fn a_secret_that_is_no_key_is_not_shown_and_nothing_is_touched() {
    let made = json!({"generateApiKey": {"id": "7", "secret": "\u{1b}[31mtwo words\nand lines"}});
    let script = MockServer::new().answer("KeysGenerate", Answer::data(made));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("keys generate");
    assert!(session.exits(9).err().contains("nothing was delivered or revoked"), "{session}");
    assert!(!session.to_string().contains("two words"), "{session}");
    assert_eq!(asked_to_revoke(&script.requests()), [""; 0]);
}

#[test]
fn an_answer_that_is_about_no_new_key_of_ours_touches_nothing() {
    for (id, secret, said) in [
        ("k-2", "a-secret-of-a-script", "which a key had before"),
        ("k-9", "key-of-a-script", "the secret of the key in use"),
        ("k-9", "", "the key is empty"),
        ("k-9", " a-secret-of-a-script ", "white space around it"),
        ("k-9", "abcd", "less than 6 characters"),
    ] {
        let made = json!({"generateApiKey": {"id": id, "secret": secret}});
        let server = MockServer::new().answer("KeysList", listing(&THREE)).answer("KeysGenerate", Answer::data(made));
        let mut home = home_of(&server);
        home.portal(&server.url, "key-of-a-script");
        let session = home.run("keys generate --name ci");
        assert!(session.exits(9).err().contains(said), "{session}");
        assert!(session.out().is_empty(), "{session}");
        assert!(!session.err().contains("keys revoke"), "a line to paste would revoke another's key: {session}");
        assert_eq!(asked_to_revoke(&server.requests()), [""; 0], "{session}");
    }
}

#[test]
fn a_look_that_fails_like_the_request_proves_nothing() {
    let sorry = || Answer::error("INTERNAL_SERVER_ERROR", "Sorry.");
    let server = MockServer::new().answer("KeysList", listing(&THREE)).answer("KeysList", sorry());
    let server = server.answer("KeysGenerate", sorry());
    let session = home_of(&server).run("keys generate --name ci");
    assert!(session.exits(8).err().contains("cannot tell whether a key was generated"), "{session}");
    assert!(session.err().contains("Look for one named `ci`"), "{session}");
}

#[test]
fn whatever_does_not_prove_that_nothing_ran_is_looked_at() {
    let thrown = |code: &str| {
        let error = json!({"message": "Sorry.", "path": ["generateApiKey"], "extensions": {"code": code}});
        Answer::json(200, json!({"errors": [error], "data": {"generateApiKey": null}}))
    };
    let between = |status| Answer::new(status, "text/html", "<h1>Sorry");
    let redirect = Answer::new(303, "text/html", "").header("location", "/elsewhere");
    for answer in [
        thrown("INTERNAL_SERVER_ERROR"),
        thrown("FORBIDDEN"),
        thrown("SOMETHING_NEW"),
        Answer::json(200, json!({"errors": [{"message": "Sorry."}], "data": null})),
        between(400),
        between(408),
        between(429),
        between(499),
        between(502),
        redirect,
    ] {
        let now = [THREE[0], THREE[1], THREE[2], ("k-4", "ci")];
        let server = MockServer::new().answer("KeysList", listing(&THREE)).answer("KeysList", listing(&now));
        let server = server.answer("KeysGenerate", answer);
        let home = home_of(&server);
        let session = home.run("keys generate --name ci -o json");
        assert!(session.code == Some(8) || session.code == Some(9), "{session}");
        assert!(session.err().contains("one named `ci` is there now (id k-4)"), "{session}");
        let made = server.requests().into_iter().filter(|request| request.operation() == "KeysGenerate").count();
        assert_eq!((made, asked_to_revoke(&server.requests()).len()), (1, 0), "{session}");
        assert!(!home.run("keys log -o json").ok().out().contains("failed"), "{session}");
    }
}
