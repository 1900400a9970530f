//! Files with power over a run, when others can write them: settings, bindings, documents, journals, plans, hooks. They
//! are refused like a key file, with the command that fixes it, and nothing in them takes effect.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, portal};
use crate::harness::{Home, ReferenceServer, Session};

/// A user with a key in a file, and its portal.
fn user() -> (Home, ReferenceServer) {
    let (home, portal) = (Home::new(), portal(&[]));
    let login = format!("auth login --portal {} --store file --key-file -", portal.url);
    home.line(&login).stdin(KEY).run().ok();
    (home, portal)
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Returns the file in a folder whose name begins and ends with these.
fn below(folder: &Path, start: &str, end: &str) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let fits = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(start) && name.ends_with(end)
    };
    entries.find(fits).unwrap_or_else(|| panic!("no {start}…{end} in {}", folder.display()))
}

/// Returns the command of a hint.
fn pasted(session: &Session) -> String {
    let said = session.err();
    let mut quoted = said.split('`').skip(1).step_by(2);
    quoted.find(|text| text.starts_with("chmod ")).unwrap_or_else(|| panic!("nothing to paste:\n{session}")).to_owned()
}

/// Asserts that a line is refused while others can write or replace the file, and that the hint fixes it.
fn refused_while_others_write(home: &Home, path: &Path, portal: &ReferenceServer, line: &str) {
    let mode = fs::metadata(path).unwrap().permissions().mode();
    // The user's private group may write; root's group may not.
    let by_group = if rustix::process::geteuid().is_root() { 0o620 } else { 0o622 };
    for open in [by_group, 0o602, 0o666] {
        allow(path, open);
        let before = portal.requests().len();
        let session = home.run(line);
        let said = format!("can be written by others (mode {open:03o})");
        assert!(session.exits(7).err().contains(&said), "{}: {session}", path.display());
        assert_eq!(portal.requests().len(), before, "{}: nothing is asked", path.display());
        home.script(&pasted(&session)).run().ok();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o022, 0);
    }
    allow(path, mode);
}

#[test]
fn settings_that_others_can_write_are_not_used() {
    let (home, portal) = user();
    let config = home.path("config/optra/config.toml");
    refused_while_others_write(&home, &config, &portal, "devices list");
    // Whoever can write to the directory can replace the file.
    allow(config.parent().unwrap(), 0o777);
    let session = home.run("devices list");
    let root = home.path("");
    assert_data_eq!(
        session.masked(&[(root.to_str().unwrap(), "[HOME]/")]),
        str![[r#"
--- stderr
error: `[HOME]/config/optra` can be written by others (mode 777), and is not used: it decides what is done with a key
hint: Look whether it is as you left it, and run `chmod go-w [HOME]/config/optra`.
--- exit 7

"#]]
    );
    assert_eq!(home.run("devices list -o json").exits(7).error()["code"], "declined");
    home.script(&pasted(&session)).run().ok();
    // The settings are not secret, so others may read them.
    allow(&config, 0o644);
    allow(config.parent().unwrap(), 0o755);
    home.run("devices list").ok();
}

#[test]
fn settings_of_another_user_are_not_used() {
    if !rustix::process::geteuid().is_root() {
        assert!(std::env::var_os("CI").is_none(), "this test needs root");
        return;
    }
    let (home, _portal) = user();
    let config = home.path("config/optra/config.toml");
    std::os::unix::fs::chown(&config, Some(12345), None).unwrap();
    let session = home.run("devices list");
    assert_data_eq!(
        session.masked(&[(config.to_str().unwrap(), "[CONFIG]")]),
        str![[r#"
--- stderr
error: `[CONFIG]` belongs to another user, and is not used: it decides what is done with a key
hint: If you trust it, make it yours: `sudo chown "$(id -u)" [CONFIG]`.
--- exit 7

"#]]
    );
}

#[test]
fn a_binding_or_a_document_that_others_can_write_is_not_sent() {
    let (home, portal) = user();
    home.line("portal bind devices.list -f -").stdin("{ devices { data { id name } } }").run().ok();
    let bound = below(&home.path("config/optra/bindings"), "", "");
    refused_while_others_write(&home, &bound.join("devices.list.graphql"), &portal, "devices list");
    let document = home.write("config/optra/queries/fleet.graphql", "{ devices { data { id } } }");
    for path in [&document, &home.write("home/.optra/queries/own.graphql", "{ devices { data { id } } }")] {
        let name = path.file_stem().unwrap().to_string_lossy();
        refused_while_others_write(&home, path, &portal, &format!("query {name}"));
        home.run(&format!("query {name}")).ok();
    }
}

#[test]
fn a_journal_that_others_can_write_is_not_gone_on_with() {
    let (home, portal) = user();
    home.run("keys rotate --yes --hook false").exits(1);
    let folder = home.path("state/optra/journal");
    let journal = below(&folder, "rotation-", ".json");
    // The hook would be run.
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replace("\"false\"", "\"touch ran\"")).unwrap();
    refused_while_others_write(&home, &journal, &portal, "keys rotate --resume");
    assert!(!home.path("home/ran").exists());
    fs::write(&journal, text.replace("\"false\"", "\"true\"")).unwrap();
    home.run("keys rotate --resume").ok();
    // The log and the ledger decide which keys count as ours.
    refused_while_others_write(&home, &below(&folder, "keys.log", ""), &portal, "keys log");
    allow(&below(&folder, "ledger", ""), 0o666);
    let session = home.run("keys list");
    assert!(session.err().contains("can be written by others"), "{session}");
}

#[test]
fn a_plan_or_a_hook_that_others_can_write_does_nothing() {
    let (home, portal) = user();
    home.run("keys generate --name old --to file:k").ok();
    home.run("keys revoke --where name=old --plan plan.json").ok();
    let plan = home.path("home/plan.json");
    allow(&plan, 0o666);
    let session = home.run("keys revoke --apply plan.json --yes");
    assert!(session.exits(7).err().contains("`plan.json` can be written by others (mode 666)"), "{session}");
    assert!(!portal.operations().iter().any(|operation| operation == "KeysRevoke"));
    home.script(&pasted(&session)).run().ok();
    let hook = home.write("home/hook", "#!/bin/sh\ntouch ran\n");
    allow(&hook, 0o777);
    let made = portal.operations().len();
    let session = home.run("keys rotate --yes --hook ./hook");
    assert!(session.exits(7).err().contains("hook` can be written by others (mode 777)"), "{session}");
    let asked = portal.operations();
    assert!(!asked[made..].iter().any(|operation| operation == "KeysGenerate"), "{asked:?}");
    assert!(!home.path("home/ran").exists());
    home.script(&pasted(&session)).run().ok();
    home.run("keys rotate --yes --hook ./hook").ok();
    assert!(home.path("home/ran").exists());
}

#[test]
fn what_was_learned_of_a_portal_is_not_taken_from_others() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--dialect", "documented"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let line = "devices list -o ndjson --allow-partial";
    let requests = |line: &str| {
        let before = portal.requests().len();
        home.run(line).ok();
        portal.requests().len() - before
    };
    assert!(requests(line) > 1);
    assert_eq!(requests(line), 1, "it is remembered");
    let learned = below(&home.path("cache/optra/fits"), "", "");
    allow(&learned, 0o666);
    assert!(requests(line) > 1, "it is found out anew");
    assert_eq!(requests(line), 1, "and remembered again");
}
