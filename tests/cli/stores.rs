//! Where a login stores its key: a private file, or nowhere if the keyring is missing. A key in a wrong place is
//! refused and named, and one store never stands in for another.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, never_shows, portal};
use crate::harness::{Home, ReferenceServer, Session};

const KEY_FILE: &str = "config/optra/keys/default.key";

/// A user without a keyring, logged in to a portal with a key file.
fn with_key_file() -> (Home, ReferenceServer) {
    let (home, portal) = (Home::new(), portal(&[]));
    login(&home, &portal.url, "--store file").ok();
    (home, portal)
}

fn login(home: &Home, url: &str, words: &str) -> Session {
    let session = home.line(&format!("auth login --portal {url} --key-file - {words}")).stdin(KEY).run();
    never_shows(&session, "hunter2");
    session
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Asserts that the key file is refused with this message before a request is sent, and returns the message.
#[track_caller]
fn refused(home: &Home, portal: &ReferenceServer) -> String {
    let before = portal.requests().len();
    let session = home.run("devices list");
    never_shows(&session, "hunter2");
    assert_eq!(session.exits(7).out(), "");
    assert_eq!(portal.requests().len(), before, "{session}");
    session.masked(&[(home.path("").to_str().unwrap(), "[HOME]/")])
}

#[test]
fn a_key_file_is_made_and_used_from_then_on_without_a_keyring() {
    let (home, portal) = (Home::new(), portal(&[]));
    let session = login(&home, &portal.url, "--store file");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
Logged in to [PORTAL] as `Example Organization`, proven by `auth.viewer`; the key is in the file, profile `default`.
--- exit 0

"#]]
    );
    // The file names its portal, so that changing the settings alone does not send the key elsewhere.
    assert_eq!(fs::read_to_string(home.path(KEY_FILE)).unwrap(), format!("{KEY}\nportal {}\n", portal.url));
    assert_data_eq!(
        fs::read_to_string(home.path("config/optra/config.toml")).unwrap().replace(&portal.url, "[PORTAL]"),
        str![[r#"
[profiles.default]
portal = "[PORTAL]"
organization = "Example Organization"
store = "file"
key_id = "key-0001"

"#]]
    );
    home.run("devices list").ok();
    assert_eq!(portal.requests()[1].header("api-secret"), Some(KEY));
    assert_eq!(home.run("auth status -o json").ok().json()["source"], "file");
}

#[test]
fn whatever_the_umask_nobody_else_can_read_the_key_or_list_its_folder() {
    for umask in ["000", "022", "027", "077"] {
        let (home, portal) = (Home::new(), portal(&[]));
        let line = format!("umask {umask}; optra auth login --portal {} --store file --key-file -", portal.url);
        home.script(&line).stdin(KEY).run().ok();
        assert_eq!((mode(&home.path("config/optra/keys")), mode(&home.path(KEY_FILE))), (0o700, 0o600), "{umask}");
        // A second login replaces the file, and leaves nothing beside it.
        home.script(&line).stdin(KEY).run().ok();
        assert_eq!(mode(&home.path(KEY_FILE)), 0o600, "{umask}");
        assert_eq!(fs::read_dir(home.path("config/optra/keys")).unwrap().count(), 1, "{umask}");
    }
}

#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_line_that_mends_it() {
    let (home, portal) = with_key_file();
    allow(&home.path(KEY_FILE), 0o644);
    assert_data_eq!(
        refused(&home, &portal),
        str![[r#"
--- stderr
error: `[HOME]/config/optra/keys/default.key` can be read by others (mode 644)
hint: Run `chmod 600 [HOME]/config/optra/keys/default.key`, and consider whether somebody has read the key.
--- exit 7

"#]]
    );

    let chmod = pasted(&home.run("devices list"), "chmod ");
    home.script(&chmod).run().ok();
    home.run("devices list").ok();
    for wrong in [0o640, 0o604, 0o660, 0o606, 0o610] {
        allow(&home.path(KEY_FILE), wrong);
        assert!(refused(&home, &portal).contains(&format!("(mode {wrong:03o})")), "{wrong:o}");
    }
}

/// Returns the command in backticks on stderr that starts with these words.
#[track_caller]
fn pasted(session: &Session, start: &str) -> String {
    let said = session.err();
    let mut quoted = said.split('`').skip(1).step_by(2);
    quoted.find(|text| text.starts_with(start)).unwrap_or_else(|| panic!("no `{start}…` in:\n{session}")).to_owned()
}

#[test]
fn a_folder_of_keys_that_others_can_list_is_refused_with_the_line_that_mends_it() {
    let (home, portal) = with_key_file();
    allow(&home.path("config/optra/keys"), 0o755);
    assert_data_eq!(
        refused(&home, &portal),
        str![[r#"
--- stderr
error: `[HOME]/config/optra/keys` can be read by others (mode 755)
hint: Run `chmod 700 [HOME]/config/optra/keys`, and consider whether somebody has read the key.
--- exit 7

"#]]
    );

    let again = login(&home, &portal.url, "--store file --profile another");
    again.exits(7);
    assert!(!home.path("config/optra/keys/another.key").exists());
    home.script(&pasted(&again, "chmod ")).run().ok();
    home.run("devices list").ok();
}

#[test]
fn a_link_where_the_key_file_was_is_refused_wherever_it_leads() {
    let (home, portal) = with_key_file();
    let elsewhere = home.write("home/elsewhere", KEY);
    allow(&elsewhere, 0o600);
    fs::remove_file(home.path(KEY_FILE)).unwrap();
    symlink(&elsewhere, home.path(KEY_FILE)).unwrap();
    assert_data_eq!(
        refused(&home, &portal),
        str![[r#"
--- stderr
error: `[HOME]/config/optra/keys/default.key` is a link
hint: Look who put it there; `optra auth login` makes it anew once it is gone.
--- exit 7

"#]]
    );
    // A dangling link is not taken for a missing key.
    fs::remove_file(&elsewhere).unwrap();
    assert!(refused(&home, &portal).contains("is a link"));

    // A login replaces the link and does not write to its target.
    login(&home, &portal.url, "--store file").ok();
    assert!(!elsewhere.exists());
    assert_eq!(mode(&home.path(KEY_FILE)), 0o600);
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let (home, portal) = with_key_file();
    fs::remove_file(home.path(KEY_FILE)).unwrap();
    home.program("mkfifo", ["-m", "600", home.path(KEY_FILE).to_str().unwrap()]).run().ok();
    assert_data_eq!(
        refused(&home, &portal),
        str![[r#"
--- stderr
error: `[HOME]/config/optra/keys/default.key` is not a regular file
hint: Look who put it there; `optra auth login` makes it anew once it is gone.
--- exit 7

"#]]
    );
    fs::remove_file(home.path(KEY_FILE)).unwrap();
    fs::create_dir(home.path(KEY_FILE)).unwrap();
    assert!(refused(&home, &portal).contains("is not a regular file"));
}

#[test]
fn a_key_file_of_another_user_is_refused() {
    let (home, portal) = with_key_file();
    let given = home.program("chown", ["12345", home.path(KEY_FILE).to_str().unwrap()]).run();
    if !rustix::process::geteuid().is_root() {
        // Only root can give a file away, so here the file cannot have another owner.
        given.exits(1);
        return;
    }
    given.ok();
    assert_data_eq!(
        refused(&home, &portal),
        str![[r#"
--- stderr
error: `[HOME]/config/optra/keys/default.key` belongs to another user
hint: Look who put it there; `optra auth login` makes it anew once it is gone.
--- exit 7

"#]]
    );
    home.program("chown", ["0", home.path(KEY_FILE).to_str().unwrap()]).run().ok();
    home.program("chown", ["12345", home.path("config/optra/keys").to_str().unwrap()]).run().ok();
    assert!(refused(&home, &portal).contains("keys` belongs to another user"));
}

#[test]
fn a_key_file_that_holds_no_key_is_named_and_not_repeated() {
    let (home, portal) = with_key_file();
    let mut said = String::new();
    for content in ["", "hunter2 hunter2\n", "hunter2\nhunter2\n", "hunter2\u{e9}"] {
        fs::write(home.path(KEY_FILE), content).unwrap();
        let session = home.run("devices list");
        never_shows(&session, "hunter2");
        assert_eq!(session.exits(10).out(), "");
        said.push_str(&session.masked(&[(home.path("").to_str().unwrap(), "[HOME]/")]));
    }
    assert_data_eq!(
        said,
        str![[r#"
--- stderr
error: cannot read the key file `[HOME]/config/optra/keys/default.key`
  because: the key is empty
--- exit 10
--- stderr
error: cannot read the key file `[HOME]/config/optra/keys/default.key`
  because: the key has white space in it, at character 8; a key is one word
--- exit 10
--- stderr
error: cannot read the key file `[HOME]/config/optra/keys/default.key`
  because: the key has a line break in it, at character 8; a key is one word
--- exit 10
--- stderr
error: cannot read the key file `[HOME]/config/optra/keys/default.key`
  because: the key has a character in it that no HTTP header can carry, at character 8
--- exit 10

"#]]
    );
    assert_eq!(portal.operations(), ["AuthViewer"]);
}

#[test]
fn a_key_file_that_is_gone_is_a_key_that_is_missing() {
    let (home, portal) = with_key_file();
    fs::remove_file(home.path(KEY_FILE)).unwrap();
    let session = home.run("devices list");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
error: there is no key for [PORTAL]
hint: Log in with `optra auth login --portal [PORTAL] --store file`, or set `OPTRA_API_KEY`.
--- exit 4

"#]]
    );
}

#[test]
fn a_logout_deletes_the_key_file() {
    let (home, _portal) = with_key_file();
    assert_data_eq!(
        home.run("auth logout").to_string(),
        str![[r#"
--- stderr
Forgot the key of profile `default`. The portal still accepts it, until an Admin revokes it.
--- exit 0

"#]]
    );
    assert!(fs::symlink_metadata(home.path(KEY_FILE)).is_err());
    home.run("devices list").exits(4);
    assert_eq!(home.run("auth logout -o json").ok().json()["removed"], false);
}

#[test]
fn a_profile_with_an_odd_name_has_a_file_of_its_own_in_the_folder() {
    let (home, portal) = (Home::new(), portal(&[]));
    let names = ["a/b", "..", "../../escape", "a b", "Süd", "a%2Fb", "-rf", "A", "a", ".", "x\\y", "🔑"];
    for name in names {
        let args = ["auth", "login", "--store", "file", "--key-file", "-", "--portal", &portal.url];
        home.optra(args).env("OPTRA_PROFILE", name).stdin(KEY).run().ok();
        home.line("auth status").env("OPTRA_PROFILE", name).run().ok();
    }
    let files = || fs::read_dir(home.path("config/optra/keys")).unwrap().map(|file| file.unwrap().file_name());
    let mut found: Vec<String> = files().map(|name| name.into_string().unwrap()).collect();
    found.sort();
    assert_data_eq!(
        found.join("\n"),
        str![[r#"
%F0%9F%94%91.key
-rf.key
..%2F..%2Fescape.key
...key
..key
A.key
S%C3%BCd.key
a%20b.key
a%252Fb.key
a%2Fb.key
a.key
x%5Cy.key
"#]]
    );
    assert_eq!(found.len(), names.len());
    for name in names {
        home.line("auth logout").env("OPTRA_PROFILE", name).run().ok();
    }
    assert_eq!(files().count(), 0);
}

#[test]
fn a_profile_with_a_long_name_is_kept_or_refused_before_the_portal_is_asked() {
    let (home, portal) = (Home::new(), portal(&[]));
    let session = login(&home, &portal.url, &format!("--store file --profile {}", "ü".repeat(120)));
    if session.code != Some(0) {
        assert_eq!(portal.operations(), [""; 0], "{session}");
    }
}

#[test]
fn a_keyring_that_stopped_is_not_replaced_by_a_file_nor_by_an_older_key() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    // A file of the same profile, as an earlier login may have left it.
    login(&user.home, &portal.url, "--store file --profile another").ok();
    fs::rename(user.home.path("config/optra/keys/another.key"), user.home.path(KEY_FILE)).unwrap();
    user.keyring.stop();
    let before = (user.config(), portal.requests().len());
    let session = user.home.line("devices list -o json").env("OPTRA_STORE_TIMEOUT", "500ms").run();
    assert_eq!(session.exits(10).error()["code"], "keyring_timeout");
    let relogin = user.home.line(&format!("auth login --portal {} --key-file - -o json", portal.url));
    let relogin = relogin.env("OPTRA_STORE_TIMEOUT", "500ms").stdin(KEY).run();
    assert_eq!(relogin.exits(10).error()["code"], "keyring_timeout");
    assert_eq!((user.config(), portal.requests().len()), before);
    user.keyring.cont();
}

#[test]
fn a_second_login_without_a_word_about_the_store_keeps_to_the_one_the_profile_has() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    login(&user.home, &portal.url, "--store file").ok();
    login(&user.home, &portal.url, "").ok();
    assert!(user.config().unwrap().contains("store = \"file\""), "{}", user.config().unwrap());
    assert_eq!(user.keyring.lookup("optra", "default"), None);
}

#[test]
fn a_login_to_another_store_leaves_no_key_in_the_former_one() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "--store keyring").ok();
    user.login(&portal.url, KEY, "--store file").ok();
    assert_eq!(user.keyring.lookup("optra", "default"), None, "nothing would ever delete this key");
    user.login(&portal.url, KEY, "--store keyring").ok();
    assert!(!user.home.path(KEY_FILE).exists(), "nothing would ever delete this key");
}

#[test]
fn without_a_keyring_a_login_names_three_ways_that_work_when_pasted() {
    let (home, portal) = (Home::new(), portal(&[]));
    let mut terminal = home.terminal(&format!("auth login --portal {}", portal.url));
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(10), "{}", ended.text);
    assert!(!ended.text.contains("API key for"), "{}", ended.text);

    let session = login(&home, &portal.url, "");
    assert_data_eq!(
        session.exits(10).masked(&[(&portal.url, "[PORTAL]"), (home.path("").to_str().unwrap(), "[HOME]/")]),
        str![[r#"
--- stderr
error: no keyring can be reached
  because: Failed to connect to address `unix:path=[HOME]/runtime/bus`: No such file or directory (os error 2)
hint: Keep the key in a file for its owner only: `optra auth login --portal [PORTAL] --store file`.
hint: Or have a program print it: `optra auth login --portal [PORTAL] --store command --command 'pass show optra'`.
hint: Or give it to each run: `export OPTRA_PORTAL_URL=[PORTAL] OPTRA_API_KEY=…`.
--- exit 10

"#]]
    );
    pasted(&session, &format!("optra auth login --portal {} --store command", portal.url));
    assert!(session.err().contains("OPTRA_API_KEY"), "{session}");
    let file = pasted(&session, &format!("optra auth login --portal {} --store file", portal.url));
    home.script(&format!("{file} --key-file -")).stdin(KEY).run().ok();
    assert_eq!(portal.operations(), ["AuthViewer"]);
}
