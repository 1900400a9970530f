//! `optra keys rotate`, left unfinished: each stage has a command that ends it, and leftovers are named.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::portal;
use crate::harness::{Home, ReferenceServer};

/// A rotation to a file that failed at its hook.
fn broken_off() -> (Home, ReferenceServer) {
    let (home, portal) = portal(&[], &json!([{ "name": "robot" }]));
    home.run("keys rotate robot --yes --to file:robot.key --hook false").exits(1);
    (home, portal)
}

fn journal(home: &Home) -> PathBuf {
    let entries = fs::read_dir(home.path("state/optra/journal")).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "json")).unwrap()
}

/// Sets the stage in the journal.
fn set_stage(home: &Home, stage: &str) {
    let path = journal(home);
    let mut rotation: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    rotation["stage"] = stage.into();
    rotation["hook"] = Value::Null;
    fs::write(&path, rotation.to_string()).unwrap();
}

fn names(home: &Home) -> usize {
    let keys = home.run("keys list -o json").ok().json();
    keys.as_array().unwrap().iter().filter(|key| key["name"].as_str().unwrap().starts_with("robot")).count()
}

const STAGES: [&str; 8] =
    ["aborting", "generating", "delivering", "delivered", "proven", "waiting", "revoking", "promoting"];

#[test]
fn each_stage_has_its_ways_out_and_the_table_of_them_is_true() {
    let table = include_str!("../../../docs/rotation.md");
    for stage in STAGES {
        let row = table.lines().find(|line| line.starts_with(&format!("| `{stage}` |"))).expect(stage);
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        for (cell, way) in [(cells[3], "--resume"), (cells[4], "--abort"), (cells[5], "--abort --force-forget")] {
            let (home, _portal) = broken_off();
            set_stage(&home, stage);
            if stage == "promoting" {
                home.run("keys revoke key-0002 --yes").ok();
            }
            let session = home.run(&format!("keys rotate {way}"));
            let code: i32 = cell.rsplit_once('(').unwrap().1.trim_end_matches(')').parse().unwrap();
            assert_eq!(session.code, Some(code), "{stage} {way}: {session}");
            let status = home.run("keys rotate --status -o json").ok().json();
            assert_eq!(status == Value::Null, code == 0, "{stage} {way}: {status}");
            if way != "--abort --force-forget" && code == 0 {
                assert_eq!(names(&home), 1, "{stage} {way}");
            }
        }
    }
}

#[test]
fn a_secret_that_went_after_the_last_look_keeps_the_old_key() {
    let (home, _portal) = broken_off();
    set_stage(&home, "revoking");
    fs::remove_file(home.path("home/robot.key")).unwrap();
    let session = home.run("keys rotate --resume");
    assert!(session.exits(10).err().contains("the new key is not where it was delivered any more"), "{session}");
    assert_eq!(names(&home), 2, "the old key may be the last that works");
    // The way out is the one in the table of the documentation.
    home.run("keys rotate --abort --force-forget").ok();
    assert_eq!(names(&home), 2);
}

#[test]
fn what_is_forgotten_is_named() {
    let (home, _portal) = broken_off();
    let session = home.run("keys rotate --abort --force-forget");
    let told = session.ok().err();
    for part in ["the old key (id key-0002)", "the new one (id key-0003)", "robot.key` may have the new secret"] {
        assert!(told.contains(part), "{part}: {session}");
    }
    assert_eq!(names(&home), 2);
    home.run("keys rotate --abort --force-forget").exits(6);
    assert!(home.run("keys rotate --force-forget").exits(2).err().contains("--abort"));
}

#[test]
fn a_journal_that_is_not_understood_is_named_with_the_way_out() {
    for text in ["{", "{\"version\": 1}", "{\"version\": 2, \"stage\": \"unheard-of\"}"] {
        let (home, _portal) = broken_off();
        let path = journal(&home);
        fs::write(&path, text).unwrap();
        for line in ["keys rotate --resume", "keys rotate --abort", "keys rotate robot --yes --to file:x"] {
            let session = home.run(line);
            let told = session.exits(1).err();
            assert!(told.contains(path.to_str().unwrap()) && told.contains("--abort --force-forget"), "{session}");
        }
        home.run("keys rotate --abort --force-forget").ok();
        assert!(path.with_extension("forgotten").exists() && !path.exists());
        home.run("keys rotate --status").ok();
    }
}

#[test]
fn a_rotation_that_is_being_taken_back_does_not_go_on() {
    let (home, _portal) = broken_off();
    // As if the rollback had been killed after the new key was revoked.
    set_stage(&home, "aborting");
    home.run("keys revoke key-0003 --yes").ok();
    let session = home.run("keys rotate --resume");
    assert!(session.exits(7).err().contains("keys rotate --abort`; the old key stays"), "{session}");
    home.run("keys rotate --abort").ok();
    assert_eq!(names(&home), 1);
}

#[test]
fn what_another_rotation_left_is_named_and_never_given_back() {
    let (home, _portal) = portal(&[], &json!([{ "name": "robot" }]));
    home.write("home/robot.key", "older");
    home.write("home/.robot.key.before-zzzzzzzz", "of another rotation");
    let line = "keys rotate robot --yes --to file:robot.key --force --hook false";
    let session = home.run(line);
    assert!(session.exits(1).err().contains(".robot.key.before-zzzzzzzz` was left by another rotation"), "{session}");
    home.run("keys rotate --abort").ok();
    assert_eq!(fs::read_to_string(home.path("home/robot.key")).unwrap(), "older");
    assert_eq!(fs::read_to_string(home.path("home/.robot.key.before-zzzzzzzz")).unwrap(), "of another rotation");
}

#[test]
fn a_hook_knows_the_portal_and_the_keys_and_is_stopped_after_its_time() {
    let (home, portal) = portal(&[], &json!([{ "name": "robot" }]));
    home.write("home/hook.sh", "env | grep -E '^OPTRA_(PORTAL_URL|OLD_KEY_ID|NEW_KEY_ID|API_KEY)=' | sort > hook.txt");
    home.run("keys rotate robot --yes --to file:a.key --hook 'sh hook.sh'").ok();
    let told = fs::read_to_string(home.path("home/hook.txt")).unwrap();
    let url = &portal.url;
    assert_eq!(told, format!("OPTRA_NEW_KEY_ID=key-0003\nOPTRA_OLD_KEY_ID=key-0002\nOPTRA_PORTAL_URL={url}\n"));
    let slow = home.run("keys rotate key-0003 --yes --to file:b.key --hook 'sleep 60' --hook-limit 1s");
    assert!(slow.exits(1).err().contains("did not end within 1 s, and was stopped"), "{slow}");
    home.run("keys rotate --abort").ok();
}
