//! `optra query`: documents that are kept as files, as commands. A reference server shows the requests and their
//! effect.

mod files;
mod mutation;
mod options;
mod rows;

use serde_json::json;

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

/// The document of most tests.
const FLEET: &str = "\
# The fleet, a page at a time.
#
# As the night shift wants it.
# $first: how many on a page
query Fleet($first: Int = 2, $after: String) {
  devices(first: $first, after: $after) { data { id ...Parts } after total }
}
fragment Parts on Device { name status location { name latitude } tags { name } lastSeenAt }
";

/// A home with this document under this name, at a reference server with three devices.
fn at_fleet(name: &str, document: &str) -> (Home, ReferenceServer) {
    let devices = json!([
        {"id": "1", "name": "gate", "status": "ONLINE", "lastSeenAt": "2020-01-01T00:00:00Z",
         "tags": [{"id": "t", "name": "pilot"}, {"id": "u", "name": "night"}]},
        {"id": "2", "name": "dock", "status": "OFFLINE", "lastSeenAt": "2999-01-01T00:00:00Z",
         "location": {"id": "l", "name": "Gdańsk", "latitude": 54.35}},
        {"id": "3", "name": "belt", "status": "OFFLINE", "lastSeenAt": null},
    ]);
    let mut home = Home::new();
    let file = home.write("devices.json", devices.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    keep(&home, name, document);
    (home, portal)
}

/// A home with this document as `q`, at a mock server with these answers, one after the other.
fn at_script(document: &str, answers: &[&str]) -> (Home, MockServer) {
    let mut home = Home::new();
    let script = answers
        .iter()
        .fold(MockServer::new(), |script, body| script.answer("*", Answer::new(200, "application/json", *body)));
    home.portal(&script.url, "key-of-a-script");
    keep(&home, "q", document);
    (home, script)
}

/// Saves a document in the configuration directory.
fn keep(home: &Home, name: &str, document: &str) {
    home.write(format!("config/optra/queries/{name}.graphql"), document);
}

/// Returns the session with the test's directory masked.
fn told(session: &crate::harness::Session, home: &Home) -> String {
    session.masked(&[(home.path("").to_str().unwrap().trim_end_matches('/'), "[HERE]")])
}
