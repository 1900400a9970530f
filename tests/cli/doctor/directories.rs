//! `optra doctor` on directories that cannot be written, and what other commands say of them.

use std::fs;

use super::{row, rows, text};
use crate::auth::{KEY, portal};
use crate::harness::Home;

#[test]
fn a_state_directory_that_nobody_can_write_fails_with_the_command_that_names_another() {
    let (mut home, portal) = (Home::new(), portal(&[]));
    home.portal(&portal.url, KEY);
    let good = home.run("doctor -o json");
    assert_eq!(row(good.ok(), "directories")["state"], "ok", "{good}");
    let plain = home.write("plain", "");
    home.set("XDG_STATE_HOME", plain.to_str().unwrap());
    let session = home.run("doctor -o json");
    let found = row(session.exits(1), "directories");
    assert_eq!(text(&found, "what"), format!("`{}/optra/journal` cannot be written", plain.display()), "{session}");
    assert!(text(&found, "why").starts_with("not a directory\nno API key is generated"), "{session}");
    assert_eq!(text(&found, "mend"), "export XDG_STATE_HOME=\"$(mktemp -d)\"");
    // The command mends it.
    let mended = home.script("export XDG_STATE_HOME=\"$(mktemp -d)\"; optra keys ensure --name ci").run();
    assert!(mended.ok().out().len() > 8, "{mended}");
    // Who runs into it is sent there.
    let session = home.run("keys ensure --name ci");
    let hint = "hint: See which directories can be written: `optra doctor`; `XDG_STATE_HOME` names another.";
    assert!(session.exits(1).err().contains(hint), "{session}");
}

#[test]
fn settings_and_cache_that_cannot_be_written_are_warned_of_and_nothing_is_left_by_the_try() {
    let (mut home, portal) = (Home::new(), portal(&[]));
    home.portal(&portal.url, KEY);
    let plain = home.write("plain", "");
    // Nobody can make a file there.
    home.set("OPTRA_CONFIG_DIR", "/proc/optra");
    home.set("XDG_CACHE_HOME", plain.to_str().unwrap());
    let before = fs::read_dir(home.path("")).unwrap().count();
    let session = home.run("doctor -o json");
    let found = rows(session.ok(), "directories");
    assert_eq!(found.len(), 2, "{session}");
    assert!(found.iter().all(|row| row["state"] == "warn"), "{session}");
    assert!(text(&found[0], "why").contains("`OPTRA_CONFIG_DIR` names another directory"), "{session}");
    assert_eq!(fs::read_dir(home.path("")).unwrap().count(), before);
    let line = format!("auth login --portal {} --store file --key-file -", portal.url);
    let session = home.line(&line).without_env("OPTRA_API_KEY").stdin(KEY).run();
    assert!(session.err().contains("`OPTRA_CONFIG_DIR` names another."), "{session}");
}
