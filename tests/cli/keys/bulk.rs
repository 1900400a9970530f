//! Filters of `keys list`, and `keys revoke` of many keys: limits, plans, and changes since.

use serde_json::{Value, json};

use super::{asked_to_revoke, portal};
use crate::harness::Home;

fn robots(count: usize) -> Value {
    (1..=count).map(|n| json!({ "name": format!("robot-{n:02}"), "createdAt": "2025-01-01T00:00:00Z" })).collect()
}

fn names(home: &Home, line: &str) -> Vec<String> {
    let keys = home.run(&format!("{line} -o ndjson --fields name")).ok().ndjson();
    keys.iter().map(|key| key["name"].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn lists_are_filtered_and_sorted() {
    let keys = json!([
        { "name": "ci-b", "createdAt": "2026-01-01T00:00:00Z", "lastUsedAt": "2026-02-01T00:00:00Z" },
        { "name": "ci-a", "createdAt": "2025-01-01T00:00:00Z", "lastUsedAt": null },
        { "name": "report", "createdAt": "2024-01-01T00:00:00Z", "lastUsedAt": "2999-01-01T00:00:00Z" },
        { "name": null, "createdAt": null, "lastUsedAt": null },
    ]);
    let (home, _portal) = portal(&["--now", &jiff::Timestamp::now().to_string()], &keys);
    assert_eq!(names(&home, "keys list --name 'ci-*'"), ["ci-b", "ci-a"]);
    assert_eq!(names(&home, "keys list --name 'ci-*' --sort name"), ["ci-a", "ci-b"]);
    assert_eq!(names(&home, "keys list --sort createdAt"), ["report", "ci-a", "first key", "ci-b", "-"]);
    assert_eq!(names(&home, "keys list --sort name --reverse --limit 2"), ["report", "first key"]);
    assert_eq!(names(&home, "keys list --older-than 1d --where name='ci-?'"), ["ci-b", "ci-a"]);
    for condition in ["name~ci-?", "name='ci-[ab]'"] {
        assert_eq!(
            names(&home, &format!("keys list --where {condition} --where 'createdAt older-than 1d'")),
            ["ci-b", "ci-a"]
        );
    }
    assert_eq!(names(&home, "keys list --where name==ci-?"), [""; 0]);
    assert_eq!(names(&home, "keys list --where name='ci-?' --where 'createdAt after 2999-01-01'"), [""; 0]);
    let unused = home.run("keys list --unused-for 1d -o ndjson --fields name");
    assert_eq!(unused.ok().ndjson().len(), 2, "{unused}");
    assert!(unused.err().contains("1 more may match"), "{unused}");
    for line in ["keys list --where nonsense", "keys list --older-than soon", "keys list --name '['"] {
        home.run(line).exits(2);
    }
}

#[test]
fn more_than_ten_are_meant_only_on_purpose() {
    let (home, portal) = portal(&[], &robots(11));
    let session = home.run("keys revoke --where name='robot-*' --yes");
    assert!(session.exits(7).err().contains("11 keys match, which is more than 10"), "{session}");
    assert!(session.err().contains("`--max 11`"), "{session}");
    assert!(asked_to_revoke(&portal.requests()).is_empty());
    home.run("keys revoke --where name='robot-*' --yes --max 11").ok();
    assert_eq!(names(&home, "keys list"), ["first key"]);
    let none = home.run("keys revoke --where name='robot-*' --yes");
    assert!(none.ok().err().contains("nothing was revoked"), "{none}");
    home.run("keys revoke --where nonsense --yes").exits(2);
    home.run("keys revoke --yes").exits(2);
}

#[test]
fn a_dry_run_says_what_would_go() {
    let (home, portal) = portal(&[], &robots(2));
    let session = home.run("keys revoke robot-01 robot-02 --dry-run");
    assert_eq!(session.ok().err().matches("Would revoke key `robot-0").count(), 2, "{session}");
    let told = home.run("keys revoke --where name='robot-*' --dry-run -o json").ok().json();
    assert_eq!((told.as_array().unwrap().len(), &told[0]["revoked"]), (2, &json!(false)));
    assert!(asked_to_revoke(&portal.requests()).is_empty());
}

#[test]
fn ids_come_from_stdin() {
    let (home, portal) = portal(&[], &robots(3));
    home.script("optra keys list -o csv --fields id --name 'robot-*' | tail -n +2 | optra keys revoke - --yes")
        .run()
        .ok();
    assert_eq!(asked_to_revoke(&portal.requests()).len(), 3);
    home.line("keys revoke - --yes").stdin("\n\n").run().exits(2);
}

#[test]
fn a_plan_is_carried_out_only_if_it_is_still_true() {
    let (home, portal) = portal(&[], &robots(3));
    let plan = home.path("plan.json");
    let (write, apply) = (
        format!("keys revoke --where name='robot-*' --plan '{}'", plan.display()),
        format!("keys revoke --apply '{}' --yes", plan.display()),
    );
    home.run(&write).ok();
    let again = home.run(&write);
    assert!(again.exits(2).err().starts_with("error: cannot write the plan"), "{again}");
    for line in [format!("`optra keys revoke --apply {}`", plan.display()), format!("`rm {}`", plan.display())] {
        assert!(again.err().contains(&line), "{line}: {again}");
    }
    home.run("keys generate --name robot-new").ok();
    let session = home.run(&apply);
    assert!(session.exits(7).err().contains("the key with id key-0005 matches now, too"), "{session}");
    let renewal = "Make a new plan: `optra keys revoke --where 'name=robot-*' --plan FILE`.";
    assert!(session.err().contains(renewal), "{session}");
    home.run("keys revoke robot-new --yes").ok();
    assert!(home.run(&format!("keys revoke --apply '{}'", plan.display())).exits(7).err().contains("--yes"));
    home.run(&apply).ok();
    assert_eq!(asked_to_revoke(&portal.requests()).len(), 4);
    // To apply it once more changes nothing.
    let gone = home.run(&apply);
    assert!(gone.ok().err().contains("The key with id key-0002 is gone already"), "{gone}");
    assert!(gone.err().ends_with("Nothing is left to revoke.\n"), "{gone}");
    assert_eq!(asked_to_revoke(&portal.requests()).len(), 4);
    home.write("wrong.json", "{}");
    home.run(&format!("keys revoke --apply '{}' --yes", home.path("wrong.json").display())).exits(2);
}

#[test]
fn a_plan_of_nothing_is_not_written() {
    let (home, _portal) = portal(&[], &robots(1));
    let session = home.run("keys revoke --where name='nobody-*' --plan plan.json");
    assert!(session.ok().err().contains("There is no such key; no plan was written.\n"), "{session}");
    assert!(!home.path("home/plan.json").exists());
}

#[test]
fn a_person_types_how_many() {
    let (home, portal) = portal(&[], &robots(2));
    let mut terminal = home.terminal("keys revoke --where name='robot-*'");
    terminal.expect("Type 2 to revoke all of them");
    terminal.send_line("3");
    assert_eq!(terminal.finish().code, Some(7));
    assert!(asked_to_revoke(&portal.requests()).is_empty());
    let mut terminal = home.terminal("keys revoke --where name='robot-*'");
    terminal.expect("Type 2 to revoke all of them");
    terminal.send_line("2");
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!(asked_to_revoke(&portal.requests()).len(), 2);
}
