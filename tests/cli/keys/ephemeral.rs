//! `optra run --ephemeral`: a key for one program, gone when the program ends, however it ends. The next run or `keys
//! sweep` revokes the key of a killed run.

use std::{env, fs};

use rustix::process::Signal;
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::{Answer, Home, KILLED, MockServer, ReferenceServer};

/// Returns the names of all keys.
fn names(home: &Home) -> Vec<String> {
    let keys = home.run("keys list -o json --fields name").ok().json();
    keys.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn of_a_run(names: &[String]) -> usize {
    names.iter().filter(|name| name.contains(" (run ")).count()
}

fn at_portal() -> (Home, ReferenceServer) {
    portal(&[], &json!([]))
}

#[test]
fn the_program_has_a_key_of_its_own_that_is_gone_afterwards() {
    let (home, _portal) = at_portal();
    let script = "optra keys list -o csv --fields name; printenv OPTRA_API_KEY > seen";
    let session = home.optra(["run", "--ephemeral", "--name", "deploy", "--", "sh", "-c", script]).run();
    assert!(session.ok().out().contains("\ndeploy (run "), "{session}");
    let secret = fs::read_to_string(home.path("home/seen")).unwrap();
    assert_ne!(secret.trim(), ReferenceServer::KEY);
    let dead = home.line("devices list").env("OPTRA_API_KEY", secret.trim()).run();
    assert_eq!(dead.code, Some(4), "{dead}");
    assert_eq!(of_a_run(&names(&home)), 0);
    let log = home.run("keys log -o json --fields action,result,command").ok().json();
    let done = json!([
        { "action": "generate", "result": "done", "command": "run --ephemeral" },
        { "action": "revoke", "result": "done", "command": "run --ephemeral" },
    ]);
    let of_log: Vec<&Value> = log.as_array().unwrap().iter().filter(|entry| entry["result"] == "done").collect();
    assert_eq!(json!(of_log), done);
}

#[test]
fn its_exit_code_is_the_programs_and_the_key_goes_whatever_it_is() {
    let (home, _portal) = at_portal();
    for code in [0, 1, 130] {
        let session = home.optra(["run", "--ephemeral", "--", "sh", "-c", &format!("exit {code}")]).run();
        assert_eq!(session.to_string(), format!("--- exit {code}\n"));
    }
    let session = home.optra(["run", "--ephemeral", "--", "sh", "-c", "kill -9 $$"]).run();
    assert_eq!(session.to_string(), "--- exit 137\n");
    assert_eq!(of_a_run(&names(&home)), 0);
}

#[test]
fn a_signal_is_the_programs_and_the_key_goes_all_the_same() {
    let (home, _portal) = at_portal();
    let script = "trap 'echo told; exit 9' TERM INT HUP; echo ready; for n in $(seq 200); do sleep 0.05; done";
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let running = home.optra(["run", "--ephemeral", "--", "sh", "-c", script]).start();
        assert_eq!(running.first_line(), "ready");
        assert_eq!(of_a_run(&names(&home)), 1);
        running.signal(signal);
        assert_eq!(running.end().to_string(), "ready\ntold\n--- exit 9\n");
        assert_eq!(of_a_run(&names(&home)), 0);
    }
}

#[test]
fn ctrl_c_at_a_terminal_ends_the_program_and_its_key() {
    let (home, _portal) = at_portal();
    let script = "echo ready; for n in $(seq 200); do sleep 0.05; done";
    let mut terminal = home.optra(["run", "--ephemeral", "--", "sh", "-c", script]).on_terminal().start();
    terminal.expect("ready").send_ctrl_c();
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(130), "{}", ended.text);
    assert_eq!(of_a_run(&names(&home)), 0);
}

#[test]
fn what_cannot_be_run_has_no_key() {
    let (home, portal) = at_portal();
    let session = home.run("run --ephemeral -- no-such-program");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: cannot run `no-such-program`
  because: there is no such program
--- exit 127

"#]]
    );
    home.write("home/no-program", "no program\n");
    let session = home.run("run --ephemeral -- ./no-program");
    assert!(session.exits(126).err().contains("because: it is there, and cannot be executed\n"), "{session}");
    assert!(portal.operations().is_empty());
    home.line("run --ephemeral -- true").env("OPTRA_READ_ONLY", "1").run().exits(7);
    home.run("run --name x -- true").exits(2);
    assert!(portal.operations().is_empty());
}

#[test]
fn a_key_that_cannot_be_revoked_is_named_and_swept_away_later() {
    let key = json!({ "id": "7", "name": null, "createdAt": null, "lastUsedAt": null, "createdBy": null });
    let generated = json!({ "generateApiKey": { "id": "7", "secret": "k-of-a-run-0123456789", "name": null } });
    let portal = MockServer::new()
        .lenient()
        .answer("KeysGenerate", Answer::data(generated))
        .answer("KeysRevoke", Answer::new(500, "text/plain", "no"))
        .answer("KeysList", Answer::data(json!({ "apiKeys": { "data": [key] } })));
    let mut home = Home::new();
    home.portal(&portal.url, "k-of-an-admin-0123456789");
    let failed = home.run("run --ephemeral -- true");
    assert!(failed.code != Some(0) && failed.err().contains("(id 7), may still be alive"), "{failed}");
    assert!(failed.err().contains("`optra keys sweep`"), "{failed}");
    assert_eq!(home.run("run --ephemeral -- sh -c 'exit 5'").code, Some(5), "the program's own verdict stands");
    let swept = home.run("keys sweep --dry-run");
    assert!(swept.ok().err().contains("Would revoke key without a name (id 7)"), "{swept}");
}

#[test]
fn a_run_that_was_killed_leaves_what_a_sweep_revokes() {
    let (home, _portal) = at_portal();
    let mut left = 0;
    // Every call with `OPTRA_TORTURE`, else a selection.
    let step = if env::var_os("OPTRA_TORTURE").is_some() { 1 } else { 3 };
    for at in (1..).step_by(step) {
        let session = home.line("run --ephemeral -- true").killed_before(at).run();
        if of_a_run(&names(&home)) > 0 {
            left += 1;
        }
        if session.signal != Some(KILLED) {
            assert!(session.code == Some(0) && at > 5, "{at}: {session}");
            break;
        }
        home.run("keys sweep").ok();
        assert_eq!(of_a_run(&names(&home)), 0, "after a kill before call {at}");
    }
    assert!(left > 0 || step > 1, "no kill has left a key");
    // Any next run does it too.
    for next in ["run -- true", "run --ephemeral -- true"] {
        let killed = home.optra(["run", "--ephemeral", "--", "sh", "-c", "kill -9 $PPID"]).run();
        assert_eq!(killed.signal, Some(KILLED), "{killed}");
        assert_eq!(of_a_run(&names(&home)), 1);
        assert!(home.run(next).ok().err().contains("which an earlier run left"), "{next}");
        assert_eq!(of_a_run(&names(&home)), 0, "{next}");
    }
}

#[test]
fn a_run_that_lives_is_not_swept_away() {
    let (home, _portal) = at_portal();
    let running = home.optra(["run", "--ephemeral", "--", "sh", "-c", "echo ready; read line"]).stdin("").start();
    assert_eq!(running.first_line(), "ready");
    let _ = running.end();
    let waits = "trap 'exit 3' TERM; echo ready; for n in $(seq 200); do sleep 0.05; done";
    let running = home.optra(["run", "--ephemeral", "--", "sh", "-c", waits]).start();
    assert_eq!(running.first_line(), "ready");
    assert!(home.run("keys sweep").ok().err().contains("No run has left a key."));
    assert_eq!(of_a_run(&names(&home)), 1);
    // By its age it would be one of another machine.
    for line in ["--dry-run", "--yes"] {
        let session = home.run(&format!("keys sweep --older-than 0s {line}"));
        assert!(session.ok().err().contains("No run has left a key."), "{session}");
    }
    assert_eq!(of_a_run(&names(&home)), 1);
    running.signal(Signal::TERM);
    running.end().exits(3);
}

#[test]
fn a_run_does_not_sweep_its_own_key() {
    let (home, _portal) = at_portal();
    let script = "sleep 1.1; optra keys sweep --older-than 0s --yes && optra keys list -o csv --fields name";
    let session = home.optra(["run", "--ephemeral", "--", "sh", "-c", script]).run();
    assert!(session.ok().out().contains("optra (run ") && session.err().contains("No run has left"), "{session}");
}

#[test]
fn what_a_run_left_that_never_had_a_key_goes_once_none_can_appear() {
    let (home, _portal) = at_portal();
    let lease = || {
        let runs = fs::read_dir(home.path("state/optra/journal/runs")).into_iter().flatten();
        runs.map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some_and(|end| end == "json"))
    };
    let is_left = |at| {
        let _ = home.line("run --ephemeral -- true").killed_before(at).run();
        lease().is_some() && of_a_run(&names(&home)) == 0
    };
    assert!((1..60).any(is_left), "none was killed with a lease and without a key");
    let lease = lease().unwrap();
    let swept = home.run("keys sweep");
    assert!(swept.ok().err().contains("one may still appear"), "{swept}");
    assert!(lease.exists());
    // Long ago, so nothing of it is under way.
    let text = fs::read_to_string(&lease).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["started"] = json!("2026-01-01T00:00:00Z");
    fs::write(&lease, json.to_string()).unwrap();
    let orphan = lease.with_file_name("run-abcdefgh.lock");
    fs::File::create(&orphan).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    let swept = home.run("keys sweep");
    assert!(swept.ok().err().contains("No run has left a key."), "{swept}");
    assert!(!lease.exists() && !lease.with_extension("lock").exists() && !orphan.exists());
}

#[test]
fn keys_of_runs_elsewhere_are_taken_by_their_age_and_nothing_else_is() {
    let keys = json!([
        { "name": "deploy (run abcdefgh)", "createdAt": "2026-01-01T00:00:00Z" },
        { "name": "deploy (run 7)", "createdAt": "2026-01-01T00:00:00Z" },
        { "name": "deploy", "createdAt": "2026-01-01T00:00:00Z" },
        { "name": "deploy (run bcdefghi)", "createdAt": "2199-01-01T00:00:00Z" },
    ]);
    let (home, _portal) = portal(&[], &keys);
    assert!(home.run("keys sweep").ok().err().contains("No run has left a key."));
    let refused = home.run("keys sweep --older-than 1d");
    assert_eq!(refused.code, Some(7), "{refused}");
    let swept = home.run("keys sweep --older-than 1d --yes");
    assert!(swept.ok().err().contains("Revoked key `deploy (run abcdefgh)`"), "{swept}");
    let mut left = names(&home);
    left.retain(|name| name.starts_with("deploy"));
    left.sort();
    assert_eq!(left, ["deploy", "deploy (run 7)", "deploy (run bcdefghi)"]);
}

#[test]
fn the_sandbox_has_keys_for_one_run_too() {
    let home = Home::new();
    let session = home.run("--sandbox run --ephemeral -- sh -c 'optra devices list -o csv --fields id --limit 1'");
    assert_eq!(session.ok().out().lines().count(), 2);
    assert_eq!(home.run("--sandbox keys list -o json").ok().json().as_array().unwrap().len(), 1);
    // To what a run starts, the sandbox is a portal with an address, and its runs are alive all the same.
    let script = "sleep 1.1; optra keys sweep --older-than 0s --yes && optra keys list -o csv --fields name";
    let session = home.optra(["--sandbox", "run", "--ephemeral", "--", "sh", "-c", script]).run();
    assert!(session.ok().out().contains("optra (run ") && session.err().contains("No run has left"), "{session}");
}

#[test]
fn a_program_may_revoke_its_own_key() {
    let (home, _portal) = at_portal();
    let script = "optra keys revoke \"$(optra auth status --jq .keyId)\" --yes --accept-risk lose-access";
    let session = home.optra(["run", "--ephemeral", "--", "sh", "-c", script]).run();
    assert!(session.ok().err().starts_with("Revoked key `optra (run "), "{session}");
    assert_eq!(session.err().lines().count(), 1, "{session}");
    assert!(home.run("keys sweep").ok().err().contains("No run has left a key."));
}
