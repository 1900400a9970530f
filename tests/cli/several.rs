//! One read over several profiles: the requests, what is missing, and which profile failed.

use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// A home with a profile for each of these portals, and their keys in files.
fn with_profiles(portals: &[(&str, &str)]) -> Home {
    let home = Home::new();
    for (name, url) in portals {
        let login = ["auth", "login", "--profile", name, "--portal", url, "--store", "file", "--key-file", "-"];
        home.optra(login).stdin(ReferenceServer::KEY).run().ok();
    }
    home
}

#[test]
fn several_profiles_are_one_listing() {
    let (here, there) =
        (ReferenceServer::start(&["--devices", "3", "--page", "2"]), ReferenceServer::start(&["--devices", "2"]));
    let home = with_profiles(&[("here", &here.url), ("there", &there.url), ("away", &here.url)]);
    let count = |line: &str| home.run(line).ok().out();
    assert_eq!(count("devices list --profile here,there --count"), "5\n");
    assert_eq!(count("devices list --all-profiles --count"), "8\n");
    let rows = home.run("devices list --profile there,here -o ndjson --fields profile,id").ok().ndjson();
    assert_eq!(rows.iter().filter(|row| row["profile"] == "here").count(), 3);
    let csv = count("devices list --profile there,here -o csv");
    assert!(csv.starts_with("profile,id,name,serialNumber,"), "{csv}");
    assert!(
        count("devices list --profile here").starts_with("id ")
            && count("devices list --all-profiles").starts_with("profile ")
    );
    let keys = home.run("keys list --profile here,there -o json").ok().json();
    assert_eq!((keys.as_array().unwrap().len(), &keys[0]["inUse"]), (2, &json!(true)));
    assert_eq!(count("devices list --all-profiles --sort id --limit 1 -o csv --fields id"), "id\ndevice-0001\n");
}

#[test]
fn one_profile_that_fails_does_not_stop_the_others() {
    let (here, there) = (ReferenceServer::start(&["--devices", "3"]), ReferenceServer::start(&["--devices", "2"]));
    let home = with_profiles(&[("here", &here.url), ("there", &there.url)]);
    drop(there);
    let session = home.run("devices list --profile here,there,nowhere -o json");
    // A part of the fleet never looks complete: the array stays open.
    assert_eq!(session.exits(3).out().lines().count(), 4);
    assert!(!session.out().contains("\n]"), "{session}");
    assert_eq!(home.run("devices list --profile here,nowhere -o ndjson").exits(3).ndjson().len(), 3);
    assert_eq!(home.run("devices list --profile here,nowhere --count").exits(3).out(), "");
    let error = session.err().lines().last().map(|line| serde_json::from_str::<Value>(line).unwrap()).unwrap();
    assert!(error["error"]["message"].as_str().unwrap().starts_with("2 of 3 profiles failed: "), "{error}");
    assert!(session.err().contains("profile `nowhere`: there is no profile `nowhere`"), "{session}");
    assert!(session.err().contains("profile `there`: "), "{session}");
    home.run("keys revoke x --yes --profile here,there").exits(11);
    // No profile at all is not an empty fleet.
    let session = Home::new().run("devices list --all-profiles");
    assert!(session.exits(11).err().contains("error: there is no profile\n"), "{session}");
}

/// A portal with its own pagination.
const OWN_PAGING: &str = r#"
type Query {
  devices(limit: Int @is(field: "first"), cursor: String @is(field: "after")): Devices
  apiKeys(limit: Int @is(field: "first"), cursor: String @is(field: "after")): Keys
}
type Mutation { generateApiKey(name: String): NewKey revokeApiKey(id: ID!): Gone }
type Devices { data: [Device!]!, next: String @is(field: "after") }
type Device { id: ID!, name: String }
type Keys { data: [Key], next: String @is(field: "after") }
type Key { id: ID!, name: String, createdAt: String, lastUsedAt: String }
type NewKey { id: ID!, secret: String!, name: String }
type Gone { id: ID! }
"#;

fn own_paging(file: &Home) -> ReferenceServer {
    let schema = file.write("own.graphql", OWN_PAGING);
    let keys = file.write("keys.json", r#"[{"id": "k-2", "name": "ci"}, {"id": "k-3", "name": "ci"}]"#);
    let (schema, keys) = (schema.to_str().unwrap(), keys.to_str().unwrap());
    ReferenceServer::start(&["--schema", schema, "--devices", "3", "--page", "2", "--keys-file", keys])
}

#[test]
fn a_part_of_one_portal_is_no_whole_beside_the_others() {
    let file = Home::new();
    let (own, there) = (own_paging(&file), ReferenceServer::start(&["--devices", "2"]));
    let home = with_profiles(&[("own", &own.url), ("there", &there.url)]);
    let session = home.run("devices list --all-profiles -o json");
    // The array stays open.
    assert_eq!(session.exits(3).out().lines().count(), 5);
    let error = session.error();
    assert_eq!(error["message"], "this is one page of the devices; the portal paginates in its own way");
    assert_eq!(error["left_out"][0], "serialNumber");
    drop(there);
    let session = home.run("devices list --all-profiles -o json");
    assert!(session.exits(3).err().contains("profile `there`: cannot reach"), "{session}");
}

#[test]
fn each_profile_has_its_own_bindings() {
    let file = Home::new();
    let (own, there) = (own_paging(&file), ReferenceServer::start(&["--devices", "2"]));
    let home = with_profiles(&[("own", &own.url), ("there", &there.url)]);
    let document = "query ($first: Int, $after: String) { devices(limit: $first, cursor: $after) { data { id name } after: next } }";
    home.line("portal bind devices.list -f - --profile own").stdin(document).run().ok();
    for line in ["devices list --all-profiles --count", "devices list --profile there,own --count"] {
        assert_eq!(home.run(line).ok().out(), "5\n", "{line}");
    }
    assert_eq!(there.requests().last().unwrap().variables()["first"], 500);
}

#[test]
fn keys_are_audited_for_all() {
    let (here, there) = (ReferenceServer::start(&[]), ReferenceServer::start(&[]));
    let home = with_profiles(&[("here", &here.url), ("there", &there.url)]);
    home.run("keys generate --name ci --profile here --to file:one").ok();
    home.run("keys generate --name ci --profile here --to file:two").ok();
    let findings = home.run("keys audit --all-profiles --fail-on same-name -o json");
    let found: Vec<_> = findings.exits(1).json().as_array().unwrap().clone();
    let same: Vec<_> = found.iter().filter(|finding| finding["rule"] == "same-name").collect();
    assert!(same.len() == 2 && same.iter().all(|finding| finding["profile"] == "here"), "{found:?}");
    home.run("keys audit --profile there,here --fail-on unnamed").ok();
    let sarif = home.run("keys audit --all-profiles -o sarif").exits(1).json();
    let told = sarif["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(told.contains(here.url.as_str()), "{told}");
    home.run("keys audit --all-profiles --profile here").exits(2);
    drop(there);
    let session = home.run("keys audit --all-profiles -o json");
    let message = "8 findings, and not all were looked at";
    assert_eq!(session.exits(3).err().lines().last().map(|line| line.contains(message)), Some(true), "{session}");
    let session = home.run("keys audit --all-profiles --fail-on unnamed -o json");
    assert!(session.exits(3).err().contains("profile `there`: "), "{session}");
}

#[test]
fn one_page_of_keys_proves_nothing() {
    let file = Home::new();
    let own = own_paging(&file);
    let mut home = Home::new();
    home.portal(&own.url, ReferenceServer::KEY);
    for line in ["keys audit", "keys ensure --name ci --to file:x", "keys revoke ci --yes", "keys rotate ci --yes"] {
        let session = home.run(line);
        assert!(
            session.exits(3).err().contains("one page of the keys; the portal paginates in its own way"),
            "{session}"
        );
    }
    assert!(!own.operations().iter().any(|name| name == "KeysGenerate" || name == "KeysRevoke"));
    // The id is found, so the listing need not be complete.
    home.run("keys revoke k-2 --yes --accept-risk lose-access").ok();
}

#[test]
fn a_key_that_another_profile_uses_is_not_revoked_in_silence() {
    let portal = ReferenceServer::start(&[]);
    let home = with_profiles(&[("here", &portal.url), ("away", &portal.url)]);
    let session = home.run("keys revoke key-0001 --profile here --yes --accept-risk lose-access");
    let warning = "warning: key `first key` (id key-0001) is the one that profile `away` uses";
    assert!(session.ok().err().contains(warning), "{session}");
}

#[test]
fn each_profile_is_traced_and_its_retries_are_told() {
    let answer = || Answer::data(json!({"devices": {"data": [{"id": "1"}]}}));
    let busy = || Answer::new(503, "text/plain", "no").header("retry-after", "0");
    let (one, other) =
        (MockServer::new().answer("AuthViewer", viewer()), MockServer::new().answer("AuthViewer", viewer()));
    let one = one.answer("DevicesList", busy()).answer("DevicesList", answer());
    let other = other.answer("DevicesList", busy()).answer("DevicesList", answer());
    let home = with_profiles(&[("one", &one.url), ("other", &other.url)]);
    let session = home.run("devices list --all-profiles -v --retries 2 --count");
    assert_eq!(session.ok().out(), "2\n");
    for url in [&one.url, &other.url] {
        let traced = format!("DevicesList: POST {url}/graphql: HTTP ");
        assert_eq!(session.err().matches(&traced).count(), 2, "{session}");
    }
    assert_eq!(session.err().matches("; retrying in ").count(), 2, "{session}");
}

fn viewer() -> Answer {
    Answer::data(json!({"viewer": {"organization": {"id": "1"}, "apiKey": {"id": "k-1"}}}))
}
