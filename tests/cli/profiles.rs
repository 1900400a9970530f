//! Several portals on one machine: switching, checking all, forgetting all, and a file that many runs write at once.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::harness::{Background, Home, PortalJs};

const KEYS: [&str; 2] = ["k7WqB3x-first-PjR5vTn9-LmZx81", "m2YtC8q-second-DkW4rHb6-QaNs07"];

/// A home with two profiles, whose keys are in files: `north` at the first portal, `south` at the second.
fn two() -> (Home, [PortalJs; 2]) {
    let home = Home::new();
    let portals = KEYS.map(|key| PortalJs::start(&["--key", key]));
    for (name, portal, key) in [("north", &portals[0], KEYS[0]), ("south", &portals[1], KEYS[1])] {
        let line = format!("auth login --profile {name} --portal {} --store file --key-file -", portal.url);
        home.line(&line).stdin(key).run().ok();
    }
    (home, portals)
}

#[test]
fn another_profile_is_used_from_now_on() {
    let (home, portals) = two();
    let session = home.run("auth switch south");
    assert_data_eq!(
        session.to_string().replace(&portals[1].url, "[PORTAL]"),
        str![[r#"
--- stderr
Profile `south` is in use now, at [PORTAL].
--- exit 0

"#]]
    );
    home.run("devices list").ok();
    assert_eq!(portals[1].requests().len(), 2);
    assert_data_eq!(
        home.run("auth switch west").to_string(),
        str![[r#"
--- stderr
error: there is no profile `west`
hint: There is `north`, `south`.
--- exit 6

"#]]
    );
    let warned = home.line("auth switch north").env("OPTRA_PROFILE", "south").run();
    assert!(warned.ok().err().contains("warning: `OPTRA_PROFILE` or `--profile` says `south`"), "{warned}");
}

#[test]
fn all_profiles_are_checked_side_by_side() {
    let (home, portals) = two();
    let all = home.run("auth status --all -o json").ok().json();
    let told: Vec<_> = all.as_array().unwrap().iter().map(|status| (&status["profile"], &status["state"])).collect();
    assert_eq!(told, [(&json!("north"), &json!("valid")), (&json!("south"), &json!("valid"))]);
    home.run("auth logout --profile north").ok();
    drop(portals);
    let session = home.run("auth status --all -o json --timeout 2");
    let told: Vec<_> =
        session.exits(3).json().as_array().unwrap().iter().map(|status| status["state"].clone()).collect();
    assert_eq!(told, ["absent", "unknown"]);
    assert!(
        session.err().starts_with("warning: profile `south`: whether the key is valid cannot be known now"),
        "{session}"
    );
}

#[test]
fn all_keys_are_forgotten_at_once() {
    let (home, _portals) = two();
    let session = home.run("auth logout --all -o ndjson");
    assert_eq!(session.ok().ndjson().len(), 2);
    for profile in ["north", "south"] {
        home.run(&format!("devices list --profile {profile}")).exits(4);
    }
    assert!(home.run("auth logout --all").ok().err().contains("There was no key of profile `north`"));
}

#[test]
fn without_the_file_only_the_environment_counts() {
    let (home, portals) = two();
    home.write("config/optra/config.toml", "this is = = no toml");
    home.run("devices list").exits(11);
    home.run("--no-config devices list").exits(11);
    let line = home.line("--no-config devices list").env("OPTRA_PORTAL_URL", &portals[0].url);
    line.env("OPTRA_API_KEY", KEYS[0]).run().ok();
    let login = format!("--no-config auth login --portal {} --store file --key-file -", portals[0].url);
    assert!(home.line(&login).stdin(KEYS[0]).run().exits(11).err().contains("`--no-config` forbids"));
}

#[test]
fn a_key_of_the_file_that_means_nothing_is_warned_of() {
    let (home, portals) = two();
    let text = format!("[profiles.north]\nportal = \"{}\"\nstore = \"file\"\nprotal = 1\n", portals[0].url);
    home.write("config/optra/config.toml", text);
    let session = home.run("devices list --profile north");
    let said = "has an unknown key `profiles.north.protal`; is `profiles.north.portal` meant?";
    assert!(session.ok().err().contains(said), "{session}");
}

#[test]
fn many_logins_at_once_all_end_up_in_the_file() {
    let (home, portal) = (Home::new(), PortalJs::start(&["--key", KEYS[0]]));
    let runs: Vec<Background> = (0..8)
        .map(|n| {
            let line = format!("auth login --profile p{n} --portal {} --store file --key-file -", portal.url);
            home.line(&line).stdin(KEYS[0]).start()
        })
        .collect();
    runs.into_iter().for_each(|run| _ = run.end().ok());
    assert_eq!(home.run("auth status --all -o ndjson").ok().ndjson().len(), 8);
}

#[test]
fn what_the_environment_stands_before_is_told() {
    let (home, portals) = two();
    let line = home.line("auth status --profile north -o json").env("OPTRA_API_KEY", KEYS[0]);
    let status = line.run().ok().json();
    assert_eq!((&status["source"], &status["shadowed"]), (&json!("environment"), &json!(["file (profile north)"])));
    let other = home.line("devices list --profile north -o json").env("OPTRA_PORTAL_URL", &portals[1].url).run();
    let error = other.exits(11).error();
    assert!(error["message"].as_str().unwrap().starts_with("profile `north` is for "), "{error}");
}
