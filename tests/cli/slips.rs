//! A key in the wrong place: typed as another argument, repeated by a portal, or too short to be masked. No message may
//! reveal it.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, never_shows, portal};
use crate::harness::{Answer, Home, MockServer};

/// A key that a portal generates, so that it is not known before.
const NEW: &str = "Zq7vN2xK9mB4tR6wPc3sHd8f";

#[test]
fn a_mistyped_line_does_not_repeat_the_key() {
    for set in [false, true] {
        let mut home = Home::new();
        if set {
            home.set("OPTRA_API_KEY", KEY);
        }
        for line in [
            "auth login K",
            "auth login --timeout K",
            "auth login --timeout=K",
            "devices list --limit K",
            "devices list -oK",
            "devices list -o json --retries K",
            "--K devices list",
            "K",
            "auth switch K",
            "devices list --portal K",
            "devices list --portal K -o json",
            "run --K true",
            "keys rotate --grace K --yes",
            "devices list --where K",
            "devices list --fields K",
            "devices list --jq K",
            "query K",
        ] {
            let session = home.run(&line.replace('K', KEY));
            assert_ne!(session.code, Some(0), "{line}");
            for piece in KEY.as_bytes().windows(12) {
                never_shows(&session, std::str::from_utf8(piece).unwrap());
            }
        }
        for variable in ["OPTRA_TIMEOUT", "OPTRA_OUTPUT", "OPTRA_PORTAL_URL", "OPTRA_RETRIES", "OPTRA_PROFILE"] {
            let session = home.line("devices list").env(variable, KEY).run();
            assert_ne!(session.code, Some(0), "{variable}");
            never_shows(&session, KEY);
        }
    }
    assert_data_eq!(
        Home::new().run(&format!("auth login {KEY}")).to_string(),
        str![[r#"
--- stderr
error: unexpected argument `[secret]` found
hint: `optra auth login --help` tells more.
hint: A key is never given on a command line, where others can read it: `optra auth login` asks for it, or takes it from stdin with `--key-file -`.
--- exit 2

"#]]
    );
    let error = Home::new().run(&format!("-o json auth login {KEY}")).exits(2).error();
    assert!(error["hints"].to_string().contains("--key-file -"), "{error}");
}

#[test]
fn a_mistyped_line_without_a_key_is_told_as_it_was() {
    let session = Home::new().run("devices list --filds id,name --portal https://portal-01.example");
    assert!(session.exits(2).err().contains("`--filds`") && !session.err().contains("secret"), "{session}");
    let session = Home::new().run("devices list --cacert fleet-authority-2026.pem --timeout soon");
    assert!(session.exits(2).err().contains("`soon`") && !session.err().contains("secret"), "{session}");
}

#[test]
fn a_key_that_is_too_short_to_be_masked_is_none() {
    let portal = portal(&[]);
    let login = format!("auth login --portal {} --store file --key-file -", portal.url);
    let session = Home::new().line(&login).stdin("abc12").run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the key is shorter than 6 characters: it could not be masked in output
--- exit 2

"#]]
    );
    let mut home = Home::new();
    home.portal(&portal.url, "abc12");
    home.run("devices list").exits(11);
    assert!(portal.requests().is_empty());
}

#[test]
fn what_a_portal_says_of_a_new_key_is_told_at_no_verbosity() {
    let error = json!({ "message": format!("key {NEW} was made, but the mail with {NEW} failed"), "path": [NEW],
                        "extensions": { "code": NEW } });
    let made = json!({ "generateApiKey": { "id": "key-9", "secret": NEW, "name": "ci", "createdAt": null } });
    let lost = json!({ "generateApiKey": null });
    let list = Answer::data(json!({ "apiKeys": { "data": [], "after": null, "total": 0 } }));
    for answer in [
        Answer::json(200, json!({ "data": lost, "errors": [error] })),
        Answer::json(200, json!({ "data": { "generateApiKey": { "id": "key-9", "secret": { "value": NEW } } } })),
        Answer::json(200, json!({ "data": { "generateApiKey": { "id": "key-9", "token": NEW } }, "errors": [error] })),
        Answer::new(500, &format!("text/{NEW}"), NEW),
        Answer::new(200, &format!("text/{NEW}"), format!("made {NEW}")),
        Answer::json(200, json!({ "data": made })).header("x-request-id", NEW).header("server", NEW),
    ] {
        let answer = answer.header("via", NEW).header("x-new-key", NEW);
        let portal = MockServer::new().lenient().answer("KeysGenerate", answer).answer("*", list.clone());
        let mut home = Home::new();
        home.portal(&portal.url, KEY);
        for words in ["", "-v", "-vv", "-vv -o json"] {
            let session = home.run(&format!("keys generate --name ci --to file:k --force {words}"));
            never_shows(&session, NEW);
        }
    }
}

#[test]
fn a_portal_may_repeat_the_key_in_any_case_and_spacing_and_it_is_masked() {
    let spaced: String = KEY.chars().map(|letter| format!("{letter} ")).collect();
    let hex: String = KEY.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (words, left) in [
        (KEY.to_uppercase(), "HUNTER2"),
        (KEY.to_lowercase(), "hunter2"),
        (spaced, "h u n t e r"),
        (hex.clone(), "68756e746572"),
        (hex.to_uppercase(), "68756E746572"),
        (KEY[3..15].to_owned(), "hunte"),
        (format!("…{}", &KEY[12..]), "PjR5vTn9"),
    ] {
        let refusal =
            json!({ "errors": [{ "message": format!("bad key <{words}>"), "extensions": { "code": "FORBIDDEN" } }] });
        let portal = MockServer::new().lenient().answer("*", Answer::json(200, refusal));
        let mut home = Home::new();
        home.portal(&portal.url, KEY);
        for line in ["devices list", "keys list -o json", "-vv auth status"] {
            let session = home.run(line);
            assert!(
                !session.to_string().contains(left) && session.to_string().contains("[secret]"),
                "{words}: {session}"
            );
        }
    }
}

#[test]
fn whatever_is_wrong_with_a_line_is_told_in_one_form() {
    let home = Home::new();
    for line in [
        "devices list --filds id",
        "devices lst",
        "keys rm ci",
        "devices list --format json",
        "devices list --limit soon",
        "devices list -o xml",
        "devices list --portal",
        "devices show",
        "keys rotate --resume --abort",
        "query --list fleet",
        "keys revoke",
        "auth login --command true",
        "api ''",
        "help no-such-topic",
    ] {
        let session = home.run(line);
        let (told, is_one_word) = (session.exits(2).err(), |line: &str| line.starts_with("hint: `"));
        let mut lines = told.lines();
        let first = lines.next().unwrap_or_default().strip_prefix("error: ").unwrap_or_default();
        assert!(first.starts_with(|letter: char| letter.is_lowercase() || letter == '`' || letter == '-'), "{session}");
        assert!(!first.trim_end_matches("...").ends_with('.') && !told.contains(" '"), "{session}");
        for hint in lines {
            let sentence = hint.strip_prefix("hint: ").unwrap_or_default();
            assert!(is_one_word(hint) || sentence.starts_with(char::is_uppercase), "{session}");
            assert!(sentence.ends_with(['.', '`']), "{session}");
        }
    }
    assert_data_eq!(
        home.run("devices list --filds id").to_string(),
        str![[r#"
--- stderr
error: unexpected argument `--filds` found
hint: A similar argument exists: `--fields`.
hint: `optra devices list --help` tells more.
--- exit 2

"#]]
    );
}

#[test]
fn a_long_wrong_word_is_cut_and_a_key_in_it_is_masked_first() {
    let home = Home::new();
    let long = "x".repeat(5000);
    for line in [format!("devices list --limit {long}"), format!("devices {long}"), format!("devices list --{long}")] {
        let session = home.run(&line);
        assert!(session.exits(2).err().len() < 600, "{session}");
        assert!(session.err().contains("xxx…"), "{session}");
    }
    // The key begins before the cut and ends behind it.
    let key = "hunter2hunter2hunter2hunter2";
    let word = format!("{}{key}", "x".repeat(70));
    let session = home.line(&format!("devices list --limit {word}")).env("OPTRA_API_KEY", key).run();
    assert!(!session.exits(2).err().contains("hunter2"), "{session}");
}

#[test]
fn the_line_of_usage_is_shown_where_an_argument_is_missing() {
    let home = Home::new();
    let missing = home.run("devices show");
    assert!(missing.exits(2).err().contains("Usage: `optra devices show "), "{missing}");
    for line in ["devices list --limit many", "devices list --frobnicate", "devices frobnicate"] {
        let session = home.run(line);
        assert!(!session.exits(2).err().contains("Usage:"), "{session}");
    }
}

#[test]
fn a_minus_before_the_field_to_sort_by_is_answered_with_reverse() {
    let home = Home::new();
    for line in ["devices list --sort -name", "devices list --sort=-name", "keys list --sort -name"] {
        assert!(home.run(line).exits(2).err().contains("hint: `--sort name --reverse` does that."), "{line}");
    }
    home.run("--sandbox devices list --sort name --reverse").ok();
    for (line, hint) in [
        ("devices list --sort name --desc", "hint: `--sort name --reverse` does that."),
        ("devices list --desc", "hint: `--sort FIELD --reverse` does that."),
    ] {
        assert!(home.run(line).exits(2).err().contains(hint), "{line}");
    }
}
