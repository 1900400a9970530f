//! The scripts for CI systems (`dist/ci/`): the real ones, called as all four callers call them. A server on loopback
//! replaces the release downloads, the reference server the portal, and a file the store of secrets.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::{Value, json};

use crate::harness::{Home, ReferenceServer, Session};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn below(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/ci").join(path)
}

/// Serves the files of a folder until the test ends, and returns its address.
fn releases(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let asked = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let path = asked.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
            let (status, body) = match fs::read(folder.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = (&stream).write_all(&[head.as_bytes(), &body].concat());
        }
    });
    url
}

/// Makes a release whose program runs the real one, and returns the checksum of its archive.
fn release(home: &Home) -> String {
    let target = match std::env::consts::ARCH {
        "x86_64" => "x86_64-unknown-linux-musl",
        _ => "aarch64-unknown-linux-musl",
    };
    let name = format!("optra-{VERSION}-{target}");
    let program = format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_optra"));
    let program = home.write(format!("releases/v{VERSION}/{name}/optra"), program);
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    let pack =
        format!("cd ../releases/v{VERSION}; tar -czf {name}.tar.gz {name}; sha256sum {name}.tar.gz | tee SHA256SUMS");
    home.script(&pack).run().ok().out().split(' ').next().unwrap().to_owned()
}

fn install(home: &Home, sha256: &str) -> Session {
    home.program("sh", [below("install.sh")]).env("OPTRA_SHA256", sha256).run()
}

fn installing() -> (Home, String) {
    let mut home = Home::new();
    let sum = release(&home);
    let (url, to) = (releases(home.path("releases")), home.path("bin"));
    home.set("OPTRA_RELEASES", url).set("OPTRA_VERSION", VERSION).set("INSTALL_TO", to);
    (home, sum)
}

#[test]
fn what_has_the_checksum_is_installed() {
    let (mut home, sum) = installing();
    let paths = home.path("paths");
    home.set("GITHUB_PATH", &paths);
    let session = install(&home, &sum);
    let to = home.path("bin").display().to_string();
    assert_eq!((session.ok().out().trim(), session.err().as_str()), (&*to, ""), "{session}");
    assert_eq!(fs::read_to_string(paths).unwrap().trim(), to);
    let installed = home.program(home.path("bin/optra"), ["--version"]).run();
    assert_eq!(installed.ok().out(), format!("optra {VERSION}\n"));
}

#[test]
fn without_a_checksum_that_was_written_down_it_is_said() {
    let (home, _) = installing();
    assert!(install(&home, "").ok().err().contains("OPTRA_SHA256 is not set"));
}

#[test]
fn what_has_another_checksum_is_not_installed() {
    let (home, sum) = installing();
    let other = sum.replace(|letter: char| letter.is_ascii_digit(), "f");
    assert!(install(&home, &other).exits(1).err().contains(&format!("is {sum}, and should be {other}")));
    let sums = home.path(format!("releases/v{VERSION}/SHA256SUMS"));
    fs::write(sums, "0000  another.tar.gz\n").unwrap();
    assert!(install(&home, "").exits(1).err().contains("should be in SHA256SUMS"));
    assert!(!home.path("bin").exists());
}

#[test]
fn what_is_not_there_or_comes_unprotected_is_not_installed() {
    let (mut home, sum) = installing();
    home.set("OPTRA_VERSION", "9.9.9");
    assert!(install(&home, &sum).exits(1).err().contains("cannot get optra-9.9.9-"));
    home.set("OPTRA_RELEASES", "http://forge.example/releases");
    assert!(install(&home, &sum).exits(1).err().contains("is not https"));
    assert!(!home.path("bin").exists());
}

/// A reference server with a key to look after, and a home whose profile has another key.
fn portal() -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let keys = home.write("keys.json", json!([{ "name": "report" }]).to_string());
    let portal = ReferenceServer::start(&["--keys-file", keys.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

#[test]
fn the_audit_leaves_its_findings_as_sarif() {
    let (home, portal) = portal();
    let audit = || home.program("sh", [below("audit.sh")]).env("AUDIT_MAX_AGE", "1d");
    let session = audit().run();
    assert!(session.exits(1).err().contains("There are findings: optra.sarif"), "{session}");
    let sarif: Value = serde_json::from_slice(&fs::read(home.path("home/optra.sarif")).unwrap()).unwrap();
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty(), "{sarif}");
    assert!(portal.requests().iter().all(|request| !request.body["query"].to_string().contains("mutation")));
    // A failed audit leaves no file that could be taken for a clean result.
    let session = audit().env("OPTRA_API_KEY", "no-such-key").run();
    assert!(session.exits(4).err().contains("optra explain 4"), "{session}");
    assert!(!home.path("home/optra.sarif").exists());
}

#[test]
fn the_rotation_hands_on_the_new_key_and_ends_the_old_one() {
    let (mut home, _portal) = portal();
    home.set("ROTATE_KEY", "report").set("ROTATE_GRACE", "1s");
    let ids = || home.run("keys list --where name=report --fields id -o csv --no-headers").ok().out();
    let store = home.path("home/stored");
    let before = ids();
    let to = format!("command:tee {}", store.display());
    let rotate = |to: &str| home.program("sh", [below("rotate.sh")]).env("ROTATE_TO", to).run();
    rotate(&to).ok();
    assert_ne!(ids(), before);
    let secret = fs::read_to_string(&store).unwrap();
    home.line("keys list").env("OPTRA_API_KEY", secret.trim()).run().ok();
    // The next night the file exists.
    rotate("file:report.key").ok();
    rotate("file:report.key").ok();
    assert_eq!(home.run("keys log --limit 1 -o json").ok().json()[0]["reason"], "nightly rotation");
}

#[test]
fn a_rotation_that_was_cut_off_is_gone_on_with() {
    let (home, _portal) = portal();
    home.run("keys rotate report --yes --to file:report.key --hook 'test -e go'").exits(1);
    home.write("home/go", "");
    let session = home.program("sh", [below("rotate.sh")]).env("ROTATE_KEY", "report").env("ROTATE_TO", "file:x").run();
    assert!(session.ok().err().contains("A rotation was cut off"), "{session}");
    assert_eq!(home.run("keys rotate --status -o json").ok().json(), Value::Null);
}

#[test]
fn all_callers_call_the_same_scripts_with_what_they_need() {
    let scripts = ["install.sh", "audit.sh", "rotate.sh"];
    for files in [&["action.yml", "github.yml"][..], &["gitlab.yml"], &["Jenkinsfile"], &["azure.yml"]] {
        let caller: String = files.iter().map(|file| fs::read_to_string(below(file)).unwrap()).collect();
        for script in scripts {
            assert!(caller.contains(&format!("/{script}")), "{files:?} does not call {script}");
            let text = fs::read_to_string(below(script)).unwrap();
            for variable in text.split("${").skip(1).filter_map(|rest| rest.split_once(":?")).map(|(name, _)| name) {
                let secret = files == ["gitlab.yml"] && ["OPTRA_PORTAL_URL", "OPTRA_API_KEY"].contains(&variable);
                // CI variables of the project are in the environment of every job.
                assert!(secret || caller.contains(variable), "{files:?} does not give {variable} to {script}");
            }
        }
    }
}

/// What a caller has a shell do with a script: each writes it in a way of its own.
fn line_of(file: &str, script: &str) -> String {
    let text = fs::read_to_string(below(file)).unwrap();
    let line = text.lines().find(|line| line.contains(&format!("/{script}")) && line.contains("sh ")).unwrap();
    let begin = ["run: ", "bash: ", "{ sh '", "- "].iter().find_map(|begin| line.split_once(begin)).unwrap().1;
    begin.split("' }").next().unwrap().replace("$[[ inputs.scripts ]]", "ci/optra")
}

#[test]
fn what_callers_have_a_shell_do_finds_the_scripts() {
    let (mut home, _portal) = portal();
    let sum = release(&home);
    home.set("OPTRA_RELEASES", releases(home.path("releases"))).set("OPTRA_VERSION", VERSION).set("OPTRA_SHA256", sum);
    home.set("GITHUB_ACTION_PATH", below("")).set("AUDIT_TO", "found.sarif");
    home.script("mkdir ci; cp -r \"$GITHUB_ACTION_PATH\" ci/optra").run().ok();
    for file in ["action.yml", "azure.yml", "gitlab.yml", "Jenkinsfile"] {
        let to = home.path(format!("bin-of-{file}"));
        let run = |script: &str| home.script(&line_of(file, script)).env("INSTALL_TO", &to).run();
        let said = run("install.sh").ok().out();
        assert!(said.contains(to.to_str().unwrap()) && to.join("optra").exists(), "{file}: {said}");
        let session = run("audit.sh");
        assert!(session.exits(1).err().contains("There are findings: found.sarif"), "{file}: {session}");
        let session = run("rotate.sh");
        assert!(session.err().contains("ROTATE_KEY: the name of the key"), "{file}: {session}");
    }
}

/// Most caches keep nothing of a job that failed.
#[test]
fn what_a_rotation_left_is_kept_though_its_job_failed() {
    for (file, saved) in [
        (
            "github.yml",
            "- if: always()\n        uses: actions/cache/save@v4\n        with: { path: ~/.local/state/optra,",
        ),
        ("azure.yml", "- publish: $(XDG_STATE_HOME)\n    artifact: state\n    condition: always()"),
        ("gitlab.yml", "cache: { key: optra-state, paths: [.state], when: always }"),
        // The workspace itself stays.
        ("Jenkinsfile", "XDG_STATE_HOME = \"${WORKSPACE}/.state\""),
    ] {
        assert!(fs::read_to_string(below(file)).unwrap().contains(saved), "{file} lacks {saved}");
    }
}
