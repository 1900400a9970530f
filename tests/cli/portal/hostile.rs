//! Unusual portals, and how their answers are handled: nothing is lost, and no partial result looks complete.

use serde_json::json;

use super::{contract, kept, portal};
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

#[test]
fn arguments_that_may_page_leave_open_whether_one_page_is_all() {
    let schema = "type Query { devices(pagination: P, sort: String): Devices } input P { page: Int, pageSize: Int }
                  type Devices { data: [Device!]! } type Device { id: ID! name: String }";
    let (home, _portal) = portal(schema, &["--devices", "5", "--page", "2"]);
    let session = home.run("devices list -o ndjson");
    assert_eq!(session.exits(3).ndjson().len(), 2, "{session}");
    home.run("devices list --count").exits(3);
    assert!(home.run("portal check").ok().err().contains("one page only: the portal pages by pagination"), "{session}");
}

#[test]
fn what_says_that_there_is_more_is_believed_whatever_a_binding_says() {
    let (home, _portal) = contract(&["--shape", "payloads", "--devices", "5", "--page", "2"]);
    let list = "# jq: {devices: {data: .organization.devices.items}}\n# more: .organization.devices.hasNext\n# paging: none\n\
                { organization(id: \"42\") { devices { items { id name } hasNext } } }";
    home.line("portal bind devices.list -f -").stdin(list).run().ok();
    let session = home.run("devices list -o ndjson");
    assert!(session.exits(3).err().contains("the portal says that there are more"), "{session}");
    home.run("devices list --count").exits(3);
    // The total reveals skipped pages.
    let list = "# jq: {devices: {data: .organization.devices.items}}\n# total: .organization.devices.total\n\
                # paging: page $page from 2\nquery ($page: Int) { organization(id: \"42\") { devices(page: $page) { items { id } total } } }";
    home.line("portal bind devices.list -f -").stdin(list).run().ok();
    assert_eq!(home.run("devices list -o ndjson").exits(3).ndjson().len(), 3);
}

#[test]
fn a_line_of_a_head_that_gives_nothing_is_refused() {
    let (home, portal) = contract(&["--shape", "relay"]);
    for (line, problem) in [
        ("# next: .devices.pageInfo.endCursr", "its `next` gives nothing"),
        ("# next: .devices.pageInfo.endCursor\n# more: .devices.pageInfo.more", "its `more` gives nothing"),
        ("# next: .devices.pageInfo.endCursor\n# total: .devices.count", "its `total` gives nothing"),
        ("# paging: cursor $after\n# next: .after", "its `next` gives nothing"),
    ] {
        let document = format!(
            "# jq: {{devices: {{data: [.devices.edges[].node]}}}}\n{line}\nquery ($first: Int, $after: String) \
             {{ devices(first: $first, after: $after) {{ edges {{ node {{ id }} }} pageInfo {{ endCursor hasNextPage }} }} }}"
        );
        let session = home.line("portal bind devices.list -f -").stdin(&*document).run();
        assert!(session.exits(9).err().contains(problem), "{line}\n{session}");
    }
    assert!(!home.path(kept(&portal.url, "devices.list")).exists());
}

#[test]
fn a_filter_loses_no_secret_and_quotes_none() {
    let (home, portal) = contract(&[]);
    let session = home.run("keys generate --name ci --jq .id");
    assert!(session.exits(1).err().contains("the filter drops the secret"), "{session}");
    assert_eq!(home.run("keys list -o ndjson").ok().ndjson().len(), 1, "it was revoked");
    let document = "mutation { generateApiKey(name: \"z\") { secret } }";
    let session = home.optra(["api", document, "--jq", ".data.generateApiKey.secret.foo"]).run();
    let answer = serde_json::from_str::<serde_json::Value>(&session.exits(1).out()).unwrap();
    let secret = answer["data"]["generateApiKey"]["secret"].as_str().unwrap().to_owned();
    assert!(!session.err().contains(&secret) && session.err().contains("written as it came"), "{session}");
    home.write(
        "config/optra/queries/gen.graphql",
        "mutation ($name: String) { generateApiKey(name: $name) { id secret } }",
    );
    let session = home.run("query gen --name x --yes --template {{nope.x}}");
    assert!(session.exits(1).out().contains("\"secret\""), "{session}");
    home.run("query gen --name x --yes --where id=z").exits(2);
    let paginated =
        home.optra(["api", "--paginate", "mutation ($after: String) { generateApiKey(name: $after) { id } }"]).run();
    assert!(paginated.exits(2).err().contains("this document is a mutation"), "{paginated}");
    assert_eq!(portal.requests().iter().filter(|request| request.document().starts_with("mutation")).count(), 4);
}

#[test]
fn a_mutation_of_ones_own_has_a_reader_or_is_not_sent() {
    let (home, portal) = contract(&[]);
    home.write("config/optra/queries/gen.graphql", "mutation { generateApiKey(name: \"q\") { id secret } }");
    let mutation = "optra api 'mutation { generateApiKey(name: \"z\") { secret } }'";
    for line in ["optra query gen --yes", mutation] {
        home.script(&format!("{line} >/dev/null")).run().exits(7);
        home.script(&format!("{line} >&-")).run().exits(7);
        assert!(portal.requests().iter().all(|request| !request.document().starts_with("mutation")));
    }
    let session = home.script(&format!("{mutation} >/dev/full")).run();
    assert!(session.exits(1).err().contains("check its effect"), "{session}");
}

#[test]
fn what_the_portal_cannot_choose_by_is_chosen_here() {
    let schema = "type Query { devices(status: Status): Devices } enum Status { ONLINE OFFLINE }
                  type Devices { data: [Device!]!, total: Int } type Device { id: ID! status: String }";
    let (home, _portal) = portal(schema, &["--devices", "3"]);
    let list = "# paging: none\nquery ($status: Status) { devices(status: $status) { data { id status } } }";
    home.line("portal bind devices.list -f -").stdin(list).run().ok();
    assert_eq!(home.run("devices list --where status=offline -o ndjson").ok().ndjson().len(), 1);
}

#[test]
fn a_hint_goes_where_the_run_went() {
    let (_, portal) = portal("type Query { fleet: [Device!]! } type Device { id: ID! name: String }", &[]);
    let home = Home::new();
    home.write(
        "config/optra/config.toml",
        format!(
            "[profiles.stag]\nportal = \"{}\"\nstore = \"command\"\ncommand = \"echo {}\"\n",
            portal.url,
            ReferenceServer::KEY
        ),
    );
    let session = home.run("devices list --profile stag");
    let told = session.exits(9).err();
    assert!(told.contains("| optra --profile stag portal bind devices.list -f -"), "{session}");
    assert!(told.contains("`optra --profile stag portal adopt`"), "{session}");
}

#[test]
fn half_a_character_costs_no_more_in_a_bound_answer_than_in_another() {
    let body = r#"{"data":{"fleet":[{"id":"1","name":"half \ud800"}]}}"#;
    let server = MockServer::new().lenient().answer("", Answer::new(200, "application/json", body));
    let mut home = Home::new();
    home.portal(&server.url, "key-of-a-script");
    let list = "# jq: {devices: {data: .fleet}}\n# paging: none\n{ fleet { id name } }";
    home.line("portal bind devices.list -f - --unchecked").stdin(list).run().ok();
    assert_eq!(home.run("devices list -o ndjson").ok().ndjson()[0]["name"], json!("half \u{fffd}"));
}
