//! `optra auth login`: a key is proven, stored and read back, or nothing is stored. Key files are in `login_key.rs`,
//! several profiles in `login_profiles.rs`.

use std::time::Duration;

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{KEY, LoggedInUser, NOBODY, never_shows, portal};
use crate::harness::{Answer, Home, MockServer};

#[test]
fn a_key_is_proven_and_kept_and_used_from_then_on() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.key_file("key.txt", KEY);
    let session = user.home.run(&format!("auth login --portal {}/ --key-file key.txt", portal.url));
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
Logged in to [PORTAL] as `Example Organization`, proven by `auth.viewer`; the key is in the keyring, profile `default`.
--- exit 0

"#]]
    );
    assert_eq!(portal.operations(), ["AuthViewer"]);
    assert_eq!(portal.requests()[0].header("api-secret"), Some(KEY));
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
    assert_data_eq!(
        user.config().unwrap().replace(&portal.url, "[PORTAL]"),
        str![[r#"
[profiles.default]
portal = "[PORTAL]"
organization = "Example Organization"
store = "keyring"
key_id = "key-0001"

"#]]
    );

    assert_eq!(user.home.run("devices list -o ndjson --fields id").ok().ndjson().len(), 3);
    assert_eq!(portal.requests()[1].header("api-secret"), Some(KEY));
}

#[test]
fn a_login_is_told_as_json() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let session = user.login(&portal.url, KEY, "-o json");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
{
  "profile": "default",
  "portal": "[PORTAL]",
  "organization": "Example Organization",
  "source": "keyring",
  "keyId": "key-0001",
  "provenBy": "`auth.viewer`"
}
--- stderr
{"status":"Logged in to [PORTAL] as `Example Organization`, proven by `auth.viewer`; the key is in the keyring, profile `default`."}
--- exit 0

"#]]
    );
}

#[test]
fn a_quiet_login_says_nothing_and_a_verbose_one_not_the_key() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    assert_eq!(user.login(&portal.url, KEY, "--quiet").to_string(), "--- exit 0\n");
    let verbose = user.login(&portal.url, KEY, "--verbose");
    assert!(verbose.ok().err().contains("AuthViewer: POST http://127.0.0.1:"), "{verbose}");
    never_shows(&verbose, "hunter2");
}

#[test]
fn a_portal_that_knows_the_documented_query_only_proves_a_key_by_it() {
    let (user, portal) = (LoggedInUser::new(), portal(&["--dialect", "documented"]));
    let session = user.login(&portal.url, KEY, "");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
It is not known which of the portal's keys this is; name it with `--key-id ID`.
Logged in to [PORTAL], proven by `devices.list`; the key is in the keyring, profile `default`.
--- exit 0

"#]]
    );
    assert_eq!(portal.operations(), ["AuthViewer", "Introspection", "DevicesList", "DevicesList"]);
    assert_eq!(
        portal.requests()[3].document().split_whitespace().collect::<String>(),
        "queryDevicesList{devices{data{idname}}}"
    );
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
    user.home.run("auth status").ok();
}

#[test]
fn a_key_that_may_not_ask_who_it_is_is_proven_by_the_devices() {
    let user = LoggedInUser::new();
    let portal = MockServer::new()
        .answer("AuthViewer", Answer::error("FORBIDDEN", "only an Admin may do this"))
        .answer("DevicesList", Answer::data(json!({ "devices": { "data": [] } })));
    user.login(&portal.url, KEY, "").ok();
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
}

#[test]
fn a_key_that_the_portal_rejects_is_not_kept() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let session = user.login(&portal.url, "another-hunter2-key-of-nobody", "");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: the key was not stored: the portal rejects it
  because: the portal refuses: the api-secret header holds no valid key
hint: [..]
--- exit 4

"#]]
    );
    user.kept_nothing(&session);
    let error = user.login(&portal.url, "another-hunter2-key-of-nobody", "-o json").exits(4).error();
    assert_eq!((&error["code"], &error["retryable"]), (&json!("unauthenticated"), &json!(false)));
}

#[test]
fn a_login_that_fails_leaves_the_former_login_as_it_was() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let before = user.config();
    user.login(&portal.url, "not-a-key", "").exits(4);
    user.login(NOBODY, KEY, "").exits(8);
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
    assert_eq!(user.config(), before);
    user.home.run("auth status").ok();
}

#[test]
fn without_an_answer_of_the_portal_nothing_is_kept() {
    let user = LoggedInUser::new();
    let away = user.login(NOBODY, KEY, "");
    assert_data_eq!(
        away.to_string(),
        str![[r#"
--- stderr
error: the key was not stored: it could not be proven
  because: cannot reach the portal at http://127.0.0.1:1
  because: tcp connect error: Connection refused[..]
hint: [..]
--- exit 8

"#]]
    );
    user.kept_nothing(&away);

    let broken = MockServer::new().answer("*", Answer::json(503, json!({})));
    let session = user.login(&broken.url, KEY, "-o json");
    assert_eq!(session.exits(8).error()["code"], "unreachable");
    user.kept_nothing(&session);

    let silent = MockServer::new().answer("*", Answer::stall());
    let session = user.login(&silent.url, KEY, "--timeout 300ms -o json");
    assert_eq!(session.exits(8).error()["code"], "timeout");
    user.kept_nothing(&session);
}

#[test]
fn a_page_that_is_no_portal_proves_nothing() {
    let user = LoggedInUser::new();
    let page = MockServer::new().answer("*", Answer::new(200, "text/html", "<h1>Welcome</h1>"));
    let session = user.login(&page.url, KEY, "");
    assert_data_eq!(
        session.masked(&[(&page.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: the key was not stored: it could not be proven
  because: the answer of the portal at [PORTAL] cannot be understood: it is a web page, not JSON
hint: Check that the URL is the portal's API base URL, which is not the web page's.
--- exit 9

"#]]
    );
    user.kept_nothing(&session);
}

#[test]
fn a_portal_that_repeats_the_key_does_not_get_it_printed() {
    let user = LoggedInUser::new();
    let portal = MockServer::new().answer("*", Answer::error("UNAUTHENTICATED", &format!("no such key: {KEY}")));
    for words in ["", "-o json", "--verbose"] {
        let session = user.login(&portal.url, KEY, words);
        assert!(session.exits(4).err().contains("no such key: [secret]"), "{session}");
        user.kept_nothing(&session);
    }
}

#[test]
fn a_key_in_the_environment_is_proven_and_not_kept() {
    let portal = portal(&[]);
    // There is no bus, so touching the keyring would fail the run.
    let mut home = Home::new();
    home.portal(&portal.url, KEY);
    let session = home.run("auth login");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
Logged in to [PORTAL] as `Example Organization`, proven by `auth.viewer`.
`OPTRA_API_KEY` is set and is used as it is; nothing was stored.
--- exit 0

"#]]
    );
    assert_eq!(portal.operations(), ["AuthViewer"]);
    assert!(!home.path("config/optra").exists());

    home.portal(&portal.url, "another-hunter2-key");
    let rejected = home.run("auth login");
    assert_data_eq!(
        rejected.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: the portal refuses: the api-secret header holds no valid key
hint: [..]
--- exit 4

"#]]
    );
}

#[test]
fn a_key_file_is_kept_even_beside_a_key_in_the_environment_which_still_goes_first() {
    let (mut user, portal) = (LoggedInUser::new(), portal(&[]));
    user.home.portal(NOBODY, "another-key-from-the-environment");
    let session = user.login(&portal.url, KEY, "");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
Logged in to [PORTAL] as `Example Organization`, proven by `auth.viewer`; the key is in the keyring, profile `default`.
warning: `OPTRA_API_KEY` is set and takes precedence over the stored key
--- exit 0

"#]]
    );
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
}

#[test]
fn nobody_there_to_type_a_key_is_said_with_the_option_that_gives_one() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let piped = user.home.line(&format!("auth login --portal {}", portal.url)).stdin(KEY).run();
    assert_data_eq!(
        piped.to_string(),
        str![[r#"
--- stderr
error: no key was given
  because: this needs an answer, and stdin is not a terminal
hint: Name a file that holds the key with `--key-file PATH`, or `-` for stdin.
--- exit 7

"#]]
    );
    user.kept_nothing(&piped);
    for (words, why) in [("--no-input", "`--no-input` forbids questions"), ("-o json", "the output is for a program")] {
        let mut terminal = user.home.terminal(&format!("auth login --portal {} {words}", portal.url));
        let ended = terminal.finish();
        assert_eq!(ended.code, Some(7), "{words}");
        assert!(ended.text.contains(why) && ended.text.contains("--key-file"), "{words}: {}", ended.text);
    }
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn the_sandbox_needs_no_login() {
    let session = Home::new().run("--sandbox auth login");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the sandbox needs no login; it has a key of its own
hint: Try `optra --sandbox devices list`.
--- exit 2

"#]]
    );
}

#[test]
fn a_key_never_waits_longer_than_it_was_told() {
    let user = LoggedInUser::new();
    let silent = MockServer::new().answer("*", Answer::stall());
    let run = user.home.line(&format!("auth login --portal {} --key-file - --timeout 200ms", silent.url));
    let session = run.stdin(KEY).time_limit(Duration::from_secs(5)).run();
    assert_data_eq!(
        session.masked(&[(&silent.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: the key was not stored: it could not be proven
  because: the portal at [PORTAL] did not answer within 0.2 s
hint: Check that this is the portal's API base URL, and that it can be reached from here.
--- exit 8

"#]]
    );
}

#[test]
fn a_login_that_fails_leaves_no_directory_behind() {
    let (home, portal) = (Home::new(), portal(&[]));
    let login = format!("auth login --portal {} --store file --key-file -", portal.url);
    home.line(&login).stdin("not-a-key-of-the-portal").run().exits(4);
    assert!(!home.path("config/optra").exists());
    home.line(&login).stdin(KEY).run().ok();
    assert!(home.path("config/optra/keys").exists());
}
