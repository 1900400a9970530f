//! Which portal a run talks to, and that a key is sent to no other than the one it was given for. A refusal names its
//! reason and never repeats what could be a password.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, NOBODY, never_shows, portal};
use crate::harness::{Answer, Home, MockServer, Session};

const REFUSED: [&str; 13] = [
    "portal.example",
    "portal.example:8443/graphql",
    "ftp://portal.example",
    "file:///etc/hosts",
    "https://ada:hunter2@portal.example",
    "https://hunter2@portal.example",
    "https://portal.example/#top",
    "https://portal.example/?key=hunter2",
    "http://portal.example",
    "http://10.0.0.1:8080",
    "http://127.0.0.1.portal.example",
    "https://",
    "https://portal.example:99999",
];

/// Lists the devices with a key in the environment.
fn devices(home: &Home) -> Session {
    home.line("devices list -o json").env("OPTRA_API_KEY", KEY).run()
}

#[test]
fn a_portal_url_that_could_leak_or_mislead_is_refused_with_the_reason() {
    let home = Home::new();
    let mut said = String::new();
    for url in REFUSED {
        let session = home.run(&format!("auth login --portal {url} --key-file -"));
        never_shows(session.exits(2), "hunter2");
        said.push_str(&format!("{}\n{}", url.replace("hunter2", "[PASSWORD]"), session.err()));
        let error = home.run(&format!("devices list --portal {url} -o json")).exits(2).error();
        assert_eq!(error["code"], "usage", "{url}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    assert_data_eq!(
        said,
        str![[r#"
portal.example
error: `--portal` cannot be used
  because: the portal URL has no scheme; write `https://portal.example`
portal.example:8443/graphql
error: `--portal` cannot be used
  because: the portal URL has no scheme; write `https://portal.example:8443/graphql`
ftp://portal.example
error: `--portal` cannot be used
  because: the portal URL has the scheme `ftp`; a portal is reached over `https`
file:///etc/hosts
error: `--portal` cannot be used
  because: the portal URL has the scheme `file`; a portal is reached over `https`
https://ada:[PASSWORD]@portal.example
error: `--portal` cannot be used
  because: the portal URL has a user name or a password in it; the key goes into a header, never into a URL
https://[PASSWORD]@portal.example
error: `--portal` cannot be used
  because: the portal URL has a user name or a password in it; the key goes into a header, never into a URL
https://portal.example/#top
error: `--portal` cannot be used
  because: the portal URL has a fragment (`#…`), which is never sent to a server
https://portal.example/?key=[PASSWORD]
error: `--portal` cannot be used
  because: the portal URL has a query (`?…`), which the GraphQL endpoint does not take
http://portal.example
error: `--portal` cannot be used
  because: the portal URL is plain http to `portal.example`, where the key could be read on the way; only this machine may be reached over http
http://10.0.0.1:8080
error: `--portal` cannot be used
  because: the portal URL is plain http to `10.0.0.1`, where the key could be read on the way; only this machine may be reached over http
http://127.0.0.1.portal.example
error: `--portal` cannot be used
  because: the portal URL is plain http to `127.0.0.1.portal.example`, where the key could be read on the way; only this machine may be reached over http
https://
error: `--portal` cannot be used
  because: the portal URL cannot be read: empty host
https://portal.example:99999
error: `--portal` cannot be used
  because: the portal URL cannot be read: invalid port number

"#]]
    );
}

#[test]
fn the_same_rules_hold_for_the_variables_and_the_profile() {
    let home = Home::new();
    for url in REFUSED {
        for variable in ["OPTRA_PORTAL_URL", "OPTRA_API_URL"] {
            let session = home.line("devices list -o json").env(variable, url).env("OPTRA_API_KEY", KEY).run();
            let error = session.exits(11).error();
            assert_eq!(error["code"], "config", "{url}");
            assert!(error["message"].as_str().unwrap().contains(variable), "{error}");
            never_shows(&session, "hunter2");
        }
        home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{url}\"\n"));
        let session = devices(&home);
        assert_eq!(session.exits(11).error()["code"], "config", "{url}");
        never_shows(&session, "hunter2");
        fs::remove_file(home.path("config/optra/config.toml")).unwrap();
    }
    let session = home.line("devices list").env("OPTRA_PORTAL_URL", "http://portal.example").run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: `OPTRA_PORTAL_URL` cannot be used
  because: the portal URL is plain http to `portal.example`, where the key could be read on the way; only this machine may be reached over http
--- exit 11

"#]]
    );
    home.write("config/optra/config.toml", "[profiles.default]\nportal = \"https://ada:hunter2@portal.example\"\n");
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: the profile's portal cannot be used
  because: the portal URL has a user name or a password in it; the key goes into a header, never into a URL
--- exit 11

"#]]
    );
}

#[test]
fn this_machine_may_be_reached_over_http_by_each_of_its_names() {
    let portal = portal(&[]);
    let port = portal.url.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "127.1"] {
        let mut home = Home::new();
        home.portal(&format!("http://{host}:{port}"), KEY);
        home.run("auth status").ok();
    }
}

#[test]
fn a_portal_is_named_with_and_without_graphql() {
    let portal = portal(&[]);
    for variable in ["OPTRA_PORTAL_URL", "OPTRA_API_URL"] {
        for end in ["", "/", "/graphql", "/graphql/"] {
            let mut home = Home::new();
            home.set(variable, format!("{}{end}", portal.url));
            devices(&home).ok();
        }
    }
    assert!(portal.requests().iter().all(|request| request.path == "/graphql"));
    assert_eq!(portal.requests().len(), 8);
}

#[test]
fn the_option_goes_before_the_variables_and_they_before_the_profile() {
    let portal = portal(&[]);
    let mut home = Home::new();
    let profile = |url: &str| format!("[profiles.default]\nportal = \"{url}\"\n");
    home.write("config/optra/config.toml", profile(&portal.url));
    devices(&home).ok();
    home.write("config/optra/config.toml", profile(NOBODY));
    devices(&home).exits(8);
    home.set("OPTRA_API_URL", &portal.url);
    devices(&home).ok();
    home.set("OPTRA_API_URL", NOBODY).set("OPTRA_PORTAL_URL", &portal.url);
    devices(&home).ok();
    home.set("OPTRA_API_URL", &portal.url).set("OPTRA_PORTAL_URL", NOBODY);
    devices(&home).exits(8);
    // An empty variable counts as unset, as scripts leave it.
    home.set("OPTRA_PORTAL_URL", "");
    devices(&home).ok();
}

#[test]
fn without_a_portal_the_ways_to_name_one_are_told() {
    let home = Home::new();
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: no portal is configured
hint: Log in with `optra auth login --portal URL`, or set `OPTRA_PORTAL_URL`.
hint: To try without an account: `optra --sandbox devices list`.
--- exit 11

"#]]
    );
    assert_data_eq!(
        home.run("auth login -o json").to_string(),
        str![[r#"
--- stderr
{"error":{"code":"config","exit":11,"message":"no portal is configured","hints":["Log in with `optra auth login --portal URL`, or set `OPTRA_PORTAL_URL`.","To try without an account: `optra --sandbox devices list`."],"causes":[],"retryable":false,"retry_after_s":null,"request_id":null}}
--- exit 11

"#]]
    );
    for line in ["auth status", "auth login", "keys list", "devices show x", "api '{ a }'"] {
        assert_eq!(home.run(&format!("{line} -o json")).exits(11).error()["code"], "config", "{line}");
    }
}

#[test]
fn a_key_of_the_environment_does_not_follow_an_option_elsewhere() {
    let (given, elsewhere) = (portal(&[]), portal(&[]));
    let mut home = Home::new();
    home.portal(&given.url, KEY);
    let session = home.run(&format!("devices list --portal {}", elsewhere.url));
    assert_data_eq!(
        session.masked(&[(&elsewhere.url, "[ELSEWHERE]"), (&given.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: the key in `OPTRA_API_KEY` was not given for [ELSEWHERE], and is not sent there
hint: If it is for that portal, say so beside the key: `OPTRA_PORTAL_URL=[ELSEWHERE]`.
--- exit 7

"#]]
    );
    for line in ["auth login", "auth status", "keys list", "keys generate", "api '{ devices { total } }'"] {
        let session = home.run(&format!("{line} --portal {} -o json", elsewhere.url));
        assert_eq!(session.exits(7).error()["code"], "declined", "{line}");
        never_shows(&session, "hunter2");
    }
    assert_eq!((elsewhere.operations(), given.operations()), (vec![], vec![]));
}

#[test]
fn a_key_of_the_environment_goes_where_an_option_says_the_same_as_the_environment() {
    let portal = portal(&[]);
    for variable in ["OPTRA_PORTAL_URL", "OPTRA_API_URL"] {
        let mut home = Home::new();
        home.set(variable, format!("{}/graphql", portal.url)).set("OPTRA_API_KEY", KEY);
        home.run(&format!("auth status --portal {}/", portal.url)).ok();
    }
    let home = Home::new();
    home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{}\"\n", portal.url));
    home.line(&format!("auth status --portal {}", portal.url)).env("OPTRA_API_KEY", KEY).run().ok();
}

#[test]
fn a_key_of_the_environment_without_a_portal_beside_it_is_told_what_it_lacks() {
    let portal = portal(&[]);
    let mut home = Home::new();
    home.set("OPTRA_API_KEY", KEY);
    let error = home.run(&format!("devices list --portal {} -o json", portal.url)).exits(7).error();
    let hint = error["hints"][0].as_str().unwrap();
    let assignment = hint.split('`').nth(1).unwrap();
    home.script(&format!("{assignment} optra devices list --portal {}", portal.url)).run().ok();
}

#[test]
fn a_key_of_the_keyring_goes_to_its_own_portal_only() {
    let (user, own, elsewhere) = (LoggedInUser::new(), portal(&[]), portal(&[]));
    user.login(&own.url, KEY, "").ok();
    let session = user.home.run(&format!("devices list --portal {}", elsewhere.url));
    assert_data_eq!(
        session.masked(&[(&elsewhere.url, "[ELSEWHERE]"), (&own.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: the key of profile `default` is for [PORTAL] and is not sent to [ELSEWHERE]
hint: Log in there: `optra auth login --profile NAME --portal [ELSEWHERE]`.
--- exit 7

"#]]
    );
    for variable in ["OPTRA_PORTAL_URL", "OPTRA_API_URL"] {
        let session = user.home.line("devices list -o json").env(variable, &elsewhere.url).run();
        assert_eq!(session.exits(7).error()["code"], "declined");
    }
    let other_host = own.url.replace("127.0.0.1", "localhost");
    user.home.run(&format!("devices list --portal {other_host}")).exits(7);
    assert_eq!((elsewhere.operations().len(), own.operations().len()), (0, 1));
    user.home.run(&format!("devices list --portal {}/graphql", own.url)).ok();
}

#[test]
fn a_key_of_the_environment_that_is_no_key_is_named_and_not_printed() {
    let mut home = Home::new();
    home.portal(NOBODY, "hunter2 hunter2");
    let session = home.run("devices list");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: `OPTRA_API_KEY` cannot be used
  because: the key has white space in it, at character 8; a key is one word
--- exit 11

"#]]
    );
    for key in [" ", "hunter2\nhunter2", "hunter2ä"] {
        home.set("OPTRA_API_KEY", key);
        let session = home.run("devices list -o json");
        assert_eq!(session.exits(11).error()["code"], "config", "{key:?}");
        never_shows(&session, "hunter2");
    }
}

#[test]
fn a_key_of_the_environment_that_is_no_text_is_not_passed_over() {
    use std::os::unix::ffi::OsStrExt;
    let portal = portal(&[]);
    let user = LoggedInUser::new();
    user.login(&portal.url, KEY, "").ok();
    let key = std::ffi::OsStr::from_bytes(b"hunter2-\xff\xfe");
    let session = user.home.line("devices list -o json").env("OPTRA_API_KEY", key).run();
    assert_eq!(session.exits(11).error()["code"], "config");
    assert_eq!(portal.operations(), ["AuthViewer"]);
}

#[test]
fn a_stored_key_knows_its_portal_whatever_the_settings_say() {
    let (user, home_portal) = (LoggedInUser::new(), portal(&[]));
    let other = MockServer::new().lenient().answer("*", Answer::data(json!({})));
    for store in ["keyring", "file"] {
        user.login(&home_portal.url, KEY, &format!("--store {store}")).ok();
        let settings = user.config().unwrap();
        // As a change of a pulled repository would.
        let path = user.home.path("config/optra/config.toml");
        fs::write(&path, settings.replace(&home_portal.url, &other.url)).unwrap();
        let session = user.home.run("devices list");
        assert_data_eq!(
            session.masked(&[(&home_portal.url, "[HOME]"), (&other.url, "[OTHER]")]),
            str![[r#"
--- stderr
error: the key of profile `default` was kept for [HOME], and is not sent to [OTHER]
hint: Look who changed the portal of this profile. If it was you, log in there: `optra auth login --portal [OTHER]`.
--- exit 7

"#]]
        );
        for line in ["keys list", "auth status", "keys rotate --yes", "run -- true", "auth token"] {
            assert_ne!(user.home.run(line).code, Some(0), "{store}: {line}");
        }
        fs::write(&path, settings).unwrap();
        user.home.run("devices list").ok();
        user.home.run("keys list").ok();
    }
    assert!(other.requests().is_empty(), "the key went to another portal");
    // A login at the new portal confirms it.
    user.login(&home_portal.url, KEY, "--store file").ok();
    let second = portal(&[]);
    user.login(&second.url, KEY, "--store file").ok();
    user.home.run("devices list").ok();
}

#[test]
fn a_key_that_was_stored_without_its_portal_is_still_used() {
    let (user, home_portal) = (LoggedInUser::new(), portal(&[]));
    let profile = |store: &str| format!("[profiles.{store}]\nportal = \"{}\"\nstore = \"{store}\"\n", home_portal.url);
    user.home.write("config/optra/config.toml", profile("keyring") + &profile("file"));
    user.keyring.store("optra", "keyring", KEY);
    let file = user.home.write("config/optra/keys/file.key", KEY);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    for store in ["keyring", "file"] {
        user.home.run(&format!("devices list --profile {store}")).ok();
    }
}
