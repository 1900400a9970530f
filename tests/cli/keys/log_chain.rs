//! `optra keys log --verify`: it detects a changed log, and no fault of a disk or a run makes an intact one look
//! broken.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::portal;
use crate::harness::{Home, KILLED, ReferenceServer, Session};

fn file(home: &Home) -> PathBuf {
    home.path("state/optra/journal/keys.log")
}

fn lines(home: &Home) -> Vec<String> {
    fs::read_to_string(file(home)).unwrap().lines().map(str::to_owned).collect()
}

fn write(home: &Home, lines: &[String]) {
    fs::write(file(home), lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}

fn verify(home: &Home, options: &str) -> Session {
    home.run(&format!("keys log --verify -o json {options}"))
}

/// Returns the head of an intact log.
#[track_caller]
fn head(home: &Home) -> String {
    verify(home, "").ok().json()["head"].as_str().unwrap().to_owned()
}

/// Returns the line and problem of each fault.
#[track_caller]
fn faults(session: &Session) -> Vec<Value> {
    let found = session.exits(1).json();
    assert_eq!(session.error()["code"], "findings");
    found["faults"].as_array().unwrap().iter().map(|fault| json!([fault["line"], fault["problem"]])).collect()
}

/// A home with a log of four entries.
fn with_log() -> (Home, ReferenceServer) {
    let (home, portal) = portal(&[], &json!([{ "name": "ci" }]));
    home.run("keys generate --name report").ok();
    home.run("keys revoke ci --yes").ok();
    assert_eq!(lines(&home).len(), 4);
    (home, portal)
}

#[test]
fn a_log_that_nobody_touched_is_whole_and_needs_no_portal() {
    let (home, _portal) = with_log();
    let log = file(&home);
    let other = Home::new();
    let empty = verify(&other, "").ok().json();
    assert_eq!(empty, json!({ "entries": 0, "notChained": 0, "head": null, "faults": [] }));
    other.write("state/optra/journal/keys.log", fs::read(&log).unwrap());
    fs::set_permissions(file(&other), fs::Permissions::from_mode(0o600)).unwrap();
    let session = verify(&other, "");
    let found = session.ok().json();
    assert_eq!((&found["entries"], &found["faults"]), (&json!(4), &json!([])));
    let head = found["head"].as_str().unwrap();
    assert!(lines(&other)[3].ends_with(&format!(",\"chain\":\"{head}\"}}")), "{session}");
    verify(&other, &format!("--head {head}")).ok();
    assert_eq!(other.run("keys log --verify --jq .head").ok().out().trim(), head);
    // The message says what the chain cannot detect, and how to check that.
    let told = other.run("keys log --verify");
    assert!(told.ok().err().contains("It cannot detect entries that were dropped from the end."), "{told}");
    assert!(told.err().contains(&format!("`optra keys log --verify --head {head}`")), "{told}");
    for line in ["keys log --head 12", "keys log --verify --head abc", "keys log --verify --limit 2"] {
        other.run(line).exits(2);
    }
}

#[test]
fn the_hash_is_the_one_that_is_described() {
    let (home, _portal) = with_log();
    let script = r#"
        log=$1 n=0
        previous=$(printf 'optra-log-before-1\n' | sha256sum | cut -c-64)
        while IFS= read -r line; do
            entry="${line%,\"chain\":*}}"
            previous=$(printf 'optra-log-entry-1\n%s\n%s' "$previous" "$entry" | sha256sum | cut -c-64)
        done < "$log"
        echo "$previous""#;
    let told = home.program("sh", ["-euc", script, "sh", file(&home).to_str().unwrap()]).run();
    assert_eq!(told.ok().out().trim(), head(&home));
}

#[test]
fn whatever_is_done_to_a_line_is_found() {
    let (home, _portal) = with_log();
    let (all, kept) = (lines(&home), head(&home));
    let changed = |line: usize| json!([line, "changed"]);
    let unchained = |line: usize| json!([line, "unchained"]);
    let edited = |n: usize, from: &str, to: &str| {
        let mut lines = all.clone();
        assert!(lines[n].contains(from), "{lines:?}");
        lines[n] = lines[n].replacen(from, to, 1);
        lines
    };
    let other_hash = format!("{}{}", if kept.starts_with('0') { '1' } else { '0' }, &kept[1..]);
    let mut bare = all.clone();
    bare[1] = format!("{}}}", all[1].split(",\"chain\"").next().unwrap());
    let by_hand = r#"{"time":"2026-01-01T00:00:00Z","portal":"p","profile":null,"command":"c","action":"revoke","ids":[],"name":null,"result":"done"}"#;
    let forged = format!("{},\"chain\":\"{kept}\"}}", by_hand.trim_end_matches('}'));
    let with = |line: &str| [&all[..], &[line.to_owned()]].concat();
    let pick = |order: &[usize]| order.iter().map(|n| all[*n].clone()).collect::<Vec<_>>();
    for (what, lines, told) in [
        ("an entry is edited", edited(1, "report", "rapport"), vec![changed(2)]),
        ("the first is edited", edited(0, "report", "rapport"), vec![changed(1)]),
        ("the last is edited", edited(3, "\"done\"", "\"failed\""), vec![changed(4)]),
        ("white space is edited", edited(2, "{", "{ "), vec![changed(3)]),
        ("a hash is edited", edited(3, &kept, &other_hash), vec![changed(4)]),
        ("one in the middle is dropped", pick(&[0, 2, 3]), vec![changed(2)]),
        ("the first is dropped", pick(&[1, 2, 3]), vec![changed(1)]),
        ("two are swapped", pick(&[0, 2, 1, 3]), vec![changed(2), changed(3), changed(4)]),
        ("one is there twice", pick(&[0, 1, 1, 2, 3]), vec![changed(3)]),
        ("one loses its hash", bare, vec![unchained(2), changed(3)]),
        ("one is added by hand", with(by_hand), vec![unchained(5)]),
        ("one is added with a hash", with(&forged), vec![changed(5)]),
        ("a blank line is added", with(""), vec![unchained(5)]),
        ("a line is added that is none", with("{"), vec![unchained(5)]),
    ] {
        write(&home, &lines);
        assert_eq!(faults(&verify(&home, "")), told, "{what}");
    }
    write(&home, &all);
    verify(&home, &format!("--head {kept}")).ok();
}

#[test]
fn what_is_dropped_from_the_end_or_written_anew_is_found_by_the_head_alone() {
    let (home, _portal) = with_log();
    let (all, kept) = (lines(&home), head(&home));
    let missing = json!([null, "head"]);
    write(&home, &all[..3]);
    verify(&home, "").ok();
    let with_head = format!("--head {kept}");
    assert_eq!(faults(&verify(&home, &with_head)), std::slice::from_ref(&missing));
    // Anybody can write a chain: of no entries, of the same ones without it, of others.
    let bare: Vec<String> = all.iter().map(|line| format!("{}}}", line.split(",\"chain\"").next().unwrap())).collect();
    write(&home, &bare);
    assert_eq!(verify(&home, "").ok().json()["notChained"], 4);
    assert_eq!(faults(&verify(&home, &with_head)), std::slice::from_ref(&missing));
    fs::remove_file(file(&home)).unwrap();
    assert_eq!(faults(&verify(&home, &with_head)), std::slice::from_ref(&missing));
    home.run("keys revoke report --yes").ok();
    verify(&home, "").ok();
    let told = home.run(&format!("keys log --verify {with_head}"));
    assert!(told.exits(1).err().contains("warning: no entry has this head"), "{told}");
    // A head in a line without a matching hash does not count.
    let claimed = format!("{}{kept}\"}}", all[3].split(&kept).next().unwrap());
    write(&home, &[lines(&home), vec![claimed]].concat());
    assert_eq!(faults(&verify(&home, &with_head)), [json!([3, "changed"]), missing]);
    // A head that other entries followed is found.
    write(&home, &all);
    home.run("keys generate --name more").ok();
    verify(&home, &with_head).ok();
}

#[test]
fn lines_of_an_older_version_are_told_and_held_from_then_on() {
    let (home, _portal) = with_log();
    let bare = |line: &String| format!("{}}}", line.split(",\"chain\"").next().unwrap());
    let old: Vec<String> = lines(&home).iter().map(bare).collect();
    write(&home, &old);
    home.run("keys generate --name more").ok();
    let found = verify(&home, "").ok().json();
    assert_eq!((&found["entries"], &found["notChained"]), (&json!(2), &json!(4)));
    let mut all = lines(&home);
    all[1] = all[1].replace("report", "rapport");
    write(&home, &all);
    assert_eq!(faults(&verify(&home, "")), [json!([5, "changed"])]);
    // Once the chain has begun, a line of an older version is a fault, and the chain continues after it.
    write(&home, &[&lines(&home)[..0], &old, &all[4..], &old[..1]].concat());
    home.run("keys generate --name last").ok();
    assert_eq!(faults(&verify(&home, "")), [json!([7, "unchained"])]);
    assert_eq!(home.run("keys log -o json").ok().json().as_array().unwrap().len(), 9);
}

#[test]
fn a_line_that_a_crash_cut_off_is_the_only_fault() {
    let (home, _portal) = with_log();
    let text = fs::read(file(&home)).unwrap();
    fs::write(file(&home), &text[..text.len() - 40]).unwrap();
    assert_eq!(faults(&verify(&home, "")), [json!([4, "unchained"])]);
    home.run("keys generate --name more").ok();
    assert_eq!(faults(&verify(&home, "")), [json!([4, "unchained"])]);
    // Only the line feed at the end is missing.
    fs::write(file(&home), &text[..text.len() - 1]).unwrap();
    verify(&home, "").ok();
    home.run("keys generate --name again").ok();
    assert_eq!(verify(&home, "").ok().json()["entries"], 6);
}

#[test]
fn runs_at_the_same_time_make_one_chain() {
    let (home, _portal) = portal(&[], &json!([]));
    let each = r#"for n in 1 2 3; do optra keys generate --name "$1-$n"; done"#;
    let each = home.write("home/each.sh", each);
    let start = format!("for one in a b c d e f; do sh -eu {} $one & done; wait", each.display());
    let session = home.script(&start).run();
    assert!(!session.ok().err().contains("not noted"), "{session}");
    assert_eq!(verify(&home, "").ok().json()["entries"], 36, "{session}");
}

#[test]
fn a_disk_that_is_full_leaves_no_part_of_an_entry() {
    let (home, _portal) = portal(&[], &json!([]));
    for n in 0..6 {
        home.run(&format!("keys generate --name 'a key with a long name, so that the log grows {n}'")).ok();
    }
    // The file size limit, in blocks of 512 bytes, cuts one of the next two entries.
    let blocks = fs::metadata(file(&home)).unwrap().len() / 512 + 1;
    let session = home.script(&format!("ulimit -f {blocks}; optra keys generate --name full 2>&1 | cat")).run();
    assert!(session.ok().out().contains("warning: not all of this run was noted in the log"), "{session}");
    assert!(session.out().contains("File too large"), "{session}");
    let noted = lines(&home).len();
    assert!(noted < 14, "{session}");
    assert_eq!(verify(&home, "").ok().json()["entries"], noted);
    home.run("keys generate --name next").ok();
    assert_eq!(verify(&home, "").ok().json()["entries"], noted + 2);
}

#[test]
fn a_run_that_is_killed_anywhere_leaves_a_whole_chain_that_the_next_goes_on_with() {
    let (home, portal) = portal(&[], &json!([{ "name": "ci" }]));
    let mut killed = 0;
    for at in (1..).step_by(3) {
        portal.restore_keys(true);
        let session = home.line("keys revoke ci --yes").killed_before(at).run();
        verify(&home, "").ok();
        if session.signal != Some(KILLED) {
            break;
        }
        killed += 1;
    }
    assert!(killed > 5, "killed {killed} times");
    portal.restore_keys(true);
    let before = lines(&home).len();
    home.run("keys revoke ci --yes").ok();
    assert_eq!(verify(&home, "").ok().json()["entries"], before + 2);
}

#[test]
fn the_lock_is_for_its_owner_alone_and_a_link_in_its_place_is_not_followed() {
    let (home, _portal) = with_log();
    let lock = home.path("state/optra/journal/keys.log.lock");
    assert_eq!(fs::metadata(&lock).unwrap().permissions().mode() & 0o777, 0o600);
    fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink(home.path("home/elsewhere"), &lock).unwrap();
    let session = home.run("keys generate --name more");
    assert!(session.ok().err().contains("warning: not all of this run was noted in the log: cannot lock"), "{session}");
    assert!(!home.path("home/elsewhere").exists());
}

#[test]
fn a_log_whose_lines_end_otherwise_and_one_without_hashes_do_not_pass_for_whole() {
    let (home, _portal) = with_log();
    let all = lines(&home);
    write(&home, &all.iter().map(|line| format!("{line}\r")).collect::<Vec<_>>());
    assert_eq!(faults(&verify(&home, ""))[0], json!([1, "changed"]));
    let bare = |line: &String| format!("{}}}", line.split(",\"chain\"").next().unwrap());
    write(&home, &all.iter().map(bare).collect::<Vec<_>>());
    let told = home.run("keys log --verify");
    assert!(told.ok().err().contains("warning: 4 lines have no hash: "), "{told}");
}
