//! The verdict of a command when its output fails: a reader that leaves, a full disk, a closed or slow stream changes
//! only the output.

use std::io::Read;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::auth::KEY;
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// Command lines that do not succeed, with their exit codes at a portal that has one old key and one device.
const VERDICTS: [(&str, i32); 13] = [
    ("keys audit --max-age 1d", 1),
    ("keys audit --max-age 1d -o json", 1),
    ("keys audit --max-age 1d -o sarif", 1),
    ("keys audit --max-age 1d --jq .[]", 1),
    ("devices show nothing", 6),
    ("devices show nothing -o json", 6),
    ("keys revoke nothing --yes -o json", 6),
    ("keys revoke nothing nobody --yes", 3),
    ("keys revoke nothing nobody --yes -o ndjson", 3),
    ("api '{ devices { data { nothing } } }'", 9),
    ("devices lst", 2),
    ("devices lst -o json", 2),
    ("devices list --where nothing=1 -o csv", 2),
];

fn at_portal() -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "1"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

#[test]
fn a_verdict_stands_whatever_becomes_of_its_words() {
    let (home, _portal) = at_portal();
    for (line, code) in VERDICTS {
        let told = home.run(line);
        told.exits(code);
        let left = home.line(line).reader_leaves_after(0).run();
        assert_eq!(left.code, Some(code), "the reader leaves: {line}\n{left}");
        for to in ["> /dev/full", ">&-", "2>&-", "2> /dev/full", "> /dev/full 2> /dev/full"] {
            let session = home.script(&format!("optra {line} {to}")).run();
            assert_eq!(session.code, Some(code), "{to}: {line}\n{session}");
        }
        // A pipe without a reader.
        let script =
            format!("( optra {line} 3>&1 1>&2 2>&3 | true; ) 2>/dev/null; optra {line} >/dev/null 2>&1 || echo $?");
        assert_eq!(home.script(&script).run().out(), format!("{code}\n"), "{line}");
    }
}

#[test]
fn a_fault_of_the_output_is_told_beside_the_verdict() {
    let (home, _portal) = at_portal();
    let session = home.script("optra keys audit --max-age 1d > /dev/full").run();
    assert_eq!(
        session.exits(1).err(),
        "warning: cannot write the output: No space left on device (os error 28)\nerror: 2 findings\n"
    );
    let session = home.run("keys audit --max-age 1d --jq .[].nothing.more.than.this");
    assert_eq!(session.code, Some(1), "{session}");
    let session = home.run("keys audit --max-age 1d --jq '.[] | error(\"why\")'");
    assert_eq!((&session.exits(1).error()["code"], session.err().contains("why")), (&"findings".into(), true));
}

#[test]
fn a_command_whose_1_says_found_never_fails_with_1() {
    let (home, portal) = at_portal();
    home.run("keys generate --name ci --to file:ci.key").ok();
    home.write("home/keys.toml", format!("portal = \"{}\"\n", portal.url));
    home.write("home/empty.txt", "");
    // Without `--exit-code` 1 says nothing of the keys, so it stays the code of what has none of its own.
    home.run("keys plan -f keys.toml --output-file no/where -o json").exits(1);
    // On the left, how the check ends if nothing is in its way.
    for (clean, line) in [
        (0, "keys audit --fail-on same-name"),
        (0, "keys log --verify"),
        (0, "keys scan empty.txt"),
        (0, "keys plan -f keys.toml --exit-code"),
        (1, "devices list --exit-code"),
        (0, "doctor"),
    ] {
        let code = home.run(line).code;
        assert_eq!(code, Some(clean), "{line}");
        let unwritable = home.run(&format!("{line} --output-file no/where -o json"));
        assert_eq!(
            (unwritable.exits(12).error()["code"].as_str(), unwritable.out()),
            (Some("check_failed"), String::new())
        );
        if clean == 0 {
            home.script(&format!("optra {line} -o json > /dev/full")).run().exits(12);
            home.run(&format!("{line} --jq 'error(\"why\")'")).exits(12);
        }
    }
    // Whatever the disk says, what was found was found.
    home.script("optra devices list --exit-code > /dev/full").run().exits(1);
    // A refusal of the portal says nothing of what it has.
    let (mut refused, portal) = (Home::new(), MockServer::new().lenient().answer("*", Answer::error("ODD", "no")));
    refused.portal(&portal.url, KEY);
    refused.run("devices list --exit-code").exits(12);
    refused.run("keys audit").exits(12);
    // Elsewhere 1 says that it failed, as before.
    refused.run("devices list").exits(1);
}

#[test]
fn a_filter_that_has_enough_does_not_end_the_verdict() {
    let (home, _portal) = at_portal();
    home.run("keys audit --max-age 1d --jq 'halt'").exits(1);
    home.run("devices list --jq 'halt'").ok();
}

#[test]
fn a_listing_that_nobody_reads_ends_early_and_one_that_is_not_whole_is_not() {
    let mut home = Home::new();
    let page = |n: u32| json!({"devices": {"data": [{"id": n.to_string()}], "after": n.to_string(), "total": 900}});
    let portal = MockServer::new().lenient();
    let portal = (0..900).fold(portal, |portal, n| portal.answer("DevicesList", Answer::data(page(n))));
    home.portal(&portal.url, KEY);
    let session = home.line("devices list -o ndjson").reader_leaves_after(10).run();
    assert_eq!(session.ok().err(), "");
    assert!(portal.requests().len() < 500, "{}", portal.requests().len());
    // The last page was fetched, and showed that it is not the last.
    let part = json!({"devices": {"data": [{"id": "1"}], "after": null, "total": 3}});
    let refused = json!({ "data": part, "errors": [{ "message": "no", "path": ["devices", "data", 1] }] });
    let portal = MockServer::new().lenient().answer("*", Answer::json(200, refused));
    home.portal(&portal.url, KEY);
    let code = home.run("devices list -o ndjson").code;
    assert_eq!((code, home.line("devices list -o ndjson").reader_leaves_after(0).run().code), (Some(3), Some(3)));
}

#[test]
fn a_secret_that_cannot_be_written_is_a_key_that_is_taken_back() {
    let (home, portal) = at_portal();
    for to in ["> /dev/full", "-o json > /dev/full", "--jq .secret > /dev/full"] {
        let session = home.script(&format!("optra keys generate --name ci {to}")).run();
        assert!(session.code != Some(0) && session.err().contains("so the new key"), "{to}: {session}");
    }
    assert_eq!(portal.operations().iter().filter(|operation| *operation == "KeysRevoke").count(), 3);
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 1);
}

#[test]
fn a_pipe_that_does_not_wait_is_waited_for() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "5000"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let whole = home.run("devices list -o ndjson").ok().out();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let flags = rustix::fs::fcntl_getfl(&writer).unwrap();
    rustix::fs::fcntl_setfl(&writer, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    let mut command = home.optra(["devices", "list", "-o", "ndjson"]).through_shell("exec \"$@\"");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::from(writer)).stderr(Stdio::piped()).spawn().unwrap();
    drop(command);
    let mut read = Vec::new();
    let mut part = vec![0; 40_000];
    // Read more slowly than it is written.
    for _ in 0..6 {
        thread::sleep(Duration::from_millis(100));
        let length = reader.read(&mut part).unwrap();
        read.extend_from_slice(&part[..length]);
    }
    reader.read_to_end(&mut read).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(String::from_utf8(read).unwrap() == whole, "{} bytes", whole.len());
}

#[test]
fn in_a_machine_format_every_line_on_stderr_is_one_value() {
    let (home, _portal) = at_portal();
    let busy = || Answer::new(503, "text/plain", "no").header("retry-after", "0");
    let script = MockServer::new().lenient().answer("*", busy());
    let mut away = Home::new();
    away.portal(&script.url, KEY).set("OPTRA_RETRIES", "2");
    away.write("config/optra/config.toml", "odd = 1\n");
    for format in ["json", "ndjson", "csv"] {
        for (home, line) in [
            (&away, "devices list"),
            (&away, "-v devices list"),
            (&away, "-vv keys list --profile a"),
            (&home, "-vv devices list --limit 1"),
            (&home, "keys generate --name ci"),
            (&home, "keys audit --max-age 1d --jq 'error(\"why\")'"),
            (&home, "auth status"),
            (&home, "devices lst"),
        ] {
            let format = if line.contains("--jq") { String::new() } else { format!("-o {format}") };
            let session = home.run(&format!("{line} {format}"));
            for said in session.err().lines() {
                let value: Value = serde_json::from_str(said).unwrap_or_else(|_| panic!("{line}: {said}"));
                assert_eq!(value.as_object().map(serde_json::Map::len), Some(1), "{said}");
            }
        }
    }
    let session = away.run("devices list -o json");
    let kinds: Vec<String> = session.err().lines().map(|said| said.split('"').nth(1).unwrap().to_owned()).collect();
    assert_eq!(kinds, ["warning", "warning", "error"], "{session}");
}

#[test]
fn on_a_full_disk_a_leak_is_still_a_leak_and_nothing_found_is_no_success() {
    let home = Home::new();
    home.script("optra --sandbox -q keys generate --name leak > leak.txt; echo nothing > clean.txt").run().ok();
    let secret = home.script("cat leak.txt").run().ok().out();
    for format in ["table", "json", "ndjson", "csv", "sarif"] {
        let session = home.script(&format!("optra --sandbox keys scan leak.txt -o {format} > /dev/full")).run();
        assert!(session.exits(1).err().contains("No space left on device"), "{format}: {session}");
        assert!(!session.err().contains(secret.trim()));
    }
    let session = home.script("optra --sandbox keys scan clean.txt -o json > /dev/full").run();
    assert!(session.code.is_some_and(|code| code > 1) && session.err().contains("No space left"), "{session}");
}
