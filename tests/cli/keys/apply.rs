//! `optra keys plan` and `optra keys apply`: the keys become those of a file, on the reference server and the sandbox.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::portal;
use crate::harness::{Home, ReferenceServer, Session};

/// A reference server with the current time and these keys, and a file of keys for it.
fn with(keys: &Value, file: &str) -> (Home, ReferenceServer) {
    let now = Timestamp::now().to_string();
    let (home, portal) = portal(&["--now", &now], keys);
    write(&home, &portal, file);
    (home, portal)
}

fn write(home: &Home, portal: &ReferenceServer, file: &str) {
    home.write("home/keys.toml", format!("portal = \"{}\"\n{file}", portal.url));
}

fn ago(days: i64) -> String {
    (Timestamp::now() - SignedDuration::from_hours(24 * days)).to_string()
}

const REPORT: &str = "[keys.report]\nto = [\"file:report.key\"]\n";

/// Returns the action for each key, as `name action`.
fn actions(session: &Session) -> Vec<String> {
    let rows = session.json();
    let row = |row: &Value| format!("{} {}", row["name"].as_str().unwrap_or("-"), row["action"].as_str().unwrap());
    rows.as_array().unwrap().iter().map(row).collect()
}

fn plan(home: &Home) -> Vec<String> {
    actions(home.run("keys plan -f keys.toml -o json").ok())
}

fn works(home: &Home, file: &str) -> bool {
    let secret = fs::read_to_string(home.path(format!("home/{file}"))).unwrap_or_default();
    home.line("devices list --limit 1").env("OPTRA_API_KEY", secret.trim()).run().code == Some(0)
}

fn count(portal: &ReferenceServer, operation: &str) -> usize {
    portal.operations().iter().filter(|name| *name == operation).count()
}

#[test]
fn what_the_file_asks_for_is_made_once_and_the_second_time_nothing_is_changed() {
    let file = format!("{REPORT}owner = \"the data team\"\n[keys.deploy]\nto = [\"command:sh -c 'cat > got'\"]\n");
    let (home, portal) = with(&json!([]), &file);
    let session = home.run("keys plan -f keys.toml");
    let told = "\
action   name       id        reason                                 owner
make     report     -         there is none                          the data team
make     deploy     -         there is none                          -
nothing  first key  key-0001  not in the file; it is the key in use  -
--- stderr
To do it: `optra keys apply -f keys.toml`.
--- exit 0
";
    assert_eq!(session.to_string(), told);
    assert_eq!(home.run("keys plan -f keys.toml --exit-code").exits(1).err(), "error: 2 keys are not as in the file\n");
    assert_eq!(count(&portal, "KeysGenerate"), 0);

    let session = home.run("keys apply -f keys.toml --yes");
    assert_eq!(session.ok().err(), "Made key `report` (id key-0002).\nMade key `deploy` (id key-0003).\n");
    assert!(works(&home, "report.key") && works(&home, "got"));
    let again = home.run("keys apply -f keys.toml --yes");
    assert_eq!(again.ok().err(), "All keys match the file; nothing was changed.\n");
    home.run("keys plan -f keys.toml --exit-code").ok();
    assert_eq!((count(&portal, "KeysGenerate"), count(&portal, "KeysRevoke")), (2, 0));
}

#[test]
fn the_sandbox_has_keys_of_a_file_too() {
    let home = Home::new();
    home.write("home/keys.toml", format!("portal = \"sandbox\"\n{REPORT}max_age = \"90d\"\n"));
    home.run("--sandbox keys apply -f keys.toml --yes").ok();
    home.run("--sandbox keys plan -f keys.toml --exit-code").ok();
    fs::remove_file(home.path("home/report.key")).unwrap();
    home.run("--sandbox keys plan -f keys.toml --exit-code").exits(1);
    let session = home.run("--sandbox keys apply -f keys.toml --yes -o json");
    let rows = session.ok().json();
    assert_eq!(
        (&rows[0]["action"], &rows[0]["changed"], &rows[0]["error"]),
        (&"rotate".into(), &true.into(), &Value::Null)
    );
    assert_ne!(rows[0]["id"], rows[0]["newId"]);
    home.run("--sandbox keys plan -f keys.toml --exit-code").ok();
}

#[test]
fn an_old_key_is_rotated_and_an_expired_one_revoked() {
    let keys = json!([{ "name": "report", "createdAt": ago(91) }, { "name": "demo", "createdAt": ago(3) }]);
    let file = format!(
        "{REPORT}max_age = \"90d\"\nhook = \"true\"\n[keys.demo]\nto = [\"file:demo.key\"]\nexpires = \"{}\"\n",
        &ago(2)[..10]
    );
    let (home, _portal) = with(&keys, &file);
    assert_eq!(plan(&home), ["report rotate", "demo revoke", "first key nothing"]);
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.ok().err().contains("the old one (id key-0002) is gone"), "{session}");
    assert!(session.err().contains("Revoked key `demo` (id key-0003)."), "{session}");
    assert!(works(&home, "report.key"));
    assert_eq!(plan(&home), ["report nothing", "demo nothing", "first key nothing"]);
    let log = home.run("keys log -o json").ok().json();
    assert!(log.as_array().unwrap().iter().all(|entry| entry["command"] == "keys apply"), "{log}");
}

#[test]
fn a_key_that_this_machine_did_not_make_is_adopted_where_its_secret_is_seen() {
    let keys =
        json!([{ "name": "report", "secret": "k-of-report-0001" }, { "name": "other", "secret": "k-of-others-0001" }]);
    let (home, portal) = with(&keys, REPORT);
    assert_eq!(plan(&home)[0], "report adopt");
    let missing = home.run("keys apply -f keys.toml --yes");
    assert!(missing.exits(7).err().contains("report.key` has no secret"), "{missing}");
    assert!(missing.err().contains("keys rotate --to"), "{missing}");
    let give = |secret: &str| {
        use std::os::unix::fs::PermissionsExt;
        let file = home.write("home/report.key", secret);
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    };
    give("k-of-others-0001");
    let wrong = home.run("keys apply -f keys.toml --yes");
    assert!(wrong.exits(7).err().contains("has the secret of another key (id key-0003)"), "{wrong}");
    give("k-of-report-0001");
    let adopted = home.run("keys apply -f keys.toml --yes");
    assert_eq!(adopted.ok().err(), "Adopted key `report` (id key-0002): its secret is where the file says.\n");
    assert_eq!(plan(&home)[0], "report nothing");
    assert_eq!((count(&portal, "KeysGenerate"), count(&portal, "KeysRevoke")), (0, 0));
}

#[test]
fn what_the_file_does_not_name_goes_with_prune_alone_and_never_more_than_the_cap() {
    let keys: Vec<Value> = (0..12).map(|n| json!({ "name": format!("old-{n}") })).collect();
    let (home, portal) = with(&json!(keys), REPORT);
    home.run("keys apply -f keys.toml --yes").ok();
    assert_eq!(count(&portal, "KeysRevoke"), 0);
    let many = home.run("keys apply -f keys.toml --prune --yes");
    assert!(
        many.exits(7).err().contains("12 keys would be revoked, which is more than 10; nothing was changed"),
        "{many}"
    );
    assert_eq!(count(&portal, "KeysRevoke"), 0);
    let told = home.run("keys apply -f keys.toml --prune --dry-run -o json");
    assert_eq!(actions(told.ok()).iter().filter(|row| row.ends_with(" revoke")).count(), 12);
    home.run("keys apply -f keys.toml --prune --yes --max 12").ok();
    assert_eq!(plan(&home), ["report nothing", "first key nothing"]);
}

#[test]
fn the_key_in_use_goes_only_where_that_is_wanted() {
    let file = "[keys.\"first key\"]\nto = [\"file:first.key\"]\nmax_age = \"1d\"\n[keys.report]\nto = [\"file:report.key\"]\n";
    let (home, portal) = with(&json!([]), file);
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.exits(3).err().contains("would be revoked"), "{session}");
    assert!(session.err().contains("keys apply -f keys.toml --yes --accept-risk lose-access"), "{session}");
    assert_eq!((count(&portal, "KeysRevoke"), works(&home, "report.key")), (0, true));
    home.run("keys apply -f keys.toml --yes --accept-risk lose-access").ok();
    assert!(works(&home, "first.key"));
    home.run("devices list").exits(4);
}

#[test]
fn one_that_fails_stops_no_other_but_nothing_goes_before_its_successor_is_there() {
    let file = format!("[keys.bad]\nto = [\"command:false\"]\n{REPORT}");
    let (home, portal) = with(&json!([{ "name": "former" }]), &file);
    let session = home.run("keys apply -f keys.toml --prune --yes");
    assert!(session.exits(3).err().contains("2 of 3 keys are not as in the file"), "{session}");
    assert!(session.err().contains("not tried: another key is not as in the file"), "{session}");
    assert!(works(&home, "report.key"));
    let alive: Vec<Value> = portal.keys().into_iter().filter(|key| key["revoked"] != true).collect();
    assert_eq!(alive.len(), 3, "the one in use, the former one, and the report: {alive:?}");
    write(&home, &portal, REPORT);
    home.run("keys apply -f keys.toml --prune --yes").ok();
    assert_eq!(plan(&home), ["report nothing", "first key nothing"]);
}

#[test]
fn a_key_goes_only_once_its_successor_was_delivered_and_works() {
    let of_hook =
        |to: &str, hook: &str| format!("[keys.report]\nto = [\"{to}\"]\nmax_age = \"90d\"\nhook = \"{hook}\"\n");
    let is_there =
        |portal: &ReferenceServer| portal.keys().iter().any(|key| key["id"] == "key-0002" && key["revoked"] == false);
    let keys = json!([{ "name": "report", "createdAt": ago(91) }]);
    let (home, portal) = with(&keys, &of_hook("command:false", "true"));
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.exits(1).err().contains("key `report` (id key-0002) is not as in the file"), "{session}");
    assert!(is_there(&portal), "its successor was not delivered");
    assert_eq!(count(&portal, "KeysGenerate"), 1);

    // The hook stands for somebody who revokes the new key meanwhile.
    let (home, portal) = with(&keys, &of_hook("file:report.key", "sh hook.sh"));
    let key = ReferenceServer::KEY;
    home.write(
        "home/hook.sh",
        format!("OPTRA_API_KEY={key} XDG_STATE_HOME=$PWD/other optra keys revoke $OPTRA_NEW_KEY_ID --yes"),
    );
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.exits(4).err().contains("key `report` (id key-0002) is not as in the file"), "{session}");
    assert!(is_there(&portal), "its successor does not work");
    assert_eq!(count(&portal, "KeysRevoke"), 1);
}

#[test]
fn the_file_has_no_member_for_a_secret_and_none_is_written_to_it() {
    let secret = "Key-of-a-report-0123456789-abcdefghij";
    let (home, portal) = with(&json!([{ "name": "report", "secret": secret }]), REPORT);
    for member in ["secret", "key", "api_key"] {
        write(&home, &portal, &format!("{REPORT}{member} = \"{secret}\"\n"));
        let refused = home.run("keys plan -f keys.toml");
        assert!(refused.exits(2).err().contains(&format!("unknown member `keys.report.{member}`")), "{refused}");
        assert!(!refused.err().contains(secret), "{refused}");
    }
    write(&home, &portal, &format!("{REPORT}max_age = \"90d\"\n[keys.new]\nto = [\"file:new.key\"]\n"));
    let before = fs::read(home.path("home/keys.toml")).unwrap();
    home.run("keys apply -f keys.toml --yes").exits(3);
    assert!(works(&home, "new.key"));
    assert_eq!(fs::read(home.path("home/keys.toml")).unwrap(), before);
}

#[test]
fn a_rotation_whose_hook_fails_goes_on_with_the_hook_that_the_file_has_by_then() {
    let of_hook =
        |hook: &str| format!("{REPORT}max_age = \"90d\"\nhook = \"{hook}\"\n[keys.other]\nto = [\"file:other.key\"]\n");
    let (home, portal) = with(&json!([{ "name": "report", "createdAt": ago(91) }]), &of_hook("false"));
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.exits(3).err().contains("the hook `false` failed"), "{session}");
    assert!(session.err().contains("The rotation goes on with `optra keys apply -f keys.toml --yes`."), "{session}");
    assert!(works(&home, "other.key") && count(&portal, "KeysRevoke") == 0);
    assert_eq!(plan(&home)[0], "report rotate");
    let doctor = home.run("doctor -o json");
    assert!(doctor.out().contains("keys apply"), "{doctor}");
    write(&home, &portal, &of_hook("true"));
    home.run("keys apply -f keys.toml --yes").ok();
    assert_eq!(
        (plan(&home)[0].as_str(), count(&portal, "KeysGenerate"), works(&home, "report.key")),
        ("report nothing", 2, true)
    );
}

#[test]
fn a_place_that_holds_something_else_is_not_written_over() {
    let (home, portal) = with(&json!([]), REPORT);
    home.write("home/report.key", "a page of notes\nand another\n");
    let session = home.run("keys apply -f keys.toml --yes");
    assert!(session.exits(7).err().contains("exists already"), "{session}");
    assert_eq!(fs::read_to_string(home.path("home/report.key")).unwrap(), "a page of notes\nand another\n");
    assert_eq!(count(&portal, "KeysGenerate"), 0);
}

#[test]
fn two_of_a_name_and_an_age_that_nobody_tells_are_unknown() {
    let keys = json!([{ "name": "twin" }, { "name": "twin" }, { "name": "ageless", "createdAt": null }]);
    let file = "[keys.twin]\nto = [\"file:t\"]\n[keys.ageless]\nto = [\"command:true\"]\nmax_age = \"9d\"\n";
    let (home, portal) = with(&keys, file);
    let session = home.run("keys plan -f keys.toml");
    assert!(session.ok().out().contains("2 keys have this name: key-0002, key-0003"), "{session}");
    assert!(session.out().contains("neither the portal nor this machine tells when it was made"), "{session}");
    assert!(session.err().contains("it is not known what is right for 2 of the keys"), "{session}");
    home.run("keys plan -f keys.toml --exit-code").exits(3);
    home.run("keys apply -f keys.toml --yes").exits(3);
    assert_eq!((count(&portal, "KeysGenerate"), count(&portal, "KeysRevoke")), (0, 0));
}

#[test]
fn the_file_is_for_one_portal_whole_and_written_by_nobody_else() {
    let (home, portal) = with(&json!([]), REPORT);
    home.write("home/other.toml", format!("portal = \"https://other.example\"\n{REPORT}"));
    let other = home.run("keys apply -f other.toml --yes");
    assert!(
        other
            .exits(7)
            .err()
            .contains(&format!("`other.toml` is for https://other.example, and this portal is {}", portal.url)),
        "{other}"
    );
    write(&home, &portal, &format!("{REPORT}max-age = \"90d\"\n"));
    let unknown = home.run("keys plan -f keys.toml");
    assert!(
        unknown.exits(2).err().contains("`keys.toml`, line 4, has an unknown member `keys.report.max-age`"),
        "{unknown}"
    );
    write(&home, &portal, REPORT);
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(home.path("home/keys.toml"), fs::Permissions::from_mode(0o666)).unwrap();
    home.run("keys apply -f keys.toml --yes").exits(7);
    home.run("keys plan -f nowhere.toml").exits(2);
    assert!(portal.operations().is_empty());
}

#[test]
fn the_number_of_keys_is_typed_before_anything_is_changed() {
    let (home, portal) = with(&json!([]), REPORT);
    let refused = home.run("keys apply -f keys.toml");
    assert!(refused.exits(7).err().contains("`optra keys apply -f keys.toml --yes`"), "{refused}");
    for (typed, code) in [("2", 7), ("1", 0)] {
        let mut terminal = home.terminal("keys apply -f keys.toml");
        terminal.expect("Make `report`: there is none.").expect("Type 1 to do it");
        terminal.send_line(typed);
        assert_eq!(terminal.finish().code, Some(code));
    }
    assert_eq!(count(&portal, "KeysGenerate"), 1);
}
