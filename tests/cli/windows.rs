//! What differs on Windows: the Credential Manager, case-insensitive names, the null device, line ends, scripts as
//! programs, and backslashes in commands. The portal is the sandbox; nothing here needs a shell but `cmd`.
//!
//! `tests/platforms` lists what wine lacks.

use std::fs;

use serde_json::Value;

use crate::harness::{Background, Home, Session};

/// Starts a sandbox for this home, without configuring it; returns its URL and its first key.
fn serve(home: &Home) -> (Background, String, String) {
    let serving = home.line("sandbox --fresh -o ndjson").start();
    let access: Value = serde_json::from_str(&serving.first_line()).unwrap();
    let text = |name: &str| access[name].as_str().unwrap().to_owned();
    let (url, key) = (text("url"), text("apiKey"));
    (serving, url, key)
}

fn login(home: &Home, url: &str, key: &str, words: &str) -> Session {
    home.line(&format!("auth login --portal {url} --key-file - {words}")).stdin(key).run()
}

/// Generates a key with the first one, and returns it.
fn another(home: &Home, url: &str, key: &str, name: &str) -> String {
    let line = format!("keys generate --name {name} -o json");
    let made = home.line(&line).env("OPTRA_PORTAL_URL", url).env("OPTRA_API_KEY", key).run();
    made.ok().json()["secret"].as_str().unwrap().to_owned()
}

fn names(home: &Home) -> Vec<String> {
    let keys = home.run("keys list -o json --fields name").ok().json();
    keys.as_array().unwrap().iter().filter_map(|key| Some(key["name"].as_str()?.to_owned())).collect()
}

#[test]
fn names_that_differ_in_case_have_a_key_each_in_every_store() {
    for store in ["keyring", "file"] {
        let home = Home::new();
        let (_serving, url, first) = serve(&home);
        let second = another(&home, &url, &first, "second");
        login(&home, &url, &first, &format!("--profile Prod --store {store}")).ok();
        login(&home, &url, &second, &format!("--profile prod --store {store}")).ok();
        for (profile, key) in [("Prod", &first), ("prod", &second)] {
            let token = home.run(&format!("--profile {profile} auth token"));
            assert_eq!(token.ok().out().trim_end(), key, "{store}");
            home.run(&format!("--profile {profile} auth logout")).ok();
        }
        home.run("--profile Prod auth token").exits(4);
    }
}

#[test]
fn a_key_file_with_windows_line_ends_is_read() {
    let home = Home::new();
    let (_serving, url, key) = serve(&home);
    let file = home.write("home/key.txt", format!("{key}\r\n"));
    home.line(&format!("auth login --portal {url} --store file --key-file")).arg(file).run().ok();
    assert_eq!(home.run("auth token").ok().out().trim_end(), key);
    login(&home, &url, &format!("{key}\r\n"), "--profile typed --store file").ok();
}

#[test]
fn keys_and_what_is_under_way_do_not_roam() {
    let home = Home::new();
    let (_serving, url, key) = serve(&home);
    login(&home, &url, &key, "--store file").ok();
    home.run("keys rotate --yes --name robot").ok();
    assert!(home.path("config/optra/config.toml").is_file());
    let roaming = fs::read_dir(home.path("config/optra")).unwrap().map(|entry| entry.unwrap().path());
    assert!(roaming.into_iter().all(|path| path.is_file() && !path.ends_with("default.key")));
    assert!(home.path("state/optra/keys/default.key").is_file() && home.path("state/optra/journal").is_dir());
}

#[test]
fn a_secret_that_would_go_nowhere_is_not_made() {
    let home = Home::new();
    let line = "optra --sandbox keys generate --name lost >";
    let session = home.program("cmd", ["/c", &format!("{line} NUL")]).run();
    assert!(session.exits(7).err().contains("stdout goes nowhere"), "{session}");
    assert!(!home.run("--sandbox keys list -o csv").ok().out().contains("lost"));
    home.program("cmd", ["/c", &format!("{line} key.txt")]).run().ok();
    assert!(!fs::read_to_string(home.path("home/key.txt")).unwrap().trim_end().is_empty());
}

#[test]
fn a_rotation_replaces_the_key_and_one_that_was_killed_goes_on() {
    for store in ["keyring", "file"] {
        let mut home = Home::new();
        let (_serving, url, key) = serve(&home);
        let own = another(&home, &url, &key, "robot");
        // All tests share one Credential Manager.
        home.set("OPTRA_PROFILE", format!("rotated in the {store}"));
        login(&home, &url, &own, &format!("--store {store}")).ok();
        home.run("keys rotate --yes").ok();
        let rotated = home.run("auth token").ok().out();
        assert_ne!(rotated.trim_end(), own);

        let killed = home.line("keys rotate --yes --grace 1h").start();
        killed.wait_for_stderr("Both keys work for");
        drop(killed);
        home.run("keys rotate --status").ok();
        home.run("keys rotate --abort").ok();
        assert_eq!(home.run("auth token").ok().out(), rotated);
        assert_eq!(names(&home).iter().filter(|name| name.starts_with("robot")).count(), 1);

        let killed = home.line("keys rotate --yes --grace 1s").start();
        killed.wait_for_stderr("Both keys work for");
        drop(killed);
        home.run("keys rotate --resume").ok();
        assert_ne!(home.run("auth token").ok().out(), rotated);
        assert_eq!(names(&home).iter().filter(|name| name.starts_with("robot")).count(), 1);
        home.run("auth logout").ok();
    }
}

#[test]
fn six_logins_at_once_are_all_noted() {
    let home = Home::new();
    let (_serving, url, key) = serve(&home);
    let line = |n: usize| format!("auth login --portal {url} --key-file - --store file --profile p{n}");
    let logins: Vec<_> = (0..6).map(|n| home.line(&line(n)).stdin(&*key).start()).collect();
    logins.into_iter().for_each(|login| _ = login.end().ok());
    for n in 0..6 {
        home.run(&format!("--profile p{n} auth token")).ok();
    }
}

#[test]
fn a_command_that_does_not_end_is_ended() {
    let mut home = Home::new();
    let (_serving, url, key) = serve(&home);
    home.write("home/slow.cmd", "@echo begun> begun.txt\r\n@ping -n 4 127.0.0.1 > NUL\r\n@echo late> late.txt\r\n");
    home.set("OPTRA_STORE_TIMEOUT", "1").set("OPTRA_PORTAL_URL", &url);
    home.write(
        "config/optra/config.toml",
        format!(
            "[profiles.default]\nportal = \"{url}\"\nstore = \"command\"\ncommand = '{}'\n",
            home.path("home/slow.cmd").display()
        ),
    );
    assert!(!home.run("auth token").exits(10).err().contains(&key));
    assert!(home.path("home/begun.txt").is_file());
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert!(!home.path("home/late.txt").exists());
}

#[test]
fn what_is_pasted_is_in_the_words_of_powershell() {
    let home = Home::new();
    let serving = home.line("sandbox --fresh").start();
    assert!(serving.first_line().starts_with("$env:OPTRA_PORTAL_URL = 'http://127.0.0.1:"));
    let refused = home.line("--sandbox keys generate --to").arg(r"file:no\where\k").run();
    assert!(refused.exits(10).err().contains("`mkdir "), "{refused}");
}

#[test]
fn a_command_is_found_by_its_path_and_a_script_is_one() {
    let home = Home::new();
    let taken = home.path("home/taken.txt");
    let script = home.write("home/tools/take.cmd", "@more > %1\r\n");
    for program in [script.display().to_string(), format!("\"{}\"", script.display())] {
        let place = format!("command:{program} {}", taken.display());
        home.line("--sandbox keys generate --name robot --to").arg(place).run().ok();
        assert!(!fs::read_to_string(&taken).unwrap().trim().is_empty());
        fs::remove_file(&taken).unwrap();
    }
}
