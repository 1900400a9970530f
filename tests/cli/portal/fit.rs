//! Negotiation: portals that lack fields or arguments, that word refusals in their own way, or that lie. graphql-js is
//! the independent validator: a document that it answered with 200 was valid.

use serde_json::{Value, json};

use super::{contract, portal};
use crate::harness::{Answer, Home, MockServer};

/// Schemas with different gaps.
const LACKING: [&str; 5] = [
    "type Query { devices(first: Int, after: String): P } type P { data: [D] after: String total: Int } \
     type D { id: ID! name: String tags: [T] } type T { id: ID! }",
    "type Query { devices(first: Int): P } type P { data: [D] } type D { id: ID! location: L } type L { id: ID! }",
    "type Query { devices(after: String): P } type P { data: [D] after: String } type D { id: ID! tags: String }",
    "type Query { devices: P } type P { data: [D!]! total: Int } type D { id: ID! name: String location: String status: S } \
     enum S { online offline }",
    "type Query { devices(first: Int, after: ID): P } type P { data: [D] after: ID } type D { id: ID! name: String }",
];

#[test]
fn whatever_is_lacking_the_document_that_is_left_is_valid() {
    for schema in LACKING {
        for options in [&[][..], &["--introspection", "off"], &["--introspection", "off", "--words", "own"]] {
            // If a refusal in its own words names nothing, the documented fields are assumed, and this schema lacks
            // one.
            if options.contains(&"own") && !schema.contains("name") {
                continue;
            }
            let (home, server) = portal(schema, &[&["--devices", "3"], options].concat());
            let session = home.run("devices list -o ndjson --allow-partial");
            assert_eq!(session.ok().ndjson().len(), 3, "{schema}\n{options:?}\n{session}");
            let requests = server.requests();
            let tries = requests.iter().filter(|request| request.operation() == "DevicesList");
            let sizes: Vec<usize> = tries.map(|request| request.document().len()).collect();
            assert!(
                sizes.len() <= 4 && requests.last().unwrap().status == Some(200),
                "{schema}\n{options:?}\n{session}"
            );
            home.run("devices list -o ndjson --allow-partial").ok();
            assert_eq!(server.requests().len(), requests.len() + 1, "{schema}\n{options:?}");
        }
    }
}

#[test]
fn a_portal_without_any_paging_gives_all_in_one_answer_and_nobody_is_warned() {
    let (home, _portal) =
        portal("type Query { devices: P } type P { data: [D] } type D { id: ID! }", &["--devices", "7"]);
    let session = home.run("devices list -o ndjson --fields id");
    assert_eq!((session.ok().ndjson().len(), session.err()), (7, String::new()));
}

#[test]
fn a_portal_that_begins_to_page_is_asked_anew_before_a_page_is_taken_for_all() {
    let unpaged = "type Query { devices: P } type P { data: [D] } type D { id: ID! }";
    let paged =
        "type Query { devices(first: Int, after: String): P } type P { data: [D] after: String } type D { id: ID! }";
    let line = "devices list -o ndjson";
    let (before, _portal) = portal(unpaged, &["--devices", "20"]);
    assert_eq!(before.run(line).ok().ndjson().len(), 20);
    let (home, portal) = portal(paged, &["--devices", "70", "--page", "20"]);
    assert_eq!(home.run(line).ok().ndjson().len(), 70);
    // As if both were one portal, whose schema changed after it was cached.
    let memory = |home: &Home| {
        let files: Vec<_> =
            home.path("cache/optra/fits").read_dir().unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        files[0].clone()
    };
    std::fs::copy(memory(&before), memory(&home)).unwrap();
    let asked = portal.requests().len();
    assert_eq!(home.run(line).ok().ndjson().len(), 70);
    assert_eq!(portal.requests()[asked].document().matches("after").count(), 0, "what was remembered was not tried");
    // A list of another length is not a page, and needs no further request.
    let (home, portal) = super::portal(unpaged, &["--devices", "21"]);
    home.run(line).ok();
    let asked = portal.requests().len();
    assert_eq!(home.run(line).ok().ndjson().len(), 21);
    assert_eq!(portal.requests().len(), asked + 1);
}

#[test]
fn a_list_whose_length_looks_round_costs_one_more_request_once() {
    let unpaged = "type Query { devices: P } type P { data: [D] } type D { id: ID! }";
    let (home, portal) = portal(unpaged, &["--devices", "30"]);
    home.run("devices list").ok();
    let mut requests = Vec::new();
    for _ in 0..4 {
        let before = portal.requests().len();
        assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 30);
        requests.push(portal.requests().len() - before);
    }
    assert_eq!(requests, [2, 1, 1, 1]);
}

#[test]
fn a_field_that_was_asked_for_by_name_is_missed() {
    let (home, _portal) = contract(&["--dialect", "documented"]);
    for line in
        ["devices list --fields id,serialNumber -o json", "devices show device-0001 --fields serialNumber -o json"]
    {
        let error = home.run(line).exits(9).error();
        assert_eq!((&error["code"], &error["left_out"]), (&json!("unsupported"), &json!(["serialNumber"])), "{line}");
    }
    let session = home.run("devices show device-0001");
    assert!(session.ok().err().contains("warning: this portal does not have serialNumber, model"), "{session}");
}

#[test]
fn a_refusal_in_words_of_its_own_is_understood_by_the_schema() {
    for options in [&["--words", "own"][..], &["--words", "own", "--lenient-status"]] {
        let (home, portal) = contract(&[&["--dialect", "documented"], options].concat());
        assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 3);
        assert_eq!(portal.operations(), ["DevicesList", "Introspection", "DevicesList"]);
    }
}

#[test]
fn a_failure_that_is_no_refusal_takes_nothing_away() {
    let mut home = Home::new();
    let busy = json!({"errors": [{"message": "come back later"}]});
    let script = MockServer::new()
        .answer("DevicesList", Answer::json(200, busy.clone()))
        .answer("Introspection", Answer::json(200, busy));
    home.portal(&script.url, "key-of-a-script");
    assert!(home.run("devices list").exits(1).err().contains("come back later"));
    assert_eq!(script.requests().iter().filter(|request| request.operation() == "DevicesList").count(), 1);
}

#[test]
fn a_portal_that_lies_is_given_up() {
    for (lie, options) in [
        ("name", &[][..]),
        ("name", &["--introspection", "off"]),
        ("id", &[]),
        ("nothing", &["--introspection", "off"]),
    ] {
        let (home, portal) = contract(&[&["--lie", lie], options].concat());
        assert_eq!(home.run("devices list -o json").exits(9).error()["code"], "unsupported", "{lie} {options:?}");
        let asked = portal.operations().iter().filter(|name| *name == "DevicesList").count();
        assert!(asked <= 3, "{lie} {options:?}: {asked}");
        home.run("keys generate -o json").exits(9);
        home.run("portal check --strict").exits(9);
    }
}

#[test]
fn a_mutation_is_sent_again_only_if_nothing_can_have_run() {
    let refusal = |data: Option<Value>, error: Value| {
        let mut answer = json!({"errors": [error]});
        if let Some(data) = data {
            answer["data"] = data;
        }
        answer
    };
    let place = json!({"message": "Cannot query field \"createdAt\" on type \"GeneratedApiKey\".", "locations": [{"line": 6, "column": 5}]});
    let ran = json!({"message": "Cannot query field \"createdAt\"", "path": ["generateApiKey", "createdAt"], "locations": [{"line": 6, "column": 5}]});
    let made = Answer::data(json!({"generateApiKey": {"id": "k", "secret": "a-secret-of-a-script", "name": null}}));
    for (first, status, times) in [
        (refusal(None, place.clone()), 400, 2),
        (refusal(None, place.clone()), 200, 2),
        (refusal(Some(Value::Null), place.clone()), 200, 1),
        (refusal(Some(json!({"generateApiKey": null})), ran), 200, 1),
        (refusal(None, place), 500, 1),
    ] {
        let mut home = Home::new();
        let script = MockServer::new()
            .lenient()
            .answer("KeysGenerate", Answer::json(status, first.clone()))
            .answer("KeysGenerate", made.clone())
            .answer("KeysList", Answer::data(json!({"apiKeys": {"data": []}})))
            .answer("Introspection", Answer::json(400, json!({"errors": [{"message": "no"}]})));
        home.portal(&script.url, "key-of-a-script");
        let session = home.run("keys generate");
        assert_eq!(session.out().contains("a-secret-of-a-script"), times == 2, "{first} {status}\n{session}");
        let asked: Vec<_> =
            script.requests().into_iter().filter(|request| request.operation() == "KeysGenerate").collect();
        assert_eq!(asked.len(), times, "{first} {status}\n{session}");
        if times == 2 {
            assert!(!asked[1].document().contains("createdAt") && asked[1].document().contains("secret"));
        }
    }
}

#[test]
fn what_a_portal_refuses_for_reasons_of_its_own_is_said_in_its_words() {
    for (status, error) in [
        (400, json!({"message": "API key limit reached"})),
        (422, json!({"message": "name has already been taken"})),
        (400, json!({"message": "API key limit reached", "locations": [{"line": 2, "column": 3}]})),
    ] {
        let mut home = Home::new();
        let script = MockServer::new()
            .lenient()
            .answer("KeysList", Answer::data(json!({"apiKeys": {"data": []}})))
            .answer("KeysGenerate", Answer::json(status, json!({ "errors": [error] })));
        home.portal(&script.url, "key-of-a-script");
        let session = home.run("keys generate --name ci");
        assert!(session.err().contains(error["message"].as_str().unwrap()), "{session}");
        let asked = script.requests().iter().filter(|request| request.operation() == "KeysGenerate").count();
        assert_eq!(asked, 1, "{session}");
    }
}
