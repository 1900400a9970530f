//! `optra auth logout`: the key leaves this machine, and only this machine. It must report a key that is still in use
//! elsewhere.

use snapbox::{assert_data_eq, str};

use super::{KEY, LoggedInUser, never_shows, portal};
use serde_json::json;

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

#[test]
fn the_key_is_forgotten_and_the_portal_is_not_asked() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let session = user.home.run("auth logout");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
Forgot the key of profile `default`. The portal still accepts it, until an Admin revokes it.
--- exit 0

"#]]
    );
    assert_eq!(user.keyring.lookup("optra", "default"), None);
    assert_eq!(portal.operations(), ["AuthViewer"]);
    let status = user.home.run("auth status");
    assert_data_eq!(
        status.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: there is no key for [PORTAL]
hint: Log in with `optra auth login --portal [PORTAL]`, or set `OPTRA_API_KEY`.
--- exit 4

"#]]
    );
    user.login(&portal.url, KEY, "").ok();
}

#[test]
fn the_hint_after_a_logout_names_the_store_that_the_profile_had() {
    let (home, portal) = (Home::new(), portal(&[]));
    let login = |rest: &str| home.line(&format!("auth login --portal {} {rest}", portal.url));
    let options = |session: &str| {
        let hint = session.split("`optra auth login --portal ").nth(1).unwrap_or_default();
        hint.split('`').next().unwrap_or_default().replacen(&portal.url, "URL", 1)
    };
    login("--store file --key-file -").stdin(KEY).run().ok();
    home.run("auth logout").ok();
    assert_eq!(options(home.run("devices list").exits(4).err().as_str()), "URL --store file");
    let mended = home.run("doctor -o json").json();
    let row = mended.as_array().unwrap().iter().find(|row| row["check"] == "key source").unwrap().clone();
    assert!(row["mend"].as_str().unwrap().ends_with(" --store file"), "{row}");
    login(&format!("--store command --command 'echo {KEY}'")).run().ok();
    home.run("auth logout").ok();
    assert!(
        options(home.run("devices list").exits(4).err().as_str()).starts_with("URL --store command --command 'echo ")
    );
    // A login ends that.
    login("--store file --key-file -").stdin(KEY).run().ok();
    let config = std::fs::read_to_string(home.path("config/optra/config.toml")).unwrap();
    assert!(!config.contains("former_store") && !config.contains("command"), "{config}");
}

#[test]
fn a_second_logout_finds_nothing_and_is_no_failure() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    assert_data_eq!(
        user.home.run("auth logout -o json").to_string(),
        str![[r#"
{
  "profile": "default",
  "removed": true,
  "error": null
}
--- stderr
{"status":"Forgot the key of profile `default`. The portal still accepts it, until an Admin revokes it."}
--- exit 0

"#]]
    );
    assert_data_eq!(
        user.home.run("auth logout -o json").to_string(),
        str![[r#"
{
  "profile": "default",
  "removed": false,
  "error": null
}
--- stderr
{"status":"There was no key of profile `default`."}
--- exit 0

"#]]
    );
    assert_data_eq!(
        user.home.run("auth logout").to_string(),
        str![[r#"
--- stderr
There was no key of profile `default`.
--- exit 0

"#]]
    );
}

#[test]
fn an_id_of_a_forgotten_key_is_not_taken_for_the_next() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    user.home.run("auth logout").ok();
    let config = user.config().unwrap();
    assert!(config.contains(&portal.url) && !config.contains("key_id"), "{config}");
}

#[test]
fn a_key_that_the_environment_still_has_is_warned_of() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let session = user.home.line("auth logout").env("OPTRA_API_KEY", KEY).run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
Forgot the key of profile `default`. The portal still accepts it, until an Admin revokes it.
warning: `OPTRA_API_KEY` is still set and will be used
--- exit 0

"#]]
    );
    never_shows(&session, "hunter2");
    assert_eq!(user.keyring.lookup("optra", "default"), None);
}

#[test]
fn what_others_keep_in_the_keyring_stays() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.keyring.store("another-program", "default", "theirs");
    user.login(&portal.url, KEY, "").ok();
    user.home.run("auth logout").ok();
    assert_eq!(user.keyring.lookup("another-program", "default").as_deref(), Some("theirs"));
}

#[test]
fn the_sandbox_has_no_login_to_forget() {
    let session = Home::new().run("--sandbox auth logout");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the sandbox has no login to forget
--- exit 2

"#]]
    );
}

#[test]
fn logout_with_revoke_ends_the_key_and_then_forgets_it() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&[]));
    let login = home.optra(["auth", "login", "--portal", &portal.url, "--store", "file", "--key-file", "-"]);
    login.stdin(ReferenceServer::KEY).run().ok();
    assert!(home.run("auth logout --revoke").exits(7).err().contains("nothing was revoked or forgotten"));
    home.line("auth logout --revoke --yes").env("OPTRA_API_KEY", "another-key").run().exits(7);
    // `--yes` alone is never enough for the key in use.
    let session = home.run("auth logout --revoke --yes");
    assert!(
        session.exits(7).err().contains("`optra auth logout --revoke --yes --accept-risk lose-access`"),
        "{session}"
    );
    home.run("auth logout --revoke --all").exits(2);
    home.run("auth status").ok();
    let session = home.run("auth logout --revoke --yes --accept-risk lose-access");
    assert!(session.ok().err().ends_with("Forgot the key of profile `default`.\n"), "{session}");
    home.run("auth status").exits(4);
    home.portal(&portal.url, ReferenceServer::KEY).run("devices list").exits(4);
}

#[test]
fn logout_with_revoke_keeps_what_is_not_dead() {
    let server = MockServer::new()
        .lenient()
        .answer("AuthViewer", Answer::data(json!({"viewer": {"apiKey": {"id": "k-1"}}})))
        .answer("KeysRevoke", Answer::data(json!({"revokeApiKey": {"id": "k-1"}})));
    let home = Home::new();
    let login = home.optra(["auth", "login", "--portal", &server.url, "--store", "file", "--key-file", "-"]);
    login.stdin("key-of-a-script").run().ok();
    let session = home.run("auth logout --revoke --yes --accept-risk lose-access");
    assert!(
        session.exits(1).err().contains("the portal accepted the revocation, but the key still works"),
        "{session}"
    );
    home.run("auth token").ok();
}

#[test]
fn logout_with_revoke_takes_no_rejection_for_a_death_where_the_key_was_never_accepted() {
    let refused =
        Answer::json(400, json!({"errors": [{"message": "Cannot query field \"viewer\" on type \"Query\"."}]}));
    let rejected = || Answer::json(401, json!({"errors": [{"message": "who are you?"}]}));
    let server = MockServer::new()
        .lenient()
        .answer("AuthViewer", refused.clone())
        .answer("Viewer", refused)
        .answer("*", rejected());
    let home = Home::new();
    home.write(
        "config/optra/config.toml",
        format!("[profiles.default]\nportal = \"{}\"\nstore = \"file\"\nkey_id = \"k-1\"\n", server.url),
    );
    home.write("config/optra/keys/default.key", format!("{KEY}\nportal {}\n", server.url));
    home.script("chmod 700 $XDG_CONFIG_HOME/optra/keys; chmod 600 $XDG_CONFIG_HOME/optra/keys/default.key").run().ok();
    let session = home.run("auth logout --revoke --yes --accept-risk lose-access");
    assert!(session.exits(4).err().contains("nothing was revoked or forgotten"), "{session}");
    assert!(server.requests().iter().all(|request| request.operation() != "KeysRevoke"), "it asked to revoke");
    home.run("auth token").ok();
}
