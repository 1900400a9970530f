//! `optra keys plan` and `optra keys apply` look into the files that the secrets should be in, on the sandbox.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::Value;

use crate::harness::{Home, Session};

const REPORT: &str = "[keys.report]\nto = [\"file:report.key\"]\n";

fn write(home: &Home, file: &str) {
    home.write("home/keys.toml", format!("portal = \"sandbox\"\n{file}"));
}

/// A home with a key `report` that `keys apply` made.
fn made() -> Home {
    let home = Home::new();
    write(&home, REPORT);
    apply(&home).ok();
    home
}

fn apply(home: &Home) -> Session {
    home.run("--sandbox keys apply -f keys.toml --yes")
}

fn id(home: &Home) -> String {
    row(home)["id"].as_str().unwrap().to_owned()
}

/// Returns the row of the key `report`.
fn row(home: &Home) -> Value {
    let rows = home.run("--sandbox keys plan -f keys.toml -o json").ok().json();
    rows.as_array().unwrap().iter().find(|row| row["name"] == "report").unwrap().clone()
}

fn put(home: &Home, text: impl AsRef<[u8]>) {
    let file = home.write("home/report.key", text);
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

fn state(home: &Home) -> String {
    let session = home.run("--sandbox keys where report -o json");
    let state = session.json()[0]["state"].as_str().unwrap().to_owned();
    session.exits(if state == "unreadable" { 3 } else { 0 });
    state
}

#[test]
fn a_file_that_holds_something_else_is_told_and_not_overwritten() {
    let home = made();
    let (before, path) = (id(&home), home.path("home/report.key"));
    assert_eq!((state(&home).as_str(), row(&home)["action"].as_str()), ("held", Some("nothing")));
    let secret = fs::read_to_string(&path).unwrap();
    home.run("--sandbox keys generate --name other --to file:other.key").ok();
    let others = fs::read_to_string(home.path("home/other.key")).unwrap();
    for (text, told) in [
        ("a page of notes\nand another\n", "holds no key"),
        ("", "is empty"),
        ("Some-word-of-somebody-0123456789", "holds no key that this machine knows"),
        (&others, "has the secret of another key (id "),
    ] {
        put(&home, text);
        let row = row(&home);
        let reason = row["reason"].as_str().unwrap();
        assert_eq!(row["action"], "rotate", "{row}");
        assert!(reason.contains("`keys apply` refuses, because") && reason.contains(told), "{row}");
        assert!(reason.ends_with("move it away, or name another place in the file"), "{row}");
        home.run("--sandbox keys plan -f keys.toml --exit-code").exits(1);
        assert_eq!(state(&home), "other");
        let refused = apply(&home);
        assert!(refused.exits(7).err().contains("Move it away, or name another place in the file."), "{refused}");
        assert!(text.is_empty() || !refused.err().contains(text.trim()), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!(id(&home), before);
    put(&home, &secret);
    assert_eq!((state(&home).as_str(), row(&home)["action"].as_str()), ("held", Some("nothing")));
    fs::remove_file(&path).unwrap();
    assert_eq!((state(&home).as_str(), row(&home)["action"].as_str()), ("missing", Some("rotate")));
    apply(&home).ok();
    assert_ne!(id(&home), before);
}

#[test]
fn a_file_that_cannot_be_trusted_leaves_it_open_whether_the_secret_is_there() {
    let home = made();
    let (before, path) = (id(&home), home.path("home/report.key"));
    let secret = fs::read_to_string(&path).unwrap();
    let unknown = |told: &str| {
        let row = row(&home);
        assert!(row["action"] == "unknown" && row["reason"].as_str().unwrap().contains(told), "{row}");
        home.run("--sandbox keys plan -f keys.toml --exit-code").exits(3);
        assert_eq!(state(&home), "unreadable");
        let refused = apply(&home);
        assert!(refused.exits(3).err().contains(told), "{refused}");
        assert!(!refused.err().contains("All keys match the file"), "{refused}");
        assert!(refused.err().contains("1 of 1 key is not as in the file"), "{refused}");
    };
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    unknown("can be read by others (mode 644)");
    unknown("`chmod 600 ");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    unknown("is not a regular file");
    fs::remove_dir(&path).unwrap();
    home.write("home/real.key", &secret);
    fs::set_permissions(home.path("home/real.key"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("real.key", &path).unwrap();
    unknown("is a link");
    symlink("nowhere", home.path("home/dangling")).unwrap();
    fs::rename(home.path("home/dangling"), &path).unwrap();
    unknown("is a link");
    fs::rename(home.path("home/real.key"), &path).unwrap();
    assert_eq!((row(&home)["action"].as_str(), id(&home)), (Some("nothing"), before));
}

#[test]
fn a_secret_that_came_to_its_place_another_way_is_adopted_and_stays() {
    let home = made();
    let (before, secret) = (id(&home), fs::read_to_string(home.path("home/report.key")).unwrap());
    fs::rename(home.path("home/report.key"), home.path("home/new.key")).unwrap();
    write(&home, "[keys.report]\nto = [\"file:new.key\"]\nmax_age = \"90d\"\n");
    let moved = row(&home);
    assert!(moved["action"] == "adopt" && moved["reason"].as_str().unwrap().contains("new.key`"), "{moved}");
    assert!(apply(&home).ok().err().contains("Adopted key `report`"));
    assert_eq!((row(&home)["action"].as_str(), id(&home)), (Some("nothing"), before));
    assert_eq!(fs::read_to_string(home.path("home/new.key")).unwrap(), secret);
    home.run("--sandbox keys plan -f keys.toml --exit-code").ok();

    // What was written to stdout, and redirected.
    let home = Home::new();
    let secret = home.run("--sandbox keys generate --name report").ok().out();
    put(&home, &secret);
    write(&home, REPORT);
    assert_eq!(row(&home)["action"], "adopt");
    apply(&home).ok();
    assert_eq!((fs::read_to_string(home.path("home/report.key")).unwrap(), state(&home)), (secret, "held".to_owned()));

    // A second checkout, with copies of the files.
    for file in ["keys.toml", "report.key"] {
        let text = fs::read_to_string(home.path(format!("home/{file}"))).unwrap();
        let copy = home.write(format!("home/second/{file}"), text);
        fs::set_permissions(copy, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let (before, second) = (id(&home), "--sandbox keys plan -f second/keys.toml -o json");
    assert!(home.run(second).ok().out().contains("\"adopt\""));
    home.run("--sandbox keys apply -f second/keys.toml --yes").ok();
    for file in ["keys.toml", "second/keys.toml"] {
        home.run(&format!("--sandbox keys plan -f {file} --exit-code")).ok();
    }
    assert_eq!(id(&home), before);
}

#[test]
fn a_key_that_is_to_be_made_says_what_is_in_its_place() {
    let home = Home::new();
    write(&home, REPORT);
    put(&home, "a page of notes\nand another\n");
    let row = row(&home);
    assert_eq!(row["action"], "make");
    assert!(
        row["reason"].as_str().unwrap().starts_with("there is none; `keys apply` refuses, because `file:"),
        "{row}"
    );
    apply(&home).exits(7);
}

#[test]
fn the_keys_that_are_as_in_the_file_count_too() {
    let home = Home::new();
    write(&home, &format!("{REPORT}[keys.two]\nto = [\"file:2\"]\n[keys.three]\nto = [\"file:3\"]\n"));
    apply(&home).ok();
    fs::set_permissions(home.path("home/2"), fs::Permissions::from_mode(0o644)).unwrap();
    let refused = apply(&home);
    assert!(refused.exits(3).err().contains("1 of 3 keys is not as in the file"), "{refused}");
    assert!(!refused.err().contains("match the file"), "{refused}");
}

#[test]
fn a_file_that_git_would_commit_is_warned_of() {
    let home = Home::new();
    home.script("git init -q .; mkdir keys").run().ok();
    write(&home, "[keys.report]\nto = [\"file:keys/report.key\"]\n");
    let warning = "keys/report.key`: add `/report.key` to the `.gitignore` beside it\n";
    for line in [
        "keys plan -f keys.toml",
        "keys apply -f keys.toml --yes",
        "keys generate --name other --to file:keys/report.key --force",
        "keys rotate other --to file:keys/report.key --force --yes",
    ] {
        let session = home.run(&format!("--sandbox {line}"));
        assert!(session.ok().err().contains("warning: git does not ignore `"), "{line}: {session}");
        assert_eq!(session.err().matches(warning).count(), 1, "{line}: {session}");
    }
    home.write("home/.gitignore", "*.key\n");
    let session = home.run("--sandbox keys rotate other --to file:keys/report.key --force --yes");
    assert!(!session.ok().err().contains("git"), "{session}");
}

#[test]
fn a_plan_of_which_all_is_refused_does_not_say_how_to_do_it() {
    let home = Home::new();
    write(&home, REPORT);
    assert!(home.run("--sandbox keys plan -f keys.toml").ok().err().contains("To do it: `optra"));
    put(&home, "a page of notes\nand another\n");
    let session = home.run("--sandbox keys plan -f keys.toml");
    assert!(session.ok().out().contains("`keys apply` refuses"), "{session}");
    assert!(!session.err().contains("To do it"), "{session}");
}
