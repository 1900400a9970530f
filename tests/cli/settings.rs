//! Unusable settings: the file, its folder, the variables, the home. An error names the setting and its place; nothing
//! is half done because of it.

use std::fs;
use std::os::unix::fs::symlink;

use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, portal};
use crate::harness::{Answer, Home, MockServer};

#[test]
fn a_file_that_is_no_toml_is_named_with_the_line() {
    let home = Home::new();
    let path = home.path("config/optra/config.toml");
    let mut said = String::new();
    for (line, text) in [
        (1, "profile\n"),
        (1, "profile = work\n"),
        (2, "profile = \"work\"\nprofile = \"night\"\n"),
        (3, "# mine\n\nportal\n"),
        (4, "# mine\n\n[profiles.work]\nportal = https://portal.example\n"),
        (2, "\n[profiles.work\nportal = \"https://portal.example\"\n"),
    ] {
        home.write(&path, text);
        let session = home.run("devices list");
        assert!(session.exits(11).err().contains(&format!("line {line},")), "{text}{session}");
        said.push_str(&session.err().replace(path.to_str().unwrap(), "[CONFIG]"));
    }
    assert_data_eq!(
        said,
        str![[r#"
error: `[CONFIG]`, line 1, is not valid TOML: key with no value, expected `=`
error: `[CONFIG]`, line 1, is not valid TOML: string values must be quoted, expected literal string
error: `[CONFIG]`, line 2, is not valid TOML: duplicate key
error: `[CONFIG]`, line 3, is not valid TOML: key with no value, expected `=`
error: `[CONFIG]`, line 4, is not valid TOML: string values must be quoted, expected literal string
error: `[CONFIG]`, line 2, is not valid TOML: unclosed table, expected `]`

"#]]
    );
    let error = home.run("auth login --portal https://portal.example --key-file - -o json").exits(11).error();
    assert_eq!(error["code"], "config");
}

#[test]
fn a_value_of_the_wrong_kind_is_not_passed_over() {
    let home = Home::new();
    for text in ["profile = 3\n", "profiles = 3\n", "[profiles]\ndefault = 3\n", "[profiles.default]\nportal = 3\n"] {
        home.write("config/optra/config.toml", text);
        let session = home.run("devices list");
        assert!(session.exits(11).err().contains("config.toml"), "{text}{session}");
    }
}

#[test]
fn a_broken_file_is_in_the_way_of_nothing_that_needs_none() {
    let portal = portal(&[]);
    let mut home = Home::new();
    home.write("config/optra/config.toml", "not toml");
    for line in ["--version", "completions bash", "help environment", "--sandbox devices list"] {
        home.run(line).ok();
    }
    home.portal(&portal.url, KEY);
    home.run("devices list").ok();
    home.run("keys list").ok();
}

#[test]
fn a_broken_file_does_not_hide_the_status_of_a_key_in_the_environment() {
    let portal = portal(&[]);
    let mut home = Home::new();
    home.write("config/optra/config.toml", "not toml");
    home.portal(&portal.url, KEY);
    home.run("auth status").ok();
    home.run("auth login").ok();
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let home = Home::new();
    fs::create_dir_all(home.path("config/optra/config.toml")).unwrap();
    let session = home.run("devices list");
    let root = home.path("");
    assert_data_eq!(
        session.masked(&[(root.to_str().unwrap(), "[HOME]/")]),
        str![[r#"
--- stderr
error: cannot read `[HOME]/config/optra/config.toml`
  because: Is a directory (os error 21)
--- exit 11

"#]]
    );
}

#[test]
fn a_profile_that_cannot_be_written_leaves_no_key_behind() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    // Nobody can write there, not even root, who ignores permissions.
    symlink("nowhere", user.home.path("config/optra")).unwrap();
    let session = user.login(&portal.url, KEY, "-o json");
    let error = session.exits(11).error();
    assert_eq!(error["code"], "config");
    assert!(error["message"].as_str().unwrap().contains("the key was not stored"), "{error}");
    assert!(error.to_string().contains("config.toml"), "{error}");
    user.kept_nothing(&session);
}

#[test]
fn a_profile_that_cannot_be_written_leaves_the_former_key() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.keyring.store("optra", "default", "the-former-key");
    user.home.write("config/optra/config.toml", "profiles = 3\n");
    user.login(&portal.url, KEY, "").exits(11);
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some("the-former-key"));
}

#[test]
fn the_files_folder_can_be_chosen() {
    let (mut user, portal) = (LoggedInUser::new(), portal(&[]));
    user.home.set("OPTRA_CONFIG_DIR", user.home.path("elsewhere"));
    user.login(&portal.url, KEY, "").ok();
    assert!(user.home.path("elsewhere/config.toml").is_file());
    assert_eq!(user.config(), None);
    user.home.run("auth status").ok();
}

#[test]
fn a_format_comes_from_the_variable_unless_an_option_says_another() {
    let home = Home::new();
    let json = home.line("--sandbox devices list --limit 1").env("OPTRA_OUTPUT", "json").run();
    assert!(json.ok().json().is_array(), "{json}");
    let csv = home.line("--sandbox devices list --limit 1 -o csv --fields name").env("OPTRA_OUTPUT", "json").run();
    assert_eq!(csv.ok().out().lines().next(), Some("name"));
    let error = home.line("devices list").env("OPTRA_OUTPUT", "json").run().exits(11).error();
    assert_eq!(error["code"], "config");
}

#[test]
fn a_variable_that_cannot_be_used_is_named() {
    let home = Home::new();
    let wrong = |name: &str, value: &str| home.line("devices list").env(name, value).run();
    assert_data_eq!(
        wrong("OPTRA_OUTPUT", "yaml").to_string(),
        str![[r#"
--- stderr
{"error":{"code":"config","exit":11,"message":"no portal is configured","hints":["Log in with `optra auth login --portal URL`, or set `OPTRA_PORTAL_URL`.","To try without an account: `optra --sandbox devices list`."],"causes":[],"retryable":false,"retry_after_s":null,"request_id":null}}
--- exit 11

"#]]
    );
    assert_data_eq!(
        wrong("OPTRA_TIMEOUT", "soon").to_string(),
        str![[r#"
--- stderr
error: `OPTRA_TIMEOUT` is not a duration such as `30` (seconds), `500ms`, `10m`, `36h` or `90d`
--- exit 11

"#]]
    );
    let mut home = Home::new();
    home.portal("https://127.0.0.1:1", KEY).set("OPTRA_CACERT", "missing.pem");
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
--- stderr
error: the certificate file `missing.pem` cannot be used
  because: No such file or directory (os error 2)
--- exit 11

"#]]
    );
}

#[test]
fn no_says_no_and_what_is_neither_yes_nor_no_is_refused() {
    let home = Home::new();
    let revoke = |word: &str| home.line("--sandbox keys revoke nobody --yes").env("OPTRA_READ_ONLY", word).run();
    for no in ["", "0", "no", "off", "false", "No", "OFF"] {
        revoke(no).exits(6);
    }
    for yes in ["1", "yes", "on", "true", "Yes", "TRUE"] {
        assert!(revoke(yes).exits(7).err().starts_with("error: this run is read-only"), "{yes}");
    }
    let session = revoke("nope-hunter2");
    let neither =
        "error: `OPTRA_READ_ONLY` is neither yes nor no: 1, true, yes and on say yes, and 0, false, no and off say no";
    assert!(session.exits(11).err().starts_with(neither), "{session}");
    // What goes on all the same changes nothing.
    home.line("doctor --fix").env("OPTRA_READ_ONLY", "nope").run().exits(7);
    let ended = home.line("version").env("OPTRA_ACCESSIBLE", "nope").run();
    assert!(ended.exits(11).err().contains("`OPTRA_ACCESSIBLE` is neither"), "{ended}");
}

#[test]
fn a_program_that_asked_for_json_gets_it_for_a_wrong_variable_too() {
    let mut home = Home::new();
    home.set("OPTRA_OUTPUT", "json");
    let error = home.line("devices list").env("OPTRA_TIMEOUT", "soon").run().exits(11).error();
    assert_eq!(error["code"], "config");
}

#[test]
fn a_time_limit_comes_from_the_variable_unless_an_option_says_another() {
    let silent = MockServer::new().answer("*", Answer::stall());
    let mut home = Home::new();
    home.portal(&silent.url, KEY).set("OPTRA_TIMEOUT", "300ms");
    let error = home.run("devices list -o json").exits(8).error();
    assert_eq!(error["code"], "timeout");
    assert!(error["message"].as_str().unwrap().ends_with("within 0.3 s"), "{error}");
    home.set("OPTRA_TIMEOUT", "10m");
    home.run("devices list --timeout 0.2").exits(8);
}

#[test]
fn a_run_needs_no_environment_but_its_own_two_variables() {
    let (home, portal) = (Home::new(), portal(&[]));
    let bare = |settings: &[String], line: &str| {
        let program = [env!("CARGO_BIN_EXE_optra").to_owned()];
        let words = line.split(' ').map(str::to_owned);
        let args = ["-i".to_owned()].into_iter().chain(settings.iter().cloned()).chain(program).chain(words);
        home.program("env", args).run()
    };
    let two = [format!("OPTRA_PORTAL_URL={}", portal.url), format!("OPTRA_API_KEY={KEY}")];
    assert_eq!(bare(&two, "devices list -o ndjson").ok().ndjson().len(), 3);
    bare(&two, "keys list").ok();
    bare(&two, "auth status").ok();
    bare(&[], "--version").ok();
    bare(&[], "--help").ok();
    let folder = [format!("OPTRA_CONFIG_DIR={}", home.path("config").display())];
    assert_eq!(bare(&folder, "auth status -o json").exits(11).error()["code"], "config");
}

#[test]
fn a_configuration_that_is_no_file_is_refused_instead_of_waited_for() {
    let home = Home::new();
    home.write("config/optra/x", "");
    home.script(&format!("mkfifo {}", home.path("config/optra/config.toml").display())).run().ok();
    let session = home.run("auth switch other");
    assert!(session.err().contains("it is not a regular file"), "{session}");
}
