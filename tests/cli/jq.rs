//! `--jq` behaves like jq: its output, its exit code, and what it cannot reach.

use serde_json::json;

use crate::harness::{Home, ReferenceServer};

fn at_portal() -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "3", "--page", "1"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

#[test]
fn halt_keeps_what_was_printed_and_ends_well() {
    let (home, portal) = at_portal();
    let ids = "device-0001\ndevice-0002\ndevice-0003\n";
    assert_eq!(home.run("devices list --jq '.[].id, halt, 9'").ok().out(), ids);
    assert_eq!(
        home.run("devices list --jq '.[] | .id, (select(.id == \"device-0002\") | halt)'").ok().out().lines().count(),
        2
    );
    let asked = portal.requests().len();
    let session = home.run("devices list -o ndjson --jq '.id, halt'");
    assert_eq!((session.ok().out().as_str(), session.err().as_str()), ("device-0001\n", ""));
    // Only the page in flight is fetched after `halt`.
    assert!(portal.requests().len() <= asked + 2);
    // What looks at one device after the other does not wait for the last of them.
    let asked = portal.requests().len();
    assert_eq!(home.run("devices list --jq '.[] | .id, halt'").ok().out(), "device-0001\n");
    assert!(portal.requests().len() <= asked + 2);
    assert_eq!(home.run("devices list --where name=none --jq '.[].id'").ok().out(), "");
    assert_eq!(home.run("api '{ devices { total } }' --jq '.data.devices.total, halt'").ok().out(), "3\n");
}

#[test]
fn halt_error_says_why_and_fails() {
    let (home, _portal) = at_portal();
    let session = home.run("devices list --jq '.[0].id, (\"too few\" | halt_error)'");
    assert_eq!(session.exits(1).out(), "device-0001\n");
    assert!(session.err().contains("`--jq` halted: too few"), "{session}");
    assert!(home.run("devices list --jq 'halt(4)'").exits(1).err().contains("halted with 4"));
}

#[test]
fn what_a_filter_says_goes_to_stderr_with_every_secret_masked() {
    let (mut home, _portal) = at_portal();
    home.set("OPTRA_API_KEY", ReferenceServer::KEY);
    let session = home.run("devices list --jq 'length | debug | stderr'");
    assert_eq!((session.ok().out().as_str(), session.err().as_str()), ("3\n", "debug: 3\n3\n"));
    let session =
        home.run(&format!("devices list --jq '(\"{}\", \"\\u001b[31m\") | stderr | length'", ReferenceServer::KEY));
    assert!(!session.ok().err().contains(ReferenceServer::KEY) && !session.err().contains('\u{1b}'), "{session}");
    // The environment holds the key.
    for filter in ["env", "$ENV", "env.OPTRA_API_KEY | explode"] {
        home.run(&format!("devices list --jq '{filter}'")).exits(2);
    }
}

#[test]
fn a_key_that_was_printed_before_halt_was_delivered() {
    let (home, portal) = at_portal();
    let session = home.run("keys generate --name ci --jq '.secret, halt'");
    assert_eq!(session.ok().out().trim().len(), 48, "{session}");
    assert!(!portal.operations().contains(&"KeysRevoke".to_owned()));
    // The secret was dropped, so the key was revoked.
    let session = home.run("keys list -o json --fields name").ok().json();
    assert_eq!(session, json!([{"name": "first key"}, {"name": "ci"}]));
}

#[test]
fn a_filter_over_many_pages_sees_all_of_them_whatever_is_said_meanwhile() {
    let (home, _portal) = at_portal();
    let session = home.run("devices list -v --jq 'length'");
    assert_eq!(session.ok().out(), "3\n");
    assert_eq!(session.err().matches("DevicesList: POST").count(), 3, "{session}");
}

#[test]
fn a_filter_without_end_is_written_as_it_comes_and_ends_with_its_reader() {
    let (home, _portal) = at_portal();
    let session = home.script("optra devices list --jq 'repeat(1)' | head -3").run();
    assert_eq!((session.ok().out().as_str(), session.err().as_str()), ("1\n1\n1\n", ""));
    // Longer than anything that is held back.
    let endless = home.line("devices list -o ndjson --jq 'repeat(.name)'").reader_leaves_after(1 << 19).run();
    assert!(endless.ok().err().is_empty(), "{}", endless.err());
}

#[test]
fn a_filter_without_end_does_not_hold_back_a_key_for_ever() {
    let (home, portal) = at_portal();
    let session = home.run("keys generate --name ci -o json --jq 'repeat(.id)'");
    assert!(session.err().contains("MiB"), "{session}");
    assert!(
        portal.operations().contains(&"KeysRevoke".to_owned()) || session.out().contains("\"secret\""),
        "{session}"
    );
}
