//! The keyring against a real Secret Service: what other programs see of our entries, and every way in which it can
//! fail. A broken keyring must never stop a run that does not need one.

use std::time::{Duration, Instant};

use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, never_shows, portal};
use crate::harness::{Home, Keyring, Session};

/// The client's own time limit for a call to the keyring.
const LIMIT: Duration = Duration::from_secs(5);

impl LoggedInUser {
    /// Stores the key as `auth login` would.
    fn with_key_for(url: &str) -> Self {
        let user = Self::new();
        user.home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{url}\"\n"));
        user.keyring.store("optra", "default", KEY);
        user
    }
}

fn timed(run: impl FnOnce() -> Session) -> (Session, Duration) {
    let start = Instant::now();
    (run(), start.elapsed())
}

#[test]
fn other_programs_find_the_key_by_service_and_user_name_under_a_label_for_people() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "--profile work").ok();
    assert_eq!(user.keyring.lookup("optra", "work").as_deref(), Some(KEY));
    let found = user.home.program("secret-tool", ["search", "--all", "service", "optra"]).run();
    let told = format!("{}{}", found.out(), found.err());
    assert!(told.contains("label = Optra API key (work)\n"), "{told}");
    assert!(told.contains("attribute.service = optra\n"), "{told}");
    assert!(told.contains("attribute.username = work\n"), "{told}");
    assert_eq!(told.matches("label = ").count(), 1, "{told}");
}

#[test]
fn a_second_login_replaces_the_entry_instead_of_adding_one() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.keyring.store("optra", "default", "the-former-key");
    user.login(&portal.url, KEY, "").ok();
    user.login(&portal.url, KEY, "").ok();
    let found = user.home.program("secret-tool", ["search", "--all", "service", "optra"]).run();
    assert_eq!(found.out().matches("secret = ").count(), 1, "{found}");
    assert!(found.out().contains(&format!("secret = {KEY}\n")), "{found}");
}

#[test]
fn a_key_that_another_program_stored_is_used() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    user.home.run("devices list").ok();
    assert_eq!(portal.requests()[0].header("api-secret"), Some(KEY));
}

#[test]
fn a_line_end_that_another_program_stored_with_the_key_does_not_count() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    user.keyring.store("optra", "default", &format!("{KEY}\n"));
    user.home.run("devices list").ok();
    assert_eq!(portal.requests()[0].header("api-secret"), Some(KEY));
}

#[test]
fn an_entry_that_is_no_key_is_named_as_such_and_sent_nowhere() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    user.keyring.store("optra", "default", "hunter2 hunter2");
    let session = user.home.run("devices list");
    assert!(session.exits(10).err().contains("white space"), "{session}");
    never_shows(&session, "hunter2");
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn a_locked_keyring_is_said_to_be_locked() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    user.keyring.lock();
    assert_data_eq!(
        user.home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: the keyring is locked
  because: [..]
hint: Unlock it, for example by logging in to the desktop, and try again.
hint: Or set `OPTRA_API_KEY` in the environment; then no store is needed.
--- exit 10

"#]]
    );
    for line in ["auth status -o json", "auth logout -o json", "keys list -o json"] {
        let error = user.home.run(line).exits(10).error();
        assert_eq!(error["code"], "keyring_locked", "{line}");
        assert_eq!(error["retryable"], true, "{line}");
    }
    assert_eq!(user.login(&portal.url, KEY, "-o json").exits(10).error()["code"], "keyring_locked");
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn a_locked_keyring_without_an_entry_keeps_nothing() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.keyring.lock();
    let (session, took) = timed(|| user.login(&portal.url, KEY, "-o json"));
    assert_eq!(session.exits(10).error()["code"], "keyring_locked");
    assert!(took < LIMIT * 2, "{took:?}");
    assert_eq!(user.config(), None);
}

#[test]
fn a_locked_keyring_without_an_entry_is_noticed_before_a_person_is_asked_for_the_key() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.keyring.lock();
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect("error: the keyring is locked");
    assert_eq!(terminal.finish().code, Some(10));
}

#[test]
fn a_machine_without_a_keyring_says_so_at_once_and_names_the_way_out() {
    let (home, portal) = (Home::new(), portal(&[]));
    let line = format!("auth login --portal {} --key-file -", portal.url);
    let (session, took) = timed(|| home.line(&line).stdin(KEY).run());
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: no keyring can be reached
  because: [..]
hint: Keep the key in a file for its owner only: `optra auth login --portal [PORTAL] --store file`.
hint: Or have a program print it: `optra auth login --portal [PORTAL] --store command --command 'pass show optra'`.
hint: Or give it to each run: `export OPTRA_PORTAL_URL=[PORTAL] OPTRA_API_KEY=…`.
--- exit 10

"#]]
    );
    assert!(took < LIMIT, "{took:?}");
    let error = home.line(&format!("{line} -o json")).stdin(KEY).run().exits(10).error();
    assert_eq!(error["code"], "keyring_unavailable");
    // A profile without a login has no store to look in.
    assert_eq!(home.run("auth logout -o json").ok().json()["removed"], false);
    assert_eq!(portal.operations(), [""; 0]);
    assert!(!home.path("config/optra").exists());
}

#[test]
fn a_bus_where_nobody_keeps_secrets_is_no_keyring() {
    let (mut home, bus, portal) = (Home::new(), Keyring::bus_without_keyring(), portal(&[]));
    home.set_all(bus.env());
    let (session, took) = timed(|| home.line(&format!("auth login --portal {} --key-file -", portal.url)).run());
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: no keyring can be reached
  because: [..]
hint: Keep the key in a file for its owner only: `optra auth login --portal [PORTAL] --store file`.
hint: Or have a program print it: `optra auth login --portal [PORTAL] --store command --command 'pass show optra'`.
hint: Or give it to each run: `export OPTRA_PORTAL_URL=[PORTAL] OPTRA_API_KEY=…`.
--- exit 10

"#]]
    );
    assert!(took < LIMIT, "{took:?}");
    // A profile without a login has no store to look in.
    assert_eq!(home.run("auth logout -o json").ok().json()["removed"], false);
}

#[test]
fn without_a_keyring_a_person_is_not_even_asked_for_the_key() {
    let (home, portal) = (Home::new(), portal(&[]));
    let ended = home.terminal(&format!("auth login --portal {}", portal.url)).finish();
    assert_eq!(ended.code, Some(10));
    assert!(!ended.text.contains("API key for"), "{}", ended.text);
    assert!(ended.text.starts_with("error: no keyring can be reached\n"), "{}", ended.text);
}

#[test]
fn a_silent_keyring_is_given_up_within_its_limit() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    user.keyring.stop();
    let start = Instant::now();
    let told = user.home.line("devices list").start();
    let others =
        ["auth status -o json", "auth logout -o json", "keys list -o json"].map(|line| user.home.line(line).start());
    assert_data_eq!(
        told.end().to_string(),
        str![[r#"
--- stderr
error: the keyring did not answer within 5 s
hint: Look for a window that asks to unlock it; `OPTRA_STORE_TIMEOUT=60` leaves more time for that.
hint: Or set `OPTRA_API_KEY` in the environment; then no store is needed.
--- exit 10

"#]]
    );
    for other in others {
        assert_eq!(other.end().exits(10).error()["code"], "keyring_timeout");
    }
    let took = start.elapsed();
    assert!(took >= LIMIT && took < LIMIT + Duration::from_secs(3), "{took:?}");
    user.keyring.cont();
    assert_eq!(user.home.run("devices list -o ndjson").ok().ndjson().len(), 3);
}

#[test]
fn a_silent_keyring_is_given_up_before_a_person_is_asked_for_the_key() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.keyring.stop();
    let ended = user.home.terminal(&format!("auth login --portal {}", portal.url)).finish();
    assert_eq!(ended.code, Some(10));
    assert!(!ended.text.contains("API key for"), "{}", ended.text);
    assert!(ended.text.starts_with("error: the keyring did not answer within 5 s\n"), "{}", ended.text);
}

#[test]
fn a_key_in_the_environment_needs_no_keyring_however_broken_it_is() {
    let portal = portal(&[]);
    let mut user = LoggedInUser::with_key_for(&portal.url);
    user.keyring.stop();
    user.home.portal(&portal.url, KEY);
    for line in ["auth login", "auth status", "devices list", "keys list", "api '{ devices { total } }'"] {
        let (session, took) = timed(|| user.home.run(line));
        session.ok();
        assert!(took < LIMIT / 2, "{line}: {took:?}");
    }
}

#[test]
fn what_needs_no_key_needs_no_keyring() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    user.keyring.stop();
    for line in
        ["--help", "--version", "auth login --help", "completions bash", "help exit-codes", "--sandbox devices list"]
    {
        let (session, took) = timed(|| user.home.run(line));
        session.ok();
        assert!(took < LIMIT / 2, "{line}: {took:?}");
    }
    user.home.run("devices lst").exits(2);
}

#[test]
fn a_bus_that_takes_the_call_and_stays_mute_is_given_up_too() {
    let (mut home, portal) = (Home::new(), portal(&[]));
    let socket = home.path("runtime/mute");
    let _mute = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    home.set("OPTRA_STORE_TIMEOUT", "500ms");
    home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{}\"\n", portal.url));
    for line in ["devices list -o json".to_owned(), format!("auth login --portal {} --key-file - -o json", portal.url)]
    {
        let (session, took) = timed(|| home.line(&line).stdin(KEY).run());
        assert_eq!(session.exits(10).error()["code"], "keyring_timeout");
        assert!(took < LIMIT, "{took:?}");
    }
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn two_entries_that_match_are_told_in_plain_words_and_there_is_a_way_out() {
    let portal = portal(&[]);
    let user = LoggedInUser::with_key_for(&portal.url);
    let second = |user: &LoggedInUser| {
        let args = ["store", "--label=theirs", "service", "optra", "username", "default", "by", "another"];
        user.home.program("secret-tool", args).stdin("another-swordfish-key").run().ok();
        assert_eq!(user.keyring.count("optra"), 2);
    };
    second(&user);
    assert_data_eq!(
        user.home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: the keyring has 2 entries for the key of profile `default`, and nobody can tell which one is meant
hint: Log in again, which leaves one: `optra auth login`.
hint: Or forget them all: `optra auth logout`.
--- exit 10

"#]]
    );
    for line in ["auth status -o json", "keys list -o json", "auth token"] {
        user.home.run(line).exits(10);
    }
    user.login(&portal.url, KEY, "").ok();
    assert_eq!(user.keyring.count("optra"), 1);
    user.home.run("devices list").ok();
    second(&user);
    assert_eq!(user.home.run("auth logout -o json").ok().json()["removed"], true);
    assert_eq!(user.keyring.count("optra"), 0);
}
