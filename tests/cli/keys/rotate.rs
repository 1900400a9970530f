//! `optra keys rotate`: its steps in order, and what it refuses.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use super::portal;
use crate::harness::{Home, Keyring, ReferenceServer};

/// A user who is logged in with the file store.
fn logged_in() -> (Home, ReferenceServer) {
    let (home, portal) = (Home::new(), ReferenceServer::start(&["--now", &jiff::Timestamp::now().to_string()]));
    let login = home.optra(["auth", "login", "--portal", &portal.url, "--store", "file", "--key-file", "-"]);
    login.stdin(ReferenceServer::KEY).run().ok();
    (home, portal)
}

#[test]
fn the_new_key_takes_the_old_ones_place() {
    let (home, portal) = logged_in();
    let hook = home.path("hooked");
    let session = home.run(&format!(
        "keys rotate --yes -o json --hook \"sh -c 'echo $OPTRA_OLD_KEY_ID $OPTRA_NEW_KEY_ID > {}'\"",
        hook.display()
    ));
    let done = session.ok().json();
    assert_eq!(
        (&done["stage"], &done["oldId"], &done["newId"]),
        (&json!("done"), &json!("key-0001"), &json!("key-0002"))
    );
    assert_eq!(fs::read_to_string(hook).unwrap(), "key-0001 key-0002\n");
    let status = home.run("auth status -o json").ok().json();
    assert_eq!((&status["state"], &status["keyId"]), (&json!("valid"), &json!("key-0002")));
    let keys = home.run("keys list -o json").ok().json();
    let name = keys[0]["name"].as_str().unwrap();
    assert!(keys.as_array().unwrap().len() == 1 && name.starts_with("first key #"), "{keys}");
    let mutations: Vec<String> = portal.operations().into_iter().filter(|name| name.starts_with("Keys")).collect();
    assert_eq!(mutations[..4], ["KeysList", "KeysGenerate", "KeysRevoke", "KeysList"]);
    home.run("keys rotate --resume").exits(6);
}

#[test]
fn what_a_rotation_was_begun_with_is_not_said_again() {
    let home = Home::new();
    for end in ["--resume", "--abort", "--status"] {
        for said in ["ci", "--name n", "--to file:f", "--force", "--hook true", "--hook-limit 5s", "--grace 0s"] {
            let session = home.run(&format!("--sandbox keys rotate {end} {said}"));
            assert!(session.exits(2).err().contains("cannot be used with"), "{session}");
        }
    }
}

#[test]
fn the_keyring_is_rotated_too() {
    let (keyring, portal) = (Keyring::start(), ReferenceServer::start(&[]));
    let mut home = Home::new();
    home.set_all(keyring.env());
    let login = home.optra(["auth", "login", "--portal", &portal.url, "--key-file", "-"]).stdin(ReferenceServer::KEY);
    login.run().ok();
    assert!(home.run("keys rotate --yes --force --to keyring").exits(2).err().contains("Leave `--to` out"));
    home.run("keys rotate --yes").ok();
    assert_ne!(keyring.lookup("optra", "default").as_deref(), Some(ReferenceServer::KEY));
    assert_eq!(keyring.lookup("optra", "default\tnext"), None);
    home.run("devices list").ok();
}

#[test]
fn another_key_is_rotated_to_where_it_belongs() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci", "secret": "old-secret-of-ci" }]));
    let file = home.path("ci.key");
    home.run("keys rotate ci --yes").exits(2);
    home.run(&format!("keys rotate ci --yes --to 'file:{}'", file.display())).ok();
    let secret = fs::read_to_string(&file).unwrap();
    home.line("devices list").env("OPTRA_API_KEY", secret.trim()).run().ok();
    home.line("devices list").env("OPTRA_API_KEY", "old-secret-of-ci").run().exits(4);
    let out = home.run("keys rotate ci --yes --to stdout --name ci-2").ok().out();
    home.line("devices list").env("OPTRA_API_KEY", out.trim()).run().ok();
    // A program gets one document, as from `keys generate`.
    let rotated = home.run("keys rotate ci-2 --yes --to stdout -o json");
    let key = rotated.ok().json();
    home.line("devices list").env("OPTRA_API_KEY", key["secret"].as_str().unwrap()).run().ok();
    let told = format!("the new one (id {}) works, the old one (id ", key["id"].as_str().unwrap());
    assert!(rotated.err().contains(&told), "{rotated}");
    let filtered = home.run("keys rotate ci-2 --yes --to 'command:tee kept' --to stdout --jq .secret").ok().out();
    assert_eq!(filtered.trim(), fs::read_to_string(home.path("home/kept")).unwrap());
    home.run("keys rotate --yes").exits(2);
    home.run("keys rotate nobody --yes --to stdout").exits(6);
    home.run("keys rotate ci-2 --to stdout").exits(7);
}

#[test]
fn a_hook_that_cannot_be_run_is_found_before_there_is_a_key() {
    let (home, portal) = logged_in();
    home.write("home/no-program", "no program\n");
    for (hook, problem) in [
        ("no-such-program --now", "cannot be started: `no-such-program`: there is no such program"),
        ("./no-program", "cannot be started: `./no-program`: it is there, and cannot be executed"),
        ("'systemctl restart", "has a quote that is not closed"),
        ("", "is empty"),
    ] {
        let session = home.optra(["keys", "rotate", "--yes", "--hook", hook]).run();
        assert!(session.exits(1).err().starts_with(&format!("error: the hook `{hook}` {problem}")), "{session}");
        assert!(!problem.contains("started") || session.err().contains("--hook \"sh -c 'COMMAND'\""), "{session}");
    }
    assert!(!portal.operations().contains(&"KeysGenerate".to_owned()));
    assert!(home.run("keys rotate --status").ok().err().contains("no rotation is under way"));
}

#[test]
fn a_hook_that_fails_leaves_both_keys_and_a_way_on_and_back() {
    let (home, _portal) = logged_in();
    let session = home.run("keys rotate --yes --hook 'sh -c \"test -e ready\"'");
    let told = session.exits(1).err();
    assert!(
        told.contains("the hook") && told.contains("`optra keys rotate --resume`") && told.contains("--abort`"),
        "{session}"
    );
    assert_eq!(home.run("keys rotate --status -o json").ok().json()["stage"], "proven");
    assert!(home.run("keys rotate --yes").exits(7).err().contains("a rotation of key key-0001 is under way"));
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 2);
    let back = home.run("keys rotate --abort");
    assert!(back.ok().err().contains("Rolled the rotation back; the old key (id key-0001) still works."), "{back}");
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 1);
    assert!(home.run("keys rotate --status").ok().err().contains("no rotation is under way"));
}

#[test]
fn a_file_that_was_replaced_has_its_secret_again_when_a_rotation_is_taken_back() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci", "secret": "old-secret-of-ci" }]));
    let file = home.write("home/ci.key", "old-secret-of-ci\n");
    let files =
        || fs::read_dir(home.path("home")).unwrap().flatten().map(|entry| entry.file_name()).collect::<Vec<_>>();
    let before = files();
    home.run("keys rotate ci --yes --to file:ci.key --force --hook false").exits(1);
    assert_ne!(fs::read_to_string(&file).unwrap(), "old-secret-of-ci\n");
    let back = home.run("keys rotate --abort");
    assert!(back.ok().err().contains("Restored the former content of"), "{back}");
    assert_eq!((fs::read_to_string(&file).unwrap().as_str(), files()), ("old-secret-of-ci\n", before.clone()));
    home.line("devices list").env("OPTRA_API_KEY", "old-secret-of-ci").run().ok();
    // The same if the delivery fails after the file was written.
    home.run("keys rotate ci --yes --to file:ci.key --to command:false --force").exits(1);
    assert_eq!((fs::read_to_string(&file).unwrap().as_str(), files()), ("old-secret-of-ci\n", before.clone()));
    home.run("keys rotate ci --yes --to file:ci.key --force").ok();
    assert_eq!(files(), before);
}

#[test]
fn ctrl_c_in_the_time_of_grace_says_where_it_stands() {
    let (home, _portal) = logged_in();
    let run = home.line("keys rotate --yes --grace 10m").start();
    run.wait_for_stderr("Both keys work for");
    run.signal(Signal::INT);
    let session = run.end();
    assert!(session.exits(130).err().contains("interrupted; the new key (id key-0002) is `waiting`"), "{session}");
    home.run("devices list").ok();
    // The grace period continues when the rotation is resumed: the journal has its beginning.
    let again = home.line("keys rotate --resume").start();
    again.wait_for_stderr("Both keys work for");
    let other = home.run("keys rotate --status -o json").ok().json();
    assert_eq!(other["stage"], "waiting");
    assert!(home.run("keys rotate --resume").exits(7).err().contains("another process is rotating"));
    again.signal(Signal::KILL);
    drop(again.end());
    home.run("keys rotate --abort").ok();
    home.run("devices list").ok();
}

#[test]
fn ctrl_c_while_a_key_is_made_waits_for_its_delivery() {
    let server = crate::harness::MockServer::new()
        .answer(
            "KeysGenerate",
            crate::harness::Answer::data(json!({"generateApiKey": {"id": "k-7", "secret": "s3cret-of-seven"}}))
                .delayed(Duration::from_millis(700)),
        )
        .lenient();
    let home = super::home_of(&server);
    let run = home.line("keys generate").start();
    while server.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    run.signal(Signal::INT);
    run.wait_for_stderr("This step is finished first");
    let session = run.end();
    assert_eq!(session.exits(130).out(), "s3cret-of-seven\n", "{session}");
    assert!(
        session.err().contains("interrupted; the key (id k-7) was made, and its secret was delivered"),
        "{session}"
    );
}

#[test]
fn a_person_types_which() {
    let (home, portal) = logged_in();
    let mut terminal = home.terminal("keys rotate");
    terminal.expect("Rotate key `first key` (id key-0001): a new key goes to the profile's own store");
    terminal.expect("Type its name or id to rotate it");
    terminal.send_line("y");
    assert_eq!(terminal.finish().code, Some(7));
    assert!(!portal.operations().contains(&"KeysGenerate".to_owned()));
    let mut terminal = home.terminal("keys rotate");
    terminal.expect("Type its name or id to rotate it");
    terminal.send_line("key-0001");
    assert_eq!(terminal.finish().code, Some(0));
}

#[test]
fn nobody_is_asked_about_what_the_portal_cannot_do() {
    let schema = "type Query { apiKeys: Keys devices: Devices } type Keys { data: [Key!]! } type Key { id: ID! name: String } \
                  type Devices { data: [Device!]! } type Device { id: ID! } type Gone { id: ID! } type Mutation ";
    for (mutations, lines) in [
        ("{ revokeApiKey(id: ID!): Gone }", &["keys rotate ci --to file:new"][..]),
        (
            "{ mintSecret(label: String): Gone }",
            &["keys rotate ci --to file:new", "keys revoke ci", "keys revoke ci 'first key'"],
        ),
    ] {
        let shelf = Home::new();
        let schema = shelf.write("schema.graphql", format!("{schema}{mutations}"));
        let (home, portal) = portal(&["--schema", schema.to_str().unwrap()], &json!([{ "name": "ci" }]));
        for line in lines {
            let ended = home.terminal(&format!("{line} --allow-partial --accept-risk lose-access")).finish();
            let told = format!("error: nothing was {}d", &line[5..11]);
            assert!(ended.code == Some(9) && ended.text.contains(&told), "{line}: {}", ended.text);
            assert!(!ended.text.contains("Type its"), "{line}: {}", ended.text);
        }
        assert!(!portal.operations().iter().any(|name| name == "KeysGenerate" || name == "KeysRevoke"));
    }
    // A portal that fits the contract gets no extra request.
    let (home, portal) = logged_in();
    let before = portal.requests().len();
    let mut terminal = home.terminal("keys rotate");
    terminal.expect("Type its name or id to rotate it").send_line("no");
    assert_eq!(terminal.finish().code, Some(7));
    let asked: Vec<_> = portal.operations().split_off(before);
    assert_eq!(asked, ["KeysList", "AuthViewer"]);
}

#[test]
fn what_may_be_anothers_is_named_and_left() {
    let now = jiff::Timestamp::now().to_string();
    let (home, portal) = portal(&["--now", &now], &json!([{ "name": "robot", "createdAt": now }]));
    let proxy = crate::harness::FaultProxy::start(&portal.url, "KeysGenerate");
    let mut cut = Home::new();
    cut.portal(&proxy.url, ReferenceServer::KEY);
    let file = cut.path("robot.key");
    cut.run(&format!("keys rotate robot --yes --name robot --to 'file:{}'", file.display())).exits(8);
    let session = cut.run("keys rotate --resume");
    assert!(session.exits(7).err().contains("may be the one of this rotation, or another's: key-0003"), "{session}");
    let session = cut.run("keys rotate --abort");
    assert!(session.ok().err().contains("`optra keys revoke key-0003`"), "{session}");
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 3);
}

#[test]
fn a_secret_that_is_gone_keeps_the_old_key() {
    let (home, _portal) = portal(&[], &json!([{ "name": "ci", "secret": "old-secret-of-ci" }]));
    let file = home.path("ci.key");
    let line = format!("keys rotate ci --yes --to 'file:{0}' --hook 'rm {0}'", file.display());
    let session = home.run(&line);
    assert!(
        session.exits(10).err().contains("is not where it was delivered any more") || session.code == Some(2),
        "{session}"
    );
    home.line("devices list").env("OPTRA_API_KEY", "old-secret-of-ci").run().ok();
    home.run("keys rotate --abort").ok();
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 2);
}

#[test]
fn nothing_gets_in_the_way_of_a_rotation() {
    let (home, portal) = logged_in();
    home.run("keys rotate --yes --hook false").exits(1);
    let login = home.optra(["auth", "login", "--portal", &portal.url, "--store", "file", "--key-file", "-"]);
    assert!(login.stdin(ReferenceServer::KEY).run().exits(7).err().contains("keys rotate --resume`"));
    assert!(home.run("auth logout").exits(7).err().contains("`optra keys rotate --resume`"));
    home.run("keys rotate --abort").ok();
    home.run("auth logout").ok();
}

#[test]
fn programs_do_not_get_the_key_in_use() {
    let (home, _portal) = portal(&[], &json!([]));
    let seen = home.path("seen");
    home.run(&format!("keys generate --to \"command:sh -c 'cat > /dev/null; env > {}'\"", seen.display())).ok();
    assert!(!fs::read_to_string(&seen).unwrap().contains(ReferenceServer::KEY));
}

#[test]
fn a_place_that_is_named_twice_is_a_mistake() {
    let (home, portal) = portal(&[], &json!([]));
    home.run("keys generate --to file:a --to file:./a").exits(2);
    assert!(portal.operations().is_empty());
}

#[test]
fn what_was_ignored_at_the_beginning_ends_no_rotation() {
    let (home, _portal) = portal(&[], &json!([{ "name": "robot" }]));
    let script = "trap '' HUP; optra keys rotate robot --yes --to file:k --grace 1s & pid=$!; \
                  until optra keys rotate --status 2>&1 | grep -q waiting; do sleep 0.05; done; kill -HUP $pid; wait $pid";
    let session = home.script(script).run();
    assert!(session.ok().err().contains("Rotated key"), "{session}");
}
