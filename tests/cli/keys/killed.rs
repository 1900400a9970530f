//! Generate, ensure, revoke and login, killed with SIGKILL before each call that changes disk or network. Afterwards a
//! secret is only where it was requested, and the same command recovers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::portal;
use crate::harness::{Home, KILLED, ReferenceServer, Session};

fn at_portal() -> (Home, ReferenceServer) {
    portal(&[], &json!([]))
}

/// Kills a run before each call, one after the other, each time in a new home, and checks the result.
fn at_every_call(line: &str, prepare: impl Fn(&Home, &ReferenceServer), then: impl Fn(&Home, &ReferenceServer, &str)) {
    for at in 1.. {
        let (home, portal) = at_portal();
        prepare(&home, &portal);
        let session = home.line(&line.replace("URL", &portal.url)).killed_before(at).run();
        let what = format!("killed before call {at}");
        if session.signal != Some(KILLED) {
            assert!(matches!(session.code, Some(0)), "{what}: {session}");
            assert!(at > 10, "{what}: {session}");
            return;
        }
        then(&home, &portal, &what);
    }
}

fn works(home: &Home, secret: &str) -> bool {
    home.line("devices list --limit 1").env("OPTRA_API_KEY", secret.trim()).run().code == Some(0)
}

/// Returns the ids of the keys of this name.
fn named(home: &Home, name: &str) -> Vec<String> {
    let keys = home.run("keys list -o json --fields id,name").ok().json();
    let same = keys.as_array().unwrap().iter().filter(|key| key["name"] == name);
    same.map(|key| key["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the files of a home that have one of these texts in them.
fn holding(home: &Home, text: &str) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![home.path("")], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(text) => found.push(path),
                false => {}
            }
        }
    }
    found
}

/// Asserts that the working directory holds nothing but what was requested.
fn is_tidy(home: &Home, asked: &str, what: &str) {
    let left: Vec<_> = fs::read_dir(home.path("home")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name == asked), "{what}: {left:?}");
}

#[test]
fn a_key_that_is_made_arrives_or_can_be_found_by_its_name() {
    at_every_call(
        "keys generate --name ci --to file:ci.key",
        |_, _| (),
        |home, _, what| {
            is_tidy(home, "ci.key", what);
            let secret = fs::read_to_string(home.path("home/ci.key")).ok();
            assert!(secret.as_ref().is_none_or(|secret| works(home, secret)), "{what}");
            if !named(home, "ci").is_empty() && secret.is_none() {
                let log = home.run("keys log -o json").ok().json();
                assert!(log.as_array().unwrap().iter().any(|entry| entry["name"] == "ci"), "{what}: {log}");
            }
        },
    );
}

#[test]
fn a_key_that_is_ensured_is_there_after_the_next_run_or_the_way_to_it_is_said() {
    at_every_call(
        "keys ensure --name ci --to file:ci.key",
        |_, _| (),
        |home, _, what| {
            is_tidy(home, "ci.key", what);
            let mut again: Session = home.run("keys ensure --name ci --to file:ci.key");
            if again.code == Some(7) {
                let ids = named(home, "ci");
                assert_eq!(ids.len(), 1, "{what}: {again}");
                assert!(again.err().contains("was cut off while it made one"), "{what}: {again}");
                assert!(again.err().contains(&format!("keys revoke {}`, then this again", ids[0])), "{what}: {again}");
                home.run(&format!("keys revoke {} --yes", ids[0])).ok();
                again = home.run("keys ensure --name ci --to file:ci.key");
            }
            again.ok();
            let secret = fs::read_to_string(home.path("home/ci.key")).unwrap();
            assert!(works(home, &secret) && named(home, "ci").len() == 1, "{what}");
        },
    );
}

#[test]
fn a_key_that_is_revoked_is_gone_after_the_next_run_and_the_log_knows_of_it() {
    let made = |home: &Home, _: &ReferenceServer| {
        home.run("keys generate --name ci").ok();
    };
    at_every_call("keys revoke ci --yes", made, |home, portal, what| {
        let was_asked = portal.operations().iter().any(|name| name == "KeysRevoke");
        let log = home.run("keys log -o json").ok().json();
        let is_logged = log.as_array().unwrap().iter().any(|entry| entry["action"] == "revoke");
        assert!(is_logged || !was_asked, "{what}: {log}");
        home.run("keys revoke ci --yes --ignore-not-found").ok();
        assert!(named(home, "ci").is_empty(), "{what}");
    });
}

#[test]
fn a_login_keeps_a_key_that_works_or_none() {
    let key = |home: &Home, _: &ReferenceServer| {
        let path = home.write("home/key.txt", ReferenceServer::KEY);
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    };
    let line = "auth login --portal URL --store file --key-file key.txt --profile mine";
    at_every_call(line, key, |home, portal, what| {
        is_tidy(home, "key.txt", what);
        let kept: [&Path; 2] = [&home.path("home/key.txt"), &home.path("config/optra/keys/mine.key")];
        let held = holding(home, ReferenceServer::KEY);
        assert!(held.iter().all(|path| kept.contains(&&**path)), "{what}: {held:?}");
        let run = |line: &str| home.line(line).without_env("OPTRA_API_KEY").without_env("OPTRA_PORTAL_URL").run();
        let status = run("auth status --profile mine");
        assert!(matches!(status.code, Some(0 | 4 | 11)), "{what}: {status}");
        run(&line.replace("URL", &portal.url)).ok();
        run("devices list --profile mine").ok();
    });
}
