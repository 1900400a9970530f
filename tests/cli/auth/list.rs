//! `optra auth list`: the profiles of config.toml, without a request and without a store.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{KEY, NOBODY, never_shows, portal};
use crate::harness::Home;

#[test]
fn profiles_are_listed_with_their_keys_places_and_nobody_is_asked() {
    let home = Home::new();
    home.write(
        "config/optra/config.toml",
        format!(
            "profile = \"prod\"\n[profiles.prod]\nportal = \"{NOBODY}\"\norganization = \"Port of Gdańsk\"\nstore = \"file\"\n\
             [profiles.staging]\nportal = \"{NOBODY}\"\nstore = \"command\"\ncommand = \"pass show optra\"\nread_only = true\n\
             [profiles.desk]\nportal = \"{NOBODY}\"\nkey_id = \"key-0001\"\n[profiles.old]\nstore = \"none\"\n"
        ),
    );
    let session = home.run("auth list");
    let root = home.path("config").display().to_string();
    assert_data_eq!(
        session.masked(&[(&root, "[CONFIG]"), (NOBODY, "[PORTAL]")]),
        str![[r#"
profile  active  portal              organization    store    place
desk     false   [PORTAL]  -               keyring  keyring:desk
old      false   -                   -               none     -
prod     true    [PORTAL]  Port of Gdańsk  file     [CONFIG]/optra/keys/prod.key
staging  false   [PORTAL]  -               command  command:pass show optra
--- exit 0

"#]]
    );
    let listed = home.run("auth list --profile desk -o json").ok().json();
    assert_eq!(
        listed[0],
        json!({
            "profile": "desk", "active": true, "portal": NOBODY, "organization": null, "store": "keyring",
            "place": "keyring:desk", "keyId": "key-0001", "readOnly": false,
        })
    );
    assert_eq!(listed.as_array().unwrap().iter().filter(|profile| profile["active"] == true).count(), 1);
    assert_eq!(Home::new().run("auth list -o json").ok().json(), json!([]));
    assert_eq!(Home::new().run("auth list").ok().err(), "no profiles\n");
}

#[test]
fn a_login_notes_the_organization_and_status_tells_the_file() {
    let (home, portal) = (Home::new(), portal(&[]));
    let login = |words: &str| {
        let line = format!("auth login --portal {} --store file --key-file - -o json {words}", portal.url);
        home.line(&line).stdin(KEY).run().ok().json()
    };
    assert_eq!(login("")["profile"], "default");
    assert_eq!(login("--profile night")["profile"], "night");
    let listed = home.run("auth list -o json").ok().json();
    assert_eq!((&listed[0]["organization"], &listed[0]["active"]), (&json!("Example Organization"), &json!(true)));
    let file = json!(home.path("config/optra/keys/night.key").display().to_string());
    assert_eq!(listed[1]["place"], file);
    assert_eq!(home.run("auth status --profile night -o json").ok().json()["file"], file);
    let all = home.run("auth status --all -o json");
    never_shows(&all, "hunter2");
    let all = all.ok().json();
    assert_eq!((&all[1]["file"], &all[0]["active"], &all[1]["active"]), (&file, &json!(true), &json!(false)));
    // A key from the environment has no file, and the older members are unchanged.
    let shown = home.line("auth status -o json").env("OPTRA_API_KEY", KEY).run().ok().json();
    assert_eq!((shown.get("file"), shown.get("active")), (None, None));
}
