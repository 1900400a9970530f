//! Hostile inputs, a test for each kind: environment, files, names, answers, limits and signals. Nothing is lost,
//! leaked or misreported, nothing hangs, and no run ends with a bug.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer, Session};

/// A key as people paste it by mistake.
const TYPED: &str = "k7WqB3xNhunter2LPjR5vTn9cLmZx81w";

/// Each of these would move the cursor, hide, reorder or forge a line.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]52;c;aGk=\u{7}\u{202e}gnp\u{200b}\u{2066}\nerror: x\r\u{9b}31m\0";

fn at_portal() -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&[]));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// A portal that lists one device and one key, with this id and name; if `goes`, the key is gone at the second listing.
fn portal_of(id: &str, name: &str, goes: bool) -> (Home, MockServer) {
    let item = json!({ "id": id, "name": name, "createdBy": name, "serialNumber": name, "status": name });
    let page = |items: &[&Value]| json!({ "data": items, "after": null, "total": items.len() });
    let keys = |items: &[&Value]| Answer::data(json!({ "apiKeys": page(items) }));
    let mut server = MockServer::new()
        .lenient()
        .answer("DevicesList", Answer::data(json!({ "devices": page(&[&item]) })))
        .answer("AuthViewer", Answer::data(json!({ "viewer": { "organization": null, "apiKey": { "id": "own" } } })))
        .answer("KeysRevoke", Answer::data(json!({ "revokeApiKey": { "id": id } })))
        .answer("KeysList", keys(&[&item]));
    if goes {
        server = server.answer("KeysList", keys(&[]));
    }
    let mut home = Home::new();
    home.portal(&server.url, "admin-key");
    (home, server)
}

#[track_caller]
fn tells_nothing(session: &Session) {
    for part in [&TYPED[..12], &TYPED[10..22], &TYPED[20..]] {
        assert!(!session.out().contains(part) && !session.err().contains(part), "{session}");
    }
}

#[test]
fn a_key_that_is_typed_in_the_place_of_something_else_is_not_repeated() {
    let (home, portal) = at_portal();
    for line in [
        "KEY",
        "--KEY",
        "auth login --portal KEY",
        "auth login --portal https://KEY@portal.example",
        "auth switch KEY",
        "devices show KEY",
        "devices list --where name=KEY",
        "devices list --where KEY",
        "devices list --template '{{ KEY }}'",
        "devices list --jq KEY",
        "keys revoke KEY --yes",
        "keys rotate KEY --yes",
        "keys rotate --hook KEY --yes",
        "keys where KEY",
        "keys generate --to command:KEY",
        "keys generate --to KEY",
        "keys audit --max-age KEY",
        "portal bind devices.list --file KEY",
        "portal import KEY",
        "portal set KEY",
        "query KEY",
        "run -- KEY",
        "run --KEY true",
        "api KEY",
        "api -f KEY",
        "help KEY",
        "completions KEY",
    ] {
        for format in ["", "-o json "] {
            tells_nothing(&home.run(&format!("{format}{}", line.replace("KEY", TYPED))));
        }
    }
    // Text that is not a document is not sent.
    let sent = portal.requests();
    assert!(sent.iter().all(|request| request.document() != TYPED));
}

#[test]
fn the_exchange_that_is_shown_does_not_repeat_what_was_typed() {
    let (home, _portal) = at_portal();
    for line in [
        "devices show KEY -vv",
        "keys revoke KEY --yes -vv",
        "keys rotate KEY --yes -vv",
        "devices show KEY -vv -o json",
    ] {
        tells_nothing(&home.run(&line.replace("KEY", TYPED)));
    }
    let refusal = json!({ "errors": [{ "message": format!("no device {TYPED}") }], "data": { "device": null } });
    let (home, server) = portal_of("7", "dock", false);
    let server = server.answer("DevicesShow", Answer::json(200, refusal));
    tells_nothing(&home.run(&format!("devices show {TYPED} -vv")));
    // A cursor must be visible to whoever debugs a listing.
    let session = home.run("devices list --after YXJyYXljb25uZWN0aW9uOjE5 -vv");
    assert!(session.err().contains("YXJyYXljb25uZWN0aW9uOjE5"), "{session}");
    drop(server);
}

#[test]
fn a_name_or_id_that_is_not_there_is_repeated_as_it_was_typed() {
    let (home, _portal) = at_portal();
    for word in ["aisle-01-scannr1", "3f2b8c1e-9d4a-4b0c-8e7f-6a5b4c3d2e1f", "364027113840054273"] {
        let told = home.line("devices show").arg(word).run();
        assert!(told.exits(6).err().contains(&format!("there is no device `{word}`")), "{told}");
    }
}

#[test]
fn variables_that_are_not_ours_stop_nothing() {
    use std::os::unix::ffi::OsStrExt;
    let (home, _portal) = at_portal();
    let garbage = std::ffi::OsStr::from_bytes(b"\xff\xfe\xed\xa0\x80");
    for variable in ["COLUMNS", "TERM", "NO_COLOR", "CLICOLOR_FORCE", "CI", "GITHUB_ACTIONS", "TZ", "LANG", "TMPDIR"] {
        home.line("devices list --count").env(variable, garbage).run().ok();
    }
    for variable in ["OPTRA_API_KEY", "OPTRA_PORTAL_URL", "OPTRA_PROFILE", "OPTRA_READ_ONLY", "OPTRA_TIMEOUT"] {
        let told = home.line("devices list --count").env(variable, garbage).run();
        assert!(told.exits(11).err().contains("is not valid Unicode"), "{told}");
    }
}

#[test]
fn a_pipe_that_nobody_writes_to_is_not_waited_for_for_ever() {
    let (home, _portal) = at_portal();
    home.script("mkfifo pipe").run().ok();
    let start = Instant::now();
    assert_data_eq!(
        home.run("portal import pipe").to_string(),
        str![[r#"
--- stderr
error: cannot read the bindings from `pipe`
  because: it is a pipe, and nobody wrote to it within 5 s
--- exit 2

"#]]
    );
    assert!(start.elapsed() < Duration::from_secs(20));
    // A slow pipe is waited for.
    let read = home.script("(sleep 1; echo '{ devices { total } }') > pipe & optra api -f pipe").run();
    assert_eq!(read.ok().json(), json!({ "data": { "devices": { "total": 3 } } }));
}

#[test]
fn what_a_portal_calls_things_cannot_move_a_cursor_or_forge_a_line() {
    let (home, _server) = portal_of(HOSTILE, HOSTILE, false);
    let told = ["devices list", "keys list", "keys audit --max-unused 1d", "keys log", "auth status"]
        .map(|line| home.run(line));
    let (home, _server) = portal_of("k-1", HOSTILE, true);
    let revoked = home.run("keys revoke --yes k-1");
    assert!(revoked.ok().err().contains("error: x"), "{revoked}");
    for session in told.iter().chain([&revoked]) {
        assert!(session.code != Some(70), "{session}");
        let text = session.out() + &session.err();
        let is_harmful =
            |letter: char| letter.is_control() && letter != '\n' || "\u{202e}\u{200b}\u{2066}".contains(letter);
        assert!(!text.contains(is_harmful), "{text:?}");
        assert!(!text.lines().any(|line| line == "error: x"), "{text:?}");
    }
}

#[test]
fn ids_that_look_like_options_or_paths_are_ids() {
    for id in ["--yes", "-rf /", "../x", "null", "9007199254740993", "$(touch pwned)", "~/x", "-"] {
        let (home, server) = portal_of(id, "x", true);
        home.line("keys revoke --yes -- x").run().ok();
        let requests = server.requests();
        let revocation = requests.iter().find(|request| request.operation() == "KeysRevoke").unwrap();
        assert_eq!(revocation.variables()["id"], id);
        assert!(!home.path("home/pwned").exists());
    }
}

#[test]
fn a_monstrous_name_ends_no_table_and_fills_no_screen() {
    let monster = "m".repeat(1 << 20);
    let (home, _server) = portal_of(&monster, &monster, false);
    for line in ["devices list", "keys list", "keys audit --max-unused 1d"] {
        let told = home.run(line);
        assert!(matches!(told.code, Some(0 | 1)) && told.stdout.len() < 8 << 10, "{line}: {} bytes", told.stdout.len());
    }
    assert_eq!(home.run("devices list -o json --fields id").ok().json()[0]["id"], monster.as_str());
    let (home, _server) = portal_of(&monster, &monster, true);
    let revoked = home.run("keys revoke --where 'name=m*' --yes");
    assert!(revoked.ok().stderr.len() < 20 << 10, "{} bytes", revoked.stderr.len());
    assert!(home.run("keys log").ok().stdout.len() < 20 << 10);
}

#[test]
fn a_new_key_has_a_name_that_people_can_read() {
    let (home, portal) = at_portal();
    for verb in ["generate", "ensure"] {
        for name in ["a\nerror: x", "\u{1b}[2J", "\0x".trim_matches('\0').repeat(300).as_str()] {
            let told = home.line(&format!("keys {verb} --to file:x.key --name")).arg(name).run();
            assert!(!told.exits(2).err().contains('\u{1b}'), "{told}");
        }
    }
    assert!(portal.operations().is_empty());
}

#[test]
fn a_clock_at_the_end_of_all_calendars_loses_no_key() {
    let (home, _portal) = at_portal();
    for second in ["0", "-1", "4102444800", "253402300799", "99999999999999"] {
        let run = |line: &str| home.line(line).with_clock_at(second).run();
        run("keys generate --name ci --to file:ci.key --force").ok();
        for line in ["keys audit", "keys log", "devices list --where 'lastSeenAt>7d'", "auth status"] {
            assert!(matches!(run(line).code, Some(0 | 1)), "{second} {line}");
        }
    }
}

#[test]
fn a_file_that_may_not_grow_is_an_error_and_no_death() {
    let (home, portal) = at_portal();
    let told = home.script("ulimit -f 0; optra keys generate --name ci --to file:ci.key 2>&1 | cat").run();
    assert!(told.ok().out().contains("File too large"), "{told}");
    assert!(!portal.operations().contains(&"KeysGenerate".to_owned()));
    // A failure to write the log is reported, and the key arrives.
    let log = home.write("state/optra/journal/keys.log", "\n".repeat(5 << 10));
    fs::set_permissions(log, fs::Permissions::from_mode(0o600)).unwrap();
    let told = home.script("ulimit -f 8; optra keys generate --name ci --to file:ci.key 2>&1 | cat").run();
    assert!(told.ok().out().contains("Generated API key `ci`"), "{told}");
    assert!(told.out().contains("warning: not all of this run was noted in the log"), "{told}");
    let secret = fs::read_to_string(home.path("home/ci.key")).unwrap();
    home.line("devices list --count").env("OPTRA_API_KEY", secret.trim()).run().ok();
}

#[test]
fn streams_that_are_closed_or_full_change_no_verdict() {
    let (home, _portal) = at_portal();
    for (line, code) in [("devices list", 0), ("keys audit", 1), ("devices show nothing", 6), ("nonsense", 2)] {
        for streams in ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-", "2>/dev/full"] {
            let told = home.script(&format!("optra {line} {streams}")).run();
            assert_eq!(told.code, Some(code), "{line} {streams}: {told}");
        }
        let told = home.script(&format!("optra {line} > /dev/full 2> /dev/full")).run();
        assert_eq!(told.code, Some(code.max(1)), "{line}: {told}");
    }
}

#[test]
fn a_storm_of_signals_that_mean_nothing_changes_nothing() {
    let (home, _portal) = at_portal();
    let storm = "optra keys generate --name ci --to file:ci.key & run=$!; \
                 while kill -WINCH $run 2>/dev/null; do kill -CHLD $run 2>/dev/null || :; kill -CONT $run 2>/dev/null || :; done; \
                 wait $run";
    home.script(storm).run().ok();
    let secret = fs::read_to_string(home.path("home/ci.key")).unwrap();
    home.line("devices list --count").env("OPTRA_API_KEY", secret.trim()).run().ok();
}
