//! `keys generate --to`: the secret is delivered to all its destinations, or there is no key.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::portal;
use crate::harness::{Home, Keyring, ReferenceServer};

fn at_portal() -> (Home, ReferenceServer) {
    portal(&[], &json!([]))
}

fn count(home: &Home) -> usize {
    home.run("keys list -o ndjson").ok().ndjson().len()
}

/// Asserts that the portal accepts a secret.
fn works(home: &Home, secret: &str) {
    home.line("devices list").env("OPTRA_API_KEY", secret).run().ok();
}

#[test]
fn a_file_is_new_and_for_its_owner_only() {
    let (home, _portal) = at_portal();
    let path = home.path("ci.key");
    let line = format!("keys generate --name ci --to 'file:{}'", path.display());
    let session = home.run(&line);
    assert!(session.ok().out().is_empty(), "{session}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let secret = fs::read_to_string(&path).unwrap();
    works(&home, secret.trim());
    assert!(home.run(&line).exits(7).err().contains("is there already"));
    assert_eq!((count(&home), fs::read_to_string(&path).unwrap()), (2, secret.clone()));
    home.run(&format!("{line} --force")).ok();
    assert_ne!(fs::read_to_string(&path).unwrap(), secret);
}

#[test]
fn what_cannot_take_it_is_found_out_before_there_is_a_key() {
    let (home, portal) = at_portal();
    let folder = home.path("folder");
    fs::create_dir(&folder).unwrap();
    for (place, code) in [
        ("file:nowhere/ci.key".to_owned(), 10),
        (format!("file:{}", folder.display()), 7),
        ("command:no-such-program-anywhere".to_owned(), 10),
        ("command:'\"open'".to_owned(), 10),
        ("keyring".to_owned(), 10),
        ("clipboard".to_owned(), 2),
    ] {
        let session = home.run(&format!("keys generate --name ci --to {place}"));
        assert_eq!(session.code, Some(code), "{place}: {session}");
    }
    assert!(!portal.operations().contains(&"KeysGenerate".to_owned()));
}

#[test]
fn a_program_gets_the_bare_secret_on_its_stdin() {
    let (home, _portal) = at_portal();
    let path = home.path("taken");
    let session = home.run(&format!("keys generate --name ci --to \"command:tee '{}'\" -o json", path.display()));
    let secret = fs::read_to_string(&path).unwrap();
    assert!(!secret.contains(char::is_whitespace) && !session.out().contains(&secret), "{session}");
    assert_eq!(session.ok().json()["id"], "key-0002");
    works(&home, &secret);
}

#[test]
fn a_program_that_fails_leaves_no_key_and_no_other_delivery() {
    let (home, portal) = at_portal();
    let path = home.path("ci.key");
    let line = format!(
        "keys generate --name ci --to 'file:{}' --to \"command:sh -c 'cat; echo no room >&2; exit 3'\"",
        path.display()
    );
    let session = home.run(&line);
    let told = session.exits(1).err();
    assert!(told.contains("so the new key (id key-0002) was revoked"), "{session}");
    assert!(told.contains("no room") && told.contains("(exit status: 3)"), "{session}");
    assert!(session.out().is_empty() && !path.exists(), "{session}");
    assert_eq!((count(&home), portal.operations().iter().filter(|name| *name == "KeysRevoke").count()), (1, 1));
    let left: Vec<_> = fs::read_dir(home.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".tmp")), "{left:?}");
}

#[test]
fn a_person_is_shown_what_reached_no_place() {
    let (home, _portal) = at_portal();
    let mut terminal = home.terminal("keys generate --name ci --to command:false");
    terminal.expect("This is the secret of the new key, shown once:");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(10), "{ended:?}");
    let secret = ended.text.lines().find(|line| line.len() == 48).unwrap_or_else(|| panic!("{ended:?}"));
    works(&home, secret);
    assert!(ended.text.contains("`optra keys revoke key-0002`"), "{ended:?}");
}

#[test]
fn the_keyring_keeps_it_under_a_profile_that_works() {
    let (keyring, (mut home, portal)) = (Keyring::start(), at_portal());
    home.set_all(keyring.env());
    home.run("keys generate --name report --to keyring:report").ok();
    let secret = keyring.lookup("optra", "report").unwrap();
    works(&home, &secret);
    let status = home.line("auth status --profile report -o json").without_env("OPTRA_API_KEY").run();
    assert_eq!((&status.ok().json()["source"], &status.json()["keyId"]), (&json!("keyring"), &json!("key-0002")));
    let again = home.run("keys generate --name report --to keyring:report");
    assert!(again.exits(7).err().contains("has a key of profile `report` already"), "{again}");
    // A failed delivery restores the former key.
    home.run("keys generate --to keyring:report --to command:false --force").exits(1);
    assert_eq!(keyring.lookup("optra", "report").as_deref(), Some(&*secret));
    // So does a rotation that is rolled back.
    home.run("keys rotate report --yes --to keyring:report --force --hook false").exits(1);
    assert_ne!(keyring.lookup("optra", "report").as_deref(), Some(&*secret));
    home.run("keys rotate --abort").ok();
    assert_eq!(keyring.lookup("optra", "report").as_deref(), Some(&*secret));
    assert_eq!(keyring.count("optra"), 1);
    // So does a failure at the very end, when a new file appears.
    let late = "keys generate --to 'command:tee late' --to file:late --to keyring:second";
    assert!(home.run(late).exits(1).err().contains("the secret did not reach `file:late`"));
    assert_eq!(keyring.lookup("optra", "second"), None);
    home.write("config/optra/config.toml", "[profiles.other]\nportal = \"https://other.example\"\n");
    home.run("keys generate --to keyring:other").exits(7);
    drop(portal);
}

#[test]
fn systems_that_can_mask_are_told_before_the_value_is_there() {
    let (home, _portal) = at_portal();
    for (variable, words) in [("GITHUB_ACTIONS", "::add-mask::"), ("TF_BUILD", "##vso[task.setsecret]")] {
        let both = home.script("optra keys generate 2>&1").env(variable, "True").run();
        let lines: Vec<String> = both.ok().out().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], format!("{words}{}", lines[1]), "{both}");
        let captured = home.script("KEY=$(optra keys generate); OPTRA_API_KEY=$KEY optra devices list >/dev/null");
        captured.env(variable, "true").run().ok();
        let elsewhere = home.line("keys generate --to command:cat").env(variable, "true").run();
        assert!(!elsewhere.ok().err().contains(words), "{elsewhere}");
    }
    for variable in ["GITLAB_CI", "JENKINS_URL"] {
        let session = home.line("keys generate").env(variable, "true").run();
        assert!(session.ok().err().contains("warning: this system cannot mask"), "{session}");
    }
}

#[test]
fn several_places_get_the_same_secret() {
    let (home, _portal) = at_portal();
    let path = home.path("ci.key");
    let session = home.run(&format!("keys generate --to stdout --to 'file:{}'", path.display()));
    assert_eq!(session.ok().out(), fs::read_to_string(&path).unwrap());
}

#[test]
fn a_key_that_no_thread_can_deliver_is_revoked_again() {
    let (home, portal) = at_portal();
    // Root ignores permissions, so it becomes another user.
    let is_root = rustix::process::geteuid().is_root();
    let user = if is_root { "setpriv --reuid=65534 --regid=65534 --clear-groups" } else { "" };
    fs::set_permissions(home.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    for limit in 1..=4 {
        let script = format!("prlimit --nproc={limit} {user} optra keys generate --name bounded --to command:cat");
        let session = home.script(&script).run();
        assert_ne!(session.code, Some(70), "{session}");
        let left = home.run("keys list -o json --fields name").ok().json().to_string();
        assert_eq!(session.code == Some(0), left.contains("bounded"), "{session}: {left}");
        if session.code == Some(0) {
            home.run("keys revoke bounded --yes").ok();
        }
    }
    drop(portal);
}

#[test]
fn a_secret_on_its_way_to_a_file_has_no_name_that_a_killed_run_could_leave() {
    let (home, _portal) = at_portal();
    let run = home.line("keys generate --to file:k --to 'command:sleep 600'").start();
    let started =
        || fs::read_to_string(home.path("state/optra/journal/keys.log")).is_ok_and(|log| log.contains("done"));
    while !started() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // The key exists, and the command that gets its secret does not end.
    run.signal(rustix::process::Signal::KILL);
    assert_eq!(run.end().signal, Some(9));
    let left: Vec<_> = fs::read_dir(home.path("home")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_name_that_no_file_can_have_makes_no_key() {
    let (home, portal) = at_portal();
    fs::create_dir(home.path("home/d")).unwrap();
    for (to, code) in [
        ("--to file:sub/".to_owned(), 2),
        (format!("--to file:{}", "n".repeat(300)), 10),
        ("--to file:k --to file:d/../k".to_owned(), 2),
        ("--to file:~nobody/k".to_owned(), 2),
        ("--to keyring --to keyring:default".to_owned(), 2),
    ] {
        home.run(&format!("keys generate {to}")).exits(code);
    }
    assert_eq!((count(&home), portal.operations().iter().filter(|name| *name == "KeysGenerate").count()), (1, 0));
    // `~` behind a colon is expanded, which a shell does not do.
    home.run("keys generate --to file:~/there").ok();
    assert!(home.path("home/there").exists() && !home.path("home/~").exists());
}
