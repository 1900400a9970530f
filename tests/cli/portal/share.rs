//! `optra portal export`, `import` and `set`: the bindings for a portal are one file, and the profile's own values stay
//! at home.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{contract, kept};
use crate::harness::{Home, ReferenceServer};

const LIST: &str = "# jq: {devices: {data: .organization.devices.items}}\n# more: .organization.devices.hasNext\n\
# paging: page $page size $size\n# once: $organizationId\n\
query ($organizationId: ID!, $size: Int, $page: Int) {\n  organization(id: $organizationId) {\n    \
devices(pageSize: $size, page: $page) { items { id name } hasNext }\n  }\n}\n";
const REVOKE: &str = "# jq: {revokeApiKey: (if .revokeApiKey.success then {id: $id} else null end)}\n\
# once: $organizationId\n\
mutation ($organizationId: ID!, $id: ID!) { revokeApiKey(organizationId: $organizationId, id: $id) { success } }\n";

fn bound() -> (Home, ReferenceServer) {
    let (home, portal) = contract(&["--shape", "payloads", "--devices", "5", "--page", "2"]);
    home.line("portal bind devices.list -f -").stdin(LIST).run().ok();
    home.line("portal bind keys.revoke -f -").stdin(REVOKE).run().ok();
    (home, portal)
}

fn profile(home: &Home, url: &str) {
    home.write("config/optra/config.toml", format!("[profiles.default]\nportal = \"{url}\"\nstore = \"none\"\n"));
}

#[test]
fn what_is_exported_is_imported_elsewhere_for_the_same_portal() {
    let (home, portal) = bound();
    let file = home.run("portal export").ok().out().to_owned();
    assert_eq!(
        file,
        format!("# portal: {}\n\n# binding: devices.list\n{LIST}\n# binding: keys.revoke\n{REVOKE}", portal.url)
    );
    let mut other = Home::new();
    other.portal(&portal.url, ReferenceServer::KEY);
    let refused = other.line("portal import -").stdin(&*file).run();
    assert!(refused.exits(7).err().contains("nothing was imported"), "{refused}");
    let rows = other.line("portal import - --yes -o json").stdin(&*file).run().ok().json();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!(other.run("portal export").ok().out(), file);
    // Values of a profile are in no shared file.
    profile(&other, &portal.url);
    other.run("portal set organizationId=42").ok();
    assert_eq!(other.run("devices list -o ndjson").ok().ndjson().len(), 5);
    assert_eq!(home.run("devices list").exits(11).out(), "");
}

#[test]
fn one_that_is_wrong_keeps_all_out() {
    let (home, portal) = bound();
    let file = home.run("portal export").ok().out().to_owned();
    home.run("portal unbind devices.list").ok();
    home.run("portal unbind keys.revoke").ok();
    for (spoilt, exit, problem) in [
        (file.replace("# portal: ", "# portal: https://elsewhere.example "), 2, ""),
        (
            file.replacen(&portal.url, "https://elsewhere.example", 1),
            7,
            "these bindings are for https://elsewhere.example",
        ),
        (file.replace("{ success }", "{ success nope }"), 9, "does not fit this portal"),
        (file.replace("$id) { success }", "7) { success }"), 2, "`$id` is declared and not used"),
        (file.replace("# binding: keys.revoke", "# binding: keys.end"), 2, "there is no operation `keys.end`"),
        (file.replace("# binding: keys.revoke", "# binding: devices.list"), 2, "`devices.list` is bound twice"),
        (String::new(), 2, "there is no `# binding: OPERATION` in it"),
        ("{ devices }".to_owned(), 2, "a document stands before the first"),
    ] {
        let session = home.line("portal import - --yes").stdin(&*spoilt).run();
        assert!(session.exits(exit).err().contains(problem), "{session}");
        assert!(!home.path(kept(&portal.url, "devices.list")).exists(), "{session}");
    }
    home.run("portal export").exits(6);
}

#[test]
fn what_a_profile_gives_is_listed_changed_and_forgotten() {
    let (home, portal) = contract(&[]);
    let none = home.run("portal set organizationId=42");
    assert!(none.exits(11).err().contains("there is no profile `default`, and nothing was saved"), "{none}");
    profile(&home, &portal.url);
    home.run("portal set organizationId=42 $tenant=acme").ok();
    assert_data_eq!(
        home.run("portal set").to_string(),
        str![[r#"
name            value
organizationId  42
tenant          acme
--- exit 0

"#]]
    );
    home.run("portal set tenant=").ok();
    assert_eq!(home.run("portal set -o json").ok().json(), json!([{"name": "organizationId", "value": "42"}]));
    for wrong in ["=1", "a-b=1", "novalue", "1a=2"] {
        home.run(&format!("portal set {wrong}")).exits(2);
    }
    home.run("--sandbox portal set a=1").exits(2);
}

#[test]
fn a_value_that_a_binding_cannot_use_is_told_with_the_way_to_another() {
    let (home, portal) = contract(&[]);
    profile(&home, &portal.url);
    let list = "# once: $size\nquery ($after: String, $size: Int!) { devices(first: $size, after: $after) { data { id name } after } }\n";
    home.write("home/list.graphql", list);
    home.run("portal set size=few").ok();
    home.run("portal bind devices.list -f list.graphql").ok();
    let wrong = home.run("devices list");
    assert_eq!(
        wrong.exits(11).err(),
        "error: the binding of `devices.list` cannot be used: `size` has to be a number\n\
         hint: Give another value: `optra portal set size=VALUE`.\n\
         hint: See what the profile gives: `optra portal set`.\n"
    );
    assert!(home.run("portal set size").exits(2).err().contains("write it as `size=VALUE`"));
    home.run("portal set size=2").ok();
    home.run("devices list").ok();
}
