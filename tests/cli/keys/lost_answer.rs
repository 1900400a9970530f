//! The portal generates a key, and the connection dies before the answer: nothing is sent twice, and no key is left
//! whose secret nobody has, unless it is reported.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::{home_of, listing, portal};
use crate::harness::{Answer, FaultProxy, Home, MockServer, ReferenceServer};

fn cut(options: &[&str], keys: &Value) -> (Home, Home, ReferenceServer) {
    let (admin, portal) = portal(options, keys);
    let proxy = FaultProxy::start(&portal.url, r#""operationName":"KeysGenerate""#);
    let mut home = Home::new();
    home.portal(&proxy.url, ReferenceServer::KEY);
    (home, admin, portal)
}

fn names(admin: &Home) -> Vec<Value> {
    admin.run("keys list -o ndjson --fields name").ok().ndjson().iter().map(|key| key["name"].clone()).collect()
}

#[test]
fn one_of_a_name_of_our_own_making_is_revoked_again() {
    let (home, admin, portal) = cut(&[], &json!([]));
    let session = home.run("keys generate -o json");
    let error = session.exits(8).error();
    assert_eq!(error["message"], "the response was lost; the new key (id key-0002) was found and revoked");
    assert_eq!(error["retryable"], true);
    assert_eq!(names(&admin), ["first key"]);
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysGenerate").count(), 1);
    let log = home.run("keys log -o json").ok().json();
    assert_eq!((&log[1]["action"], &log[1]["result"]), (&json!("generate"), &json!("unknown")));
    assert_eq!((&log[2]["ids"], &log[2]["result"]), (&json!(["key-0002"]), &json!("asked")));
    assert_eq!((&log[3]["ids"], &log[3]["result"]), (&json!(["key-0002"]), &json!("done")));
}

#[test]
fn one_of_a_name_that_others_may_give_is_named_and_left() {
    let (home, admin, portal) = cut(&[], &json!([{ "name": "ci" }]));
    let error = home.run("keys generate --name ci -o json").exits(8).error();
    assert_eq!(error["message"], "the answer was lost, and one named `ci` is there now (id key-0003)");
    assert!(error["hints"][0].as_str().unwrap().ends_with("`optra keys revoke key-0003`."), "{error}");
    assert_eq!(error["retryable"], false);
    assert_eq!(names(&admin), ["first key", "ci", "ci"]);
    assert_eq!(portal.operations().iter().filter(|name| *name == "KeysGenerate").count(), 1);
}

#[test]
fn a_rotation_whose_answer_was_lost_leaves_the_old_key_alone() {
    let now = jiff::Timestamp::now().to_string();
    let (home, admin, _portal) = cut(&["--now", &now], &json!([{ "name": "robot", "createdAt": now }]));
    let file = home.path("robot.key");
    let rotate = format!("keys rotate robot --yes --to 'file:{}'", file.display());
    // The new key's name has a nonce, so it is certainly ours.
    let session = home.run(&rotate);
    assert!(session.exits(8).err().contains("the new key (id key-0003) was found and revoked"), "{session}");
    assert_eq!(names(&admin), ["first key", "robot"]);
    home.run("keys rotate --resume").exits(6);
    assert!(!file.exists());
}

#[test]
fn one_of_a_portal_that_takes_no_name_is_told_by_the_difference_and_no_other_is_touched() {
    let contract = include_str!("../../../graphql/schema.graphql");
    let nameless = contract.replace("generateApiKey(name: String @assumed)", "generateApiKey");
    assert_ne!(nameless, contract);
    let file = Home::new();
    let schema = file.write("nameless.graphql", nameless);
    let (home, admin, portal) = cut(&["--schema", schema.to_str().unwrap()], &json!([]));
    // The schema is cached first, so that the answer gets lost and not a validation error.
    home.run("portal check").ok();
    let error = home.run("keys generate -o json").exits(8).error();
    assert_eq!(error["message"], "the answer was lost, and a new one is there now (id key-0002)");
    assert!(error["hints"][0].as_str().unwrap().ends_with("`optra keys revoke key-0002`."), "{error}");
    assert_eq!(names(&admin).len(), 2);
    assert!(!portal.operations().contains(&"KeysRevoke".to_owned()));
}

#[test]
fn a_key_that_was_there_before_is_never_taken_for_the_lost_one() {
    let made = Answer::json(
        400,
        json!({"errors": [{
            "message": "Unknown argument \"name\" on field \"Mutation.generateApiKey\".",
            "locations": [{"line": 2, "column": 18}],
        }]}),
    );
    let script = MockServer::new()
        .lenient()
        .answer("KeysGenerate", made)
        .answer("KeysGenerate", Answer::close())
        .answer("Introspection", Answer::json(400, json!({"errors": [{"message": "no"}]})))
        .answer("KeysList", listing(&[("k-1", "the only one")]));
    let session = home_of(&script).run("keys generate");
    assert!(!session.err().contains("k-1"), "{session}");
    assert!(script.requests().iter().all(|request| request.operation() != "KeysRevoke"), "{session}");
}

/// Answers one request on each connection, and closes it without announcing that.
fn closes_unannounced(made: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let made = Arc::clone(&made);
            thread::spawn(move || {
                let Some(request) = read_request(&stream) else { return };
                let answer = match request["operationName"].as_str() {
                    Some("KeysGenerate") => {
                        made.fetch_add(1, Ordering::SeqCst);
                        json!({"data": {"generateApiKey": {"id": "k-1", "secret": "a-secret-of-a-script"}}})
                    }
                    _ => json!({"data": {"apiKeys": {"data": []}}}),
                };
                let body = answer.to_string();
                let head =
                    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}", body.len());
                let _ = stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes());
            });
        }
    });
    url
}

fn read_request(stream: &TcpStream) -> Option<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

#[test]
fn a_server_that_closes_connections_unannounced_loses_no_mutation() {
    let made = Arc::new(AtomicUsize::new(0));
    let mut home = Home::new();
    home.portal(&closes_unannounced(Arc::clone(&made)), "key-of-a-script");
    for times in 1..=20 {
        let session = home.run("keys generate --name ci");
        assert_eq!(session.ok().out(), "a-secret-of-a-script\n");
        assert_eq!(made.load(Ordering::SeqCst), times, "{session}");
    }
}

#[test]
fn a_secret_without_an_id_is_delivered_and_the_id_looked_for() {
    let key = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    let listed = |keys: &[(String, String)]| {
        let keys: Vec<_> = keys.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
        Answer::data(json!({"apiKeys": {"data": keys, "after": null}}))
    };
    let nameless = Answer::data(json!({"generateApiKey": {"secret": "secret-without-an-id"}}));
    let script = MockServer::new()
        .lenient()
        .answer("KeysList", listed(&[key("k-1", "admin")]))
        .answer("KeysList", listed(&[key("k-1", "admin"), key("k-2", "ci")]))
        .answer("KeysGenerate", nameless);
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("keys generate --name ci -o json");
    let made = session.ok().json();
    assert_eq!((&made["id"], &made["secret"]), (&json!("k-2"), &json!("secret-without-an-id")));
    // If the list is ambiguous, the secret is delivered all the same.
    let script = MockServer::new()
        .lenient()
        .answer("KeysList", listed(&[key("k-1", "admin")]))
        .answer("KeysList", listed(&[key("k-1", "admin"), key("k-2", "ci"), key("k-3", "ci")]))
        .answer("KeysGenerate", Answer::data(json!({"generateApiKey": {"secret": "secret-without-an-id"}})));
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("keys generate --name ci");
    assert_eq!(session.ok().out(), "secret-without-an-id\n");
    assert!(session.err().contains("the portal did not tell the id of the new key"), "{session}");
}
