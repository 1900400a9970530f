//! The file of profiles: ignored, misspelt, and written concurrently. Nothing in it may be lost, and nothing ignored in
//! silence.

use std::fs;
use std::thread;

use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, never_shows, portal};
use crate::harness::Home;
use crate::profiles::{config, login, two};

#[test]
fn without_the_file_two_variables_are_enough_however_broken_it_is() {
    let (mut home, portal) = (Home::new(), portal(&[]));
    home.write("config/optra/config.toml", "profile = [broken");
    home.portal(&portal.url, KEY);
    for line in
        ["--no-config devices list", "--no-config auth status", "--no-config keys list", "--no-config run -- true"]
    {
        assert_eq!(home.run(line).ok().err(), "", "{line}");
    }
    let (home, portal, _) = two();
    assert_eq!(home.run("--no-config --profile a devices list -o json").exits(11).error()["code"], "config");
    assert_eq!(portal.requests().len(), 1);
}

#[test]
fn without_the_file_no_login_is_made_or_forgotten() {
    let (home, portal) = (Home::new(), portal(&[]));
    let line = format!("--no-config auth login --portal {} --store file", portal.url);
    let session = home.line(&format!("{line} --key-file -")).stdin(KEY).run();
    never_shows(&session, "hunter2");
    assert_eq!(session.exits(11).out(), "");
    assert!(session.err().contains("`--no-config`"), "{session}");
    assert!(!home.path("config/optra").exists(), "nothing is written");
    assert_eq!(portal.operations(), [""; 0], "it is refused before the key leaves");
    let ended = home.terminal(&line).finish();
    assert!(ended.code == Some(11) && !ended.text.contains("API key for"), "{}", ended.text);

    let (home, ..) = two();
    for line in ["--no-config --profile a auth logout", "--no-config auth switch b", "--no-config auth logout --all"] {
        let session = home.run(line);
        session.exits(11);
        assert!(home.path("config/optra/keys/a.key").exists());
    }
}

#[test]
fn keys_of_the_file_that_mean_nothing_are_warned_of_and_the_nearest_is_named() {
    let (home, _first, _second) = two();
    let text = config(&home);
    let text = format!(
        "profil = \"b\"\ntimeout = 5\n{text}[profiles.c]\nprotal = \"https://c.example\"\nkeyid = \"7\"\nzzz = 1\n"
    );
    home.write("config/optra/config.toml", text);
    let session = home.run("--profile a devices list -o ndjson --fields id");
    assert_eq!(session.ok().ndjson().len(), 3);
    assert_data_eq!(
        session.err().replace(home.path("").to_str().unwrap(), "[HOME]/"),
        str![[r#"
{"warning":"`[HOME]/config/optra/config.toml` has an unknown key `profil`; is `profile` meant?"}
{"warning":"`[HOME]/config/optra/config.toml` has an unknown key `timeout`"}
{"warning":"`[HOME]/config/optra/config.toml` has an unknown key `profiles.c.protal`; is `profiles.c.portal` meant?"}
{"warning":"`[HOME]/config/optra/config.toml` has an unknown key `profiles.c.keyid`; is `profiles.c.key_id` meant?"}
{"warning":"`[HOME]/config/optra/config.toml` has an unknown key `profiles.c.zzz`"}

"#]]
    );
    assert_eq!(home.run("--profile a run -- true").ok().err().lines().count(), 5, "a run warns too");
}

#[test]
fn eight_logins_at_once_are_all_noted() {
    let (home, portal) = (Home::new(), portal(&[]));
    for round in 0..3 {
        let names: Vec<String> = (0..8).map(|n| format!("p{round}-{n}")).collect();
        thread::scope(|scope| {
            for name in &names {
                scope.spawn(|| login(&home, name, &portal.url, KEY).ok().code);
            }
        });
        let text = config(&home);
        for name in &names {
            assert!(text.contains(&format!("[profiles.{name}]")), "{name} is missing:\n{text}");
            assert_eq!(home.run(&format!("auth status --profile {name} -o json")).ok().json()["source"], "file");
        }
    }
    let left = fs::read_dir(home.path("config/optra")).unwrap().map(|file| file.unwrap().file_name());
    let mut left: Vec<_> = left.collect();
    left.sort();
    assert_eq!(left, [".gitignore", ".lock", "config.toml", "keys"]);
}

#[test]
fn a_configuration_that_is_kept_in_git_has_no_key_in_it() {
    let (home, portal) = (Home::new(), portal(&[]));
    for theirs in [None, Some("*.bak"), Some("/keys/\n"), Some("keys\n")] {
        let _ = fs::remove_file(home.path("config/optra/.gitignore"));
        if let Some(text) = theirs {
            home.write("config/optra/.gitignore", text);
        }
        let login = format!("auth login --portal {} --store file --key-file -", portal.url);
        home.line(&login).stdin(KEY).run().ok();
        let ignored = fs::read_to_string(home.path("config/optra/.gitignore")).unwrap();
        assert_eq!(ignored.lines().filter(|line| line.trim_matches('/') == "keys").count(), 1, "{ignored}");
        assert!(theirs.is_none_or(|text| ignored.starts_with(text)), "{ignored}");
        let script = "cd \"$XDG_CONFIG_HOME/optra\"; git init -q .; git add -A; git ls-files";
        let session = home.script(script).run();
        assert!(session.ok().out().contains("config.toml") && !session.out().contains(".key"), "{session}");
    }
}
