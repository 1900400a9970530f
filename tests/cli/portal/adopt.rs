//! `optra portal adopt`: a person reads the suggestions, and a mutation is never adopted without a typed name. It must
//! not test whether an adopted binding works; `shapes` does.

use serde_json::json;

use super::{contract, kept};
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

fn shape(name: &str, options: &[&str]) -> (Home, ReferenceServer) {
    contract(&[&["--shape", name], options].concat())
}

#[test]
fn a_person_reads_each_and_types_the_name_of_what_changes_something() {
    let (home, portal) = shape("offset", &[]);
    let mut terminal = home.terminal("portal adopt");
    terminal.expect("devices.list (it has a similar name in this portal):");
    terminal.expect("from now on? Type yes or no");
    terminal.send_line("yes");
    terminal.expect("from now on? Type yes or no");
    terminal.send_line("no");
    terminal.expect("from now on? Type yes or no");
    terminal.send_line("yes");
    terminal.expect("Type create_api_key to use it from now on");
    terminal.send_line("yes");
    terminal.expect("that is not its name");
    terminal.expect("Type create_api_key to use it from now on, or nothing to skip it");
    terminal.send_line("");
    terminal.expect("Type delete_api_key to use it");
    terminal.send_line("delete_api_key");
    let ended = terminal.finish();
    assert!(ended.text.contains("3 of 5 suggestions saved."), "{}", ended.text);
    let is_kept = |operation: &str| home.path(kept(&portal.url, operation)).exists();
    let all = ["devices.list", "devices.show", "keys.list", "keys.generate", "keys.revoke"];
    assert_eq!(all.map(is_kept), [true, false, true, false, true]);
    assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
}

#[test]
fn a_script_takes_what_only_reads_and_is_told_the_rest() {
    let (home, portal) = shape("payloads", &[]);
    let session = home.run("portal adopt");
    assert!(session.ok().err().contains("0 of 5 suggestions saved."), "{session}");
    assert!(session.err().contains("`optra portal adopt --yes-queries`"), "{session}");
    assert!(!home.path("config/optra/bindings").exists());
    let session = home.run("portal adopt --yes-queries -o json");
    assert!(session.ok().err().contains("`optra portal set organizationId=VALUE`"), "{session}");
    let adopted = session.json();
    let verdicts: Vec<_> = adopted.as_array().unwrap().iter().map(|one| (&one["operation"], &one["bound"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(verdicts[0], (&json!("devices.list"), &yes));
    assert_eq!(verdicts[3..], [(&json!("keys.generate"), &no), (&json!("keys.revoke"), &no)]);
    let generate = &adopted[3];
    assert_eq!(generate["fragile"], json!(["generateApiKey.secret"]), "{generate}");
    assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
}

const CURL: &str = r#"curl 'https://portal.example/graphql' -H 'content-type: application/json' -H 'cookie: session=very-secret-session' --data-raw '{"operationName":"Fleet","variables":{"limit":20,"offset":0},"query":"query Fleet($limit: Int, $offset: Int) { devices(limit: $limit, offset: $offset) { id name serial_number __typename } }"}'"#;

#[test]
fn a_portal_that_refuses_introspection_is_fitted_by_a_pasted_request() {
    let (home, portal) = shape("offset", &["--introspection", "off", "--devices", "7", "--page", "3"]);
    let session = home.run("portal adopt");
    assert!(session.ok().err().contains("refused introspection"), "{session}");
    assert!(session.err().contains("`optra portal adopt --from-curl \"$(cat request.sh)\"`"), "{session}");
    // Without an answer the user has to permit running the query.
    let refused = home.optra(["portal", "adopt", "--from-curl", CURL]).run();
    assert!(refused.exits(7).err().contains("`--answer FILE`"), "{refused}");
    let answer = json!({"data": {"devices": [{"id": "device-0001", "name": "Device 1", "serial_number": "SN1"}]}});
    let answer = home.write("answer.json", answer.to_string());
    let adopt = ["portal", "adopt", "--from-curl", CURL, "--answer", answer.to_str().unwrap(), "--yes-queries"];
    let session = home.optra(adopt).run();
    assert!(session.ok().err().contains("Bound `devices.list`."), "{session}");
    assert!(session.err().contains("It lists devices by the portal's `devices`, page after page."), "{session}");
    let from_stdin = ["portal", "adopt", "--from-curl", "-", "--answer", answer.to_str().unwrap(), "-o", "json"];
    let nobody = home.optra(["portal", "adopt", "--yes-queries", "--from-curl", "-"]).stdin(CURL).run();
    assert!(nobody.exits(7).err().contains("leave the terminal to the question"), "{nobody}");
    let both = home.optra(["portal", "adopt", "--from-curl", "-", "--answer", "-"]).stdin(CURL).run();
    assert!(both.exits(2).err().contains("stdin cannot be both the command and its answer"), "{both}");
    assert_eq!(home.optra(from_stdin).stdin(CURL).run().ok().json()[0]["operation"], "devices.list");
    assert!(session.err().contains("a guess: check it") && !session.err().contains("very-secret"), "{session}");
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson().len(), 7);
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson()[6]["serialNumber"], "SN00000000007");
    assert!(home.path(kept(&portal.url, "devices.list")).exists());
    let mut terminal = home.optra(["portal", "adopt", "--from-curl", CURL]).on_terminal().start();
    terminal.expect("Run this query once");
    terminal.send_line("yes");
    terminal.expect("from now on? Type yes or no");
    // A typing mistake is asked about again, and rejects nothing.
    terminal.send_line("yse");
    terminal.expect("that is neither yes nor no");
    terminal.expect("from now on? Type yes or no");
    terminal.send_line("no");
    assert!(terminal.finish().text.contains("0 of 1 suggestions saved."));
}

#[test]
fn where_nothing_can_be_adopted_that_is_the_end_of_it() {
    let shelf = Home::new();
    let bare = "type Query { devices(first: Int, after: String): Devices } type Devices { data: [Device!]! after: String } \
                type Device { id: ID! name: String }";
    let bare = shelf.write("schema.graphql", bare);
    let (home, _portal) = contract(&["--schema", bare.to_str().unwrap()]);
    let session = home.run("portal adopt");
    assert!(session.ok().err().contains("`auth.viewer`: nothing similar was found.\n"), "{session}");
    assert!(session.err().ends_with("The commands that need that do not work here; all others do.\n"), "{session}");
    assert!(!session.err().contains("suggestion"), "nothing twice: {session}");
    let (home, _portal) = contract(&[]);
    let session = home.run("portal adopt");
    assert_eq!(session.ok().err(), "This portal can do every operation.\n");
}

#[test]
fn a_pasted_mutation_is_never_run_and_never_taken_without_its_name() {
    let (home, portal) = shape("payloads", &["--introspection", "off"]);
    let document = "mutation New($organizationId: ID!, $input: GenerateApiKeyInput!) { generateApiKey(organizationId: \
                    $organizationId, input: $input) { apiKey { id name } secret errors { message code } } }";
    let variables = json!({"organizationId": "42", "input": {"name": "by hand"}});
    let body = json!({"query": document, "variables": variables}).to_string();
    let curl = format!("curl 'https://portal.example/graphql' --data-raw '{body}'");
    let session = home.optra(["portal", "adopt", "--yes-queries", "--from-curl", &curl]).run();
    assert!(session.ok().err().contains("0 of 1 suggestions saved."), "{session}");
    assert!(portal.requests().iter().all(|request| request.operation() != "New"));
    // The printed line can be pasted.
    let line =
        session.err().lines().find_map(|line| line.split_once("bind it: ")).unwrap().1.trim_matches('`').to_owned();
    home.script(&line).run().ok();
    home.write(
        "config/optra/config.toml",
        format!("[profiles.default]\nportal = \"{}\"\nstore = \"none\"\n", portal.url),
    );
    home.run("portal set organizationId=42").ok();
    let made = home.run("keys generate --name ci");
    assert!(made.ok().out().len() > 20, "{made}");
}

#[test]
fn a_pasted_mutation_is_not_run_whatever_it_is_said_to_be() {
    let (home, portal) = contract(&[]);
    let curl = r#"curl x --data-raw '{"query":"mutation { generateApiKey(name: \"q\") { id secret } }"}'"#;
    let mut terminal =
        home.optra(["portal", "adopt", "--as", "devices.list", "--from-curl", curl]).on_terminal().start();
    assert!(terminal.finish().unbroken().contains("it is a mutation, and `devices.list` is not"));
    assert!(portal.requests().is_empty());
}

#[test]
fn what_is_another_one_each_time_and_what_is_secret_is_not_kept() {
    let (home, portal) = contract(&["--shape", "relay", "--introspection", "off"]);
    let document = "mutation C($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret } }";
    let paste = |mutation_id: &str, header: &str| {
        let variables = json!({"input": {"name": "by hand", "clientMutationId": mutation_id}});
        let body = json!({"query": document, "variables": variables}).to_string();
        let curl = format!("curl x -H 'authorization: {header}' --data-raw '{body}'");
        home.optra(["portal", "adopt", "--from-curl", &curl, "-o", "json"]).run()
    };
    let made = paste("abc", "Bearer abcdefghijkl").ok().json()[0]["document"].as_str().unwrap().to_owned();
    assert!(made.contains("createApiKey(input: {name: $name})"), "{made}");
    let document = document.replace("$input: CreateApiKeyInput!", "$input: CreateApiKeyInput!, $token: String");
    let body =
        json!({"query": document, "variables": {"input": {"name": "x", "label": "Bearer abcdefghijkl"}}}).to_string();
    let curl = format!("curl x -H 'authorization: Bearer abcdefghijkl' --data-raw '{body}'");
    let refused = home.optra(["portal", "adopt", "--from-curl", &curl]).run();
    assert!(refused.exits(2).err().contains("a secret of its headers stands in its variables"), "{refused}");
    assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
}

#[test]
fn whether_one_page_is_all_is_doubted_where_nothing_tells() {
    let (home, _portal) = shape("offset", &["--introspection", "off"]);
    let doubt = "it is not known whether there is more than one page";
    let answer = json!({"data": {"devices": [{"id": "device-0001", "name": "Device 1"}]}});
    let answer = home.write("answer.json", answer.to_string());
    let one_page = r#"curl x --data-raw '{"query":"query Fleet { devices { id name } }"}'"#;
    for (curl, is_doubted) in [(one_page, true), (CURL, false)] {
        let session = home.optra(["portal", "adopt", "--from-curl", curl, "--answer", answer.to_str().unwrap()]).run();
        assert_eq!(session.ok().err().contains(doubt), is_doubted, "{session}");
    }
}

#[test]
fn what_no_request_can_be_made_of_is_named() {
    let (home, _portal) = contract(&[]);
    for (command, problem) in [
        ("curl 'https://x' --data-raw '{\"query\":\"{ users { id } }\"}'", "its names do not say what it is for"),
        ("curl 'https://x' --data-raw '{\"query\":\"{ dev\"}'", "syntax error"),
        ("curl 'https://x' --data-raw 'a=b'", "its body is not JSON"),
        ("echo", "it is not a `curl …` command"),
    ] {
        let session = home.optra(["portal", "adopt", "--from-curl", command]).run();
        assert!(session.exits(2).err().contains(problem), "{session}");
    }
}

#[test]
fn a_login_needs_no_devices_and_says_what_was_proven() {
    let (home, portal) = (Home::new(), ReferenceServer::start(&["--shape", "payloads"]));
    let login = ["auth", "login", "--portal", &portal.url, "--store", "file", "--key-file", "-"];
    let session = home.optra(login).stdin(ReferenceServer::KEY).run();
    assert!(session.ok().err().contains("whether this one is valid is not known"), "{session}");
    assert!(session.err().contains("`--try-wrong-key`"), "{session}");
    let tried = home.optra([&login[..], &["--try-wrong-key", "-o", "json"]].concat()).stdin(ReferenceServer::KEY).run();
    assert_eq!(tried.ok().json()["provenBy"], "its refusal of another key");
    let requests = portal.requests();
    let wrong = requests.iter().filter(|request| request.header("api-secret") != Some(ReferenceServer::KEY));
    assert_eq!(wrong.count(), 1, "one wrong key, and only where it is wanted");
    // A wrong value is reported at once.
    home.optra(login).stdin("another-key").run().exits(4);
}

#[test]
fn what_answers_anybody_proves_nothing() {
    let error = json!({"message": "Cannot query field", "locations": [{"line": 1, "column": 1}]});
    let refused = || Answer::json(400, json!({ "errors": [error] }));
    let server = MockServer::new()
        .lenient()
        .answer("AuthViewer", refused())
        .answer("DevicesList", refused())
        .answer("KeysList", refused())
        .answer("Typename", Answer::data(json!({"__typename": "Query"})));
    let home = Home::new();
    let login = [
        "auth",
        "login",
        "--portal",
        &server.url,
        "--store",
        "file",
        "--key-file",
        "-",
        "--try-wrong-key",
        "-o",
        "json",
    ];
    let session = home.optra(login).stdin("key-of-a-script").run();
    assert_eq!(session.ok().json()["provenBy"], "nothing", "{session}");
    assert!(session.err().contains("to a made-up key too"), "{session}");
}
