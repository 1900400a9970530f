//! `optra keys`: generate, list and revoke, on the reference server, on the sandbox, and on mock servers that fail. It
//! must not test what all commands share: formats, prompts, sources of a key.

mod apply;
mod apply_killed;
mod apply_places;
mod approval;
mod audit;
mod bulk;
mod destinations;
mod ensure;
mod ephemeral;
mod failing;
mod faults;
mod generate;
mod in_use;
mod killed;
mod ledger;
mod list;
mod log;
mod log_chain;
mod log_who;
mod lost_answer;
mod one_answer;
mod read_only;
mod recipes;
mod revoke;
mod rotate;
mod rotate_killed;
mod rotate_left;
mod sandbox;
mod scan;
mod scan_archives;
mod show;

use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer, ReferenceServer, Request};

/// Starts a reference server with these keys besides its first.
fn portal(options: &[&str], keys: &Value) -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let file = home.write("keys.json", keys.to_string());
    let portal = ReferenceServer::start(&[&["--keys-file", file.to_str().unwrap()], options].concat());
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// Returns a home at this mock server.
fn home_of(server: &MockServer) -> Home {
    let mut home = Home::new();
    home.portal(&server.url, "admin-key");
    home
}

/// An answer that lists keys with these ids and names.
fn listing(keys: &[(&str, &str)]) -> Answer {
    let data: Vec<Value> = keys.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    Answer::data(json!({ "apiKeys": { "data": data, "after": null, "total": keys.len() } }))
}

/// An answer that tells which key is in use.
fn viewer(id: &str) -> Answer {
    Answer::data(json!({ "viewer": { "organization": null, "apiKey": { "id": id } } }))
}

fn revoked(id: &str) -> Answer {
    Answer::data(json!({ "revokeApiKey": { "id": id } }))
}

/// Returns the ids of the revocation requests, in order.
fn asked_to_revoke(requests: &[Request]) -> Vec<String> {
    let revocations = requests.iter().filter(|request| request.operation() == "KeysRevoke");
    revocations.map(|request| request.variables()["id"].as_str().unwrap().to_owned()).collect()
}
