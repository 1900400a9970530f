//! No result looks complete when it is not, by any command: one page of a portal that does not take our cursor.

use serde_json::json;

use crate::harness::{Home, ReferenceServer, Session};

/// A schema whose lists do not take our cursor; they may take another.
fn schema(cursor: &str, total: &str) -> String {
    let arguments = if cursor.is_empty() { String::new() } else { format!("({cursor}: String @is(field: \"after\"))") };
    format!(
        "type Query {{ devices{arguments}: Devices apiKeys{arguments}: Keys }}
         type Devices {{ data: [Device!]! {total} }}
         type Device {{ id: ID! name: String status: String location: Location }}
         type Location {{ id: ID! name: String latitude: Float longitude: Float }}
         type Keys {{ data: [Key!]! {total} }}
         type Key {{ id: ID! name: String createdAt: String lastUsedAt: String }}
         type Made {{ id: ID! secret: String! }}
         type Gone {{ id: ID! }}
         type Mutation {{ generateApiKey(name: String): Made revokeApiKey(id: ID!): Gone }}"
    )
}

/// A reference server with 60 devices and 31 keys, in pages of 25.
fn at(schema: &str, options: &[&str]) -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let keys: Vec<_> = (0..30).map(|number| json!({ "name": format!("ci-{number}") })).collect();
    let keys = home.write("keys.json", json!(keys).to_string());
    let file = home.write("schema.graphql", schema);
    let (file, keys) = (file.to_str().unwrap(), keys.to_str().unwrap());
    let portal = ReferenceServer::start(
        &[&["--schema", file, "--devices", "60", "--page", "25", "--keys-file", keys], options].concat(),
    );
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// Commands that rely on a listing, and the maximum number of lines on stdout.
const WAYS: [(&str, Option<usize>); 19] = [
    ("devices list", Some(26)),
    ("devices list -o json", Some(26)),
    ("devices list -o ndjson", Some(25)),
    ("devices list -o csv", Some(26)),
    ("devices list -o geojson", Some(26)),
    ("devices list --fields id -o ndjson", Some(25)),
    ("devices list --count", Some(0)),
    ("devices list --count --where status=online", Some(0)),
    ("devices list --where status=offline -o ndjson", Some(8)),
    ("devices list --sort name --reverse -o ndjson", Some(25)),
    ("devices list --sort name --limit 3 -o ndjson", Some(3)),
    ("devices list --jq 'length'", Some(0)),
    ("devices list --jq '.[].id'", Some(25)),
    ("devices show 'Device 7' -o json", Some(0)),
    ("devices show 'Device 40' -o json", Some(0)),
    ("devices watch", Some(0)),
    ("keys list -o ndjson", Some(25)),
    ("keys list --count", Some(0)),
    ("keys audit -o json", Some(0)),
];

/// Commands that would change something, and must not rely on one page.
const DEEDS: [&str; 6] = [
    "keys ensure --name new --to file:new.key",
    "keys revoke ci-3 --yes",
    "keys revoke --where name='ci-*' --max 40 --yes",
    "keys revoke --where name='ci-*' --max 40 --plan plan.json",
    "keys revoke ci-29 --dry-run",
    "keys rotate ci-3 --yes --to file:other.key",
];

fn is_refused(session: &Session, message: &str) {
    let error = session.exits(3).err();
    assert!(error.contains(message), "{session}");
}

fn no_way_looks_complete(home: &Home, portal: &ReferenceServer, message: &str) {
    for (way, lines) in WAYS {
        let session = home.run(way);
        is_refused(&session, message);
        let printed = session.out().lines().count();
        assert!(lines.is_none_or(|lines| printed == lines), "`{way}` printed {printed} lines: {session}");
        assert!(!session.out().trim_end().ends_with(']'), "`{way}` closed its array: {session}");
    }
    for deed in DEEDS {
        is_refused(&home.run(deed), message);
    }
    assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
}

#[test]
fn what_nobody_can_tell_is_never_taken_for_the_whole() {
    let (home, portal) = at(&schema("", ""), &["--introspection", "off"]);
    let unknown = |many| format!("whether there are more {many} than on this page cannot be told");
    no_way_looks_complete(&home, &portal, " than on this page cannot be told");
    is_refused(&home.run("devices list"), &unknown("devices"));
    is_refused(&home.run("keys list"), &unknown("keys"));
}

#[test]
fn one_page_of_another_paging_is_never_taken_for_the_whole() {
    let (home, portal) = at(&schema("cursor", ""), &[]);
    no_way_looks_complete(&home, &portal, "the portal paginates in its own way");
}

#[test]
fn a_count_says_that_there_is_more() {
    let (home, portal) = at(&schema("", "total: Int"), &["--introspection", "off"]);
    no_way_looks_complete(&home, &portal, "and the portal takes no cursor");
    is_refused(&home.run("devices list"), "this is one page of 60 devices, and the portal takes no cursor");
}

#[test]
fn a_count_says_that_there_is_no_more() {
    let (home, _portal) = at(&schema("", "total: Int"), &["--introspection", "off", "--page", "100"]);
    assert_eq!(home.run("devices list --count").ok().out(), "60\n");
    assert_eq!(home.run("devices list -o json").ok().json().as_array().unwrap().len(), 60);
    home.run("keys revoke ci-29 --yes --accept-risk lose-access").ok();
}

#[test]
fn who_knows_that_it_is_all_can_say_so_each_time() {
    let (home, portal) = at(&schema("", ""), &["--introspection", "off", "--page", "100"]);
    let session = home.run("devices list -o json --allow-partial");
    assert_eq!(session.ok().json().as_array().unwrap().len(), 60);
    assert!(session.err().contains("\"warning\":\"whether there are more devices"), "{session}");
    assert_eq!(home.run("devices list --count --allow-partial").ok().out(), "60\n");
    home.run("devices show 'Device 7' --allow-partial").ok();
    home.run("keys ensure --name ci-3 --to file:k --allow-partial").exits(7);
    home.run("keys revoke ci-29 --yes --accept-risk lose-access --allow-partial").ok();
    home.run("keys audit --allow-partial").exits(1);
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysRevoke").count(), 1);
}

#[test]
fn who_names_an_id_that_is_there_need_not_see_the_rest() {
    let (home, _portal) = at(&schema("", ""), &["--introspection", "off"]);
    home.run("devices show device-0007 -o json").ok();
    home.run("keys revoke key-0003 --yes --accept-risk lose-access").ok();
    home.run("devices list --limit 5").ok();
    // A missing key may be on another page.
    is_refused(&home.run("keys revoke key-0031 --yes --accept-risk lose-access"), "cannot be told");
}

#[test]
fn the_line_of_the_hint_says_it_once_for_all() {
    let (home, _portal) = at(&schema("", ""), &["--introspection", "off", "--page", "100"]);
    let session = home.run("devices list");
    let hint = session.exits(3).err();
    let line = hint.lines().find_map(|line| line.strip_prefix("hint: Or say it once: ")).expect("a line to paste");
    let session = home.script(line.trim_matches('`')).run();
    assert!(session.ok().err().contains("Bound `devices.list`"), "{session}");
    assert_eq!(home.run("devices list -o json").ok().json().as_array().unwrap().len(), 60);
    assert_eq!(home.run("devices list --count").ok().err(), "");
    home.run("devices show 'Device 7'").ok();
}
