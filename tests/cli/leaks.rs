//! The leak hunt: a key that is easily recognised goes through every command, format and failure, and is looked for in
//! every byte that the program leaves anywhere, in every form in which it could stand there.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::harness::{Answer, Home, PortalJs, Scripted, Session};

/// It changes its look in JSON, in URLs and in Base64.
const CANARY: &str = "CaNaRy\"7+/=%&~canary\\key-0123456789-abcdef";

/// Where it may stand, and why.
const ALLOWED: [(&str, &str); 3] = [
    ("stdout of auth token", "it is asked for"),
    ("stdout of run", "the program that was run prints its environment"),
    ("config/optra/keys/default.key", "it is the store that was chosen"),
];

/// The parts of every form that no other text has.
fn traces() -> Vec<String> {
    let mut traces = vec![CANARY.to_owned(), "canary\\key".to_owned(), "canary\\\\key".to_owned()];
    traces.push(utf8_percent_encode(CANARY, NON_ALPHANUMERIC).to_string());
    for before in ["", "x", "xx"] {
        for engine in [&STANDARD, &URL_SAFE] {
            let text = engine.encode(format!("{before}{CANARY}"));
            traces.push(text[8..text.len() - 8].to_owned());
        }
    }
    traces
}

#[track_caller]
fn hunt(place: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(trace) = traces().iter().find(|trace| text.contains(trace.as_str())) {
        let allowed = ALLOWED.iter().any(|(allowed, _)| place == *allowed);
        assert!(allowed, "the key stands in {place} as {trace}:\n{text}");
    }
}

#[track_caller]
fn hunt_session(line: &str, session: &Session) {
    let command = ["auth token", "run"].into_iter().find(|command| line.starts_with(command)).unwrap_or(line);
    hunt(&format!("stdout of {command}"), &session.stdout);
    hunt(&format!("stderr of {line}"), &session.stderr);
}

fn hunt_files(home: &Home) {
    fn below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() { below(&entry.path(), found) } else { found.push(entry.path()) }
        }
    }
    let (root, mut files) = (home.path(""), Vec::new());
    below(&root, &mut files);
    for file in files {
        hunt(file.strip_prefix(&root).unwrap().to_str().unwrap(), &fs::read(&file).unwrap_or_default());
    }
}

/// Every command, in a form that needs no terminal.
const LINES: [&str; 16] = [
    "auth status",
    "auth status --all",
    "auth login",
    "auth switch default",
    "auth token",
    "run -- env",
    "keys list",
    "keys generate --name x",
    "keys revoke x --yes",
    "keys revoke key-0001 --yes",
    "devices list",
    "devices show device-0001",
    "devices show nothing",
    "api '{ viewer { apiKey { id } } }'",
    "completions bash",
    "help environment",
];

const EXTRAS: [&str; 7] = ["", "-o json", "-o ndjson", "-o csv", "-v", "-vv", "-vv -o json"];

#[test]
fn no_command_leaves_the_key_anywhere() {
    let portal = PortalJs::start(&["--key", CANARY]);
    let mut home = Home::new();
    home.portal(&portal.url, CANARY);
    for line in LINES {
        for extra in EXTRAS {
            let (command, rest) =
                line.split_once(" -- ").map_or((line, String::new()), |(a, b)| (a, format!(" -- {b}")));
            let session = home.run(&format!("{command} {extra}{rest}"));
            hunt_session(line, &session);
        }
    }
    hunt_files(&home);
}

#[test]
fn no_store_leaves_the_key_anywhere_else() {
    let portal = PortalJs::start(&["--key", CANARY]);
    let home = Home::new();
    let login = format!("auth login --portal {} --store file --key-file - -vv", portal.url);
    hunt_session("auth login", &home.line(&login).stdin(CANARY).run());
    for line in LINES {
        hunt_session(line, &home.run(line));
    }
    hunt_files(&home);
    assert!(home.path("config/optra/keys/default.key").exists());
    home.run("auth logout").ok();
    assert!(!home.path("config/optra/keys/default.key").exists());
}

#[test]
fn no_failure_repeats_the_key() {
    let echo = |code: &str| Answer::error(code, &format!("the key {CANARY} is no good"));
    let located = format!("/x?key={}", utf8_percent_encode(CANARY, NON_ALPHANUMERIC));
    for answer in [
        echo("UNAUTHENTICATED"),
        echo("FORBIDDEN"),
        echo("ODD"),
        Answer::json(
            400,
            json!({"errors": [{"message": STANDARD.encode(CANARY), "locations": [{"line": 1, "column": 1}]}]}),
        ),
        Answer::new(500, "text/html", CANARY),
        Answer::new(200, CANARY, CANARY),
        Answer::redirect(&located),
        Answer::json(200, json!({"data": {"devices": {"data": [{"id": [CANARY]}]}, "viewer": CANARY}})),
        Answer::json(200, json!({"data": {"devices": {"data": [{"id": "1", "name": CANARY}]}}}))
            .header("x-request-id", CANARY),
        Answer::stall(),
        Answer::close(),
    ] {
        let script = Scripted::new().answer("*", answer).lenient();
        let mut home = Home::new();
        home.portal(&script.url, CANARY);
        for line in ["devices list", "auth status", "keys list", "auth login"] {
            for extra in ["", "-o json", "-vv", "-vv -o csv"] {
                let session = home.run(&format!("{line} {extra} --timeout 1"));
                hunt_session(line, &session);
            }
        }
        hunt_files(&home);
    }
}
