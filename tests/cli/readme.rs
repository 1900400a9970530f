//! The README's sessions, run as they stand there, one after the other in one home. `just update` rewrites them.

use std::env;
use std::fs;

use snapbox::{Redactions, assert_data_eq};

use crate::harness::Home;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

#[test]
fn the_sessions_in_the_readme_are_true() {
    let readme = fs::read_to_string(README).unwrap();
    let home = Home::new();
    let (mut count, mut rewritten) = (0, readme.clone());
    for block in readme.split("```console\n").skip(1) {
        let told = block.split("```").next().unwrap();
        let mut seen = String::new();
        for line in told.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let session = home.script(&format!("{{ {line}; }} 2>&1 || true")).run();
            session.ok();
            seen.push_str(&format!("$ {line}\n{}", session.out()));
            count += 1;
        }
        if env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
            if normal(&seen) != normal(told) {
                rewritten = rewritten.replace(told, &seen);
            }
        } else {
            assert_data_eq!(normal(&seen), normal(told));
        }
    }
    if rewritten != readme {
        fs::write(README, rewritten).unwrap();
    }
    assert!(count >= 8, "the README has only {count} commands that this test found");
}

#[test]
fn the_first_command_of_the_readme_prints_a_table() {
    let readme = fs::read_to_string(README).unwrap();
    let first = readme.split("```sh\n").nth(1).and_then(|block| block.lines().next()).unwrap();
    let session = Home::new().run(first.strip_prefix("cargo run -- ").unwrap());
    session.ok();
    assert_eq!(session.out().lines().count(), 26, "{session}");
}

/// Replaces what no two runs share: secrets and the times of keys. (Devices are always the same.)
fn normal(text: &str) -> String {
    let mut patterns = Redactions::new();
    patterns.insert("[TIME]", regex::Regex::new(r"2026-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap()).unwrap();
    patterns.insert("[SECRET]", regex::Regex::new(r"(?m)^(?<redacted>[\w-]{43})$").unwrap()).unwrap();
    patterns.redact(text)
}
