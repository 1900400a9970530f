//! Files that a run leaves for later ones: this version reads those of every released version, and rejects those of
//! newer versions by name; newer caches are ignored. `tests/kept/VERSION/` is as that version wrote it, with
//! placeholders for addresses (PORTAL, HOME); nothing in it is ever rewritten. A release with a new format adds a
//! folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Home, ReferenceServer};

/// The releases whose files are kept here.
const RELEASES: [&str; 1] = ["0.1.0"];

/// Where each file belongs in a home; `%` stands for the portal as a file name.
const PLACES: [(&str, &str); 9] = [
    ("config.toml", "config/optra/config.toml"),
    ("default.key", "config/optra/keys/default.key"),
    ("keys.log", "state/optra/journal/keys.log"),
    ("ledger", "state/optra/journal/ledger"),
    ("ledger.key", "state/optra/journal/ledger.key"),
    ("rotation.json", "state/optra/journal/rotation-default-%.json"),
    ("run.json", "state/optra/journal/runs/run-abcdefgh.json"),
    ("devices.json", "cache/optra/names/%/devices-of-default.json"),
    ("robot.key", "home/robot.key"),
];

/// The secret of the key that the rotation is about to replace.
const OLD: &str = "c267812afdc36913946b5635289a07ccaccf8f2c9e82d3d1";

fn kept(release: &str, file: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept").join(release).join(file)).unwrap()
}

/// Puts a file where the program looks for it.
fn put(home: &Home, portal: &ReferenceServer, release: &str, file: &str) -> PathBuf {
    let escaped = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_string(),
        letter => format!("%{:02X}", u32::from(letter)),
    };
    let name: String = portal.url.chars().map(escaped).collect();
    let place =
        PLACES.iter().find(|(kept, _)| *kept == file).map_or(format!("home/{file}"), |(_, at)| at.replace('%', &name));
    let bytes = match String::from_utf8(kept(release, file)) {
        Ok(text) => {
            let text = text.replace("PORTAL", &portal.url).replace("HOME", home.path("home").to_str().unwrap());
            text.into_bytes()
        }
        Err(bytes) => bytes.into_bytes(),
    };
    let path = home.write(place, bytes);
    for (path, mode) in [(path.parent().unwrap(), 0o700), (&path, 0o600)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    path
}

/// A home as that release left it, and its portal.
fn left_by(release: &str) -> (Home, ReferenceServer) {
    let home = Home::new();
    let new = String::from_utf8(kept(release, "robot.key")).unwrap();
    let keys = json!([
        { "name": "ci" },
        { "name": "robot", "secret": OLD },
        { "name": "robot #z89ujpfn", "secret": new.trim() },
        { "name": "deploy (run abcdefgh)" },
    ]);
    let keys = home.write("keys.json", keys.to_string());
    let portal = ReferenceServer::start(&["--keys-file", keys.to_str().unwrap()]);
    for (file, _) in PLACES {
        put(&home, &portal, release, file);
    }
    put(&home, &portal, release, "plan.json");
    (home, portal)
}

fn names(home: &Home) -> Vec<String> {
    let keys = home.run("keys list -o json").ok().json();
    keys.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_each_release_wrote_is_read() {
    for release in RELEASES {
        let (home, portal) = left_by(release);
        let profiles = home.run("auth list -o json").ok().json();
        assert_eq!((&profiles[0]["profile"], &profiles[0]["portal"]), (&json!("default"), &json!(portal.url)));
        assert_eq!(home.run("auth status -o json").ok().json()["keyId"], "key-0001");

        let log = home.run("keys log -o json");
        let entries = log.ok().json();
        assert_eq!((entries.as_array().unwrap().len(), log.err().as_str()), (7, ""), "{log}");
        assert_eq!((&entries[0]["user"], &entries[1]["user"]), (&Value::Null, &json!("ada")));
        let places = home.run("keys where -o json").ok().out();
        assert!(places.contains("ci.key") && places.contains("key file of profile default"), "{places}");
        let offered = home.optra(["--", "optra devices show ", " "]).env("OPTRA_COMPLETE", "bash").run();
        assert!(offered.ok().out().contains("Device"), "{offered}");

        home.run("keys revoke --apply plan.json --yes").ok();
        home.run("keys sweep").ok();
        assert_eq!(names(&home), ["first key", "robot", "robot #z89ujpfn"]);
        let standing = home.run("keys rotate --status -o json").ok().json();
        assert_eq!((&standing["stage"], &standing["oldId"]), (&json!("proven"), &json!("key-0003")));
        home.run("keys rotate --abort").ok();
        assert_eq!(names(&home), ["first key", "robot"]);
    }
}

#[test]
fn a_file_of_a_newer_version_is_refused_by_its_name() {
    for (file, line, code) in [
        ("config.toml", "keys list", 11),
        ("keys.log", "keys log", 1),
        ("ledger", "keys where", 1),
        ("rotation.json", "keys rotate --status", 1),
        ("run.json", "keys sweep", 1),
        ("plan.json", "keys revoke --apply plan.json --yes", 2),
    ] {
        let (home, portal) = left_by(RELEASES[0]);
        let path = put(&home, &portal, RELEASES[0], file);
        let text = fs::read_to_string(&path).unwrap();
        let newer = match file {
            "config.toml" => format!("version = 99\n{text}"),
            "keys.log" | "ledger" => format!("{text}{{\"version\":99,\"what\":\"nobody knows\"}}\n"),
            _ => json!({ "version": 99, "what": "nobody knows" }).to_string(),
        };
        fs::write(&path, &newer).unwrap();
        let session = home.run(line);
        let told = session.exits(code).err();
        assert!(told.contains("a newer version of optra wrote it: its format is 99"), "{file}: {session}");
        assert!(told.contains(path.file_name().unwrap().to_str().unwrap()), "{file}: {session}");
        assert_eq!(fs::read_to_string(&path).unwrap(), newer, "{file}");
        assert!(portal.requests().iter().all(|request| !request.body["query"].to_string().contains("mutation")));
    }
}

#[test]
fn a_cache_is_used_if_it_is_of_this_form_and_passed_over_if_it_is_newer() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--dialect", "documented"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let requests = || {
        let before = portal.requests().len();
        home.run("devices list --allow-partial").ok();
        portal.requests().len() - before
    };
    let learning = requests();
    let mut files = fs::read_dir(home.path("cache/optra/fits")).unwrap().map(|entry| entry.unwrap().path());
    let path = files.next().unwrap();
    let written: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let of = written["documents"]["DevicesList"]["of"].as_str().unwrap();
    for release in RELEASES {
        let text = String::from_utf8(kept(release, "fits.json")).unwrap().replace("OF", of);
        fs::write(&path, &text).unwrap();
        assert_eq!(requests(), 1, "{release}");
        fs::write(&path, text.replace("\"version\":3", "\"version\":99")).unwrap();
        assert_eq!(requests(), learning, "{release}");
    }
}
