//! Several logins on one machine: a profile is a portal and its key under one name.
//! It must hold that a file written by hand stays the user's own.

use snapbox::{assert_data_eq, str};

use super::{KEY, LoggedInUser, portal};
use crate::harness::ReferenceServer;

const OTHER_KEY: &str = "m2YtC8q-swordfish-DkW4rHb6-QaNs07";

#[test]
fn each_profile_has_its_own_portal_and_key() {
    let (mut user, first, second) = (LoggedInUser::new(), portal(&[]), ReferenceServer::start(&["--key", OTHER_KEY]));
    user.login(&first.url, KEY, "--profile a").ok();
    user.login(&second.url, OTHER_KEY, "--profile b").ok();
    assert_eq!(user.keyring.lookup("optra", "a").as_deref(), Some(KEY));
    assert_eq!(user.keyring.lookup("optra", "b").as_deref(), Some(OTHER_KEY));
    assert_eq!(user.keyring.lookup("optra", "default"), None);

    user.home.run("--profile a devices list").ok();
    user.home.line("devices list").env("OPTRA_PROFILE", "b").run().ok();
    assert_eq!((first.requests().len(), second.requests().len()), (2, 2));
    assert_eq!(first.requests()[1].header("api-secret"), Some(KEY));
    assert_eq!(second.requests()[1].header("api-secret"), Some(OTHER_KEY));

    user.home.set("OPTRA_PROFILE", "a");
    assert_eq!(user.home.run("auth status --profile b -o json").ok().json()["profile"], "b");
    user.home.run("auth logout").ok();
    assert_eq!(user.keyring.lookup("optra", "a"), None);
    assert_eq!(user.keyring.lookup("optra", "b").as_deref(), Some(OTHER_KEY));
    user.home.run("--profile b auth status").ok();
}

#[test]
fn the_file_names_the_profile_where_nothing_else_does() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.home.write("config/optra/config.toml", "profile = \"work\"\n");
    let session = user.login(&portal.url, KEY, "-o json");
    assert_eq!(session.ok().json()["profile"], "work");
    assert_eq!(user.keyring.lookup("optra", "work").as_deref(), Some(KEY));
    user.home.run("auth status").ok();
}

#[test]
fn a_profile_that_nobody_logged_in_to_is_named() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let error = user.home.run("devices list --profile stagging -o json").exits(11).error();
    assert!(error["message"].as_str().unwrap().contains("`stagging`"), "{error}");
}

#[test]
fn the_way_back_in_names_the_profile_it_is_for() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "--profile night").ok();
    user.home.run("auth logout --profile night").ok();
    let error = user.home.run("devices list --profile night -o json").exits(4).error();
    assert!(error["hints"].to_string().contains("--profile night"), "{error}");
}

#[test]
fn what_else_stands_in_the_file_stays_as_it_was_written() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let before = r#"# My portals. Ask Ada before changing this.
profile = "work" # the usual one

[profiles.work]   # the factory
key_id = "of the former key"
portal = "https://old.example" # moved in May

[profiles."night shift"]
portal = "https://night.example"

[from_a_later_version]
list = [ 1, 2,
         3 ]
"#;
    user.home.write("config/optra/config.toml", before);
    user.login(&portal.url, KEY, "").ok();
    assert_data_eq!(
        user.config().unwrap().replace(&portal.url, "[PORTAL]"),
        str![[r##"
# My portals. Ask Ada before changing this.
profile = "work" # the usual one

[profiles.work]   # the factory
key_id = "key-0001"
portal = "[PORTAL]" # moved in May
organization = "Example Organization"
store = "keyring"

[profiles."night shift"]
portal = "https://night.example"

[from_a_later_version]
list = [ 1, 2,
         3 ]

"##]]
    );
}

#[test]
fn profiles_may_be_written_in_one_line() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.home.write("config/optra/config.toml", "profiles = { night = { portal = \"https://night.example\" } }\n");
    user.login(&portal.url, KEY, "").ok();
    user.home.run("auth status").ok();
    assert_eq!(user.home.run("--profile night auth status -o json").exits(4).error()["code"], "unauthenticated");
}

#[test]
fn a_profile_may_have_any_name_but_none() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    for name in ["Nachtschicht Süd", "a.b", "quo\"te"] {
        let run = user.home.optra(["auth", "login", "--portal", &portal.url, "--key-file", "-", "--profile", name]);
        run.stdin(KEY).run().ok();
        assert_eq!(user.keyring.lookup("optra", name).as_deref(), Some(KEY), "{name}");
        user.home.optra(["auth", "status", "--profile", name]).run().ok();
    }
    let nameless = user.home.optra(["auth", "login", "--portal", &portal.url, "--key-file", "-", "--profile", ""]);
    nameless.stdin(KEY).run().exits(2);
}

#[test]
fn a_login_elsewhere_moves_the_profile() {
    let (user, first, second) = (LoggedInUser::new(), portal(&[]), ReferenceServer::start(&["--key", OTHER_KEY]));
    user.login(&first.url, KEY, "").ok();
    user.login(&second.url, OTHER_KEY, "").ok();
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(OTHER_KEY));
    user.home.run("devices list").ok();
    assert_eq!((first.requests().len(), second.requests().len()), (1, 2));
}

#[test]
fn a_portal_is_kept_by_its_base_url_and_a_path_belongs_to_it() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&format!("{}/graphql/", portal.url), KEY, "").ok();
    assert!(user.config().unwrap().contains(&format!("portal = \"{}\"", portal.url)));
    let elsewhere = user.login(&format!("{}/edge", portal.url), KEY, "-o json");
    assert_eq!(elsewhere.exits(6).error()["code"], "not_found");
    assert_eq!(portal.requests()[1].path, "/edge/graphql");
}
