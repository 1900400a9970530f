//! `optra run` and `optra auth token`: the key for another program, and for nobody else. The other program must have
//! its terminal, signals, arguments and exit code to itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;
use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, never_shows, portal};
use crate::harness::{Home, Session};

const PORTAL: &str = "https://portal.example";

/// A user in CI; no request is sent in these tests unless one is named.
fn user() -> Home {
    let mut home = Home::new();
    home.portal(PORTAL, KEY);
    home
}

fn run(args: &[&str]) -> Session {
    user().optra([&["run", "--"], args].concat()).run()
}

#[test]
fn the_program_has_the_key_and_the_portal_in_its_environment() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "--profile night").ok();
    let session = user.home.run("--profile night run -- sh -c 'env | grep ^OPTRA | sort'");
    let expected = format!("OPTRA_API_KEY={KEY}\nOPTRA_PORTAL_URL={}\nOPTRA_RETRIES=0\n", portal.url);
    assert_eq!((session.ok().out(), session.err()), (expected, String::new()));
    assert_eq!(portal.operations(), ["AuthViewer"], "the key is not proven again");

    // It is all that another `optra` needs, even without the profile that it came from.
    let inner = "--profile night run -- sh -c 'OPTRA_CONFIG_DIR=/nonexistent optra devices list -o ndjson --fields id'";
    assert_eq!(user.home.run(inner).ok().ndjson().len(), 3);
    assert_eq!(portal.requests()[1].header("api-secret"), Some(KEY));
}

#[test]
fn what_would_contradict_the_two_variables_is_taken_away_and_the_rest_stays() {
    let home = user();
    home.write("config/optra/config.toml", "[profiles.a]\nportal = \"https://portal.example\"\n");
    let run = home.line("run -- sh -c 'env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | sort'");
    let run = run.env("OPTRA_API_URL", "https://other.example").env("OPTRA_PROFILE", "a").env("MINE", "kept as it is");
    let session = run.without_env("OPTRA_CONFIG_DIR").run();
    let names: Vec<String> =
        session.ok().out().lines().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect();
    assert_eq!(
        names,
        [
            "HOME",
            "LANG",
            "MINE",
            "OPTRA_API_KEY",
            "OPTRA_PORTAL_URL",
            "OPTRA_RETRIES",
            "PATH",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_RUNTIME_DIR",
            "XDG_STATE_HOME"
        ]
    );
}

#[test]
fn the_portal_url_is_the_base_url_however_it_was_given() {
    for url in ["https://portal.example/", "https://portal.example/graphql", "https://portal.example/graphql/"] {
        let session = user().line("run -- printenv OPTRA_PORTAL_URL").env("OPTRA_PORTAL_URL", url).run();
        assert_eq!(session.ok().out(), "https://portal.example\n", "{url}");
    }
}

#[test]
fn the_exit_code_is_the_programs() {
    for code in [0, 1, 7, 70, 130, 255] {
        let exit = format!("exit {code}");
        let session = run(&["sh", "-c", &exit]);
        assert_eq!(session.to_string(), format!("--- exit {code}\n"));
        let beside = Home::new().optra(["--sandbox", "run", "--", "sh", "-c", &exit]).run();
        assert_eq!(beside.to_string(), format!("--- exit {code}\n"), "in the sandbox");
    }
}

#[test]
fn a_signal_that_ends_the_program_ends_the_run_alike() {
    let session = run(&["sh", "-c", "kill -TERM $$"]);
    assert_eq!(session.to_string(), "--- signal 15\n");
    let beside = Home::new().optra(["--sandbox", "run", "--", "sh", "-c", "kill -TERM $$"]).run();
    assert_eq!(beside.to_string(), "--- exit 143\n", "as a shell tells it");
}

#[test]
fn a_signal_to_the_run_reaches_the_program() {
    let script = "trap 'echo told; exit 9' TERM; echo ready; for n in $(seq 100); do sleep 0.05; done";
    for options in [vec![], vec!["--sandbox"]] {
        let home = if options.is_empty() { user() } else { Home::new() };
        let running = home.optra([&options[..], &["run", "--", "sh", "-c", script]].concat()).start();
        assert_eq!(running.first_line(), "ready");
        running.signal(Signal::TERM);
        let session = running.end();
        assert_eq!(session.to_string(), "ready\ntold\n--- exit 9\n", "{options:?}");
    }
}

#[test]
fn a_closed_pipe_ends_the_program_as_it_would_without_optra() {
    for options in ["", "--sandbox"] {
        let home = if options.is_empty() { user() } else { Home::new() };
        let script = format!("{{ optra {options} run -- sh -c 'yes; echo $? >&2'; }} | head -n 1");
        let session = home.script(&script).run();
        assert_data_eq!(
            session.to_string(),
            str![[r#"
y
--- stderr
141
--- exit 0

"#]]
        );
    }
}

#[test]
fn stdin_stdout_and_stderr_are_the_programs() {
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    for options in [vec![], vec!["--sandbox"]] {
        let home = if options.is_empty() { user() } else { Home::new() };
        let args = [&options[..], &["run", "--", "sh", "-c", "echo on stderr >&2; cat"]].concat();
        let session = home.optra(args).stdin(bytes.clone()).run();
        assert!(session.ok().stdout == bytes, "{options:?}");
        assert_eq!(session.err(), "on stderr\n");
    }
}

#[test]
fn the_terminal_is_the_programs() {
    for options in ["", "--sandbox"] {
        let home = if options.is_empty() { user() } else { Home::new() };
        let script = "test -t 0 && test -t 1 && test -t 2 && read -p name: -r name && echo \"hello $name\"";
        let mut terminal = home.terminal(&format!("{options} run -- bash -c '{script}'"));
        terminal.expect("name:").send_line("ada").expect("hello ada");
        assert_eq!(terminal.finish().code, Some(0), "{options}");

        let mut terminal = home.terminal(&format!(
            "{options} run -- sh -c 'trap \"exit 5\" INT; echo ready; for n in $(seq 100); do sleep 0.05; done'"
        ));
        terminal.expect("ready").send_ctrl_c();
        assert_eq!(terminal.finish().code, Some(5), "{options}");
    }
}

#[test]
fn arguments_reach_the_program_untouched() {
    let args =
        ["--profile", "x", "-o", "json", "--help", "--version", "", "two words", "$HOME", "*", "--", "-", "ä\"'\\"];
    let print = ["printf", "<%s>"];
    let expected: String = args.iter().map(|arg| format!("<{arg}>")).collect();
    assert_eq!(run(&[&print[..], &args].concat()).ok().out(), expected);
    // Without `--`, the program's options are still its own.
    let session = user().optra([&["run"], &print[..], &args].concat()).run();
    assert_eq!(session.ok().out(), expected);
}

#[test]
fn a_program_that_cannot_be_run_is_named() {
    let home = user();
    home.write("home/no-program", "no program\n");
    let mut said = String::new();
    home.write("home/no-interpreter", "#!/no/such/interpreter\n");
    fs::set_permissions(home.path("home/no-interpreter"), fs::Permissions::from_mode(0o755)).unwrap();
    let programs = [("no-such-program", 127), ("", 127), ("./no-program", 126), (".", 126), ("./no-interpreter", 126)];
    for (program, exit) in programs {
        let session = home.optra(["run", "--", program]).run();
        said.push_str(&session.exits(exit).err());
        for how in [
            &["--sandbox", "run"][..],
            &["--sandbox", "run", "--only", "queries"],
            &["--sandbox", "run", "--ephemeral"],
        ] {
            let beside = Home::new();
            let beside = beside.optra([how, &["--", &home.path("home").join(program).to_string_lossy()][..]].concat());
            let exit = if program.is_empty() { 126 } else { exit };
            assert_eq!(beside.run().exits(exit).out(), "");
        }
    }
    assert_data_eq!(
        said,
        str![[r#"
error: cannot run `no-such-program`
  because: No such file or directory (os error 2)
error: cannot run ``
  because: No such file or directory (os error 2)
error: cannot run `./no-program`
  because: Permission denied (os error 13)
error: cannot run `.`
  because: Permission denied (os error 13)
error: cannot run `./no-interpreter`
  because: No such file or directory (os error 2)

"#]]
    );
    home.run("run").exits(2);
    home.run("run --").exits(2);
    let error = home.run("-o json run -- no-such-program").exits(127).error();
    assert_eq!(error["code"], "no_program");
    // The program's own exit code is passed through.
    home.run("run -- sh -c 'exit 127'").exits(127);
    let explained = home.run("explain 127").ok().out();
    assert!(explained.contains("optra run -- sh -c 'COMMAND'"), "{explained}");
}

#[test]
fn without_a_key_the_program_is_not_run() {
    let home = Home::new();
    let session = home.line("run -- sh -c 'echo ran; touch ran'").env("OPTRA_PORTAL_URL", PORTAL).run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: there is no key for https://portal.example
hint: Log in with `optra auth login --portal https://portal.example`, or set `OPTRA_API_KEY`.
--- exit 4

"#]]
    );
    assert!(!home.path("home/ran").exists());
}

#[test]
fn a_program_in_the_sandbox_can_talk_to_it() {
    let home = Home::new();
    let session = home.run("--sandbox run -- optra devices list -o ndjson --fields id");
    assert_eq!(session.ok().ndjson().len(), 25);
    let script = "optra keys generate --name from-inside >secret && optra keys list -o ndjson --fields name";
    let names = home.optra(["--sandbox", "run", "--", "sh", "-c", script]).run().ok().ndjson();
    assert!(names.iter().any(|key| key["name"] == "from-inside"), "{names:?}");
    let lasts = home.run("--sandbox keys list -o ndjson --fields name").ok().out();
    assert!(lasts.contains("from-inside"), "{lasts}");
}

#[test]
fn no_command_line_on_the_machine_has_the_key() {
    for options in [vec![], vec!["--sandbox"]] {
        let home = if options.is_empty() { user() } else { Home::new() };
        // The program inspects itself and every process above it.
        let script = "pid=$$; while [ $pid -gt 1 ]; do tr '\\0' ' ' </proc/$pid/cmdline; echo
                      pid=$(awk '/^PPid:/ { print $2 }' /proc/$pid/status); done; printenv OPTRA_API_KEY >key";
        let session = home.optra([&options[..], &["run", "--", "sh", "-c", script]].concat()).run();
        let key = fs::read_to_string(home.path("home/key")).unwrap();
        assert!(session.ok().out().contains("printenv") && key.trim().len() > 20, "{session}");
        never_shows(&session, key.trim());
    }
}

#[test]
fn the_token_goes_into_a_pipe_as_it_is() {
    for words in ["", "-o json", "--quiet", "--verbose", "--reveal", "--color always"] {
        let session = user().run(&format!("auth token {words}"));
        assert_eq!(session.to_string(), format!("{KEY}\n--- exit 0\n"), "{words}");
    }
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    user.login(&portal.url, KEY, "").ok();
    let session = user.home.script("test \"$(optra auth token | wc -l)\" = 1; optra auth token | tr a-z A-Z").run();
    assert_eq!(session.ok().out(), format!("{}\n", KEY.to_uppercase()));
    assert_eq!(portal.operations(), ["AuthViewer"], "the portal is not asked for what is kept here");
}

#[test]
fn the_token_is_not_shown_on_a_terminal_unless_asked_twice() {
    let home = user();
    let ended = home.terminal("auth token").finish();
    assert_eq!(ended.code, Some(7));
    assert!(!ended.raw.contains("hunter2"), "{}", ended.raw);
    assert_data_eq!(
        ended.text,
        str![[r#"
error: the key would be visible on the screen
hint: Pipe it to the program that needs it, or use `optra run -- PROGRAM`.
hint: If you want to see it: `optra auth token --reveal`.

"#]]
    );
    let ended = home.terminal("auth token --reveal").finish();
    assert_eq!((ended.code, ended.text.as_str()), (Some(0), &*format!("{KEY}\n")));
    // With stdout in a file nobody is watching, whatever the other streams are.
    let mut terminal = home.line("auth token").on_terminal().stdout_to(home.path("home/token")).start();
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!(fs::read_to_string(home.path("home/token")).unwrap(), format!("{KEY}\n"));
}

#[test]
fn without_a_key_there_is_no_token_and_nothing_on_stdout() {
    let session = Home::new().line("auth token").env("OPTRA_PORTAL_URL", PORTAL).run();
    assert_eq!(session.exits(4).out(), "");
}

#[test]
fn an_option_that_is_none_is_not_taken_for_the_program() {
    let home = user();
    for line in ["run --just env", "run --reveal -- env", "run -x env", "run --profil a env"] {
        let session = home.run(line);
        assert!(session.exits(2).err().starts_with("error: unexpected argument `-"), "{line}: {session}");
        assert_eq!(session.out(), "", "{line}");
    }
    // Everything behind the program, and behind `--`, belongs to the program.
    for line in ["run echo --just -x", "run -- echo --just -x", "run -q echo --just -x"] {
        assert_eq!(home.run(line).ok().out(), "--just -x\n", "{line}");
    }
    home.run("run -- --just env").exits(127);
    assert_eq!(home.run("run echo a -- b").ok().out(), "a -- b\n");
}
