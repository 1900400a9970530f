//! `optra portal bind` and `unbind`: a portal with other names works with the commands, by the user's own documents.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{RENAMED, check_of, contract, kept, portal};
use crate::harness::{Home, ReferenceServer};

const GENERATE: &str =
    "mutation ($name: String) { generateApiKey: createApiSecret(label: $name) { id secret: value } }";
const LIST: &str = "query ($first: Int, $after: String) {
  apiKeys: apiSecrets(limit: $first, cursor: $after) {
    data: items { id name: label createdAt: created }
    after: next
  }
}";
const REVOKE: &str = "mutation Drop($id: ID!) { revokeApiKey: deleteApiSecret(secretId: $id) { id } }";

fn bind(home: &Home, operation: &str, document: &str) {
    home.line(&format!("portal bind {operation} -f -")).stdin(document).run().ok();
}

#[test]
fn bindings_make_all_three_commands_for_keys_work() {
    for options in [&[][..], &["--introspection", "off"]] {
        let (home, portal) = portal(RENAMED, options);
        home.run("keys generate --name ci").exits(9);
        bind(&home, "keys.generate", GENERATE);
        bind(&home, "keys.list", LIST);
        bind(&home, "keys.revoke", REVOKE);
        assert!(home.run("keys generate --name ci").ok().out().len() > 20);
        assert_data_eq!(
            home.run("keys list").to_string(),
            str![[r#"
id        name       createdAt
key-0001  first key  2025-06-01T00:00:00Z
key-0002  ci         2026-03-01T12:00:00Z
--- stderr
warning: this portal does not have lastUsedAt, createdBy
--- exit 0

"#]]
        );
        assert!(
            home.run("keys revoke ci --yes --accept-risk lose-access")
                .ok()
                .err()
                .contains("Revoked key `ci` (id key-0002).")
        );
        let requests = portal.requests();
        let revocation = requests.iter().rfind(|request| request.document() == format!("{REVOKE}\n")).unwrap();
        assert_eq!((revocation.operation(), revocation.variables()), ("Drop", &json!({"id": "key-0002"})));
        let checks = home.run("portal check -o json").ok().json();
        for operation in ["keys.list", "keys.generate", "keys.revoke"] {
            assert_eq!(check_of(&checks, operation)["verdict"], "bound", "{operation}");
        }
    }
}

#[test]
fn what_the_check_proposes_can_be_pasted() {
    let (home, _portal) = portal(RENAMED, &["--devices", "5", "--page", "2"]);
    let pasted = home.script("optra portal check -v 2>&1 | grep -o \"echo .* -f -\" | sh").run();
    assert_eq!(pasted.ok().err().matches("Bound `").count(), 4, "{pasted}");
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 5);
    assert!(home.run("keys generate --name ci").ok().out().len() > 20);
    home.run("keys revoke ci --yes --accept-risk lose-access").ok();
}

#[test]
fn a_paging_of_another_kind_is_partial_until_it_is_bound() {
    let (home, _portal) = portal(RENAMED, &["--devices", "5", "--page", "2"]);
    let session = home.run("devices list -o ndjson");
    assert_eq!(session.exits(3).ndjson().len(), 2);
    let error = session.error();
    assert_eq!(error["left_out"][0], "serialNumber");
    assert!(error["hints"][0].as_str().unwrap().contains("| optra portal bind devices.list -f -"), "{error}");
    assert_eq!(home.run("devices list -o ndjson --allow-partial").ok().ndjson().len(), 2);
    bind(
        &home,
        "devices.list",
        "query ($first: Int, $after: String) { devices(limit: $first, cursor: $after) { data { id name } after: next total: count } }",
    );
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 5);
    assert_eq!(home.run("devices show 'Device 5' -o json").ok().json()["id"], "device-0005");
}

#[test]
fn a_wrong_one_is_refused_with_its_line_and_changes_nothing() {
    let (home, portal) = portal(RENAMED, &[]);
    bind(&home, "keys.generate", GENERATE);
    let kept = home.path(kept(&portal.url, "keys.generate"));
    let file = home.write("wrong.graphql", "mutation {\n  generateApiKey: make {\n    id\n  }\n}\n");
    let session = home.optra(["portal", "bind", "keys.generate", "-f", file.to_str().unwrap()]).run();
    assert!(
        session.exits(2).err().contains("wrong.graphql`: the member `generateApiKey.secret` is missing"),
        "{session}"
    );
    assert!(session.err().contains("line 2 of"), "{session}");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), format!("{GENERATE}\n"));
    home.run("portal bind keys.make -f -").exits(2);
    home.run("portal bind keys.generate -f nowhere.graphql").exits(2);
    home.run("--sandbox portal bind keys.generate -f -").exits(2);
    home.run("--no-config portal bind keys.generate -f -").exits(11);
    let machine = home.line("portal bind keys.generate -f - -o json").stdin(GENERATE).run();
    assert_eq!(machine.ok().json()["missing"], json!(["name", "createdAt"]));
    let gone = home.run("portal unbind keys.generate -o json").ok().json();
    assert_eq!((&gone["bound"], kept.exists()), (&json!(false), false));
    assert!(home.run("portal unbind keys.generate").ok().err().contains("was not bound"));
}

#[test]
fn one_that_was_spoiled_later_is_named_and_never_passed_over() {
    let (home, portal) = contract(&[]);
    home.write(kept(&portal.url, "keys.list"), "query {\n  apiKeys { data }\n}\n");
    let session = home.run("keys list");
    let told = session.exits(11).err();
    assert!(told.contains("keys.list.graphql`: the member `apiKeys.data` has sub-fields"), "{session}");
    assert!(told.contains("line 2 of") && told.contains("`optra portal unbind keys.list`"), "{session}");
    assert!(!portal.operations().contains(&"KeysList".to_owned()));
    let checks = home.run("portal check -o json").ok().json();
    assert_eq!(check_of(&checks, "keys.list")["verdict"], "cannot");
}

#[test]
fn one_that_the_portal_refuses_is_not_replaced_by_ours() {
    let (home, portal) = contract(&[]);
    let refused = home.line("portal bind keys.generate -f -").stdin(GENERATE).run();
    assert!(refused.exits(9).err().contains("the binding of `keys.generate` does not fit this portal"), "{refused}");
    assert!(refused.err().contains("Cannot query field") && refused.err().contains("`--unchecked`"), "{refused}");
    assert!(!home.path(kept(&portal.url, "keys.generate")).exists());
    home.line("portal bind keys.generate -f - --unchecked").stdin(GENERATE).run().ok();
    let session = home.run("keys generate --name ci -o json");
    assert_eq!(session.exits(9).error()["code"], "unsupported");
    assert!(session.err().contains("the binding of `keys.generate` does not fit this portal"), "{session}");
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 1);
    assert!(
        portal.requests().iter().all(|request| request.status != Some(200) || request.operation() != "KeysGenerate")
    );
}

#[test]
fn a_name_that_would_be_lost_makes_no_key() {
    let (home, portal) = portal(RENAMED, &[]);
    bind(&home, "keys.generate", "mutation { generateApiKey: createApiSecret { id secret: value } }");
    let session = home.run("keys generate --name ci");
    assert!(session.exits(9).err().contains("`keys.generate`: it has no argument `$name`"), "{session}");
    assert!(portal.operations().iter().all(|name| name != "KeysGenerate"));
    home.run("keys generate").ok();
}

#[test]
fn they_belong_to_a_portal_whatever_profile_is_used() {
    let (mut home, portal) = contract(&[]);
    let elsewhere = ReferenceServer::start(&[]);
    home.line("portal bind devices.list -f -").stdin("{ devices { data { id } total } }").run().ok();
    assert!(home.path(kept(&portal.url, "devices.list")).exists());
    let listed = |home: &Home, line: &str| home.run(line).ok().ndjson()[0]["name"].clone();
    assert_eq!(listed(&home, "devices list -o ndjson"), json!(null));
    home.write("config/optra/config.toml", format!("[profiles.another]\nportal = \"{}\"\n", portal.url));
    assert_eq!(listed(&home, "devices list -o ndjson --profile another"), json!(null));
    assert_eq!(listed(&home, "devices list -o ndjson --no-config"), "Device 1");
    home.portal(&elsewhere.url, ReferenceServer::KEY);
    assert_eq!(listed(&home, "devices list -o ndjson"), "Device 1");
}

const RELAY: &str = "# jq: {devices: {data: [.devices.edges[].node]}}
# next: .devices.pageInfo.endCursor
# more: .devices.pageInfo.hasNextPage
query ($first: Int, $after: String, $status: String) {
  devices(first: $first, after: $after, status: $status) {
    edges { node { id name status } }
    pageInfo { endCursor hasNextPage }
  }
}";

#[test]
fn what_a_head_makes_is_tried_on_the_portals_own_types_before_it_is_kept() {
    let (home, portal) = contract(&["--shape", "relay"]);
    for (document, problem) in [
        (RELAY.replace(".edges[].node]", ".edges[]]"), "it gives no `devices.data.id`"),
        (RELAY.replace("[.devices.edges[].node]", ".devices.nodes"), "it gives no `devices.data`"),
        (RELAY.replace("# jq: {devices:", "# jq: {fleet:"), "it gives nothing of ours"),
        (RELAY.replace("edges[].node", "edges | error"), "fails on it"),
    ] {
        let session = home.line("portal bind devices.list -f -").stdin(&*document).run();
        let told = session.exits(9).err();
        assert!(told.contains("the binding of `devices.list` cannot be used on this portal"), "{session}");
        assert!(told.contains(problem), "{problem}\n{session}");
    }
    for (document, problem) in [
        (RELAY.replace("# jq: {", "# jq: {{"), "line 1 of `-`: `jq` is not a valid jq program"),
        (RELAY.replace("# next", "# nxt"), "line 2 of `-`: `nxt` is not known; `next` is"),
        (RELAY.replace("# more: ", "# paging: by hand\n# more: "), "`by hand` is not a paging mode"),
        (RELAY.replace("# next: .devices.pageInfo.endCursor\n", ""), "is not read"),
        (RELAY.replace("$status", "$state"), "`# once: $state` has a profile give it"),
    ] {
        let session = home.line("portal bind devices.list -f -").stdin(&*document).run();
        assert!(session.exits(2).err().contains(problem), "{problem}\n{session}");
    }
    assert!(!home.path(kept(&portal.url, "devices.list")).exists());
}

#[test]
fn a_bound_query_is_tried_once_and_shows_what_it_brings() {
    let (home, portal) = contract(&["--shape", "relay", "--devices", "7", "--page", "3"]);
    let session = home.line("portal bind devices.list -f - --try").stdin(RELAY).run();
    assert!(session.ok().err().contains(r#"{"id":"device-0001","name":"Device 1","status":"online"}"#), "{session}");
    let tried = home.line("portal bind devices.list -f - --try -o json").stdin(RELAY).run().ok().json();
    assert_eq!(tried["items"].as_array().unwrap().len(), 3);
    assert!(tried["missing"].as_array().unwrap().contains(&json!("serialNumber")));
    home.line("portal bind keys.revoke -f - --try").stdin(REVOKE).run().exits(2);
    // Fields that the binding does not give are known to be missing; predicates that the portal supports are pushed
    // down.
    assert!(home.run("devices list --where model=x").exits(9).err().contains("this portal does not have model"));
    let before = portal.requests().len();
    assert_eq!(home.run("devices list --where status=offline -o ndjson").ok().ndjson().len(), 2);
    assert_eq!(portal.requests()[before].variables()["status"], "offline");
    assert_eq!(home.run("devices list -o ndjson --fields name").ok().ndjson().len(), 7);
}

#[test]
fn a_secret_that_came_is_delivered_whatever_else_is_missing() {
    let (home, portal) = contract(&["--shape", "offset"]);
    let generate =
        "# jq: {generateApiKey: {secret: .create_api_key}}\nmutation ($name: String) { create_api_key(label: $name) }";
    bind(&home, "keys.generate", generate);
    // The list has no binding, so the id cannot be found.
    let session = home.run("keys generate --name ci");
    assert!(session.exits(0).out().len() > 20, "{session}");
    assert!(!session.out().contains("null"), "{session}");
    assert_eq!(portal.requests().iter().filter(|request| request.document().contains("create_api_key(")).count(), 2);
}
