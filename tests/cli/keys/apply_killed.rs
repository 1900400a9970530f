//! `optra keys apply`, killed before each call that changes disk or network, with a full disk, with a broken
//! connection, and run again: it converges, no key is lost and none is made twice.

use std::env;
use std::fs;

use serde_json::{Value, json};

use super::portal;
use crate::harness::{FaultProxy, Home, KILLED, ReferenceServer};

/// ENOSPC, ECONNRESET
const ERRORS: [i32; 2] = [28, 104];

/// A reference server that is reset for each run.
struct World {
    portal: ReferenceServer,
}

impl World {
    fn new() -> World {
        let (_, portal) = portal(&[], &json!([]));
        World { portal }
    }

    /// A home with a key at `old.key`, and a file that wants it at `moved.key`, one more key, and no other.
    fn home(&self) -> Home {
        self.portal.restore_keys(true);
        let mut home = Home::new();
        home.portal(&self.portal.url, ReferenceServer::KEY);
        let write = |text: &str| home.write("home/keys.toml", format!("portal = \"{}\"\n{text}", self.portal.url));
        write("[keys.old]\nto = [\"file:old.key\"]\n[keys.former]\nto = [\"command:sh -c 'cat > /dev/null'\"]\n");
        home.run("keys apply -f keys.toml --yes").ok();
        write("[keys.report]\nto = [\"file:report.key\"]\n[keys.old]\nto = [\"file:moved.key\"]\ngrace = \"0s\"\n");
        home
    }

    fn works(&self, home: &Home, file: &str) -> bool {
        let secret = fs::read_to_string(home.path(format!("home/{file}"))).unwrap_or_default();
        self.alive().iter().any(|key| key["secret"] == secret.trim())
    }

    fn alive(&self) -> Vec<Value> {
        self.portal.keys().into_iter().filter(|key| key["revoked"] != true).collect()
    }

    /// Runs again, and checks that every key exists once and nothing is left to do.
    fn converges(&self, home: &Home, what: &str) {
        assert!(self.works(home, "old.key") || self.works(home, "moved.key"), "{what}: the old key is lost");
        let again = home.run(LINE);
        assert_eq!(again.code, Some(0), "{what}, then {again}");
        let told = home.run("keys plan -f keys.toml --prune --exit-code");
        assert_eq!(told.code, Some(0), "{what}, then {again} and {told}");
        assert!(self.works(home, "report.key") && self.works(home, "moved.key"), "{what}, then {again}");
        assert_eq!(self.alive().len(), 3, "{what}, then {again}: {:?}", self.alive());
        let left =
            fs::read_dir(home.path("home")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut left: Vec<String> = left.filter(|name| name != "old.key").collect();
        left.sort();
        assert_eq!(left, ["keys.toml", "moved.key", "report.key"], "{what}, then {again}");
    }
}

const LINE: &str = "keys apply -f keys.toml --prune --yes";

/// Every call with `OPTRA_TORTURE`, else a selection.
fn step(usual: usize) -> usize {
    if env::var_os("OPTRA_TORTURE").is_some() { 1 } else { usual }
}

#[test]
fn one_that_is_killed_anywhere_is_taken_up_by_the_next() {
    let world = World::new();
    for at in (1..).step_by(step(5)) {
        let home = world.home();
        let session = home.line(LINE).killed_before(at).run();
        let what = format!("killed before call {at}: {session}");
        world.converges(&home, &what);
        if session.signal != Some(KILLED) {
            assert!(at > 80, "{what}");
            return;
        }
    }
}

#[test]
fn one_that_is_killed_and_killed_again_still_ends() {
    let world = World::new();
    for at in (10..).step_by(step(23)) {
        let home = world.home();
        let session = home.line(LINE).killed_before(at).run();
        for again in [30, 12, 45] {
            let _ = home.line(LINE).killed_before(again).run();
        }
        world.converges(&home, &format!("killed before call {at}, and again: {session}"));
        if session.signal != Some(KILLED) {
            return;
        }
    }
}

#[test]
fn a_full_disk_and_a_broken_connection_lose_no_key() {
    let world = World::new();
    let mut fine = 0;
    for (n, at) in (1..).step_by(step(29)).enumerate() {
        let home = world.home();
        let error = ERRORS[n % ERRORS.len()];
        let session = home.line(LINE).failing_at(at, error).run();
        let what = format!("error {error} at call {at}: {session}");
        assert!(session.signal.is_none() && session.code != Some(70), "{what}");
        world.converges(&home, &what);
        // Behind the last call nothing fails any more.
        fine = if session.code == Some(0) { fine + 1 } else { 0 };
        if fine >= 8 && at > 200 {
            return;
        }
    }
}

#[test]
fn an_answer_that_is_lost_leaves_no_key_whose_secret_nobody_has() {
    let (mut home, portal) = portal(&[], &json!([]));
    let proxy = FaultProxy::start(&portal.url, "KeysGenerate");
    home.portal(&proxy.url, ReferenceServer::KEY);
    home.write("home/keys.toml", format!("portal = \"{}\"\n[keys.a]\nto = [\"file:a.key\"]\n", proxy.url));
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.exits(8).err().contains("was found and revoked"), "{session}");
    let alive: Vec<Value> = portal.keys().into_iter().filter(|key| key["revoked"] != true).collect();
    assert_eq!(alive.len(), 1, "{alive:?}");
    home.run("keys plan -f keys.toml --exit-code").exits(1);
    drop(portal);
    home.run("keys apply -f keys.toml --yes").exits(8);
}
