//! `optra sandbox` and `--sandbox`: one portal that other programs can use, and one that persists between runs.

use rustix::process::Signal;
use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::harness::{Background, Home};

/// Serves a sandbox and points the home at it.
fn serve(home: &mut Home, options: &str) -> Background {
    let serving = home.line(&format!("sandbox --fresh -o ndjson {options}")).start();
    let access: serde_json::Value = serde_json::from_str(&serving.first_line()).unwrap();
    home.portal(access["url"].as_str().unwrap(), access["apiKey"].as_str().unwrap());
    serving
}

#[test]
fn it_serves_any_program_until_it_is_interrupted() {
    let mut home = Home::new();
    let serving = serve(&mut home, "--devices 3");
    let session = home
        .script(
            "curl -sS $OPTRA_PORTAL_URL/graphql -H \"api-secret: $OPTRA_API_KEY\" -H 'content-type: application/json' \
             -d '{\"query\": \"{ devices { data { id name } } }\"}'",
        )
        .run();
    session.ok();
    assert_eq!(session.json()["data"]["devices"]["data"].as_array().unwrap().len(), 3);
    serving.signal(Signal::INT);
    assert_eq!(serving.end().signal, Some(2));
    home.run("devices list").exits(8);
}

#[test]
fn it_prints_lines_that_a_shell_can_evaluate() {
    let home = Home::new();
    let session = home
        .script(
            "optra sandbox --fresh --devices 2 > access & server=$!; \
             until [ -s access ]; do sleep 0.05; done; . ./access; optra devices list -o csv --fields name; kill $server",
        )
        .run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
name
dock-01-camera
gate-01-monitor
--- stderr
The sandbox runs until Ctrl-C. Paste these two lines into another shell to use it there.
--- exit 0

"#]]
    );
}

#[test]
fn it_refuses_key_management_to_whoever_is_no_admin() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--role device-technician");
    assert_eq!(home.run("keys list -o json").exits(5).error()["code"], "forbidden");
    home.run("devices list").ok();
}

#[test]
fn it_can_have_api_keys_switched_off() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--api-keys off");
    assert_eq!(home.run("keys generate -o json").exits(5).error()["code"], "feature_disabled");
}

#[test]
fn it_can_keep_its_schema_to_itself() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--introspection off");
    home.run("api '{ __schema { queryType { name } } }'").exits(9);
    home.run("devices list").ok();
}

#[test]
fn it_can_know_the_documented_query_only() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--dialect documented --devices 2");
    assert_data_eq!(
        home.run("devices list").to_string(),
        str![[r#"
id                  name
364027113840054272  dock-01-camera
364027113840058368  gate-01-monitor
--- stderr
warning: this portal does not have serialNumber, model, status, enabled, firmwareVersion, ipAddress, macAddress, timezone, tags, location, lastSeenAt, createdAt
--- exit 0

"#]]
    );
    assert_eq!(home.run("keys list -o json").exits(9).error()["code"], "unsupported");
}

#[test]
fn it_can_be_a_personal_account() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--personal");
    let answer = home.run("api '{ viewer { organization { personal } } }'").json();
    assert_eq!(answer, json!({"data": {"viewer": {"organization": {"personal": true}}}}));
}

#[test]
fn state_lasts_between_runs_and_belongs_to_its_owner() {
    let home = Home::new();
    home.run("--sandbox keys generate --name kept").ok();
    let names = home.run("--sandbox keys list -o ndjson --fields name").ndjson();
    assert_eq!(names, [json!({"name": "sandbox"}), json!({"name": "kept"})]);
    let modes = home.script("stat -c '%a' $XDG_STATE_HOME/optra/sandbox $XDG_STATE_HOME/optra/sandbox/*").run();
    assert_eq!(modes.out().lines().collect::<std::collections::BTreeSet<_>>(), ["600", "700"].into());
}

#[test]
fn a_damaged_state_is_a_clear_error() {
    let home = Home::new();
    let path = home.write("state/optra/sandbox/sandbox.db", "this is no database, and long enough to be sure of that");
    let session = home.run("--sandbox devices list");
    session.exits(1);
    assert!(session.err().contains(path.to_str().unwrap()), "{session}");
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let session = Home::new().run(&format!("sandbox --fresh --port {port}"));
    session.exits(1);
    assert!(session.err().starts_with(&format!("error: cannot listen on 127.0.0.1:{port}\n")), "{session}");
}

#[test]
fn several_runs_may_use_one_state_at_once() {
    let home = Home::new();
    let runs: Vec<Background> =
        (0..8).map(|n| home.line(&format!("--sandbox keys generate --name key-{n}")).start()).collect();
    for run in runs {
        run.end().ok();
    }
    assert_eq!(home.run("--sandbox keys list -o ndjson").ndjson().len(), 9);
}
