//! `optra keys ensure`: one key, however often and however many runs at once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;

use serde_json::json;

use super::portal;
use crate::harness::{Home, ReferenceServer};

fn named(home: &Home, name: &str) -> usize {
    home.run("keys list -o ndjson").ok().ndjson().iter().filter(|key| key["name"] == name).count()
}

#[test]
fn the_second_time_nothing_is_made_or_delivered() {
    let (home, portal) = portal(&[], &json!([]));
    let first = home.run("keys ensure --name ci");
    assert_eq!(first.ok().out().trim_end().len(), 48, "{first}");
    let second = home.run("keys ensure --name ci -o json");
    let there = json!({"id": "key-0002", "name": "ci", "createdAt": "2026-03-01T12:00:00Z", "changed": false});
    assert_eq!(second.ok().json(), there);
    assert!(second.err().contains("is there already; nothing was changed or delivered"), "{second}");
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysGenerate").count(), 1);
}

#[test]
fn a_variable_is_not_left_empty_without_a_word() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci" }]));
    let session = home.script("KEY=$(optra keys ensure --name ci) || exit; echo \"got $KEY\"").run();
    assert!(session.exits(7).err().contains("its secret cannot be printed again"), "{session}");
}

#[test]
fn a_secret_that_is_nowhere_is_no_success() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci" }]));
    let path = home.path("ci.key");
    let session = home.run(&format!("keys ensure --name ci --to 'file:{}'", path.display()));
    assert!(session.exits(7).err().contains("but its secret is not at"), "{session}");
    // What a person put there may be its secret.
    fs::write(&path, "key-from-elsewhere").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let session = home.run(&format!("keys ensure --name ci --to 'file:{}'", path.display()));
    assert!(session.ok().err().contains("whether its secret is that of this key is not known"), "{session}");
}

#[test]
fn a_file_with_something_else_is_no_success() {
    let (home, _portal) = portal(&[], &json!([]));
    let ensure = || home.run("keys ensure --name ci --to file:ci.key");
    let path = home.path("home/ci.key");
    ensure().ok();
    let secret = fs::read(&path).unwrap();
    assert!(ensure().ok().err().contains("is there already"));
    home.run("keys generate --name other --to file:other.key").ok();
    let other = fs::read(home.path("home/other.key")).unwrap();
    for (content, problem) in [
        (&b""[..], "which is empty"),
        (b"two\nlines\n", "which holds no key"),
        (&other, "which has the secret of another key (id key-0003)"),
        (b"key-from-elsewhere", "which holds no key that this machine knows"),
    ] {
        fs::write(&path, content).unwrap();
        let session = ensure();
        assert!(session.exits(7).err().contains(problem), "{problem}: {session}");
        assert!(session.err().contains("Move it away, or name another place."), "{session}");
    }
    fs::write(&path, secret).unwrap();
    ensure().ok();
}

#[test]
fn two_of_the_name_are_one_too_many() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci" }, { "name": "ci" }]));
    let session = home.run("keys ensure --name ci");
    assert!(session.exits(6).err().contains("2 keys are called `ci`: key-0002, key-0003"), "{session}");
}

#[test]
fn many_at_once_make_one() {
    let (home, _portal) = portal(&[], &json!([]));
    let runs: Vec<_> = (0..6).map(|_| home.line("keys ensure --name ci -o json").start()).collect();
    let made = runs.into_iter().map(|run| run.end()).filter(|session| session.ok().json()["changed"] == true).count();
    assert_eq!((made, named(&home, "ci")), (1, 1));
}

#[test]
fn thirty_at_once_on_machines_of_their_own_say_nothing_that_could_end_the_key_that_stays() {
    let portal = ReferenceServer::start(&["--now", &jiff::Timestamp::now().to_string()]);
    let homes: Vec<Home> = (0..30)
        .map(|_| {
            let mut home = Home::new();
            home.portal(&portal.url, ReferenceServer::KEY);
            home
        })
        .collect();
    let sessions: Vec<_> = thread::scope(|scope| {
        let run = |home| scope.spawn(move || Home::run(home, "keys ensure --name ci --to file:ci.key"));
        let runs: Vec<_> = homes.iter().map(run).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let made: Vec<&Home> = homes.iter().filter(|home| home.path("home/ci.key").exists()).collect();
    assert_eq!((made.len(), named(&homes[0], "ci")), (1, 1));
    let stays = homes[0].run("keys list -o json").ok().json()[1]["id"].as_str().unwrap().to_owned();
    for session in sessions {
        let told = session.err();
        let ends = [format!("keys revoke {stays}"), format!("keys rotate {stays}"), "keys revoke ID".to_owned()];
        assert!(session.code == Some(0) || !ends.iter().any(|line| told.contains(line)), "{session}");
    }
}

#[test]
fn many_at_once_on_different_machines_leave_one_and_its_secret() {
    let portal = ReferenceServer::start(&[]);
    let homes: Vec<Home> = (0..4)
        .map(|_| {
            let mut home = Home::new();
            home.portal(&portal.url, ReferenceServer::KEY);
            home
        })
        .collect();
    let secrets: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = homes.iter().map(|home| scope.spawn(|| home.run("keys ensure --name ci").out())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).filter(|out| !out.is_empty()).collect()
    });
    assert_eq!((secrets.len(), named(&homes[0], "ci")), (1, 1));
    homes[0].line("devices list").env("OPTRA_API_KEY", secrets[0].trim()).run().ok();
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_is_not_followed() {
    let (home, _portal) = portal(&[], &json!([]));
    home.run("keys ensure --name first --to file:first.key").ok();
    let folder = home.path("state/optra/journal");
    let lock = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let lock = lock.into_iter().find(|path| path.display().to_string().contains("ensure-")).unwrap();
    let target = home.write("home/target", "kept");
    fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink(&target, &lock).unwrap();
    let session = home.run("keys ensure --name second --to file:second.key");
    assert!(session.exits(1).err().contains("cannot lock"), "{session}");
    assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
}
