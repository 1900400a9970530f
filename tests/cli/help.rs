//! The program's help, printed from what the code uses.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::harness::Home;

const FURTHER: [&str; 26] = [
    "broker",
    "doctor",
    "explain",
    "schema",
    "keys rotate",
    "keys ensure",
    "keys audit",
    "keys log",
    "keys where",
    "keys show",
    "keys sweep",
    "keys plan",
    "keys apply",
    "keys scan",
    "auth list",
    "devices watch",
    "devices wait",
    "portal check",
    "portal adopt",
    "portal schema",
    "portal bind",
    "portal unbind",
    "portal set",
    "portal export",
    "portal import",
    "auth logout",
];

const COMMANDS: [&str; 18] = [
    "auth login",
    "auth status",
    "auth switch",
    "auth token",
    "auth logout",
    "keys generate",
    "keys list",
    "keys revoke",
    "devices list",
    "devices show",
    "api",
    "query",
    "run",
    "sandbox",
    "completions",
    "man",
    "version",
    "help",
];

#[test]
fn help_fits_a_terminal_and_the_rest_is_one_line_away() {
    let home = Home::new();
    let lines = |line: &str| {
        let session = home.script(&format!("COLUMNS=80 optra {line} 2>&1 || true")).run();
        assert!(session.out().lines().all(|line| line.chars().count() <= 80), "{session}");
        (session.out().lines().count(), session.out().contains("optra help options"))
    };
    assert!(lines("").0 <= 24 && lines("-h").0 <= 24);
    for command in COMMANDS.iter().chain(&FURTHER) {
        let (count, tells) = lines(&format!("{command} -h"));
        assert!(count <= 24 && tells, "{command}: {count} lines");
    }
    assert!(home.run("help options").ok().out().contains("--no-input"));
}

#[test]
fn words_of_other_tools_are_answered_with_ours() {
    let home = Home::new();
    for (line, ours) in [
        ("keys create --name ci", "`optra keys generate` does that"),
        ("keys rm ci", "`optra keys revoke` does that"),
        ("login", "`optra auth login` does that"),
        ("whoami", "`optra auth status` does that"),
        ("ls", "`optra devices list` or `optra keys list` does that"),
        ("key rm ci", "`optra keys revoke` does that"),
        ("device", "`optra devices` does that"),
        ("keys get", "`optra keys show` does that"),
        ("keys remove ci", "`optra keys revoke` does that"),
        ("keys renew ci", "`optra keys rotate` does that"),
        ("config", "`optra auth list` does that"),
        ("rotate ci", "`optra keys rotate` does that"),
        ("devices list --json", "`-o json` does that"),
        ("devices list --format json", "`-o json` does that"),
        ("devices list --format=x", "`-o FORMAT` does that"),
        ("-p staging devices list", "`--profile NAME` does that"),
        ("keys revoke ci --force", "`--yes` does that"),
        ("keys list --filter name=x", "`--where FIELD=VALUE` does that"),
        ("keys list --token secret7", "A key is never given on a command line"),
        ("keys list --api-key=secret7", "A key is never given on a command line"),
        ("--key secret7 keys list", "A key is never given on a command line"),
        ("auth login --password secret7", "A key is never given on a command line"),
        ("login secret7", "`optra auth login` does that"),
        ("key secret7", "`optra keys` does that"),
    ] {
        let session = home.run(line);
        assert!(session.exits(2).err().contains(ours) && !session.err().contains("secret7"), "{session}");
        assert!(home.run(&format!("{line} -o json")).exits(2).error()["hints"][0].as_str().unwrap().contains(ours));
    }
}

#[test]
fn exit_codes_are_a_table() {
    assert_data_eq!(
        Home::new().run("help exit-codes").to_string(),
        str![[r#"
Exit codes, and `error.code` in machine formats:

    0  -                    success
    0  closed               the reader closed the pipe early, as `head` does
    1  failed               it failed for a reason that has no code here
    1  findings             a check has findings, as `keys audit` or `keys scan`
    2  usage                the command line is wrong
    3  partial              some items failed, or a listing is incomplete
    4  unauthenticated      there is no key, or the portal rejects it
    5  forbidden            the key's role does not allow this; keys need Admin
    5  feature_disabled     API keys are not enabled for the organization
    6  not_found            nothing has that name or id, or more than one has
    7  declined             a safety rule, an answer of no, or no terminal to
                            ask
    8  unreachable          the portal cannot be reached, or fails
    8  timeout              no answer in time, or a deadline has passed
    8  rate_limited         the portal asks to wait
    9  unsupported          the portal cannot do this
    9  bad_answer           the portal's response cannot be understood
   10  keyring_unavailable  there is no keyring on this machine
   10  keyring_locked       the keyring is locked
   10  keyring_timeout      the keyring did not answer in time
   10  store_failed         the key could not be stored, read back or deleted
   11  config               a setting is wrong, missing or contradicts another
   12  check_failed         a check could not be made, as on a full disk
   70  internal             a bug in `optra`
  126  not_executable       the program for `run` cannot be executed
  127  no_program           the program for `run` does not exist
  130  interrupted          Ctrl-C
--- exit 0

"#]]
    );
}

#[test]
fn settings_are_a_table() {
    assert_data_eq!(
        Home::new().run("help environment").to_string(),
        str![[r#"
Settings, by option and variable; in brackets, the key in `config.toml`. An
option wins over a variable, a variable over the file.

  -              OPTRA_API_KEY        the key; no store is touched
  -              OPTRA_API_KEY_ID     its id in the portal, if the portal does
                                      not tell it
                                      [profiles.NAME.key_id]
  --portal       OPTRA_PORTAL_URL     the portal's API base URL
                                      [profiles.NAME.portal]
  -              OPTRA_API_URL        the same, as the portal sets it inside a
                                      skill
  --profile      OPTRA_PROFILE        the profile in use
                                      [profile]
  -              -                    the organization's name at the login; for
                                      `auth list`
                                      [profiles.NAME.organization]
  -              -                    keyring, file, command or none
                                      [profiles.NAME.store]
  -              -                    the store before the logout; a hint names
                                      it
                                      [profiles.NAME.former_store]
  -              -                    the program that prints the key
                                      [profiles.NAME.command]
  --sandbox      -                    the portal inside this program
  --output       OPTRA_OUTPUT         table, json, ndjson, csv, tsv, yaml,
                                      geojson or sarif
  --output-file  -                    the file that the result is written to,
                                      whole or not at all
  --no-headers   -                    rows without the line of names
  --jq           -                    a filter in the jq language for the result
  --template     -                    a line for each item, in the Jinja
                                      language
  --timeout      OPTRA_TIMEOUT        the limit of one request
  --retries      OPTRA_RETRIES        how often a failed read is retried
  -              OPTRA_STORE_TIMEOUT  the limit of a keyring or a key's command
  --cacert       OPTRA_CACERT         the certificate authorities to trust; also
                                      SSL_CERT_FILE
  --client-cert  OPTRA_CLIENT_CERT    the certificate that is shown to the
                                      portal
  --client-key   OPTRA_CLIENT_KEY     its private key, where that is in another
                                      file
  --header       OPTRA_HEADERS        headers for an access proxy:
                                      NAME=env:VARIABLE,NAME=file:PATH
  --no-config    -                    as if there were no config.toml
  -              -                    the format version of `config.toml`; 1 if
                                      missing
                                      [version]
  -              OPTRA_CONFIG_DIR     where config.toml is
  --read-only    OPTRA_READ_ONLY      no mutation leaves this machine
                                      [profiles.NAME.read_only]
  --reason       OPTRA_REASON         why keys are changed, for `keys log`
  --no-input     CI                   no questions
  --quiet        -                    results, warnings and errors only
  --verbose      -                    each request on stderr; -vv with its
                                      contents
  -              TRACEPARENT          the trace that the run is part of, sent on
                                      to the portal; also TRACESTATE
  --no-pager     OPTRA_PAGER          the pager for a long list; also PAGER;
                                      empty for none
  -              OPTRA_ACCESSIBLE     nothing moves, and rows are blocks of
                                      `name: value`
                                      [accessible]
  --color        NO_COLOR             colour; also CLICOLOR_FORCE, and TERM=dumb
  -              HTTPS_PROXY          the proxy; also ALL_PROXY and NO_PROXY
--- exit 0

"#]]
    );
}

#[test]
fn every_command_begins_its_help_with_examples() {
    let home = Home::new();
    for command in COMMANDS {
        let long = home.run(&format!("{command} --help")).ok().out();
        assert!(long.starts_with("Examples:\n  ") && long.contains(&format!("optra {command}")), "{long}");
        assert_eq!(home.run(&format!("help {command}")).ok().out().trim(), long.trim(), "{command}");
        assert!(home.run(&format!("{command} -h")).ok().out().len() < long.len());
    }
}

#[test]
fn a_slip_is_met_with_a_suggestion() {
    let home = Home::new();
    assert!(home.run("devices lst").exits(2).err().contains("hint: A similar subcommand exists: `list`.\n"));
    let session = home.run("help no-such-topic");
    assert!(session.exits(2).err().contains("there is no command or topic `no-such-topic`"), "{session}");
    let bare = home.run("");
    assert!(bare.exits(2).err().contains("Usage: optra [OPTIONS] <COMMAND>"), "{bare}");
}

#[test]
fn the_version_is_one_line() {
    assert_eq!(Home::new().run("--version").ok().out(), format!("optra {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_the_program_is_built_of_is_told_to_programs_too() {
    let version = Home::new().run("version -o json").ok().json();
    assert_eq!(
        (&version["version"], &version["features"]),
        (&json!(env!("CARGO_PKG_VERSION")), &json!(["sandbox", "server"]))
    );
    let is_commit = |text: &str| text.len() >= 7 && text.chars().all(|letter| letter.is_ascii_hexdigit());
    assert!(version["commit"].is_null() || version["commit"].as_str().is_some_and(is_commit), "{version}");
    assert!(version["builtWith"].as_str().unwrap().starts_with("rustc "), "{version}");
    assert_eq!(version["target"].as_str().unwrap().split('-').next(), Some(std::env::consts::ARCH), "{version}");
}

#[test]
fn a_noun_alone_is_answered_with_its_commands() {
    let home = Home::new();
    for line in ["auth", "keys", "devices", "portal", "-q keys", "keys --profile x"] {
        let session = home.run(line);
        let told = session.exits(2).err();
        assert!(told.contains("Commands:\n") || told.contains("requires a subcommand"), "{session}");
    }
}
