//! Keys of the sandbox: the next run finds the changes of the last, and a revoked key is dead at once. It must rely on
//! the program's output; the sandbox's files are private.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::harness::Home;

#[test]
fn a_sandboxes_keys_last_from_run_to_run() {
    let home = Home::new();
    let made = home.run("--sandbox keys generate --name ci -o json");
    let made = made.ok().json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let list = "--sandbox keys list --fields name,createdBy";
    assert_data_eq!(
        home.run(list).to_string(),
        str![[r#"
name     createdBy
sandbox  admin@sandbox.example
ci       admin@sandbox.example
--- exit 0

"#]]
    );
    let revoked = home.run("--sandbox keys revoke ci --yes");
    assert_data_eq!(
        revoked.masked(&[(id, "<id>")]),
        str![[r#"
--- stderr
Revoked key `ci` (id <id>).
--- exit 0

"#]]
    );
    assert_data_eq!(
        home.run(list).to_string(),
        str![[r#"
name     createdBy
sandbox  admin@sandbox.example
--- exit 0

"#]]
    );
    let again = home.optra(["--sandbox", "keys", "revoke", id, "--yes"]).run();
    assert_data_eq!(
        again.masked(&[(id, "<id>")]),
        str![[r#"
--- stderr
error: there is no key `<id>`
--- exit 6

"#]]
    );
    assert!(!again.err().contains(secret));
}

#[test]
fn a_sandboxes_keys_are_machine_readable() {
    let home = Home::new();
    home.run("--sandbox keys generate --name ci").ok();
    let keys = home.run("--sandbox keys list -o json").ok().json();
    assert_eq!((&keys[0]["name"], &keys[1]["name"]), (&json!("sandbox"), &json!("ci")));
    let rows = home.run("--sandbox keys revoke ci --yes -o json").ok().json();
    assert_eq!(rows, json!([{ "id": keys[1]["id"], "name": "ci", "revoked": true, "changed": true, "error": null }]));
}

#[test]
fn a_sandboxes_own_key_is_revoked_only_at_ones_own_risk() {
    let home = Home::new();
    let id = home.run("--sandbox keys list -o json").ok().json()[0]["id"].as_str().unwrap().to_owned();
    let refused = home.run("--sandbox keys revoke sandbox --yes");
    assert_data_eq!(
        refused.masked(&[(&id, "<id>")]),
        str![[r#"
--- stderr
error: key `sandbox` (id <id>) is the one in use; revoking it ends this access
hint: The sandbox has no other key of yours: generate one, and revoke that.
hint: If that is intended: `optra --sandbox keys revoke sandbox --yes --accept-risk lose-access`.
--- exit 7

"#]]
    );
    let revoked = home.run("--sandbox keys revoke sandbox --yes --accept-risk lose-access");
    assert_data_eq!(
        revoked.masked(&[(&id, "<id>")]),
        str![[r#"
--- stderr
Revoked key `sandbox` (id <id>).
--- exit 0

"#]]
    );
    // The next run generates a new admin key.
    let after = home.run("--sandbox keys list -o json").ok().json();
    assert_eq!((after.as_array().unwrap().len(), &after[0]["name"]), (1, &json!("sandbox")));
    assert_ne!(after[0]["id"], id);
}

#[test]
fn a_key_of_a_served_sandbox_is_dead_at_once_for_every_process() {
    let mut home = Home::new();
    let serving = home.line("sandbox --fresh -o ndjson").start();
    let access: serde_json::Value = serde_json::from_str(&serving.first_line()).unwrap();
    home.portal(access["url"].as_str().unwrap(), access["apiKey"].as_str().unwrap());

    let made = home.run("keys generate --name ci");
    let secret = made.ok().out().trim_end().to_owned();
    let with_it = || home.line("keys list --fields name").env("OPTRA_API_KEY", &secret).run();
    assert_data_eq!(
        with_it().to_string(),
        str![[r#"
name
sandbox
ci
--- exit 0

"#]]
    );
    home.run("keys revoke ci --yes").ok();
    assert_data_eq!(
        with_it().to_string(),
        str![[r#"
--- stderr
error: the portal refuses: The header "api-secret" has no valid API key
hint: See which key was used with `optra auth status`.
--- exit 4

"#]]
    );
}

#[test]
fn a_served_sandbox_refuses_what_it_was_told_to() {
    for (option, exit, code) in [
        ("--role device-technician", 5, "forbidden"),
        ("--api-keys off", 5, "feature_disabled"),
        ("--dialect documented", 9, "unsupported"),
    ] {
        let mut home = Home::new();
        let serving = home.line(&format!("sandbox --fresh -o ndjson {option}")).start();
        let access: serde_json::Value = serde_json::from_str(&serving.first_line()).unwrap();
        home.portal(access["url"].as_str().unwrap(), access["apiKey"].as_str().unwrap());
        for verb in ["generate", "list", "revoke ci --yes"] {
            let session = home.run(&format!("keys {verb} -o json"));
            assert_eq!(session.exits(exit).error()["code"], code, "{verb}: {session}");
        }
    }
}
