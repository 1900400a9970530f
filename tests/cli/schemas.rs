//! `optra schema`: the output of commands matches their schemas, on the sandbox and on the reference server.
//!
//! The schemas allow members of later versions. Here they are closed first, so that a member without a schema fails.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer, ReferenceServer, Run, Session};

/// Returns a validator for a schema that allows no unknown members.
fn validator(home: &Home, name: &str) -> Validator {
    let mut schema = home.run(&format!("schema {name}")).ok().json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    assert_eq!(schema["title"], name);
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), false.into());
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[track_caller]
fn hold(home: &Home, name: &str, value: &Value) {
    let validator = validator(home, name);
    let problems: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(problems.is_empty(), "`{name}` is not what its schema says:\n{}\n{value:#}", problems.join("\n"));
}

/// Validates the stdout of a run against a schema, and every line on stderr against the schema of its member.
#[track_caller]
fn holds(home: &Home, name: &str, run: Run<'_>) -> Session {
    let session = run.run();
    assert!(!session.stdout.is_empty(), "{session}");
    hold(home, name, &session.json());
    said(home, &session);
    session
}

#[track_caller]
fn said(home: &Home, session: &Session) {
    for line in session.err().lines() {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        let member = value.as_object().unwrap().keys().next().unwrap().clone();
        hold(home, &member, &value);
    }
}

/// Validates the commands that only read.
fn read(home: &Home, option: &str) {
    let id =
        home.run(&format!("{option} devices list --limit 1 -o json")).ok().json()[0]["id"].as_str().unwrap().to_owned();
    for (name, line) in [
        ("devices.list", "devices list"),
        ("devices.list", "devices list --where status=NOWHERE"),
        ("devices.list.count", "devices list --count"),
        ("devices.show", &format!("devices show {id}")),
        ("devices.wait", &format!("devices wait {id} --for id={id}")),
        ("keys.list", "keys list"),
        ("keys.list.count", "keys list --count"),
        ("keys.audit", "keys audit --max-age 1d --require-name"),
        ("keys.where", "keys where"),
        ("keys.log", "keys log"),
        ("keys.log.verify", "keys log --verify"),
        ("keys.rotate.status", "keys rotate --status"),
        ("auth.status", "auth status"),
        ("portal.check", "portal check"),
        ("doctor", "doctor"),
    ] {
        let _ = holds(home, name, home.line(&format!("{option} {line} -o json")));
    }
}

/// Validates the commands that change keys.
fn change(home: &Home, option: &str, portal: &str) {
    home.write("home/empty", "");
    home.write("home/keys.toml", format!("portal = \"{portal}\"\n[keys.four]\nto = [\"file:four.key\"]\n"));
    for (name, line) in [
        ("keys.generate", "keys generate --name one"),
        ("keys.generate", "keys generate --name two --to file:two.key"),
        ("keys.ensure", "keys ensure --name three --to file:three.key"),
        ("keys.ensure", "keys ensure --name three --to file:three.key"),
        ("keys.rotate", "keys rotate one --yes --to file:one.key"),
        ("keys.rotate", "keys rotate two --yes --to stdout"),
        ("keys.show", "keys show three"),
        ("keys.revoke", "keys revoke three --dry-run"),
        ("keys.revoke", "keys revoke three nobody --yes"),
        ("keys.plan", "keys plan -f keys.toml"),
        ("keys.apply", "keys apply -f keys.toml --yes"),
        ("keys.log", "keys log"),
        ("keys.log.verify", "keys log --verify"),
        ("keys.where", "keys where"),
    ] {
        let session = holds(home, name, home.line(&format!("{option} {line} -o json")));
        assert!(session.code == Some(0) || line.contains("nobody"), "{session}");
    }
    std::fs::copy(home.path("home/one.key"), home.path("home/leaked")).unwrap();
    let found = holds(home, "keys.scan", home.line(&format!("{option} keys scan leaked -o json")));
    assert_eq!(found.exits(1).json().as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn the_sandbox_is_described() {
    let home = Home::new();
    read(&home, "--sandbox");
    change(&home, "--sandbox", "sandbox");
}

#[test]
fn a_portal_of_other_make_is_described() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "5"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    read(&home, "");
    change(&home, "", &portal.url);
}

#[test]
fn one_that_lacks_almost_everything_is_described() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--dialect", "documented"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    for (name, line) in
        [("devices.list", "devices list --allow-partial"), ("portal.check", "portal check"), ("doctor", "doctor")]
    {
        let _ = holds(&home, name, home.line(&format!("{line} -o json")));
    }
    said(&home, home.run("keys list -o json").exits(9));
}

#[test]
fn profiles_and_bindings_are_described() {
    let (home, portal) = (Home::new(), ReferenceServer::start(&[]));
    let login = format!("auth login --portal {} --store file --key-file - -o json", portal.url);
    holds(&home, "auth.login", home.line(&login).stdin(ReferenceServer::KEY)).ok();
    home.write(
        "home/list.graphql",
        "query ($first: Int, $after: String) { devices(first: $first, after: $after) { data { id name } after } }",
    );
    home.write(".optra/queries/fleet.graphql", "{ devices { data { id } } }");
    home.write("config/optra/queries/broken.graphql", "query {");
    for (name, line) in [
        ("auth.list", "auth list"),
        ("auth.status.all", "auth status --all"),
        ("auth.switch", "auth switch default"),
        ("portal.bind", "portal bind devices.list -f list.graphql --try"),
        ("portal.check", "portal check"),
        ("portal.set", "portal set organizationId=42"),
        ("keys.list", "keys list --all-profiles"),
        ("devices.list", "devices list --all-profiles --allow-partial"),
        ("keys.audit", "keys audit --all-profiles --require-name --max-age 1d"),
        ("query.list", "query --list"),
    ] {
        let _ = holds(&home, name, home.line(&format!("{line} -o json")));
    }
    home.script("optra portal export > portal.graphql").run().ok();
    holds(&home, "portal.import", home.line("portal import portal.graphql --yes -o json")).ok();
    holds(&home, "portal.unbind", home.line("portal unbind devices.list -o json")).ok();
    holds(&home, "auth.logout", home.line("auth logout -o json")).ok();
    let _ = holds(&home, "auth.logout.all", home.line("auth logout --all -o json"));
}

#[test]
fn proposals_are_described() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--shape", "relay"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = holds(&home, "portal.adopt", home.line("portal adopt --yes-queries -o json"));
    assert!(session.json().as_array().is_some_and(|proposals| !proposals.is_empty()), "{session}");
}

#[test]
fn what_needs_no_portal_is_described() {
    let home = Home::new();
    for (name, line) in [
        ("explain", "explain"),
        ("schema", "schema"),
        ("doctor", "doctor"),
        ("explain", "explain keyring"),
        ("version", "version"),
    ] {
        let _ = holds(&home, name, home.line(&format!("{line} -o json")));
    }
    for line in ["explain 42", "devices list", "keys list --frobnicate", "auth switch nowhere"] {
        let session = home.run(&format!("{line} -o json"));
        assert!(!session.err().is_empty(), "{session}");
        said(&home, &session);
    }
    // Every listed name has a schema.
    for named in home.run("schema -o json").ok().json().as_array().unwrap() {
        let _ = validator(&home, named["name"].as_str().unwrap());
    }
    let line = home.run("schema error -o ndjson").ok().out();
    assert_eq!(line.lines().count(), 1);
    assert!(home.run("schema devices.lst").exits(6).err().contains("`optra schema devices.list`"));
}

#[test]
fn a_change_of_the_fleet_and_a_served_sandbox_are_described() {
    let (mut home, portal) = (Home::new(), devices_that_change());
    home.portal(&portal.url, "k-of-a-portal");
    let session = home.script("timeout 5 optra devices watch --interval 0.1 --allow-partial -o ndjson || true").run();
    let changes = session.ndjson();
    assert_eq!(changes.len(), 3, "{session}");
    changes.iter().for_each(|change| hold(&home, "devices.watch", change));
    let session = home.script("timeout 3 optra sandbox --fresh -o json || true").run();
    hold(&home, "sandbox", &session.json());
    let session = home.script("timeout 3 optra --sandbox broker -o json || true").run();
    hold(&home, "broker", &session.json());
}

fn devices_that_change() -> MockServer {
    let devices = |data: Value| Answer::data(json!({ "devices": { "data": data, "after": null, "total": null } }));
    let device = |id: &str, status: &str| json!({ "id": id, "name": id, "status": status, "lastSeenAt": "yesterday" });
    MockServer::new()
        .lenient()
        .answer("DevicesList", devices(json!([device("1", "ONLINE"), device("2", "ONLINE")])))
        .answer("DevicesList", devices(json!([device("1", "OFFLINE"), device("3", "ONLINE")])))
        .answer("*", Answer::error("GRAPHQL_VALIDATION_FAILED", "no"))
}

#[test]
fn a_member_more_or_less_or_of_another_type_is_found() {
    let home = Home::new();
    let good =
        json!([{ "id": "1", "name": null, "createdAt": null, "lastUsedAt": "x", "createdBy": null, "inUse": true }]);
    let keys = validator(&home, "keys.list");
    assert!(keys.is_valid(&good));
    for (member, value) in [("more", json!(1)), ("id", json!(1)), ("inUse", json!("yes")), ("name", json!(["x"]))] {
        let mut bad = good.clone();
        bad[0][member] = value;
        assert!(!keys.is_valid(&bad), "{bad}");
    }
    let mut less = good.clone();
    less[0].as_object_mut().unwrap().remove("createdBy");
    assert!(!keys.is_valid(&less) && !keys.is_valid(&json!({})) && keys.is_valid(&json!([])));
    let error = validator(&home, "error");
    let told = |code: &str| json!({ "error": { "code": code, "exit": 6, "message": "", "hints": [], "causes": [], "retryable": false, "retry_after_s": null, "request_id": null } });
    assert!(error.is_valid(&told("not_found")) && !error.is_valid(&told("frobnicated")));
}
