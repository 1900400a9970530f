//! Every system call of a verb fails once: a full disk, a lost permission, no descriptors, a broken connection.
//! Whatever happens, no key is lost, no verdict is wrong, nothing hangs, and the run can be resumed. A fast selection
//! by default; `just torture` tries each error at each call.

use std::env;
use std::fs;

use serde_json::{Value, json};

use super::portal;
use crate::harness::{Home, ReferenceServer, Session};

/// ENOSPC, EIO, EACCES, EINTR, EAGAIN, ENOMEM, ECONNRESET, EMFILE
const ERRORS: [i32; 8] = [28, 5, 13, 4, 11, 12, 104, 24];

/// A reference server, and its admin.
struct World {
    admin: Home,
    portal: ReferenceServer,
}

/// One run with a failing call: a home of its own, and a unique name of the key.
struct Failed<'w> {
    world: &'w World,
    home: Home,
    name: String,
    session: Session,
    what: String,
}

impl World {
    fn new() -> World {
        let (admin, portal) = portal(&[], &json!([]));
        World { admin, portal }
    }

    fn home(&self) -> Home {
        let mut home = Home::new();
        home.portal(&self.portal.url, ReferenceServer::KEY);
        home
    }

    /// Runs a line once for each call, failing that call, and checks the result.
    fn at_every_call(&self, line: &str, prepare: impl Fn(&World, &str) -> Home, then: impl Fn(&Failed<'_>)) {
        let all = env::var_os("OPTRA_TORTURE").is_some();
        let calls = self.calls_of(line, &prepare);
        for at in 1..=calls {
            let errors = if all { &ERRORS[..] } else { &ERRORS[at % ERRORS.len()..][..1] };
            for error in errors {
                let name = format!("key-{at}-{error}");
                let home = prepare(self, &name);
                let session = self.line(&home, line, &name).failing_at(at, *error).run();
                let what = format!("error {error} at call {at} of {calls}: {session}");
                assert!(session.signal.is_none() && session.code != Some(70), "{what}");
                then(&Failed { world: self, home, name, session, what });
            }
        }
    }

    fn line<'h>(&self, home: &'h Home, line: &str, name: &str) -> crate::harness::Run<'h> {
        home.line(&line.replace("NAME", name).replace("URL", &self.portal.url))
    }

    fn calls_of(&self, line: &str, prepare: &impl Fn(&World, &str) -> Home) -> usize {
        let home = prepare(self, "counted");
        let session = self.line(&home, line, "counted").failing_at(0, 0).env("FAIL_COUNT", "1").run();
        let told = session.ok().err();
        // A program that it starts counts its own.
        let counts = told.lines().filter_map(|line| line.strip_prefix("calls: "));
        let calls = counts.map(|count| count.parse().unwrap()).max().unwrap();
        assert!(calls > 20, "{line}: {calls} calls");
        calls
    }
}

impl Failed<'_> {
    /// Returns the ids of the keys with this run's name.
    fn keys(&self) -> Vec<String> {
        let keys = self.world.admin.run("keys list -o json --fields id,name").ok().json();
        let same = keys.as_array().unwrap().iter().filter(|key| key["name"] == self.name.as_str());
        same.map(|key| key["id"].as_str().unwrap().to_owned()).collect()
    }

    fn file_works(&self) -> bool {
        let secret = fs::read_to_string(self.home.path("home/ci.key")).unwrap_or_default();
        let asked = self.world.admin.line("devices list --limit 1").env("OPTRA_API_KEY", secret.trim()).run();
        !secret.is_empty() && asked.code == Some(0)
    }

    fn succeeded(&self) -> bool {
        self.session.code == Some(0)
    }

    /// Asserts that the key has its secret in the file, was revoked, or is reported as a key without a secret.
    fn is_accounted_for(&self) {
        let (keys, told) = (self.keys(), self.session.err());
        let is_told = |id: &String| told.contains(id.as_str()) || self.session.code == Some(8);
        assert!(keys.len() < 2, "{keys:?}: {}", self.what);
        assert!(self.file_works() || !self.succeeded(), "{}", self.what);
        assert!(self.file_works() || keys.iter().all(is_told), "{keys:?}: {}", self.what);
    }
}

#[test]
fn a_key_that_is_made_is_never_lost_in_silence() {
    World::new().at_every_call(
        "keys generate --name NAME --to file:ci.key",
        |world, _| world.home(),
        |failed| failed.is_accounted_for(),
    );
}

#[test]
fn a_key_that_is_ensured_is_never_lost_in_silence() {
    World::new().at_every_call(
        "keys ensure --name NAME --to file:ci.key",
        |world, _| world.home(),
        |failed| failed.is_accounted_for(),
    );
}

#[test]
fn a_revocation_says_what_came_of_it() {
    let made = |world: &World, name: &str| {
        let home = world.home();
        home.run(&format!("keys generate --name {name} --to file:ci.key")).ok();
        home
    };
    World::new().at_every_call("keys revoke NAME --yes", made, |failed| {
        let is_gone = failed.keys().is_empty();
        assert!(!failed.succeeded() || is_gone, "{}", failed.what);
        let denies = ["nothing was revoked", "still there", "not attempted"];
        let denies = denies.iter().any(|words| failed.session.err().contains(words));
        assert!(!(is_gone && denies), "{}", failed.what);
    });
}

#[test]
fn a_login_keeps_a_key_that_works_or_says_that_it_keeps_none() {
    let key = |_: &World, _: &str| {
        let home = Home::new();
        let path = home.write("home/key.txt", ReferenceServer::KEY);
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        home
    };
    World::new().at_every_call("auth login --portal URL --store file --key-file key.txt", key, |failed| {
        let token = failed.home.run("auth token");
        assert!(!failed.succeeded() || token.out().trim() == ReferenceServer::KEY, "{}\n{token}", failed.what);
        assert!(token.code == Some(0) || token.out().is_empty(), "{}\n{token}", failed.what);
    });
}

#[test]
fn a_rotation_has_a_way_on_and_a_key_in_hand() {
    let login = |world: &World, name: &str| {
        let (secret, home) = (world.admin.run(&format!("keys generate --name {name}")).ok().out(), Home::new());
        let login = ["auth", "login", "--portal", &world.portal.url, "--store", "file", "--key-file", "-"];
        home.optra(login).stdin(secret.trim()).run().ok();
        home
    };
    World::new().at_every_call("keys rotate --yes", login, |failed| {
        let Failed { home, what, .. } = failed;
        let on = home.run("keys rotate --resume");
        assert!(matches!(on.code, Some(0 | 6)), "{what}\n{on}");
        assert_eq!(home.run("devices list --limit 1").code, Some(0), "{what}\n{on}");
        let all = failed.world.admin.run("keys list -o json --fields id,name").ok().json();
        let is_theirs = |key: &&Value| key["name"].as_str().is_some_and(|name| is_called(name, &failed.name));
        assert_eq!(all.as_array().unwrap().iter().filter(is_theirs).count(), 1, "{what}\n{on}\n{all}");
    });
}

#[test]
fn a_key_for_one_run_goes_at_its_end_or_with_the_next_sweep() {
    World::new().at_every_call(
        "run --ephemeral --name NAME -- true",
        |world, _| world.home(),
        |failed| {
            let left = |failed: &Failed<'_>| {
                let all = failed.world.admin.run("keys list -o json --fields id,name").ok().out();
                all.matches(&format!("{} (run ", failed.name)).count()
            };
            assert!(!failed.succeeded() || left(failed) == 0, "{}", failed.what);
            let swept = failed.home.run("keys sweep");
            assert!(swept.code == Some(0) && left(failed) == 0, "{}\n{swept}", failed.what);
        },
    );
}

/// A rotated key has a nonce in its name.
fn is_called(called: &str, name: &str) -> bool {
    called == name || called.starts_with(&format!("{name} #"))
}
