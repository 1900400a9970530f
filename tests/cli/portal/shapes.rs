//! Six differently shaped portals, from the first contact to a rotated key, with the commands that the book gives. It
//! must not know how a suggestion is made; what counts is that the pasted lines work.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::{RENAMED, check_of, portal};
use crate::harness::{Home, ReferenceServer};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/how-to/adapt.md");

/// Follows the book from the first contact on, pasting the lines that are printed. `variable` is what this portal needs
/// once, if anything.
fn adopt(options: &[&str], variable: Option<&str>) -> (Home, ReferenceServer) {
    let portal = ReferenceServer::start(options);
    let home = follow(&portal, variable);
    (home, portal)
}

fn follow(portal: &ReferenceServer, variable: Option<&str>) -> Home {
    let (home, page) = (Home::new(), fs::read_to_string(PAGE).unwrap());
    let key = home.write("key.txt", ReferenceServer::KEY);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let block =
        page.split("from the first contact to a working").nth(1).and_then(|rest| rest.split("```").nth(1)).unwrap();
    let lines = block.lines().skip(1).map(|line| line.split("  #").next().unwrap().trim());
    for line in lines.take_while(|line| !line.starts_with("optra devices")) {
        let line = line.replace("https://portal.example", &portal.url).replace("key.txt", key.to_str().unwrap());
        let is_set = line.starts_with("optra portal set");
        if is_set && variable.is_none_or(|variable| !line.ends_with(variable)) {
            continue;
        }
        let session = home.script(&format!("{line} 2>&1")).run();
        session.ok();
        if line.contains("adopt") {
            let told = session.out();
            let pasted: Vec<&str> =
                told.lines().filter_map(|line| Some(line.split_once("bind it: ")?.1.trim_matches('`'))).collect();
            assert_eq!(pasted.len(), 2, "{session}");
            for line in pasted {
                home.script(line).run().ok();
            }
        }
    }
    home
}

fn login(home: &Home, portal: &ReferenceServer) {
    let login = ["auth", "login", "--portal", &portal.url, "--store", "file", "--key-file", "-"];
    home.optra(login).stdin(ReferenceServer::KEY).run().ok();
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap_or("-")).collect()
}

/// Does everything that can be done with devices and keys.
fn goes_all_the_way(home: &Home, portal: &ReferenceServer, devices: usize) {
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), devices);
    assert_eq!(home.run("devices list --count").ok().out(), format!("{devices}\n"));
    assert_eq!(home.run("devices list --limit 3 -o ndjson").ok().ndjson().len(), 3);
    let last = format!("Device {devices}");
    assert_eq!(home.optra(["devices", "show", &last, "-o", "json"]).run().ok().json()["name"], last);
    assert_eq!(home.run("devices show device-0002 -o json").ok().json()["name"], "Device 2");

    let secret = home.run("keys generate --name ci").ok().out().to_owned();
    assert_eq!(names(&home.run("keys list -o json").ok().json()), ["first key", "ci"]);
    let mut other = Home::new();
    assert_eq!(other.portal(&portal.url, secret.trim()).run("portal schema").ok().err(), "");
    home.run("keys revoke ci --yes").ok();
    other.run("portal schema").exits(4);
    home.run("keys revoke ci --yes").exits(6);

    let made = home.run("keys ensure --name robot --to file:robot.key -o json").ok().json();
    assert_eq!(made["changed"], true);
    assert_eq!(home.run("keys ensure --name robot --to file:robot.key -o json").ok().json()["changed"], false);
    home.run("keys rotate --yes").ok();
    let keys = home.run("keys list -o json").ok().json();
    assert_eq!(keys.as_array().unwrap().len(), 2, "{keys}");
    assert!(!names(&keys).contains(&"first key") || keys[0]["id"] != "key-0001", "{keys}");
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), devices);
}

#[test]
fn the_contract_needs_nothing() {
    let (home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "7", "--page", "3"]));
    login(&home, &portal);
    let session = home.run("portal adopt");
    assert_eq!(session.ok().err(), "This portal can do every operation.\n");
    goes_all_the_way(&home, &portal, 7);
}

#[test]
fn what_is_documented_is_listed_and_what_is_not_is_told() {
    let (home, portal) = (Home::new(), ReferenceServer::start(&["--dialect", "documented", "--devices", "7"]));
    login(&home, &portal);
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 7);
    let told = home.run("portal adopt");
    assert!(told.ok().err().contains("`keys.generate`: nothing similar was found."), "{told}");
    home.run("keys generate --name ci").exits(9);
    home.run("keys list").exits(9);
}

#[test]
fn other_names_are_adopted() {
    let (_, portal) = portal(RENAMED, &["--devices", "7", "--page", "3"]);
    let home = follow(&portal, None);
    goes_all_the_way(&home, &portal, 7);
}

#[test]
fn connections_and_payloads_are_adopted() {
    let (home, portal) = adopt(&["--shape", "relay", "--devices", "7", "--page", "3"], None);
    goes_all_the_way(&home, &portal, 7);
    let checks = home.run("portal check -o json").ok().json();
    for operation in ["devices.list", "devices.show", "keys.list", "keys.generate", "keys.revoke"] {
        assert_eq!(check_of(&checks, operation)["verdict"], "bound", "{operation}");
    }
    assert_eq!(check_of(&checks, "auth.viewer")["verdict"], "fewer");
}

#[test]
fn plain_lists_with_offsets_and_bare_values_are_adopted() {
    let (home, portal) = adopt(&["--shape", "offset", "--devices", "7", "--page", "3"], None);
    goes_all_the_way(&home, &portal, 7);
    // The portal returns no id with the secret: it is found in the list.
    assert!(portal.requests().iter().any(|request| request.document().contains("create_api_key")));
    assert_eq!(
        home.run("devices list -o ndjson --fields name,serialNumber").ok().ndjson()[6]["serialNumber"],
        "SN00000000007"
    );
}

#[test]
fn what_stands_below_an_organization_is_adopted_with_its_id() {
    let (home, portal) = adopt(&["--shape", "payloads", "--devices", "7", "--page", "3"], Some("organizationId=42"));
    goes_all_the_way(&home, &portal, 7);
    assert_eq!(home.run("portal set -o json").ok().json(), json!([{"name": "organizationId", "value": "42"}]));
    // An error inside the data is a refusal, in the portal's words; the operation was executed, so nothing proves that
    // it had no effect.
    home.run("portal set organizationId=43").ok();
    let refused = home.run("keys generate --name more");
    assert!(refused.exits(8).err().contains("because: the portal refuses: no organization 43"), "{refused}");
    let wrong = home.run("devices list");
    assert!(wrong.exits(9).err().contains("null for the `organizationId` that the profile gives"), "{wrong}");
    // Each failure sends to the value that mends it, and none to the URL or to the binding.
    let another = "If `organizationId` is wrong, give another value: `optra portal set organizationId=VALUE`.";
    for session in [&refused, &wrong, &home.run("keys list"), &home.run("devices show device-0001")] {
        assert!(session.err().contains(another), "{session}");
        assert!(!session.err().contains("base URL") && !session.err().contains("portal unbind"), "{session}");
    }
    let examined = home.run("doctor");
    assert!(examined.exits(1).out().contains("run: optra portal set organizationId=VALUE\n"), "{examined}");
    home.run("portal set organizationId=").ok();
    let unset = home.run("devices list");
    assert!(unset.exits(11).err().contains("`optra portal set organizationId=VALUE`"), "{unset}");
}
