//! `optra keys scan`: leaked keys are found in every form and place, and never printed. It must not test how a stream
//! is searched; that is a property of `src/scan`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::harness::{Home, ReferenceServer, Session};

/// A home that has generated a key called `ci` in the sandbox, and its secret.
fn with_key() -> (Home, String, String) {
    let home = Home::new();
    let made = home.run("--sandbox keys generate --name ci -o json").ok().json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (home, text("secret"), text("id"))
}

fn scan(home: &Home, rest: &str) -> Session {
    home.run(&format!("--sandbox keys scan {rest}"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_leaked_key_is_named_with_its_place_and_the_line_that_replaces_it() {
    let (home, secret, id) = with_key();
    home.write("home/src/deploy.sh", format!("#!/bin/sh\nexport OPTRA_API_KEY={secret} # for the report\n"));
    home.write("home/src/clean.sh", "#!/bin/sh\n");
    let session = scan(&home, "src");
    assert!(!session.to_string().contains(&secret), "{session}");
    assert_data_eq!(
        session.masked(&[(&id, "<id>")]),
        str![[r#"
keyId               keyName  state    location            form   context
<id>  ci       unknown  src/deploy.sh:2:22  plain  export OPTRA_API_KEY=[secret] # for the report
--- stderr
hint: To replace it: `optra --sandbox keys rotate --to stdout <id>`.
error: 1 leaked key
--- exit 1

"#]]
    );
    fs::remove_file(home.path("home/src/deploy.sh")).unwrap();
    assert_data_eq!(
        scan(&home, "src").to_string(),
        str![[r#"
--- stderr
no leaked keys
--- exit 0

"#]]
    );
}

#[test]
fn every_form_is_found_in_every_kind_of_file() {
    let (home, secret, _) = with_key();
    let url: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = secret.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let utf16: Vec<u8> = format!("Key: {secret}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut binary: Vec<u8> = (0..=255).cycle().take(2_000_000).collect();
    binary.extend_from_slice(secret.as_bytes());
    binary.extend_from_slice(b"\0\xff");
    for (name, content, form) in [
        ("a.txt", secret.clone().into_bytes(), "plain"),
        ("b.bin", binary, "plain"),
        ("c0", STANDARD.encode(format!("key={secret};")).into_bytes(), "base64"),
        ("c1", STANDARD.encode(format!("key: {secret};")).into_bytes(), "base64"),
        ("c2", STANDARD.encode(format!("\"key\": {secret};")).into_bytes(), "base64"),
        ("d.url", format!("https://portal.example/?key={url}&a=b").into_bytes(), "url"),
        ("e.hex", hex.into_bytes(), "hex"),
        ("f.json", json!({ "key": format!("<{escaped}>") }).to_string().into_bytes(), "json+json"),
        ("g.reg", utf16.clone(), "utf-16"),
        ("h.ps1", STANDARD.encode(&utf16).into_bytes(), "base64+utf-16"),
        ("i.log.gz", gzip(format!("a line\nGET / {secret}\n").as_bytes()), "plain"),
        (".gitignored/.env", format!("A=1\nKEY='{secret}'").into_bytes(), "plain"),
    ] {
        home.write(format!("home/all/{name}"), content);
        let session = scan(&home, &format!("all/{} -o json", name.split('/').next().unwrap()));
        let leaks = session.exits(1).json();
        assert_eq!((leaks.as_array().unwrap().len(), &leaks[0]["form"]), (1, &json!(form)), "{name}: {session}");
        assert!(!session.to_string().contains(&secret), "{session}");
    }
    let all = scan(&home, "all -o ndjson").exits(1).out();
    assert_eq!(all.lines().count(), 12, "{all}");
    // No match in another letter case, and none for a part of the secret.
    home.write("home/none/half", format!("{}\n{}x\n{}", &secret[..30], &secret[..42], secret.to_lowercase()));
    scan(&home, "none").ok();
}

#[test]
fn a_log_of_a_program_is_read_from_stdin_across_every_border() {
    let (home, secret, _) = with_key();
    // One line of 5 MiB, with the key across the border of the first window.
    for at in [(1 << 20) - 20, (1 << 20) - 43, 1 << 20, 3 << 20] {
        let line = format!("{}{secret}{}", "x".repeat(at), "y".repeat(5 << 20));
        let told = home.line("--sandbox keys scan - -o json").stdin(line).run();
        let leak = &told.exits(1).json()[0];
        assert_eq!((&leak["location"], &leak["context"]), (&json!(format!("-:1:{}", at + 1)), &json!("[secret]")));
    }
    let text = format!("{}key {secret}", "a line\n".repeat(300_000));
    let told = home.line("--sandbox keys scan - -o json").stdin(text).run();
    assert_eq!(told.exits(1).json()[0]["location"], "-:300001:5");
}

#[test]
fn a_revoked_key_is_told_as_one_and_can_be_passed_over() {
    let (home, secret, id) = with_key();
    home.write("home/a.txt", &secret);
    assert_eq!(scan(&home, "a.txt --check -o json").exits(1).json()[0]["state"], "valid");
    home.run("--sandbox keys revoke ci --yes").ok();
    let leak = scan(&home, "a.txt -o json").exits(1).json();
    assert_eq!(
        (&leak[0]["state"], &leak[0]["rotate"], &leak[0]["keyId"]),
        (&json!("revoked"), &Value::Null, &json!(id))
    );
    let passed = scan(&home, "a.txt --ignore-revoked");
    assert!(passed.ok().err().contains("1 of revoked keys"), "{passed}");
}

#[test]
fn the_portal_is_asked_only_where_that_is_wanted_and_knows_who_was_revoked_elsewhere() {
    let mut home = Home::new();
    let portal = ReferenceServer::start(&[]);
    home.portal(&portal.url, ReferenceServer::KEY);
    let secret = home.run("keys generate --name ci").ok().out().trim().to_owned();
    home.write("home/a.txt", &secret);
    assert_eq!(home.run("keys scan a.txt --check -o json").exits(1).json()[0]["state"], "valid");
    // Another machine revokes the key.
    let state = home.path("elsewhere");
    home.line("keys revoke ci --yes").env("XDG_STATE_HOME", &state).run().ok();
    assert_eq!(home.run("keys scan a.txt -o json").exits(1).json()[0]["state"], "unknown");
    assert_eq!(home.run("keys scan a.txt --check -o json").exits(1).json()[0]["state"], "revoked");
    drop(portal);
    home.run("keys scan a.txt").exits(1);
    home.run("keys scan a.txt --check").exits(8);
}

#[test]
fn the_key_in_use_is_looked_for_if_that_is_asked_for_and_no_key_is_no_success() {
    let mut home = Home::new();
    home.portal("http://127.0.0.1:9", "Key-of-a-CI-0123456789-abcdefghij");
    home.write("home/ci.log", "using Key-of-a-CI-0123456789-abcdefghij");
    let none = home.run("keys scan ci.log");
    assert_data_eq!(
        none.to_string(),
        str![[r#"
--- stderr
error: this machine knows no key to look for
hint: Look for the key in use: `optra keys scan --in-use`.
hint: A key is known once it was generated here, or with `optra auth login`.
--- exit 6

"#]]
    );
    let session = home.run("keys scan ci.log --in-use -o json");
    let leak = &session.exits(1).json()[0];
    assert_eq!((&leak["keyId"], &leak["rotate"]), (&Value::Null, &json!("optra keys rotate")));
    assert!(!session.to_string().contains("0123456789"), "{session}");
    assert!(!home.path("state/optra").exists(), "who looks leaves nothing");
}

/// Makes the ledger one of an older version, which noted no lengths.
fn forget_lengths(home: &Home, ledger: &str) {
    let ledger = home.path(ledger);
    let text = fs::read_to_string(&ledger).unwrap();
    let old: String = text
        .lines()
        .map(|line| {
            let mut note: Value = serde_json::from_str(line).unwrap();
            note.as_object_mut().unwrap().remove("measure");
            format!("{note}\n")
        })
        .collect();
    assert_ne!(old, text);
    fs::write(&ledger, old).unwrap();
}

#[test]
fn a_key_that_was_noted_without_its_length_is_found_where_nothing_touches_it() {
    let (home, secret, _) = with_key();
    forget_lengths(&home, "state/optra/sandbox/journal/ledger");
    home.write("home/a.txt", format!("KEY={secret}\nand {}", STANDARD.encode(format!("a {secret}"))));
    let leaks = scan(&home, "a.txt -o json").exits(1).json();
    assert_eq!(leaks.as_array().unwrap().len(), 2, "{leaks}");
}

/// A portal, and a user who is logged in with the key of a robot, kept in a file.
fn robot() -> (Home, ReferenceServer) {
    let (home, portal) = super::portal(&[], &json!([{ "name": "robot", "secret": ROBOT }]));
    login(&home, &portal);
    (home, portal)
}

const ROBOT: &str = "Key-of-a-robot-0123456789-abcdefghij";

fn login(home: &Home, portal: &ReferenceServer) {
    let line = format!("auth login --portal {} --store file --key-file -", portal.url);
    home.line(&line).stdin(ROBOT).run().ok();
}

#[test]
fn a_key_that_is_logged_in_with_again_is_found_wherever_it_stands() {
    let (home, portal) = robot();
    home.write("home/a.txt", format!("x{ROBOT}x"));
    home.run("keys scan a.txt").exits(1);
    forget_lengths(&home, "state/optra/journal/ledger");
    home.run("keys scan a.txt").ok();
    login(&home, &portal);
    home.run("keys scan a.txt").exits(1);
}

#[test]
fn a_key_that_was_found_is_not_tried() {
    let (home, portal) = robot();
    home.write("home/a.txt", ROBOT);
    let before = portal.requests().len();
    assert_eq!(home.run("keys scan a.txt --check -o json").exits(1).json()[0]["state"], "valid");
    let asked = portal.requests().split_off(before);
    assert!(!asked.is_empty());
    assert!(asked.iter().all(|request| request.header("api-secret") == Some(ReferenceServer::KEY)), "{asked:?}");
    assert!(!asked.iter().any(|request| request.text.contains(ROBOT)), "{asked:?}");
}

#[test]
fn the_store_of_the_profiles_is_no_leak() {
    let (home, _portal) = robot();
    let passed = home.run("keys scan ../config");
    assert!(passed.ok().err().contains("Not counted: 1 where the key was delivered."), "{passed}");
    fs::copy(home.path("config/optra/keys/default.key"), home.path("home/copy.key")).unwrap();
    assert_eq!(home.run("keys scan . -o json").exits(1).json()[0]["path"], "copy.key");
}

#[test]
fn a_place_where_a_key_was_put_is_no_leak() {
    let (home, _, _) = with_key();
    home.run("--sandbox keys generate --name put --to file:put.key").ok();
    let passed = scan(&home, "put.key");
    assert!(passed.ok().err().contains("Not counted: 1 where the key was delivered."), "{passed}");
    fs::copy(home.path("home/put.key"), home.path("home/copy.key")).unwrap();
    assert_eq!(scan(&home, ". -o json").exits(1).json()[0]["path"], "copy.key");
}

#[test]
fn what_cannot_be_read_is_named_once_and_the_rest_is_looked_through() {
    let (home, secret, _) = with_key();
    home.write("home/d/z.txt", &secret);
    home.write("home/d/broken.gz", &gzip(secret.repeat(100).as_bytes())[..40]);
    home.write("home/d/a.zst", b"\x28\xb5\x2f\xfd0000");
    home.write("home/d/.git/inside", &secret);
    symlink(home.path("home/d/z.txt"), home.path("home/d/link")).unwrap();
    symlink(home.path("home/d"), home.path("home/d/around")).unwrap();
    home.script("mkfifo d/pipe").run().ok();
    let session = scan(&home, "d missing -o json");
    assert_eq!(session.exits(3).json().as_array().unwrap().iter().filter(|leak| leak["path"] == "d/z.txt").count(), 1);
    let told = session.err();
    for (what, times) in [("d/broken.gz", 1), ("`missing`", 1), ("a.zst", 1), ("pipe", 0), ("link", 0), ("around", 0)] {
        assert_eq!(told.matches(what).count(), times, "{what}: {session}");
    }
    assert!(session.error()["message"].as_str().unwrap().contains("and 2 files could not be read"), "{session}");
    home.script("ln -s d/pipe p; (sleep 0.2; echo nothing) > d/pipe & optra --sandbox keys scan p").run().ok();
}

#[test]
fn sarif_has_the_line_and_nothing_of_the_secret() {
    let (home, secret, _) = with_key();
    home.write("home/a b/é.txt", format!("\n\nkey: {secret}"));
    let session = scan(&home, ". -o sarif");
    let result = &session.exits(1).json()["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A9.txt");
    assert_eq!((&place["region"]["startLine"], &result["level"]), (&json!(3), &json!("error")));
    assert!(!session.to_string().contains(&secret), "{session}");
}

#[test]
fn a_reader_that_leaves_and_a_run_that_is_killed_leave_nothing_behind() {
    let (home, secret, _) = with_key();
    home.write("home/many.txt", format!("{secret} and so on\n").repeat(20_000));
    let left = home.line("--sandbox keys scan many.txt -o ndjson").reader_leaves_after(100).run();
    left.exits(1);
    let before = home.script("find ../state ../config ../cache ../home | sort").run().ok().out();
    let killed =
        "mkfifo pipe; sleep 2 > pipe & optra --sandbox keys scan - < pipe & sleep 0.5; kill -9 $!; wait $! || rm pipe";
    home.script(killed).run().ok();
    assert_eq!(home.script("find ../state ../config ../cache ../home | sort").run().ok().out(), before);
}

/// Runs git with a fixed author.
fn git(home: &Home, script: &str) {
    let as_one = "export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b";
    let folder = home.path("home/repo");
    fs::create_dir_all(&folder).unwrap();
    home.script(&format!("{as_one}; {script}")).folder(&folder).time_limit(Duration::from_secs(60)).run().ok();
}

#[test]
fn the_history_of_git_tells_the_first_commit_that_has_a_key() {
    let (home, secret, _) = with_key();
    let secret_line = format!("line one\nkey = {secret}\n");
    home.write("home/repo/conf/app.ini", &secret_line);
    git(&home, "git init -q . && git add . && git commit -qm first && git tag start");
    git(&home, "echo more >> conf/app.ini && git commit -qam second && git rm -q conf/app.ini && git commit -qm third");
    scan(&home, "repo").ok();
    let leaks = scan(&home, "repo --git -o json").exits(1).json();
    let first = home.script("git -C repo rev-parse start").run().ok().out().trim().to_owned();
    let of_first = leaks.as_array().unwrap().iter().find(|leak| leak["commit"] == json!(first)).unwrap();
    assert_eq!(of_first["location"], format!("{}:conf/app.ini:2:7", &first[..12]));
    assert_eq!(leaks.as_array().unwrap().len(), 2, "{leaks}");
    // In this range only the second commit has a key; in the next range none.
    assert_eq!(scan(&home, "repo --git=start..HEAD -o json").exits(1).json().as_array().unwrap().len(), 1);
    scan(&home, "repo --git=HEAD~1..HEAD").ok();
    git(&home, &format!("git commit -q --allow-empty -m 'it was {secret}'"));
    let message = scan(&home, "repo --git=HEAD~1..HEAD -o json").exits(1).json();
    assert_eq!(message[0]["path"], "(message)");
}

#[test]
fn a_hook_stops_a_commit_that_has_a_key() {
    let (mut home, secret, _) = with_key();
    home.set("OPTRA_NO_PAGER", "1");
    git(
        &home,
        "git init -q . && echo 'optra --sandbox keys scan --staged' > .git/hooks/pre-commit && chmod +x .git/hooks/*",
    );
    home.write("home/repo/a.txt", "nothing\n");
    git(&home, "git add . && git commit -qm one");
    home.write("home/repo/a.txt", format!("nothing\n{secret}\n"));
    git(&home, "git add . && ! git commit -qm two 2> ../told");
    let told = fs::read_to_string(home.path("home/told")).unwrap();
    assert!(told.contains("1 leaked key") && !told.contains(&secret), "{told}");
    // Unstaged files do not count.
    home.write("home/repo/b.txt", &secret);
    git(&home, "git reset -q && git commit -q --allow-empty -m three");
}

#[test]
fn what_is_no_repository_and_no_git_is_said() {
    let (home, _, _) = with_key();
    let none = scan(&home, "--git");
    assert!(none.exits(2).err().contains("`.` is not in a git repository"), "{none}");
    let missing = home.line("--sandbox keys scan --git").env("PATH", "/nowhere").run();
    assert!(missing.exits(3).err().contains("there is no program `git`"), "{missing}");
    git(&home, "git init -q . && git commit -q --allow-empty -m one");
    let wrong = scan(&home, "repo --git=no-such-branch");
    assert!(wrong.exits(2).err().contains("`no-such-branch` is not a range of commits"), "{wrong}");
    scan(&home, "repo --git=--output=x").exits(2);
    scan(&home, "repo --git --staged").exits(2);
}

#[test]
fn the_sources_of_all_crates_hold_no_key() {
    let (home, _, _) = with_key();
    let cargo = std::env::var_os("CARGO_HOME").map(std::path::PathBuf::from);
    let cargo = cargo.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    // A machine that builds this program has crates to search.
    let cache = cargo.join("registry/cache");
    assert!(cache.is_dir(), "there are no crates in {}", cache.display());
    let largest =
        home.script(&format!("find '{}' -name '*.crate' -size -2000k | sort | head -150", cache.display())).run();
    let crates: Vec<String> = largest.ok().out().lines().map(str::to_owned).collect();
    assert!(crates.len() > 20, "{}", crates.len());
    let run = home.optra(["--sandbox", "keys", "scan"].into_iter().map(str::to_owned).chain(crates));
    run.time_limit(Duration::from_secs(300)).run().ok();
}

#[test]
fn a_file_that_others_may_not_read_is_an_error() {
    let (home, secret, _) = with_key();
    let file = home.write("home/d/secret.txt", &secret);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    let session = scan(&home, "d");
    // Root can read everything.
    match session.code {
        Some(1) => assert!(session.err().contains("1 leaked key"), "{session}"),
        _ => assert!(session.exits(3).err().contains("cannot read `d/secret.txt`"), "{session}"),
    }
}
