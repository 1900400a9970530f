//! `optra doctor`: it finds what is wrong, goes on whatever is broken, prints only what is safe to paste, and `--fix`
//! does no more than it says.

mod directories;
mod fix;
mod paste;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, NOBODY, portal};
use crate::harness::{Answer, Certificates, Home, Keyring, MockServer, ReferenceServer, Run, Session};

/// Directories that are usually below the home directory.
const USUAL: [&str; 3] = ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"];

fn usual<'h>(home: &'h Home, line: &str) -> Run<'h> {
    let run = home.line(line).without_env("XDG_RUNTIME_DIR").without_env("OPTRA_RETRIES");
    USUAL.into_iter().fold(run, |run, variable| run.without_env(variable))
}

/// Returns the rows of a check.
fn rows(session: &Session, check: &str) -> Vec<Value> {
    session.json().as_array().unwrap().iter().filter(|row| row["check"] == check).cloned().collect()
}

#[track_caller]
fn row(session: &Session, check: &str) -> Value {
    let mut rows = rows(session, check);
    assert_eq!(rows.len(), 1, "{check}: {session}");
    rows.remove(0)
}

fn text(row: &Value, member: &str) -> String {
    row[member].as_str().unwrap_or_default().to_owned()
}

/// A home with a key in a file, for this portal.
fn logged_in(url: &str) -> Home {
    let home = Home::new();
    home.line(&format!("auth login --portal {url} --store file --key-file -")).stdin(KEY).run().ok();
    home
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn who_has_nothing_yet_is_told_what_to_do() {
    assert_data_eq!(
        usual(&Home::new(), "doctor").run().to_string(),
        str![[r#"
ok    version      optra [..], linux [..]
ok    config       there is no `~/.config/optra/config.toml`; profile `default`
                   is in use
ok    directories  those of settings, state and cache can be written
ok    files        there are none yet
ok    rotation     none is under way
ok    leftovers    there are none
ok    cache        no schema of a portal is cached
fail  key source   there is no key: `OPTRA_API_KEY` is not set, and nobody is
                   logged in
                   run: optra auth login --portal URL
ok    session bus  there is none
                   `DBUS_SESSION_BUS_ADDRESS` is not set
                   no key is looked for in the keyring
fail  portal       no portal is configured
                   run: optra auth login --portal URL
warn  key          it was not tried
                   there is no portal to ask
warn  operation    none was tried
                   there is no portal to ask
--- stderr
error: 2 of 12 checks failed
--- exit 1

"#]]
    );
}

#[test]
fn who_has_all_in_order_is_told_so() {
    let portal = portal(&[]);
    let home = logged_in(&portal.url);
    let session = home.run("doctor -o json");
    let states: Vec<Value> = session.ok().json().as_array().unwrap().iter().map(|row| row["state"].clone()).collect();
    assert!(states.iter().all(|state| *state == "ok"), "{session}");
    assert!(text(&row(&session, "store"), "what").starts_with("the file gave the key within "), "{session}");
    assert!(text(&row(&session, "key"), "what").starts_with("the portal accepts key `"), "{session}");
    assert_eq!(rows(&session, "operation").len(), 6, "{session}");
    assert!(text(&row(&session, "config"), "what").ends_with("config.toml`: 1 profile; profile `default` is in use"));
    // Reachability is tested without the key.
    let requests = portal.requests();
    let asked = requests.iter().find(|request| request.header("api-secret").is_none()).unwrap();
    assert_eq!(asked.operation(), "Typename");
    assert_eq!(
        home.run("--sandbox doctor -o ndjson").ok().ndjson().len(),
        home.run("--sandbox doctor -o json").ok().json().as_array().unwrap().len()
    );
}

#[test]
fn one_file_is_not_called_several() {
    let home = Home::new();
    home.write("config/optra/config.toml", "[profiles.a]\nportal = \"https://portal.example\"\n");
    let one = home.run("doctor -o json");
    assert_eq!(text(&row(&one, "files"), "what"), "1 file or directory has the right owner and mode", "{one}");
    home.write("config/optra/bindings/portal.example/keys.list.graphql", "query { a }\n");
    let several = home.run("doctor -o json");
    let what = text(&row(&several, "files"), "what");
    assert!(what.ends_with(" files and directories have the right owner and mode"), "{several}");
}

#[test]
fn a_mutation_is_never_executed_by_it() {
    let portal = portal(&[]);
    let home = logged_in(&portal.url);
    let before = home.run("keys list --fields id,name -o json").ok().out();
    home.run("doctor --fix").ok();
    assert_eq!(home.run("keys list --fields id,name -o json").ok().out(), before);
    assert!(home.run("--read-only doctor --fix").exits(7).err().contains("this run is read-only"));
}

#[test]
fn each_setting_says_who_set_it_and_whom_that_hides() {
    let home = Home::new();
    home.write(
        "config/optra/config.toml",
        "profile = \"b\"\n\n[profiles.b]\nportal = \"https://b.example\"\nstore = \"file\"\nprotal = 1\n",
    );
    let run = home.line(&format!("--timeout 1s --portal {NOBODY} doctor -o json"));
    let session = run.env("OPTRA_PORTAL_URL", "https://c.example").env("OPTRA_API_URL", "https://d.example").run();
    let told: Vec<String> =
        rows(&session, "setting").iter().map(|row| format!("{}; {}", text(row, "what"), text(row, "why"))).collect();
    let portal = format!(
        "portal is `{NOBODY}`, by `--portal`; it takes precedence over `OPTRA_PORTAL_URL` and `OPTRA_API_URL` and `profiles.b.portal` (line 4)"
    );
    for line in [
        "profile is `b`, by `profile` (line 1); ",
        "store is `file`, by `profiles.b.store` (line 5); ",
        &portal,
        "retries is `0`, by `OPTRA_RETRIES`; ",
    ] {
        assert!(told.iter().any(|told| told == line), "{line}\n{told:#?}");
    }
    let unknown = &rows(&session, "config")[1];
    assert_eq!(unknown["state"], "warn");
    assert!(
        text(unknown, "what").contains("unknown key `profiles.b.protal`; is `profiles.b.portal` meant?"),
        "{unknown}"
    );
    // stderr does not repeat the rows.
    assert_eq!(session.err().lines().count(), 1, "{session}");
}

#[test]
fn a_key_of_the_environment_hides_that_of_the_profile_whose_store_is_left_alone() {
    let portal = portal(&[]);
    let mut home = logged_in(&portal.url);
    home.set("OPTRA_API_KEY", KEY);
    let session = home.run("doctor -o json");
    let sources: Vec<String> = rows(session.ok(), "key source").iter().map(|row| text(row, "what")).collect();
    assert_eq!(sources, ["`OPTRA_API_KEY` is used", "the key file of profile `default` is not used"]);
    assert!(rows(&session, "store").is_empty(), "{session}");
    home.set("OPTRA_API_KEY", "two words");
    let session = home.run("doctor -o json");
    assert!(text(&rows(session.exits(1), "key source")[0], "why").contains("white space"), "{session}");
}

#[test]
fn whatever_is_broken_it_goes_on_to_the_end() {
    let mut home = Home::new();
    home.write("config/optra/config.toml", "profile = \n");
    let checks =
        ["version", "config", "key source", "files", "rotation", "leftovers", "cache", "portal", "key", "operation"];
    let all = |session: &Session| {
        session.exits(1);
        checks.iter().for_each(|check| assert!(!rows(session, check).is_empty(), "{check}: {session}"));
    };
    let session = home.run("doctor -o json");
    all(&session);
    assert!(text(&row(&session, "config"), "what").contains("config.toml`, line 1, is not valid TOML"), "{session}");
    home.set("OPTRA_PORTAL_URL", NOBODY)
        .set("OPTRA_API_KEY", KEY)
        .set("OPTRA_TIMEOUT", "soon")
        .set("OPTRA_OUTPUT", "xml");
    let session = home.run("doctor -o json");
    all(&session);
    let problems: Vec<String> = rows(&session, "settings").iter().map(|row| text(row, "what")).collect();
    assert!(problems.iter().any(|what| what.starts_with("`OPTRA_TIMEOUT`")), "{session}");
    assert!(problems.iter().any(|what| what.starts_with("`OPTRA_OUTPUT` is `xml`")), "{session}");
    assert!(text(&row(&session, "portal"), "what").starts_with("cannot reach the portal"), "{session}");
    // Every other command fails here, as before.
    assert!(home.run("devices list").exits(11).err().contains("`OPTRA_"));
    let nowhere = |home: &Home| {
        let run = home.line("doctor -o json").env("HOME", "relative");
        USUAL.into_iter().fold(run, |run, variable| run.without_env(variable)).run()
    };
    let session = nowhere(&home);
    session.exits(1);
    assert!(text(&row(&session, "config"), "what").contains("`HOME` is `relative`"), "{session}");
    // For a broken journal the row says how to put it aside.
    let home = logged_in(&portal(&[]).url);
    home.write("state/optra/journal/rotation-x.json", "{");
    let session = home.run("doctor -o json");
    assert_eq!(row(session.exits(1), "rotation")["state"], "fail", "{session}");
    assert!(text(&row(&session, "rotation"), "why").contains("--force-forget"), "{session}");
}

#[test]
fn what_answers_but_is_no_portal_is_named_and_a_clock_that_is_wrong() {
    let told = |answer: Answer, check: &str| {
        let portal = MockServer::new().lenient().answer("*", answer);
        let mut home = Home::new();
        home.portal(&portal.url, KEY);
        let session = home.run("doctor -o json");
        let row = row(&session, check);
        format!("{} {} {}", text(&row, "state"), text(&row, "what"), text(&row, "why"))
    };
    assert!(told(Answer::new(200, "text/html", "<h1>"), "portal").contains("HTTP 200 with a web page"));
    assert!(told(Answer::json(404, json!({})), "portal").contains("answers HTTP 404 The URL has to be"));
    assert!(told(Answer::json(503, json!({})), "portal").starts_with("fail "));
    assert!(told(Answer::redirect("https://other.example"), "portal").contains("redirects to https://other.example"));
    let dated = |date: &str| Answer::json(401, json!({ "errors": [] })).header("date", date);
    let clock = told(dated("Thu, 01 Jan 2026 00:00:00 GMT"), "clock");
    assert!(clock.starts_with("warn this machine is ") && clock.contains(" min ahead of the portal"), "{clock}");
    assert!(told(dated("yesterday"), "clock").starts_with("ok the portal tells no time"));
}

#[test]
fn a_certificate_is_shown_with_whom_it_is_by() {
    let certificates = Certificates::new();
    let (cert, key) = (certificates.certificate(), certificates.key());
    let portal = ReferenceServer::start(&["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.run("doctor -o json");
    let refused = row(session.exits(1), "portal");
    assert!(text(&refused, "why").contains("signed by `optra test authority`, which is not trusted here"), "{session}");
    assert_eq!(row(&session, "certificate")["state"], "warn", "{session}");
    // A setting that prevents requests does not prevent the other checks.
    let session = home.run("--header X=env:NOT_SET doctor -o json");
    assert!(text(&row(session.exits(1), "portal"), "what").contains("`NOT_SET` is not set"), "{session}");
    assert_eq!(row(&session, "certificate")["state"], "warn", "{session}");
    home.set("OPTRA_CACERT", certificates.authority());
    let session = home.run("doctor -o json");
    let shown = row(session.ok(), "certificate");
    assert!(text(&shown, "what").starts_with("signed by `optra test authority`, valid until "), "{shown}");
    assert_eq!(text(&shown, "why"), "it shows `localhost` by `optra test authority`");
}

#[test]
fn a_locked_keyring_is_left_locked_and_a_silent_one_is_not_waited_for() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let session = user.home.run("doctor -o json");
    assert!(text(&row(session.ok(), "store"), "what").starts_with("the keyring gave the key within "), "{session}");
    assert_eq!(text(&row(&session, "session bus"), "what"), "there is one");
    user.keyring.lock();
    let session = user.home.run("doctor -o json");
    assert_eq!(text(&row(session.exits(1), "store"), "what"), "the keyring is locked, and was not unlocked");
    user.keyring.stop();
    let start = Instant::now();
    let session = user.home.line("doctor -o json").env("OPTRA_STORE_TIMEOUT", "1").run();
    user.keyring.cont();
    assert!(text(&row(session.exits(1), "store"), "what").contains("did not answer within 1 s"), "{session}");
    assert!(start.elapsed() < Duration::from_secs(15));
    let mut home = logged_in(&portal.url);
    home.set_all(Keyring::bus_without_keyring().env());
    home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{}\"\n", portal.url));
    let session = home.run("doctor -o json");
    assert_eq!(row(session.exits(1), "store")["state"], "fail", "{session}");
    assert_eq!(row(&session, "session bus")["state"], "warn", "{session}");
}

#[test]
fn a_rotation_under_way_comes_with_the_command_that_goes_on() {
    let portal = portal(&[]);
    let home = logged_in(&portal.url);
    home.run("keys generate --name robot --to file:robot.key").ok();
    home.run("keys rotate robot --yes --to file:other.key --hook false").exits(1);
    let session = home.run("doctor -o json");
    let rotation = row(session.ok(), "rotation");
    assert_eq!((&rotation["state"], &rotation["mend"]), (&json!("warn"), &json!("optra keys rotate --resume")));
    assert!(text(&rotation, "what").starts_with("of key `robot` (id "), "{rotation}");
    assert!(home.run("keys rotate --abort").ok().err().contains("Rolled the rotation back"));
    assert_eq!(row(home.run("doctor -o json").ok(), "rotation")["state"], "ok");
}

#[test]
fn it_sends_to_adopt_only_where_something_can_be_adopted() {
    let mend = |options: &[&str], operation: &str| {
        let portal = ReferenceServer::start(&[&["--key", KEY], options].concat());
        let rows = logged_in(&portal.url).run("doctor -o json").ok().json();
        let is_asked = |row: &&Value| text(row, "what").starts_with(&format!("`{operation}`"));
        rows.as_array().unwrap().iter().find(is_asked).unwrap()["mend"].clone()
    };
    assert_eq!(mend(&["--shape", "relay"], "devices.list"), json!("optra portal adopt"));
    assert_eq!(mend(&["--shape", "relay"], "auth.viewer"), json!(null));
    let pasted = mend(&["--shape", "offset", "--introspection", "off"], "devices.show");
    assert_eq!(pasted, json!("optra portal adopt --from-curl \"$(cat request.sh)\""));
}

#[test]
fn it_fits_eighty_columns_and_a_reader_that_leaves_is_no_fault() {
    let portal = ReferenceServer::start(&["--dialect", "documented", "--key", KEY]);
    let home = logged_in(&portal.url);
    let session = home.run("doctor");
    assert!(
        session.ok().out().contains("\nwarn  operation    `keys.generate` does not fit this portal\n"),
        "{session}"
    );
    let wide = |line: &&str| line.chars().count() > 80 && !line.trim_start().starts_with("run: ");
    assert_eq!(session.out().lines().find(wide), None, "{session}");
    let session = home.line("doctor").reader_leaves_after(20).run();
    assert_eq!((session.code, session.err().as_str()), (Some(0), ""));
}
