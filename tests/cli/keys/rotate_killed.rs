//! `optra keys rotate`, killed with SIGKILL before each call that changes disk or network. Afterwards there is a
//! working key, no key whose secret nobody has, and a way to resume or roll back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::Value;

use crate::harness::{Home, KILLED, ReferenceServer, Session};

/// A reference server with the current time, and its admin; each rotation has its own user.
struct World {
    admin: Home,
    portal: ReferenceServer,
}

/// A user who logged in with a key of their own.
struct User {
    home: Home,
    name: String,
}

impl World {
    fn new() -> World {
        let mut admin = Home::new();
        let portal = ReferenceServer::start(&["--now", &Timestamp::now().to_string()]);
        admin.portal(&portal.url, ReferenceServer::KEY);
        World { admin, portal }
    }

    fn user(&self, n: usize) -> User {
        let name = format!("robot-{n}");
        let made = self.admin.run(&format!("keys generate --name {name} -o json"));
        let key = made.ok().json();
        let home = Home::new();
        let (url, id) = (&self.portal.url, key["id"].as_str().unwrap());
        home.write(
            "config/optra/config.toml",
            format!("[profiles.default]\nportal = \"{url}\"\nstore = \"file\"\nkey_id = \"{id}\"\n"),
        );
        let file = home.write("config/optra/keys/default.key", key["secret"].as_str().unwrap());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
        User { home, name }
    }

    /// Rotates the user's key, and is killed before the given call.
    fn rotate_killed(&self, user: &User, line: &str, at: usize) -> Session {
        user.home.line(line).killed_before(at).run()
    }

    /// Asserts that the user's key works, and that it is the only one of this name.
    fn is_whole(&self, user: &User, what: &str) {
        let keys = self.admin.run("keys list -o json --fields id,name").ok().json();
        let same: Vec<_> = keys.as_array().unwrap().iter().filter(|key| is_called(key, &user.name)).collect();
        assert_eq!(same.len(), 1, "{what}: a key whose secret nobody has: {keys}");
        let status = user.home.run("auth status -o json").ok().json();
        assert_eq!((&status["state"], &status["keyId"]), (&"valid".into(), &same[0]["id"]), "{what}");
        let journals = fs::read_dir(user.home.path("state/optra/journal")).unwrap();
        let journal = journals.flatten().find(|entry| entry.path().extension().is_some_and(|ending| ending == "json"));
        assert!(journal.is_none() && user.places().len() == 1, "{what}: something is left over: {:?}", user.places());
    }

    /// Asserts that one of the user's two places has a working key.
    fn has_a_key(&self, user: &User, what: &str) {
        let works = user.places().iter().filter_map(|path| fs::read_to_string(path).ok()).any(|secret| {
            let run = self
                .admin
                .line("devices list --limit 1")
                .env("OPTRA_API_KEY", secret.lines().next().unwrap_or_default());
            run.run().code == Some(0)
        });
        assert!(works, "{what}: there is no working key in hand");
    }
}

impl User {
    /// Returns the places of the profile's key: its own, and the one beside it during a rotation.
    fn places(&self) -> Vec<PathBuf> {
        fs::read_dir(self.home.path("config/optra/keys")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// A rotated key has a nonce in its name.
fn is_called(key: &Value, name: &str) -> bool {
    key["name"].as_str().is_some_and(|called| called == name || called.starts_with(&format!("{name} #")))
}

/// Kills a run at every call, runs `then`, and returns the number of calls.
fn at_every_place(line: &str, then: impl Fn(&World, &User, &str)) -> usize {
    at_places(1, line, then)
}

/// Does the same at one of `step` calls.
fn at_places(step: usize, line: &str, then: impl Fn(&World, &User, &str)) -> usize {
    let world = World::new();
    for at in (1..).step_by(step) {
        let user = world.user(at);
        let session = world.rotate_killed(&user, line, at);
        let what = format!("killed before call {at}");
        if session.signal != Some(KILLED) {
            session.ok();
            world.is_whole(&user, &what);
            return at - 1;
        }
        world.has_a_key(&user, &what);
        then(&world, &user, &what);
        world.is_whole(&user, &what);
    }
    unreachable!("the loop ends where nothing is killed")
}

#[test]
fn a_killed_rotation_goes_on() {
    let places = at_every_place("keys rotate --yes --hook true", |_, user, what| {
        let resumed = user.home.run("keys rotate --resume");
        // Before the journal is written there is nothing to resume, and after it is removed nothing is left to do.
        assert!(matches!(resumed.code, Some(0 | 6)), "{what}: {resumed}");
    });
    assert!(places > 50, "{places}");
}

#[test]
fn a_file_that_is_replaced_has_a_secret_that_works_wherever_it_ends() {
    let world = World::new();
    let works =
        |secret: &str| world.admin.line("devices list").env("OPTRA_API_KEY", secret.trim()).run().code == Some(0);
    for at in (1..).step_by(3) {
        let (user, what) = (world.user(at), format!("killed before call {at}"));
        user.home.run(&format!("keys generate --name report-{at} --to file:report.key")).ok();
        let line = format!("keys rotate report-{at} --yes --to file:report.key --force");
        let session = world.rotate_killed(&user, &line, at);
        let back = user.home.run("keys rotate --abort");
        if back.code == Some(7) {
            user.home.run("keys rotate --resume").ok();
        }
        let secret = fs::read_to_string(user.home.path("home/report.key")).unwrap();
        assert!(works(&secret), "{what}: {back}");
        let kept = fs::read_dir(user.home.path("home")).unwrap().flatten();
        let kept: Vec<_> = kept.filter(|entry| entry.file_name().to_string_lossy().contains("before")).collect();
        assert!(kept.is_empty(), "{what}: {kept:?}");
        if session.signal != Some(KILLED) {
            session.ok();
            assert!(at > 50, "{at}");
            return;
        }
    }
}

#[test]
fn a_killed_rotation_is_taken_back_or_too_late_for_that() {
    at_every_place("keys rotate --yes", |_, user, what| {
        let aborted = user.home.run("keys rotate --abort");
        assert!(matches!(aborted.code, Some(0 | 6 | 7)), "{what}: {aborted}");
        if aborted.code == Some(7) {
            assert!(aborted.err().contains("cannot be rolled back"), "{what}: {aborted}");
            user.home.run("keys rotate --resume").ok();
        }
    });
}

#[test]
fn one_that_is_killed_again_while_it_goes_on_still_ends() {
    // Every third call is enough here: the two tests above cover all of them.
    at_places(3, "keys rotate --yes", |world, user, what| {
        for again in [5, 12, 25, 40] {
            let resumed = world.rotate_killed(user, "keys rotate --resume", again);
            world.has_a_key(user, &format!("{what}, then before call {again}"));
            if resumed.signal != Some(KILLED) {
                assert!(matches!(resumed.code, Some(0 | 6)), "{what}, {again}: {resumed}");
                return;
            }
        }
        let resumed = user.home.run("keys rotate --resume");
        assert!(matches!(resumed.code, Some(0 | 6)), "{what}: {resumed}");
    });
}

#[test]
fn a_killed_rotation_to_a_file_brings_the_secret_there_or_keeps_the_old_key() {
    let world = World::new();
    for at in (1..).step_by(2) {
        let user = world.user(at);
        let line = format!("keys rotate {} --yes --accept-risk lose-access --to file:new.key", user.name);
        let rotate = |line: &str| user.home.line(line).folder(user.home.path("home"));
        let killed = rotate(&line).killed_before(at).run();
        let what = format!("killed before call {at}");
        // Resume from another directory.
        let resumed = user.home.line("keys rotate --resume").folder(user.home.path("")).run();
        assert!(matches!(resumed.code, Some(0 | 6)), "{what}: {resumed}");
        let keys = world.admin.run("keys list -o json --fields id,name").ok().json();
        let same = keys.as_array().unwrap().iter().filter(|key| is_called(key, &user.name)).count();
        let file = fs::read_to_string(user.home.path("home/new.key")).unwrap_or_default();
        let old = fs::read_to_string(user.home.path("config/optra/keys/default.key")).unwrap_or_default();
        let works = |secret: &str| {
            let run = world.admin.line("devices list --limit 1").env("OPTRA_API_KEY", secret.trim());
            !secret.is_empty() && run.run().code == Some(0)
        };
        assert!(works(&file) || works(&old), "{what}: nobody has a working key");
        assert_eq!(same, 1, "{what}: {keys}");
        if killed.signal != Some(KILLED) {
            assert!(works(&file), "{killed}");
            return;
        }
    }
}

#[test]
fn a_rotation_that_is_taken_back_and_killed_meanwhile_is_taken_back_to_the_end() {
    let world = World::new();
    for at in 1.. {
        let user = world.user(at);
        user.home.run("keys rotate --yes --hook false").exits(1);
        let killed = world.rotate_killed(&user, "keys rotate --abort", at);
        let what = format!("killed before call {at}");
        world.has_a_key(&user, &what);
        // Resuming in the wrong way loses nothing.
        let resumed = user.home.run("keys rotate --resume");
        assert!(matches!(resumed.code, Some(1 | 2 | 6 | 7)), "{what}: {resumed}");
        world.has_a_key(&user, &what);
        let aborted = user.home.run("keys rotate --abort");
        assert!(matches!(aborted.code, Some(0 | 6)), "{what}: {aborted}");
        world.is_whole(&user, &what);
        if killed.signal != Some(KILLED) {
            killed.ok();
            return;
        }
    }
}
