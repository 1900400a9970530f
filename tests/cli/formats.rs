//! `-o yaml`, `-o tsv`, `--no-headers`: the same values as in JSON, for independent parsers.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// Texts that a YAML parser of some version may take for another type.
const TEXTS: [&str; 42] = [
    "no",
    "NO",
    "y",
    "On",
    "true",
    "null",
    "Null",
    "~",
    "",
    " ",
    "1e3",
    "1.0",
    "0x1F",
    "0o17",
    "007",
    "1_000",
    ".inf",
    "nan",
    "-",
    "- a",
    "? a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "'a'",
    "\"a\"",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "12:30:00",
    "<<",
    "=",
    "---",
    "...",
];

const MORE_TEXTS: [&str; 8] = [
    "two\nlines\r\n\tand more\n",
    "\u{0}\u{7}\u{1b}[31m\u{7f}\u{85}\u{9f}",
    "\u{a0}\u{2028}\u{2029}\u{feff}\u{fffe}\u{1ffff}",
    "\u{202e}gnp.exe",
    "倉庫 🏭 Gdańsk",
    "364027113840054272",
    "c:\\new\\table",
    " in between ",
];

/// Parses YAML with PyYAML (YAML 1.1) from stdin, and returns it as JSON; `load` or `load_all`.
fn as_read_by_pyyaml(home: &Home, yaml: &[u8], load: &str) -> Value {
    let script = format!(
        "import json, sys, yaml; read = yaml.{load}(sys.stdin.buffer.read(), Loader=yaml.SafeLoader); \
         json.dump(read if not hasattr(read, '__next__') else list(read), sys.stdout)"
    );
    home.program("python3", ["-c", &script]).stdin(yaml).run().ok().json()
}

/// Parses YAML with a YAML 1.2 parser.
fn as_read_by_serde(yaml: &[u8]) -> Value {
    serde_yaml_ng::from_slice(yaml).unwrap()
}

#[test]
fn yaml_is_read_back_as_the_same_json_by_parsers_of_both_versions() {
    let texts = || TEXTS.iter().chain(&MORE_TEXTS).map(|text| (*text).to_owned());
    let named = texts().enumerate().map(|(n, name)| json!({"id": n.to_string(), "name": name, "tags": []}));
    let devices: Vec<Value> = named.collect();
    let mut home = Home::new();
    let file = home.write("devices.json", json!(devices).to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    for line in ["devices list", "devices list --fields id,name,location.name", "devices show 1"] {
        let (yaml, json) = (home.run(&format!("{line} -o yaml")), home.run(&format!("{line} -o json")).ok().json());
        assert_eq!(as_read_by_pyyaml(&home, &yaml.ok().stdout, "load"), json, "{yaml}");
        assert_eq!(as_read_by_serde(&yaml.stdout), json, "{yaml}");
        // Characters that hide or reorder text are escaped.
        assert!(!yaml.out().contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}')), "{yaml}");
    }
}

#[test]
fn whatever_a_portal_answers_is_the_same_in_yaml() {
    let members: serde_json::Map<String, Value> =
        TEXTS.iter().chain(&MORE_TEXTS).map(|text| ((*text).to_owned(), json!(text))).collect();
    let long = "k".repeat(5000);
    let data = json!({
        "texts": members, (long): 1,
        "numbers": [0, -1, 1.5, 1e3, 1e-7, -2.5e30, 9_007_199_254_740_993_i64, 18_446_744_073_709_551_615_u64],
        "nested": [[], {}, [[1, [2]], {"a": [{"b": null}], "c": {"d": []}}], [[[]]], [{}], true, false, null],
    });
    let mut home = Home::new();
    let script = MockServer::new().lenient().answer("*", Answer::data(data.clone()));
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("api {x} -o yaml");
    assert_eq!(as_read_by_pyyaml(&home, &session.ok().stdout, "load"), json!({ "data": data }), "{session}");
    assert_eq!(as_read_by_serde(&session.stdout), json!({ "data": data }), "{session}");
}

#[test]
fn yaml_streams_and_a_part_is_not_taken_for_all() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "5000"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.line("devices list -o yaml").reader_leaves_after(100).run();
    assert_eq!((session.ok().err(), session.stdout.len()), (String::new(), 100), "{session}");

    let page =
        |after: Value| Answer::data(json!({ "devices": { "data": [{"id": "1", "name": "no"}], "after": after } }));
    let script = MockServer::new()
        .answer("DevicesList", page(json!("x")))
        .answer("DevicesList", Answer::error("INTERNAL", "no"));
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("devices list --fields id,name -o yaml");
    assert_data_eq!(
        session.exits(3).out(),
        str![[r#"
- id: "1"
  name: "no"
- [ # not all there is

"#]]
    );
    let read =
        home.program("python3", ["-c", "import sys, yaml; yaml.safe_load(sys.stdin)"]).stdin(session.stdout).run();
    assert!(read.exits(1).err().contains("ParserError"), "{read}");
}

#[test]
fn a_secret_among_the_values_is_masked_as_a_text() {
    let mut home = Home::new();
    let script = MockServer::new().answer("*", Answer::data(json!({ "echo": "keyOfAScriptThatIsLongEnough", "n": 1 })));
    home.portal(&script.url, "keyOfAScriptThatIsLongEnough");
    let session = home.run("api {x} -o yaml");
    assert_eq!(as_read_by_serde(&session.ok().stdout), json!({ "data": { "echo": "[secret]", "n": 1 } }), "{session}");
}

#[test]
fn one_device_a_number_and_nothing_have_their_yaml() {
    let home = Home::new();
    assert_data_eq!(
        home.run("--sandbox devices show gate-01-monitor -o yaml --fields id,name,tags,location.name").ok().out(),
        str![[r#"
id: "364027113840058368"
name: gate-01-monitor
tags:
  - id: "368113440210919936"
    name: outdoor
location.name: Rotterdam

"#]]
    );
    assert_eq!(home.run("--sandbox devices list --count -o yaml").ok().out(), "25\n");
    assert_eq!(home.run("--sandbox devices list --where name=x -o yaml").ok().out(), "[]\n");
    let error = home.run("--sandbox devices show x -o yaml").exits(6).error();
    assert_eq!(error["code"], "not_found");
    assert_eq!(home.run("--sandbox devices list -o yaml --jq .").exits(11).error()["code"], "config");
    let watched = home.line("--sandbox devices watch -o csv").run();
    assert_eq!(watched.exits(2).error()["message"], "only what has an end is written as CSV or TSV");
}

#[test]
fn tsv_has_escapes_and_no_quotes() {
    let devices = json!([
        {"id": "1", "name": "tab\there\nand \\ there\r", "tags": [{"id": "a", "name": "x"}, {"id": "b", "name": "y"}]},
        {"id": "2", "name": "=1+1", "status": "\"ON\""},
    ]);
    let mut home = Home::new();
    let file = home.write("devices.json", devices.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    assert_eq!(
        home.run("devices list -o tsv --fields id,name,status,tags").ok().out(),
        "id\tname\tstatus\ttags\n1\ttab\\there\\nand \\\\ there\\r\t\tx, y\n2\t=1+1\t\"ON\"\t\n"
    );
    assert_eq!(home.run("devices show 2 -o tsv --fields id,name").ok().out(), "id\tname\n2\t=1+1\n");
    assert_eq!(home.run("devices list --where id=x -o tsv --fields id,name").ok().out(), "id\tname\n");
    assert_eq!(home.line("devices list --fields id").env("OPTRA_OUTPUT", "tsv").run().ok().out(), "id\n1\n2\n");
}

#[test]
fn rows_come_without_a_header_where_that_is_asked_for() {
    let home = Home::new();
    let run = |options: &str| {
        home.run(&format!("--sandbox devices list --limit 2 --fields id,name --no-headers {options}")).ok().out()
    };
    assert_eq!(run(""), "364027113840054272  dock-01-camera\n364027113840058368  gate-01-monitor\n");
    assert_eq!(run("-o csv"), "364027113840054272,dock-01-camera\n364027113840058368,gate-01-monitor\n");
    assert_eq!(run("-o tsv"), "364027113840054272\tdock-01-camera\n364027113840058368\tgate-01-monitor\n");
    assert_eq!(run("-o csv --where name=x"), "");
    assert_eq!(run("-o tsv --where name=x"), "");
    // Formats without a header are unchanged.
    let ids = |json: String| serde_json::from_str::<Value>(&json).unwrap().as_array().unwrap().len();
    assert_eq!(ids(run("-o json")), 2);
    // A hidden header does not widen its column.
    assert_eq!(
        home.run("--sandbox devices list --limit 1 --no-headers --fields firmwareVersion,id")
            .ok()
            .out()
            .split("  ")
            .count(),
        2
    );
}
