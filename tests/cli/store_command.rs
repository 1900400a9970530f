//! `auth login --store command`: the key comes from the user's own program each time, above all `pass`. No shell may
//! run, and the program's stdout is never shown.

use std::fs;
use std::time::{Duration, Instant};

use snapbox::{assert_data_eq, str};
use tempfile::TempDir;

use crate::auth::{KEY, LoggedInUser, never_shows, portal};
use crate::harness::{Home, Session};

const INSTALL: &str = "this test needs `pass` and GnuPG: apt-get install -y --no-install-recommends pass gnupg";

/// A user of `pass` with a GnuPG key without a passphrase, and the API key as `optra`.
struct PassUser {
    home: Home,
    /// A short path, because the path of the agent's socket is limited to 107 characters.
    gnupg: TempDir,
}

impl PassUser {
    fn new() -> Self {
        let mut home = Home::new();
        let gnupg = tempfile::Builder::new().prefix("g").tempdir_in("/tmp").unwrap();
        home.set("GNUPGHOME", gnupg.path());
        home.set("PASSWORD_STORE_DIR", home.path("home/.password-store"));
        let user = Self { home, gnupg };
        let there = user.home.script("command -v pass gpg gpgconf").run();
        assert!(there.code == Some(0), "{INSTALL}");
        let make = "gpg --batch --quiet --passphrase '' --quick-generate-key ada@example.com default default never
                    pass init ada@example.com
                    pass insert --multiline optra";
        user.home.script(make).stdin(KEY).time_limit(Duration::from_secs(60)).run().ok();
        user
    }
}

impl Drop for PassUser {
    fn drop(&mut self) {
        let mut gpgconf = std::process::Command::new("gpgconf");
        let _ = gpgconf.args(["--kill", "all"]).env("GNUPGHOME", self.gnupg.path()).status();
    }
}

fn login(home: &Home, url: &str, command: &str) -> Session {
    let args = ["auth", "login", "--portal", url, "--store", "command", "--command", command];
    home.optra(args).env("OPTRA_STORE_TIMEOUT", "1").run()
}

/// A user whose profile gets the key from this command.
fn asking(command: &str, url: &str) -> Home {
    let home = Home::new();
    let command = command.replace('\\', "\\\\").replace('"', "\\\"");
    let config = format!("[profiles.default]\nportal = \"{url}\"\nstore = \"command\"\ncommand = \"{command}\"\n");
    home.write("config/optra/config.toml", config);
    home
}

#[test]
fn a_key_comes_from_pass_each_time_and_is_kept_nowhere_else() {
    let (user, portal) = (PassUser::new(), portal(&[]));
    let session = login(&user.home, &portal.url, "pass show optra");
    assert_data_eq!(
        session.masked(&[(&portal.url, "[PORTAL]")]),
        str![[r#"
--- stderr
Logged in to [PORTAL] as `Example Organization`, proven by `auth.viewer`; profile `default` asks the command for the key.
--- exit 0

"#]]
    );
    let config = fs::read_to_string(user.home.path("config/optra/config.toml")).unwrap();
    assert_data_eq!(
        config.replace(&portal.url, "[PORTAL]"),
        str![[r#"
[profiles.default]
portal = "[PORTAL]"
organization = "Example Organization"
store = "command"
command = "pass show optra"
key_id = "key-0001"

"#]]
    );
    assert!(!user.home.path("config/optra/keys").exists());

    user.home.run("devices list").ok();
    assert_eq!(portal.requests()[1].header("api-secret"), Some(KEY));
    assert_eq!(user.home.run("auth status -o json").ok().json()["source"], "command");

    user.home.script("pass rm --force optra").run().ok();
    let session = user.home.run("devices list");
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: the command for the key, `pass show optra`, failed (exit status: 1)
  because: Error: optra is not in the password store.
--- exit 10

"#]]
    );
}

#[test]
fn a_logout_leaves_the_entry_of_pass_alone_and_says_so() {
    let (user, portal) = (PassUser::new(), portal(&[]));
    login(&user.home, &portal.url, "pass show optra").ok();
    let session = user.home.run("auth logout");
    // There is a key, and it is not ours to delete.
    assert!(!session.ok().err().contains("There was no key"), "{session}");
    assert!(session.err().contains("`pass show optra`"), "{session}");
    assert!(user.home.script("pass show optra").run().ok().out().contains(KEY));
    user.home.run("devices list").exits(4);
}

#[test]
fn words_are_split_as_a_shell_splits_them_and_no_shell_runs() {
    let portal = portal(&[]);
    let home = Home::new();
    home.write(
        "home/print words",
        "#!/bin/sh\nfor word; do printf '<%s>' \"$word\" >>\"$HOME/words\"; done\ncat \"$HOME/key\"\n",
    );
    home.script("chmod 755 'print words'").run().ok();
    home.write("home/key", KEY);
    let program = home.path("home/print words");
    let command = format!("'{}' $HOME \"two words\" a\\ b '' `id` ; rm * ~ > out #no", program.display());
    login(&home, &portal.url, &command).ok();
    let words = fs::read_to_string(home.path("home/words")).unwrap();
    assert_eq!(words, "<$HOME><two words><a b><><`id`><;><rm><*><~><>><out>");
    assert!(!home.path("home/out").exists() && home.path("home/key").exists());
    home.run("devices list").ok();
}

#[test]
fn a_command_that_brings_no_key_is_named_with_its_own_words_but_never_its_output() {
    let portal = portal(&[]);
    let mut said = String::new();
    for script in [
        "echo k-hunter2-of-stdout; echo vault is sealed >&2; exit 3",
        "echo k-hunter2-of-stdout; exit 1",
        "kill -KILL $$",
        "true",
        "echo; echo",
        "echo two words",
        "echo k-hunter2; echo user: ada",
        "echo k-hunter2ä",
        "exec sleep 60",
    ] {
        let home = Home::new();
        let program = home.write("home/key.sh", format!("#!/bin/sh\n{script}\n"));
        home.program("chmod", ["755".as_ref(), program.as_os_str()]).run().ok();
        home.write(
            "config/optra/config.toml",
            format!("[profiles.default]\nportal = \"{}\"\nstore = \"command\"\ncommand = \"./key.sh\"\n", portal.url),
        );
        let before = Instant::now();
        let session = home.line("devices list").env("OPTRA_STORE_TIMEOUT", "1").run();
        assert!(before.elapsed() < Duration::from_secs(10), "{session}");
        never_shows(&session, "hunter2");
        assert_eq!(session.exits(10).out(), "");
        said.push_str(&format!("$ {script}\n{}", session.err()));

        let at_login = login(&home, &portal.url, "./key.sh");
        never_shows(&at_login, "hunter2");
        assert_eq!(at_login.exits(10).out(), "");
    }
    assert_data_eq!(
        said,
        str![[r#"
$ echo k-hunter2-of-stdout; echo vault is sealed >&2; exit 3
error: the command for the key, `./key.sh`, failed (exit status: 3)
  because: vault is sealed
$ echo k-hunter2-of-stdout; exit 1
error: the command for the key, `./key.sh`, failed (exit status: 1)
$ kill -KILL $$
error: the command for the key, `./key.sh`, failed (signal: 9 (SIGKILL))
$ true
error: the command for the key, `./key.sh`, printed no key: the key is empty
$ echo; echo
error: the command for the key, `./key.sh`, printed no key: the key is empty
$ echo two words
error: the command for the key, `./key.sh`, printed no key: the key has white space in it, at character 4; a key is one word
$ echo k-hunter2; echo user: ada
error: the command for the key, `./key.sh`, printed no key: the key has a line break in it, at character 10; a key is one word
$ echo k-hunter2ä
error: the command for the key, `./key.sh`, printed no key: the key has a character in it that no HTTP header can carry, at character 10
$ exec sleep 60
error: the command for the key, `./key.sh`, did not end within 1 s

"#]]
    );
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn a_command_that_cannot_be_run_is_a_failed_store_at_login_and_later() {
    let portal = portal(&[]);
    let mut said = String::new();
    for command in ["no-such-program", "/etc/passwd", "'open", "", "  "] {
        let home = asking(command, &portal.url);
        let session = home.run("devices list");
        session.exits(10);
        said.push_str(&session.err());
        let home = Home::new();
        let at_login = login(&home, &portal.url, command);
        assert!(matches!(at_login.code, Some(2 | 10)), "{command}: {at_login}");
        assert!(!home.path("config/optra/config.toml").exists(), "{command}");
    }
    assert_data_eq!(
        said,
        str![[r#"
error: the command for the key, `no-such-program`, cannot be started: No such file or directory (os error 2)
error: the command for the key, `/etc/passwd`, cannot be started: Permission denied (os error 13)
error: the command for the key, `'open`, has a quote that is not closed
error: the command for the key, ``, is empty
error: the command for the key, `  `, is empty

"#]]
    );
}

#[test]
fn a_command_has_no_terminal_to_read_from_and_its_stderr_is_silent_on_success() {
    let portal = portal(&[]);
    let home = asking(&format!("sh -c 'cat; echo noise >&2; echo {KEY}'"), &portal.url);
    let session = home.line("devices list -o ndjson --fields id").stdin("k-from-stdin").run();
    assert_eq!((session.ok().ndjson().len(), session.err().as_str()), (3, ""));
    assert_eq!(portal.requests()[0].header("api-secret"), Some(KEY));
}

#[test]
fn the_options_of_a_command_go_together() {
    let home = Home::new();
    let mut said = String::new();
    for words in [
        "--store command",
        "--command true",
        "--store file --command true",
        "--store command --command true --key-file -",
    ] {
        let session = home.run(&format!("auth login --portal https://portal.example {words}"));
        session.exits(2);
        said.push_str(&format!("$ {words}\n{}", session.err()));
    }
    assert_data_eq!(
        said,
        str![[r#"
$ --store command
error: the following required arguments were not provided: --command <COMMAND>
hint: Usage: `optra auth login --portal <URL> --store <STORE> --command <COMMAND>`; `optra auth login --help` tells more.
$ --command true
error: `--command` goes with `--store command`
$ --store file --command true
error: `--command` goes with `--store command`
$ --store command --command true --key-file -
error: the argument `--command <COMMAND>` cannot be used with `--key-file <PATH>`
hint: `optra auth login --help` tells more.

"#]]
    );
    assert!(!home.path("config/optra").exists());
}

#[test]
fn a_command_that_fails_is_not_replaced_by_the_keyring_or_a_file() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "--store file").ok();
    user.login(&portal.url, KEY, "--store keyring").ok();
    login(&user.home, &portal.url, "sh -c 'cat key'").exits(10);
    assert!(user.config().unwrap().contains("store = \"keyring\""));
    user.key_file("key", KEY);
    login(&user.home, &portal.url, "sh -c 'cat key'").ok();
    user.keyring.store("optra", "default", KEY);
    fs::remove_file(user.home.path("home/key")).unwrap();
    let before = portal.requests().len();
    assert_eq!(user.home.run("devices list -o json").exits(10).error()["code"], "store_failed");
    assert_eq!(portal.requests().len(), before);
}
