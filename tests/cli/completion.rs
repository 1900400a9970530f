//! Completion in the real shells: candidates come from what this machine knows, and a portal's name is one word that
//! runs nothing, whatever is in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant, SystemTime};

use crate::harness::{Home, MockServer, Terminal};

/// Names that no shell may run or split.
const HOSTILE: [&str; 5] =
    ["a $(touch pwned) b", "bq `touch pwned`; touch pwned", "it's \"q\" \\ *", "~root", "new\nline"];

/// A home whose sandbox has keys and devices, listed once.
fn listed() -> Home {
    let home = Home::new();
    // `keys generate` takes no name with a line break, but a portal may have one.
    let document = "mutation ($name: String) { generateApiKey(name: $name) { id } }";
    for name in HOSTILE.iter().chain(&["ci", "-rf"]) {
        home.optra(["--sandbox", "api", document, "-F", &format!("name={name}")]).run().ok();
    }
    home.run("--sandbox keys list").ok();
    home.run("--sandbox devices list").ok();
    home
}

/// Asks for completions as bash does: returns the words that replace the last one.
fn offered(home: &Home, line: &str) -> Vec<String> {
    let breaks = " \t\n\"'><=;|&(:";
    let session = home.optra(["--", &format!("optra {line}"), breaks]).env("OPTRA_COMPLETE", "bash").run();
    assert_eq!(session.ok().err(), "", "{line}");
    session.out().lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Returns the candidates that are not options.
fn names(home: &Home, line: &str) -> Vec<String> {
    offered(home, line).into_iter().filter(|word| !word.starts_with('-')).collect()
}

/// Installs a wrapper of our program that prints its arguments, except during completion.
fn showing(home: &mut Home) {
    let real = env!("CARGO_BIN_EXE_optra");
    let script =
        format!("#!/bin/sh\nif [ -n \"$OPTRA_COMPLETE\" ]; then exec {real} \"$@\"; fi\nprintf '<%s>' \"$@\"; echo\n");
    let path = home.write("bin/optra", script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let paths = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    home.set("PATH", paths).set("PS1", "").set("HISTFILE", "/dev/null");
}

/// Types the beginning of each name, presses Tab, and checks the word that the program gets.
fn completes_names(home: &Home, shell: &mut Terminal, enter: &str) {
    for (typed, name) in [("a", HOSTILE[0]), ("b", HOSTILE[1]), ("i", HOSTILE[2]), ("c", "ci"), ("'a", HOSTILE[0])] {
        shell.send(&format!("optra --sandbox keys revoke {typed}\t"));
        std::thread::sleep(Duration::from_millis(500));
        shell.send(enter).expect(&format!("<--sandbox><keys><revoke><{name}>"));
    }
    for (typed, words) in [
        ("--sandbox devices show gate-01\t", "<--sandbox><devices><show><gate-01-monitor>"),
        ("devices list --fields id,na\t", "<devices><list><--fields><id,name>"),
        ("--sandbox devices list --where status=UN\t", "<--sandbox><devices><list><--where><status=UNHEALTHY>"),
        ("portal bind keys.g\t", "<portal><bind><keys.generate>"),
        ("keys list -o nd\t", "<keys><list><-o><ndjson>"),
    ] {
        shell.send(&format!("optra {typed}"));
        std::thread::sleep(Duration::from_millis(500));
        shell.send(enter).expect(words);
    }
    assert!(!home.path("home/pwned").exists());
}

#[test]
fn bash_completes_at_a_terminal() {
    let mut home = listed();
    showing(&mut home);
    let mut shell = home.program("bash", ["--norc", "--noprofile", "-i"]).on_terminal().size(200, 24).start();
    shell.send_line("source <(OPTRA_COMPLETE=bash optra); echo rea''dy").expect("ready");
    completes_names(&home, &mut shell, "\r");
}

#[test]
fn zsh_completes_at_a_terminal() {
    let mut home = listed();
    showing(&mut home);
    let mut shell = home.program("zsh", ["-f", "-i"]).on_terminal().size(200, 24).start();
    shell.send_line("source <(OPTRA_COMPLETE=zsh optra); echo rea''dy").expect("ready");
    completes_names(&home, &mut shell, "\r");
}

#[test]
fn fish_completes_at_a_terminal() {
    let mut home = listed();
    showing(&mut home);
    let mut shell = home.program("fish", ["--no-config", "-i"]).on_terminal().size(200, 24).start();
    shell.send_line("OPTRA_COMPLETE=fish optra | source; echo rea''dy").expect("ready");
    completes_names(&home, &mut shell, "\r");
}

#[test]
fn elvish_completes_at_a_terminal() {
    let mut home = listed();
    showing(&mut home);
    let mut shell = home.program("elvish", ["-norc"]).on_terminal().size(200, 24).start();
    shell.send_line("eval (env OPTRA_COMPLETE=elvish optra | slurp); echo rea''dy").expect("ready");
    // The first Enter accepts the completion.
    completes_names(&home, &mut shell, "\r\r");
}

#[test]
fn names_that_cannot_be_typed_are_offered_by_their_ids() {
    let home = listed();
    let keys = offered(&home, "--sandbox keys revoke ");
    let names: Vec<&str> = keys.iter().map(String::as_str).filter(|word| !word.starts_with("3716")).collect();
    assert_eq!(
        names,
        [
            "sandbox",
            "a\\ \\$\\(touch\\ pwned\\)\\ b",
            "bq\\ \\`touch\\ pwned\\`\\;\\ touch\\ pwned",
            "it\\'s\\ \\\"q\\\"\\ \\\\\\ \\*",
            "\\~root",
            "ci"
        ]
    );
    // All but the name with a line break, and the one that looks like an option.
    assert_eq!(keys.len() - names.len(), 2, "{keys:?}");
    assert_eq!(offered(&home, "--sandbox keys revoke 3716").len(), 8);
    // If two keys share a name, each is offered by its id.
    home.run("--sandbox keys generate --name ci").ok();
    home.run("--sandbox keys list").ok();
    assert!(!offered(&home, "--sandbox keys revoke ").contains(&"ci".to_owned()));
}

#[test]
fn each_value_is_completed_by_what_it_is() {
    let home = listed();
    home.write("config/optra/config.toml", "[profiles.prod]\nportal = \"https://portal.example\"\n[profiles.test]\n");
    home.write("config/optra/queries/fleet.graphql", "query ($status: String) { devices { data { id status } } }");
    home.write("config/optra/bindings/portal.example/keys.list.graphql", "{ x }");
    home.write("home/keys/report.key", "");
    for (line, words) in [
        ("--profile ", &["prod", "test"][..]),
        ("devices list --profile prod,te", &["prod,test"]),
        ("auth switch ", &["prod", "test"]),
        ("--portal=", &["https://portal.example"]),
        ("--profile prod portal unbind ", &["keys.list"]),
        ("devices list --where stat", &["status=", "status\\!=", "status~"]),
        ("--sandbox devices list --where status=", &["ONLINE", "UNHEALTHY"]),
        ("keys list --where unused-for=9", &["90d"]),
        ("keys revoke --where ", &["name=", "unused-for=", "older-than="]),
        ("devices list --sort status", &["status"]),
        ("keys generate --to ", &["stdout", "keyring", "keyring:", "file:", "command:"]),
        ("keys generate --to file:ke", &["keys/"]),
        ("keys generate --to file:keys/", &["keys/report.key"]),
        ("keys generate --to keyring:p", &["prod"]),
        ("keys audit --fail-on unna", &["unnamed"]),
        ("query fl", &["fleet"]),
        ("query fleet --sta", &["--status"]),
        ("query fleet --where st", &["status=", "status\\!=", "status~"]),
        ("help exit", &["exit-codes"]),
        ("help keys rot", &["rotate"]),
        ("help query fl", &["fleet"]),
        ("man form", &["formats"]),
        ("--header X-Id=e", &["env:"]),
        ("keys list > fi", &[]),
    ] {
        let mut found = offered(&home, line);
        let mut words = words.to_vec();
        found.sort();
        words.sort();
        assert_eq!(found, words, "{line}");
    }
}

#[test]
fn a_key_press_asks_no_portal_and_opens_no_store() {
    let portal = MockServer::new();
    let mut home = Home::new();
    home.portal(&portal.url, "a-key-that-is-in-the-environment");
    assert_eq!(names(&home, "keys revoke "), [""; 0]);
    assert_eq!(names(&home, "devices show "), [""; 0]);
    // Completion does not run the command that prints the key.
    let command = format!("touch {}", home.path("ran").display());
    let profile = format!(
        "[profiles.default]\nportal = \"https://portal.example\"\nstore = \"command\"\ncommand = \"{command}\"\n"
    );
    home.write("config/optra/config.toml", profile);
    home.set("OPTRA_PORTAL_URL", "").set("OPTRA_API_KEY", "");
    assert_eq!(names(&home, "keys revoke "), [""; 0]);
    assert!(!home.path("ran").exists());
}

#[test]
fn an_error_is_silence() {
    let home = listed();
    home.write("config/optra/config.toml", "profile = [");
    assert_eq!(offered(&home, "--profile "), [""; 0]);
    home.write("config/optra/config.toml", "");
    assert_eq!(offered(&home, "--timeout "), ["10s", "30s", "1m", "5m", "10m"]);
    for variables in [[("OPTRA_OUTPUT", "nonsense"), ("A", "")], [("HOME", ""), ("XDG_CACHE_HOME", "")]] {
        let run = home.optra(["--", "optra keys revoke ", " "]).env("OPTRA_COMPLETE", "bash");
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value));
        let session = run.run();
        assert!(session.ok().err().is_empty() && session.out().lines().all(|line| line.starts_with("--")), "{session}");
    }
    let run = home.optra(["--", "optra keys revoke ", " "]).env("OPTRA_COMPLETE", "nosuchshell");
    assert_eq!(run.run().ok().to_string(), "--- exit 0\n");
    for words in [&["--"][..], &["x"], &["--", "a"], &["--", "", ""], &["--", "optra '", "'"]] {
        for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
            assert_eq!(home.optra(words).env("OPTRA_COMPLETE", shell).run().ok().err(), "", "{shell} {words:?}");
        }
    }
}

#[test]
fn what_is_kept_is_for_its_owner_and_has_an_end() {
    let home = listed();
    let path = home.path("cache/optra/names/sandbox/keys.json");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert!(offered(&home, "--sandbox keys revoke c").contains(&"ci".to_owned()));
    // A revoked key disappears at once, and a new one appears.
    home.run("--sandbox keys revoke ci --yes").ok();
    assert!(!offered(&home, "--sandbox keys revoke c").contains(&"ci".to_owned()));
    home.run("--sandbox keys generate --name cd").ok();
    assert_eq!(offered(&home, "--sandbox keys revoke c"), ["cd"]);
    // Another user could have written the file.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(offered(&home, "--sandbox keys revoke c"), [""; 0]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(offered(&home, "--sandbox keys revoke c"), ["cd"]);
    let long_ago = SystemTime::now() - Duration::from_secs(8 * 24 * 3600);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(offered(&home, "--sandbox keys revoke c"), [""; 0]);
}

#[test]
fn a_home_that_does_not_answer_is_not_waited_for() {
    let home = listed();
    let slow = home.path("config/optra");
    fs::create_dir_all(&slow).unwrap();
    // A pipe that nobody writes to, in place of the settings.
    home.script(&format!("mkfifo '{}/config.toml'", slow.display())).run().ok();
    let start = Instant::now();
    assert_eq!(offered(&home, "--profile "), [""; 0]);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn each_shell_has_its_script() {
    let home = Home::new();
    for (shell, line) in [
        ("bash", "complete -o nospace -F _optra_complete optra"),
        ("zsh", "compdef _optra_complete optra"),
        ("fish", "complete -c optra -f -k -a"),
        ("elvish", "set edit:completion:arg-completer[optra]"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName optra"),
        ("pwsh", "Register-ArgumentCompleter -Native -CommandName optra"),
    ] {
        let session = home.optra([""; 0]).env("OPTRA_COMPLETE", shell).run();
        assert!(session.ok().out().contains(line), "{session}");
        // Every script ends with a newline, so that scripts can be concatenated.
        assert!(session.out().ends_with('\n'));
    }
    for shell in ["bash", "zsh", "fish"] {
        home.script(&format!("OPTRA_COMPLETE={shell} optra > script; {shell} -n script")).run().ok();
    }
}
