//! `optra keys log`: every change to keys by this machine, and no secret.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::portal;

#[test]
fn what_was_done_is_told_in_order() {
    let (home, portal) = portal(&[], &json!([{ "name": "ci" }]));
    assert!(home.run("keys log").ok().err().contains("no entries"));
    let secret = home.run("keys generate --name report").ok().out();
    home.run("keys revoke ci report --yes").ok();
    home.line("keys generate").env("OPTRA_API_KEY", "no-such-key-anywhere").run().exits(4);
    let log = home.run("keys log -o json").ok().json();
    let told: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| json!([entry["command"], entry["action"], entry["ids"], entry["name"], entry["result"]]))
        .collect();
    assert_eq!(
        told[..6],
        [
            json!(["keys generate", "generate", [], "report", "asked"]),
            json!(["keys generate", "generate", ["key-0003"], "report", "done"]),
            json!(["keys revoke", "revoke", ["key-0002"], "ci", "asked"]),
            json!(["keys revoke", "revoke", ["key-0003"], "report", "asked"]),
            json!(["keys revoke", "revoke", ["key-0002"], "ci", "done"]),
            json!(["keys revoke", "revoke", ["key-0003"], "report", "done"]),
        ]
    );
    assert_eq!((told[7][1].as_str(), told[7][4].as_str(), told.len()), (Some("generate"), Some("failed"), 8));
    assert_eq!((&log[0]["portal"], &log[0]["profile"]), (&json!(portal.url), &json!(null)));
    assert_eq!(home.run("keys log --limit 1 -o ndjson").ok().ndjson().len(), 1);
    let file = home.path("state/optra/journal/keys.log");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains(secret.trim()) && text.lines().count() == 8, "{text}");
}

#[test]
fn a_line_that_is_broken_hides_no_other() {
    let (home, _portal) = portal(&[], &json!([]));
    home.run("keys generate --name a").ok();
    let file = home.path("state/optra/journal/keys.log");
    fs::write(&file, format!("{{\n{}", fs::read_to_string(&file).unwrap())).unwrap();
    let session = home.run("keys log -o ndjson");
    assert_eq!(session.ok().ndjson().len(), 2);
    assert_eq!(session.err(), "{\"warning\":\"1 line of the log cannot be read\"}\n");
}

#[test]
fn what_cannot_be_noted_is_done_all_the_same_and_said() {
    let (home, _portal) = portal(&[], &json!([]));
    home.write("state/optra", "a file where the directory should be");
    let session = home.run("keys generate --name a");
    assert!(session.ok().err().contains("warning: not all of this run was noted in the log"), "{session}");
    // Once a run, however many requests and keys it is about.
    for topic in ["noted in the log", "will not recognize"] {
        assert_eq!(session.err().matches(topic).count(), 1, "{topic}: {session}");
    }
}
