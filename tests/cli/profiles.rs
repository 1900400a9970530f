//! Profiles in use: switching, checking all, forgetting all. Logins are in `auth/login_profiles.rs`, the file itself in
//! `profiles_file.rs`.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, NOBODY, never_shows, portal};
use crate::harness::{Answer, Home, MockServer, ReferenceServer, Session};

// As wide as the addresses that they replace, so that tables stay aligned.
const FIRST: &str = "[THE-FIRST-PORTAL-URL]";
const SECOND: &str = "[THE-OTHER-PORTAL-URL]";
const OTHER_KEY: &str = "m2YtC8q-swordfish-DkW4rHb6-QaNs07";

pub fn login(home: &Home, name: &str, url: &str, key: &str) -> Session {
    let args = ["auth", "login", "--store", "file", "--key-file", "-", "--portal", url, "--profile", name];
    home.optra(args).stdin(key).run()
}

pub fn config(home: &Home) -> String {
    fs::read_to_string(home.path("config/optra/config.toml")).unwrap()
}

/// A user with the profiles `a` and `b`, each at a portal of its own.
pub fn two() -> (Home, ReferenceServer, ReferenceServer) {
    let (home, first, second) = (Home::new(), portal(&[]), ReferenceServer::start(&["--key", OTHER_KEY]));
    login(&home, "a", &first.url, KEY).ok();
    login(&home, "b", &second.url, OTHER_KEY).ok();
    (home, first, second)
}

#[test]
fn the_environment_does_not_answer_for_a_profile_that_is_not_there() {
    let (home, first, _) = two();
    let in_ci = |args: &str| home.line(args).env("OPTRA_PORTAL_URL", &first.url).env("OPTRA_API_KEY", KEY);
    assert_data_eq!(
        in_ci("devices list --profile nope").run().exits(11).err(),
        str![[r#"
error: there is no profile `nope`, and the key in `OPTRA_API_KEY` is of none
hint: There is `a`, `b`.
hint: Make it: `optra auth login --profile nope --key-file PATH`.

"#]]
    );
    in_ci("devices list --profile a").run().ok();
    // The default profile need not exist.
    in_ci("devices list --profile default").run().ok();
    in_ci("devices list").run().ok();
    in_ci("auth login --profile new --store file --key-file -").stdin(KEY).run().ok();
}

#[test]
fn a_switch_changes_the_profile_in_use_and_asks_no_portal() {
    let (home, first, second) = two();
    let session = home.run("auth switch b");
    assert_data_eq!(
        session.masked(&[(&second.url, "[SECOND]")]),
        str![[r#"
--- stderr
Profile `b` is in use now, at [SECOND].
--- exit 0

"#]]
    );
    assert!(config(&home).contains("profile = \"b\"\n"), "{}", config(&home));
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));
    home.run("devices list").ok();
    assert_eq!(second.requests()[1].header("api-secret"), Some(OTHER_KEY));

    let session = home.run("auth switch a -o json");
    assert_data_eq!(
        session.masked(&[(&first.url, "[FIRST]")]),
        str![[r#"
{
  "profile": "a",
  "portal": "[FIRST]"
}
--- stderr
{"status":"Profile `a` is in use now, at [FIRST]."}
--- exit 0

"#]]
    );
    assert_eq!(home.run("auth status -o json").ok().json()["profile"], "a");
}

#[test]
fn a_switch_to_a_profile_that_is_not_there_names_those_that_are() {
    let (home, ..) = two();
    let before = config(&home);
    assert_data_eq!(
        home.run("auth switch c").to_string(),
        str![[r#"
--- stderr
error: there is no profile `c`
hint: There is `a`, `b`.
hint: Make it: `optra auth login --profile c --portal URL`.
--- exit 6

"#]]
    );
    assert_eq!(home.run("auth switch A -o json").exits(6).error()["code"], "not_found");
    assert_eq!(config(&home), before);
    assert_data_eq!(
        Home::new().run("auth switch c").to_string(),
        str![[r#"
--- stderr
error: there is no profile `c`
hint: Make it: `optra auth login --profile c --portal URL`.
--- exit 6

"#]]
    );
    home.run("auth switch").exits(2);
}

#[test]
fn a_switch_that_the_environment_overrules_says_so() {
    let (home, ..) = two();
    let session = home.line("auth switch b").env("OPTRA_PROFILE", "a").run();
    assert!(session.ok().err().contains("warning: ") && session.err().contains("`a`"), "{session}");
    let key = home.line("auth switch a").env("OPTRA_API_KEY", KEY).run();
    assert!(key.ok().err().contains("OPTRA_API_KEY"), "a key in the environment goes before every profile: {key}");
}

#[test]
fn all_profiles_are_checked_and_each_is_shown() {
    let (home, first, second) = two();
    login(&home, "c", &first.url, KEY).ok();
    home.run("--profile c auth logout").ok();
    let config = home.path("config").display().to_string();
    let names = [(first.url.as_str(), FIRST), (second.url.as_str(), SECOND), (&config, "[CONFIG]")];
    let session = home.run("auth status --all --color never");
    assert_data_eq!(
        session.masked(&names),
        str![[r#"
profile  portal                  organization          source  key    keyId     state   active
a        [THE-FIRST-PORTAL-URL]  Example Organization  file    …Zx81  key-0001  valid   false
b        [THE-OTHER-PORTAL-URL]  Example Organization  file    …Ns07  key-0001  valid   false
c        [THE-FIRST-PORTAL-URL]  -                     none    -      -         absent  false
--- exit 0

"#]]
    );
    let session = home.run("auth status --all -o json");
    assert_data_eq!(
        session.masked(&names),
        str![[r#"
[
  {"profile":"a","portal":"[THE-FIRST-PORTAL-URL]","organization":"Example Organization","source":"file","key":"…Zx81","keyId":"key-0001","state":"valid","shadowed":[],"active":false,"file":"[CONFIG]/optra/keys/a.key"},
  {"profile":"b","portal":"[THE-OTHER-PORTAL-URL]","organization":"Example Organization","source":"file","key":"…Ns07","keyId":"key-0001","state":"valid","shadowed":[],"active":false,"file":"[CONFIG]/optra/keys/b.key"},
  {"profile":"c","portal":"[THE-FIRST-PORTAL-URL]","organization":null,"source":"none","key":null,"keyId":null,"state":"absent","shadowed":[],"active":false}
]
--- exit 0

"#]]
    );
    never_shows(&session, "hunter2");
    never_shows(&session, "swordfish");
}

#[test]
fn one_invalid_key_among_all_is_told_and_is_a_partial_success() {
    let (home, first, second) = two();
    fs::write(home.path("config/optra/keys/b.key"), "another-swordfish-key-of-nobody").unwrap();
    let session = home.run("auth status --all -o ndjson");
    let shown = session.exits(3).ndjson();
    let states: Vec<_> = shown.iter().map(|status| (status["profile"].clone(), status["state"].clone())).collect();
    assert_eq!(states, [(json!("a"), json!("valid")), (json!("b"), json!("invalid"))]);
    assert_eq!(session.error()["code"], "partial");
    let session = home.run("auth status --all");
    never_shows(&session, "swordfish");
    assert_data_eq!(
        session.exits(3).masked(&[(&first.url, FIRST), (&second.url, SECOND)]),
        str![[r#"
profile  portal                  organization          source  key    keyId     state    active
a        [THE-FIRST-PORTAL-URL]  Example Organization  file    …Zx81  key-0001  valid    false
b        [THE-OTHER-PORTAL-URL]  -                     file    …body  key-0001  invalid  false
--- stderr
warning: profile `b`: the portal refuses: the api-secret header holds no valid key
error: 1 of 2 profiles has no key that is known to be valid
--- exit 3

"#]]
    );
}

#[test]
fn a_profile_that_cannot_be_read_does_not_stop_the_others() {
    let (home, first, second) = two();
    let broken =
        format!("{}[profiles.broken]\nportal = \"ftp://x\"\n[profiles.no-portal]\nstore = \"file\"\n", config(&home));
    home.write("config/optra/config.toml", broken);
    home.script("chmod 644 \"$XDG_CONFIG_HOME/optra/keys/b.key\"").run().ok();
    let session = home.run("auth status --all");
    let root = home.path("");
    let names = [(first.url.as_str(), FIRST), (second.url.as_str(), SECOND), (root.to_str().unwrap(), "[HOME]/")];
    assert_data_eq!(
        session.exits(3).masked(&names),
        str![[r#"
profile    portal                  organization          source   key    keyId     state    active
a          [THE-FIRST-PORTAL-URL]  Example Organization  file     …Zx81  key-0001  valid    false
b          [THE-OTHER-PORTAL-URL]  -                     file     -      key-0001  unknown  false
broken     ftp://x                 -                     keyring  -      -         unknown  false
no-portal                          -                     file     -      -         absent   false
--- stderr
warning: profile `b`: `[HOME]/config/optra/keys/b.key` can be read by others (mode 644)
warning: profile `broken`: the portal URL has the scheme `ftp`; a portal is reached over `https`
error: 2 of 4 profiles have no key that is known to be valid
--- exit 3

"#]]
    );
}

#[test]
fn portals_that_are_away_are_waited_for_side_by_side() {
    let home = Home::new();
    let silent: Vec<MockServer> = (0..6).map(|_| MockServer::new().answer("*", Answer::stall())).collect();
    let quick = portal(&[]);
    login(&home, "quick", &quick.url, KEY).ok();
    // As an older version wrote it, without the portal of a key.
    let key = KEY;
    let mut text = config(&home);
    for (n, portal) in silent.iter().enumerate() {
        text.push_str(&format!("[profiles.silent-{n}]\nportal = \"{}\"\nstore = \"file\"\n", portal.url));
        let file = home.write(format!("config/optra/keys/silent-{n}.key"), key);
        home.program("chmod", ["600".as_ref(), file.as_os_str()]).run().ok();
    }
    home.write("config/optra/config.toml", text);
    let before = Instant::now();
    let session = home.run("auth status --all --timeout 1s -o ndjson");
    let took = before.elapsed();
    assert!(took < Duration::from_millis(3500), "six portals with a limit of 1 s each took {took:?}");
    let states: Vec<_> = session.exits(3).ndjson().iter().map(|status| status["state"].clone()).collect();
    assert_eq!(states[0], "valid");
    assert_eq!(states[1..], vec![json!("unknown"); 6]);
    assert!(silent.iter().all(|portal| portal.requests().len() == 1));
}

#[test]
fn no_profiles_at_all_are_no_failure_and_are_said_to_be_none() {
    let home = Home::new();
    for words in ["auth status --all", "auth status --all -o json", "auth logout --all", "auth logout --all -o json"] {
        let session = home.run(words);
        session.ok();
        let expected = if words.ends_with("json") { "[]\n" } else { "" };
        assert_eq!(session.out(), expected, "{words}");
        assert!(words.ends_with("json") || !session.err().is_empty(), "`{words}` leaves a person without a word");
    }
}

#[test]
fn all_keys_are_forgotten_with_one_logout() {
    let (home, first, second) = two();
    assert_data_eq!(
        home.run("auth logout --all").to_string(),
        str![[r#"
--- stderr
Forgot the key of profile `a`. The portal still accepts it, until an Admin revokes it.
Forgot the key of profile `b`. The portal still accepts it, until an Admin revokes it.
--- exit 0

"#]]
    );
    assert_eq!(fs::read_dir(home.path("config/optra/keys")).unwrap().count(), 0);
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));
    let text = config(&home);
    assert!(text.contains(&first.url) && text.contains(&second.url) && !text.contains("key_id"), "{text}");
    assert_data_eq!(
        home.run("auth logout --all -o json").to_string(),
        str![[r#"
[
  {"profile":"a","removed":false,"error":null},
  {"profile":"b","removed":false,"error":null}
]
--- stderr
{"status":"There was no key of profile `a`."}
{"status":"There was no key of profile `b`."}
--- exit 0

"#]]
    );
    home.run("--profile a devices list").exits(4);
}

#[test]
fn a_key_that_could_not_be_forgotten_does_not_keep_the_others() {
    let (home, ..) = two();
    fs::remove_file(home.path("config/optra/keys/a.key")).unwrap();
    fs::create_dir(home.path("config/optra/keys/a.key")).unwrap();
    let session = home.run("auth logout --all");
    assert_data_eq!(
        session.exits(3).masked(&[(home.path("").to_str().unwrap(), "[HOME]/")]),
        str![[r#"
--- stderr
warning: the key of profile `a` was not forgotten: cannot delete the key file `[HOME]/config/optra/keys/a.key`: Is a directory (os error 21)
Forgot the key of profile `b`. The portal still accepts it, until an Admin revokes it.
error: 1 of 2 keys was not forgotten
--- exit 3

"#]]
    );
    assert!(!home.path("config/optra/keys/b.key").exists());
}

#[test]
fn a_status_names_what_the_environment_stands_before() {
    let (home, first, _) = two();
    home.run("auth switch a").ok();
    let run = home.line("auth status").env("OPTRA_PORTAL_URL", &first.url).env("OPTRA_API_KEY", KEY);
    assert_data_eq!(
        run.run().masked(&[(&first.url, "[FIRST]")]),
        str![[r#"
portal        [FIRST]
organization  Example Organization
source        environment
key           …Zx81
keyId         key-0001
state         valid
shadowed      file (profile a)
--- exit 0

"#]]
    );
    let run = home.line("auth status -o json").env("OPTRA_PORTAL_URL", &first.url).env("OPTRA_API_KEY", KEY);
    assert_eq!(run.run().ok().json()["shadowed"], json!(["file (profile a)"]));
    home.run("auth logout").ok();
    let run = home.line("auth status -o json").env("OPTRA_PORTAL_URL", &first.url).env("OPTRA_API_KEY", KEY);
    assert_eq!(run.run().ok().json()["shadowed"], json!([]));
}

#[test]
fn a_profile_that_was_asked_for_and_a_variable_that_names_another_portal_are_no_guess() {
    let (home, first, second) = two();
    for variable in ["OPTRA_PORTAL_URL", "OPTRA_API_URL"] {
        for key in [None, Some(KEY)] {
            let run = home.line("--profile a devices list").env(variable, &second.url);
            let run = if let Some(key) = key { run.env("OPTRA_API_KEY", key) } else { run };
            let session = run.run();
            assert_eq!(session.exits(11).out(), "", "{variable}");
            assert!(session.err().contains(&format!("`{variable}`")), "{session}");
        }
    }
    let session = home.line("devices list").env("OPTRA_PROFILE", "a").env("OPTRA_PORTAL_URL", NOBODY).run();
    assert_data_eq!(
        session.masked(&[(&first.url, "[FIRST]")]),
        str![[r#"
--- stderr
error: profile `a` is for [FIRST], but `OPTRA_PORTAL_URL` says http://127.0.0.1:1
hint: Leave one of the two out: `unset OPTRA_PORTAL_URL`.
--- exit 11

"#]]
    );
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));
    // Two spellings of one portal are no contradiction.
    home.line("--profile a devices list").env("OPTRA_PORTAL_URL", format!("{}/graphql", first.url)).run().ok();
}
