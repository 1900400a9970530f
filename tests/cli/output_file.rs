//! `--output-file`: the result in a file, complete or not at all.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, KILLED, MockServer, ReferenceServer};

/// Returns the names in the working directory of runs.
fn files(home: &Home) -> Vec<String> {
    let entries = fs::read_dir(home.path("home")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(home: &Home, name: &str) -> u32 {
    fs::metadata(home.path("home").join(name)).unwrap().permissions().mode() & 0o777
}

#[test]
fn every_format_goes_to_the_file_byte_by_byte() {
    let home = Home::new();
    for format in ["table", "json", "ndjson", "csv", "tsv", "yaml", "geojson"] {
        let line = format!("--sandbox devices list -o {format} --limit 3");
        let session = home.run(&format!("{line} --output-file out"));
        assert_eq!(session.ok().out(), "", "{session}");
        let written = fs::read_to_string(home.path("home/out")).unwrap();
        assert_eq!(written, home.run(&line).ok().out(), "{format}");
    }
    home.run("--sandbox devices list --jq '.[0].name' --output-file out").ok();
    assert_eq!(fs::read_to_string(home.path("home/out")).unwrap(), "dock-01-camera\n");
    home.run("--sandbox api '{ devices { total } }' --output-file ~/out").ok();
    assert_eq!(fs::read_to_string(home.path("home/out")).unwrap(), "{\"data\":{\"devices\":{\"total\":25}}}\n");
    home.run("completions bash --output-file out").ok();
    assert_eq!(files(&home), ["out"]);
    // A new file gets the mode of the umask, and an old one keeps its own.
    home.script("umask 022; optra version --output-file new; chmod 640 out; optra version --output-file out")
        .run()
        .ok();
    assert_eq!((mode(&home, "new"), mode(&home, "out")), (0o644, 0o640));
}

#[test]
fn a_person_at_a_terminal_gets_a_file_without_colour_or_width() {
    let home = Home::new();
    let ended = home.terminal("--sandbox devices list --limit 1 --output-file out").finish();
    assert!(ended.code == Some(0) && ended.text.contains("1 of 25 devices"), "{}", ended.text);
    let written = fs::read_to_string(home.path("home/out")).unwrap();
    assert_eq!(written, home.run("--sandbox devices list --limit 1").ok().out());
}

#[test]
fn a_part_does_not_take_the_place_of_a_whole() {
    let page =
        |after: Value| Answer::data(json!({ "devices": { "data": [{"id": "1", "name": "a"}], "after": after } }));
    let script = MockServer::new()
        .answer("DevicesList", page(json!("x")))
        .answer("DevicesList", Answer::error("INTERNAL", "no"));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    home.write("home/out.csv", "the old list\n");
    let session = home.run("devices list -o csv --output-file out.csv");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
{"error":{"code":"partial","exit":3,"message":"the listing stopped after 1 device","hints":["Begin again, from the start: the same command may succeed later.","`out.csv` was not written: it is as it was before."],"causes":["the portal refuses: no"],"retryable":false,"retry_after_s":null,"request_id":null}}
--- exit 3

"#]]
    );
    assert_eq!(session.code, Some(3));
    let old = |home: &Home| fs::read_to_string(home.path("home/out.csv")).unwrap();
    assert_eq!((old(&home).as_str(), files(&home)), ("the old list\n", vec!["out.csv".to_owned()]));
    // A failed run creates no file.
    home.run("--sandbox devices show nobody --output-file new").exits(6);
    assert_eq!(files(&home), ["out.csv"]);
}

#[test]
fn what_was_found_is_a_whole_result() {
    let home = Home::new();
    home.run("--sandbox devices list --exit-code -o json --output-file out").exits(1);
    let written: Value = serde_json::from_str(&fs::read_to_string(home.path("home/out")).unwrap()).unwrap();
    assert_eq!(written.as_array().unwrap().len(), 25);
    home.run("--sandbox keys audit --require-name --max-unused 1m -o sarif --output-file out").ok();
    assert!(fs::read_to_string(home.path("home/out")).unwrap().contains("\"version\""));
}

#[test]
fn a_run_that_is_killed_leaves_the_old_file_and_nothing_else() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "50"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    home.write("home/out", "the old list\n");
    for call in 1..60 {
        let session = home.line("devices list -o json --output-file out").killed_before(call).run();
        let written = fs::read_to_string(home.path("home/out")).unwrap();
        let is_whole = serde_json::from_str::<Value>(&written).is_ok_and(|list| list.as_array().unwrap().len() == 50);
        assert!(written == "the old list\n" || is_whole, "{written}");
        // Temporarily the new file has another name beside the old one.
        assert!(files(&home).len() <= 2, "{:?}", files(&home));
        if session.signal != Some(KILLED) {
            assert!(session.ok().err().is_empty() && is_whole, "{session}");
            return;
        }
    }
    panic!("the run never ended by itself");
}

#[test]
fn what_cannot_be_written_to_is_found_out_before_the_portal_is_asked() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "3"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    fs::create_dir(home.path("home/folder")).unwrap();
    for (path, cause) in [
        ("folder", "it is not a regular file"),
        ("/dev/null", "it is not a regular file"),
        ("no/where", "No such file"),
    ] {
        let session = home.run(&format!("devices list --output-file {path}"));
        let said = format!("error: cannot write `{path}`\n  because: {cause}");
        assert!(session.exits(1).err().starts_with(&said), "{session}");
    }
    assert_eq!(portal.requests().len(), 0);
    // The target of a link is replaced, and the link stays.
    home.write("data/out", "old");
    symlink(home.path("data/out"), home.path("home/link")).unwrap();
    home.run("devices list --count --output-file link").ok();
    assert_eq!(fs::read_to_string(home.path("data/out")).unwrap(), "3\n");
    assert!(fs::symlink_metadata(home.path("home/link")).unwrap().is_symlink());
}

#[test]
fn a_secret_and_a_change_are_not_for_a_file() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "3"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("keys generate --name ci --output-file out");
    assert!(session.exits(2).err().ends_with("hint: A secret goes to a file for its owner only: `--to file:PATH`.\nhint: `out` was not written: it is as it was before.\n"), "{session}");
    let refused = [
        "auth token",
        "keys revoke ci --yes",
        "keys rotate --yes",
        "run -- true",
        "devices watch",
        "portal set a=b",
        "sandbox",
        "broker",
    ];
    for line in refused {
        let session = home.run(&format!("--output-file out {line}"));
        assert!(session.exits(2).err().contains("`--output-file` is for what"), "{session}");
    }
    let session = home.run("api 'mutation { generateApiKey { id } }' --output-file out");
    assert!(session.exits(2).err().contains("this is a mutation; nothing was sent"), "{session}");
    assert_eq!((portal.requests().len(), files(&home).len()), (0, 0));
}

#[test]
fn a_file_without_a_name_is_refused_before_anything_is_done() {
    let home = Home::new();
    let session = home.line("--sandbox devices list --output-file").arg("").run();
    assert!(session.exits(2).err().contains("--output-file"), "{session}");
    assert_eq!(files(&home), Vec::<String>::new());
}
