//! The leak hunt: a unique key goes through every command, every format and every failure, and each byte that the
//! program leaves behind is searched for it. It must not look for less than [`hunt`] knows, nor allow a place that is
//! not named there.

mod hunt;

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use self::hunt::{CANARY, Hunt, NEW, forms};
use crate::auth::LoggedInUser;
use crate::harness::{Answer, Home, MockServer, Request};

const COMMANDS: [&str; 17] = [
    "doctor",
    "auth status",
    "auth status --all",
    "auth switch default",
    "auth token",
    "run -- true",
    "run -- printenv OPTRA_API_KEY",
    "devices list",
    "devices list --fields id,name,tags,location",
    "devices show d-1",
    "devices show",
    "keys list",
    "keys generate --name ci",
    "keys revoke 1 --yes",
    "api '{ devices { total } }'",
    "completions bash",
    "help environment",
];

/// Mock servers that fail in one way each, and echo all forms of the key wherever they can.
fn portals() -> Vec<(&'static str, MockServer)> {
    let echo = forms(CANARY).iter().map(|(_, text)| format!("<{text}>")).collect::<Vec<_>>().join(" ");
    let graphql = |code: &str| {
        json!({ "data": null, "errors": [{ "message": echo, "path": [CANARY, 3], "locations": [{ "line": 1, "column": 2 }],
                "extensions": { "code": code, "stacktrace": [&echo] } }] })
    };
    let header: String = format!("text/{CANARY}; {echo}");
    let redirect = format!("https://other.example/{}?key={CANARY}&next={}", forms(CANARY)[1].1, forms(CANARY)[4].1);
    let mut answers = vec![
        ("a key in the code", Answer::json(200, graphql(CANARY))),
        ("a rejected key", Answer::json(401, graphql("UNAUTHENTICATED"))),
        ("a web page", Answer::new(200, "text/html", format!("<h1>{echo}</h1>"))),
        ("an error page", Answer::new(500, &header, echo.clone())),
        ("a status alone", Answer::new(401, &header, "")),
        ("a gateway", Answer::new(502, "application/json", format!("{{\"message\":\"{echo}"))),
        ("a broken answer", Answer::new(200, "application/json", format!("{{\"data\":{{\"{echo}"))),
        (
            "another shape",
            Answer::json(200, json!({ "data": { "devices": CANARY, "apiKeys": [CANARY], "viewer": CANARY } })),
        ),
        ("no object", Answer::json(200, json!([CANARY, { "key": CANARY }]))),
        ("a redirect", Answer::redirect(&redirect)),
        ("a broken redirect", Answer::redirect(&format!("{CANARY}\t{echo}"))),
        ("a limit", Answer::json(429, graphql("RATE_LIMITED")).header("retry-after", CANARY)),
        ("half an answer", Answer::json(200, graphql("FORBIDDEN")).cut_after(300)),
        ("no answer", Answer::close()),
        ("silence", Answer::stall()),
        ("a good answer", Answer::data(data(&echo))),
        (
            "a good answer with an error",
            Answer::json(200, {
                let mut body = graphql("FORBIDDEN");
                body["data"] = data(CANARY);
                body
            }),
        ),
    ];
    for code in [
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "FEATURE_DISABLED",
        "NOT_FOUND",
        "BAD_USER_INPUT",
        "RATE_LIMITED",
        "GRAPHQL_VALIDATION_FAILED",
        "INTERNAL_SERVER_ERROR",
    ] {
        answers.push((code, Answer::json(200, graphql(code))));
    }
    answers.into_iter().map(|(name, answer)| (name, MockServer::new().lenient().answer("*", answer))).collect()
}

/// Valid data for every operation, with this text wherever a text may be.
fn data(text: &str) -> Value {
    let device = json!({ "id": "d-1", "name": text, "serialNumber": text, "model": text, "status": text, "timezone": text,
        "tags": [{ "id": "t", "name": text }], "location": { "id": "l", "name": text }, "lastSeenAt": text });
    let key = json!({ "id": "1", "name": text, "createdAt": text, "createdBy": text });
    json!({
        "devices": { "data": [device, { "id": text, "name": "b" }], "after": null, "total": 2 }, "device": device,
        "apiKeys": { "data": [key, { "id": "2", "name": text }], "after": null, "total": 2 },
        "viewer": { "organization": { "id": text, "name": text }, "apiKey": { "id": "2", "name": text } },
        "generateApiKey": { "id": "3", "secret": NEW, "name": text }, "revokeApiKey": { "id": text },
    })
}

/// Every command, in every format, plain and verbose.
fn lines() -> impl Iterator<Item = (&'static str, String)> {
    let formats = ["", "-v -o json", "-o ndjson", "-v -o csv", "-v --color always"];
    COMMANDS
        .into_iter()
        .flat_map(move |command| formats.map(move |format| (command, format!("--timeout 300ms {format} {command}"))))
}

#[test]
fn a_key_of_the_environment_leaves_in_no_byte() {
    let mut hunt = Hunt::default();
    let mut masked = 0;
    for (name, portal) in portals() {
        let mut home = Home::new();
        home.portal(&portal.url, CANARY).set("NEW_SECRET_FOR_NOBODY", "");
        let lines: Vec<_> = if name == "silence" { lines().step_by(5).collect() } else { lines().collect() };
        for (command, line) in lines {
            let session = hunt.run(command, &format!(" ({name}; {line})"), home.line(&line));
            masked += session.to_string().matches("[secret]").count();
        }
        hunt.files(&home);
        // `doctor` tests reachability without a key.
        let has_key = |request: &Request| match request.header("api-secret") {
            None => request.operation() == "Typename",
            key => key == Some(CANARY),
        };
        assert!(portal.requests().iter().all(has_key), "{name}");
        assert!(portal.requests().len() > 5, "{name}: nobody was asked");
    }
    assert!(masked > 500, "the portals repeat the key all the time, and only {masked} were masked");
    hunt.end();
}

/// Logs in with the key, uses it, and logs out again.
fn live_with(hunt: &mut Hunt, home: &Home, store: &str, url: &str) {
    let login = format!("auth login --portal {url} --key-file - --store {store}");
    let said = format!(" ({store})");
    let first = hunt.run("auth login", &said, home.line(&login).stdin(CANARY));
    first.ok();
    hunt.files(home);
    for (command, line) in lines() {
        let _ = hunt.run(command, &format!(" ({store}; {line})"), home.line(&line));
    }
    hunt.files(home);
    for format in ["", "-o json", "-v"] {
        hunt.run("auth login", &said, home.line(&format!("{login} {format}")).stdin(CANARY)).ok();
        hunt.run("auth logout", &said, home.line(&format!("auth logout {format}"))).ok();
        hunt.files(home);
    }
}

#[test]
fn a_key_of_the_keyring_or_a_file_leaves_in_no_byte() {
    let mut hunt = Hunt::default();
    let echo = forms(CANARY).iter().map(|(_, text)| text.clone()).collect::<Vec<_>>().join(" ");
    let portal = MockServer::new().lenient().answer("*", Answer::data(data(&echo)));
    let user = LoggedInUser::new();
    for store in ["keyring", "file"] {
        live_with(&mut hunt, &user.home, store, &portal.url);
    }
    assert!(!user.home.path("config/optra/keys/default.key").exists());
    hunt.end();
}

#[test]
fn a_login_that_fails_leaves_no_byte_of_the_key() {
    let mut hunt = Hunt::default();
    for (name, portal) in portals() {
        let home = Home::new();
        for format in ["", "-v -o json"] {
            let line = format!("--timeout 300ms auth login --portal {} --store file --key-file - {format}", portal.url);
            let session = hunt.run("auth login", &format!(" ({name})"), home.line(&line).stdin(CANARY));
            if session.code != Some(0) {
                // Then nothing is stored, not even where a key may be.
                assert!(!home.path("config/optra/keys/default.key").exists(), "{name}: {session}");
            }
            hunt.files(&home);
        }
    }
    hunt.end();
}

#[test]
fn an_id_that_is_the_key_itself_is_not_noted_in_the_file() {
    let mut hunt = Hunt::default();
    let viewer = json!({ "viewer": { "organization": { "id": "o" }, "apiKey": { "id": CANARY, "name": CANARY } } });
    let (home, portal) = (Home::new(), MockServer::new().lenient().answer("*", Answer::data(viewer)));
    let line = format!("auth login --portal {} --store file --key-file -", portal.url);
    hunt.run("auth login", "", home.line(&line).stdin(CANARY)).ok();
    hunt.files(&home);
    hunt.end();
}

#[test]
fn a_key_that_a_table_cuts_is_masked_before_it_is_cut() {
    let mut hunt = Hunt::default();
    // Each of these lengths truncates the message within the key, at another position.
    for before in [0, 1, 20, 200, 230, 240] {
        let name = format!("{}{CANARY}", "x".repeat(before));
        let portal = MockServer::new().lenient().answer("*", Answer::data(data(&name)));
        let mut home = Home::new();
        home.portal(&portal.url, CANARY).set("OPTRA_PAGER", "");
        for line in ["devices list", "devices list --fields name", "keys list", "keys list --fields name"] {
            let _ = hunt.run(line, " (cut in a pipe)", home.line(line));
            for columns in [20, 40, 60, 80] {
                let ended = home.line(line).on_terminal().size(columns, 24).start().finish();
                hunt.search(&format!("terminal of `{line}`"), "", ended.text.as_bytes());
            }
        }
    }
    hunt.end();
}

#[test]
fn a_reader_that_leaves_gets_no_more_of_the_key_than_another() {
    let mut hunt = Hunt::default();
    let portal = MockServer::new().lenient().answer("*", Answer::data(data(&CANARY.repeat(400))));
    let mut home = Home::new();
    home.portal(&portal.url, CANARY);
    for bytes in [0, 1, 30, 5_000, 70_000, 131_072] {
        for line in
            ["devices list -o ndjson", "devices list -o json", "devices list -o csv", "api '{ devices { total } }'"]
        {
            let _ = hunt.run(line, " (closed pipe)", home.line(line).reader_leaves_after(bytes));
        }
    }
    hunt.end();
}

#[test]
fn a_new_secret_that_cannot_be_delivered_leaves_in_no_byte() {
    let mut hunt = Hunt::default();
    let echo = forms(NEW).iter().map(|(_, text)| text.clone()).collect::<Vec<_>>().join(" ");
    let portal = MockServer::new()
        .lenient()
        .answer("KeysGenerate", Answer::data(json!({ "generateApiKey": { "id": "3", "secret": NEW, "name": "ci" } })))
        .answer("*", Answer::error("FORBIDDEN", &echo));
    let mut home = Home::new();
    home.portal(&portal.url, CANARY);
    for format in ["", "-v", "-o json", "-v -o csv"] {
        let closed = home.line(&format!("keys generate --name ci {format}")).reader_leaves_after(0);
        let session = hunt.run("keys generate", " (closed pipe)", closed);
        assert_ne!(session.code, Some(0), "{session}");
        let full = home.script(&format!("optra keys generate --name ci {format} >/dev/full"));
        let session = hunt.run("the same to a full disk", "", full);
        assert_ne!(session.code, Some(0), "{session}");
    }
    hunt.files(&home);
    hunt.end();
}

#[test]
fn no_command_line_of_any_process_has_the_key() {
    let mut hunt = Hunt::default();
    let portal = MockServer::new().lenient().answer("*", Answer::data(data("x")).delayed(Duration::from_millis(100)));
    let (user, done) = (LoggedInUser::new(), AtomicBool::new(false));
    let (seen, lines) = thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let (mut bad, mut seen) = (Hunt::default(), BTreeSet::new());
            while !done.load(Ordering::Relaxed) {
                for entry in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
                    let Ok(line) = fs::read(entry.path().join("cmdline")) else { continue };
                    bad.search("a command line", "", &line);
                    seen.insert(String::from_utf8_lossy(&line).replace('\0', " "));
                }
            }
            (seen, bad)
        });
        for store in ["keyring", "file"] {
            let login = format!("auth login --portal {} --key-file - --store {store}", portal.url);
            let _ = hunt.run("auth login", store, user.home.line(&login).stdin(CANARY));
            for line in ["devices list", "keys list", "run -- sleep 0.2", "keys generate --name ci"] {
                let _ = hunt.run(line, store, user.home.line(line));
            }
        }
        done.store(true, Ordering::Relaxed);
        watch.join().unwrap()
    });
    for line in ["auth login", "devices list", "sleep 0.2", "keys generate"] {
        assert!(seen.iter().any(|seen| seen.contains(line)), "`{line}` was not seen, so the watch proves nothing");
    }
    lines.end();
    hunt.end();
}

#[test]
fn a_key_that_a_command_prints_twice_is_not_shown_by_its_failure() {
    let mut hunt = Hunt::default();
    let home = Home::new();
    home.write("home/key.sh", format!("echo '{CANARY}'; echo 'bad: {CANARY}' >&2; exit 1\n"));
    let line = "auth login --portal https://portal.example --store command --command 'sh key.sh'";
    for format in ["", "-o json", "-v"] {
        hunt.run("auth login", " (a command's stderr)", home.line(&format!("{line} {format}"))).exits(10);
    }
    hunt.end();
}
