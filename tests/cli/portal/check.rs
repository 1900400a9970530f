//! `optra portal check`: its results, its probes, and that none of them executes anything.

use serde_json::json;
use sha2::{Digest, Sha256};
use snapbox::{assert_data_eq, str};

use super::{RENAMED, check_of, contract, portal, verdicts};
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

#[test]
fn a_portal_with_the_contract_does_everything() {
    let (home, portal) = contract(&[]);
    assert_data_eq!(
        home.run("portal check --strict").to_string(),
        str![[r#"
operation      verdict  learned
devices.list   works    -
devices.show   works    -
keys.list      works    -
keys.generate  works    -
keys.revoke    works    -
auth.viewer    works    -
--- exit 0

"#]]
    );
    // One probe for each operation, and one with nonsense.
    let checked = home.run("portal check -o ndjson").ok().ndjson().len();
    assert_eq!(portal.operations(), vec!["OptraProbe"; 2 * (checked + 1)]);
}

#[test]
fn a_portal_with_other_names_is_told_with_the_bindings_that_would_mend_it() {
    let (home, _portal) = portal(RENAMED, &[]);
    assert_data_eq!(
        home.run("portal check").to_string(),
        str![[r#"
operation      verdict  learned
devices.list   fewer    schema
devices.show   cannot   -
keys.list      cannot   -
keys.generate  cannot   -
keys.revoke    cannot   -
auth.viewer    cannot   -
--- stderr
`devices.list`: without serialNumber, model, enabled, firmwareVersion and 7 more
`devices.list`: one page only: the portal pages by limit, cursor
`devices.show`: it has no query `device`; it has devices
`keys.list`: it has no query `apiKeys`; it has apiSecrets
`keys.generate`: it has no mutation `generateApiKey`; it has createApiSecret
`keys.revoke`: it has no mutation `revokeApiKey`; it has deleteApiSecret
`auth.viewer`: it has no query `viewer`
hint: `optra portal adopt` shows bindings that may mend this, and asks.
hint: All names, and bindings as lines to paste: `optra portal check -v`.
--- exit 0

"#]]
    );
    let session = home.run("portal check --strict -o json");
    let checks = session.exits(9).json();
    // A program has all of it, in the lines on stderr, too.
    assert_eq!(session.err().matches("If this means the same, bind it: ").count(), 4, "{session}");
    assert_eq!(check_of(&checks, "keys.generate")["missing"], json!(["Mutation.generateApiKey"]));
    assert_eq!(check_of(&checks, "keys.generate")["alike"], json!(["createApiSecret"]));
    assert_eq!(home.run("portal check --strict -o json").error()["code"], "unsupported");
}

#[test]
fn what_a_person_asks_for_is_told_in_full() {
    let (home, _portal) = portal(RENAMED, &[]);
    let told = home.run("portal check -v").ok().err();
    let told: String = told.lines().filter(|line| !line.contains(": POST ")).map(|line| format!("{line}\n")).collect();
    assert_data_eq!(
        told,
        str![[r#"
`devices.list`: without serialNumber, model, enabled, firmwareVersion, ipAddress, macAddress, timezone, tags, location, lastSeenAt, createdAt
`devices.list`: one page only: the portal pages by limit, cursor
hint: If this means the same, bind it: `echo 'query ($first: Int, $after: String) { devices(limit: $first, cursor: $after) { data { id name status } after: next total: count } }' | optra portal bind devices.list -f -`
`devices.show`: it has no query `device`; it has devices
`keys.list`: it has no query `apiKeys`; it has apiSecrets
hint: If this means the same, bind it: `echo 'query ($first: Int, $after: String) { apiKeys: apiSecrets(limit: $first, cursor: $after) { data: items { id name: label createdAt: created } after: next } }' | optra portal bind keys.list -f -`
`keys.generate`: it has no mutation `generateApiKey`; it has createApiSecret
hint: If this means the same, bind it: `echo 'mutation ($name: String) { generateApiKey: createApiSecret(label: $name) { id secret: value name: label } }' | optra portal bind keys.generate -f -`
`keys.revoke`: it has no mutation `revokeApiKey`; it has deleteApiSecret
hint: If this means the same, bind it: `echo 'mutation ($id: ID!) { revokeApiKey: deleteApiSecret(secretId: $id) { id } }' | optra portal bind keys.revoke -f -`
`auth.viewer`: it has no query `viewer`

"#]]
    );
}

#[test]
fn a_portal_that_lacks_much_is_told_in_one_screen() {
    for (schema, options) in [
        (Some(RENAMED), &[][..]),
        (None, &["--dialect", "documented"]),
        (None, &["--dialect", "documented", "--introspection", "off"]),
    ] {
        let (home, _portal) = schema.map_or_else(|| contract(options), |schema| portal(schema, options));
        let ended = home.terminal("portal check").finish();
        assert!(ended.text.lines().count() < 24, "{}", ended.text);
        assert!(ended.text.lines().all(|line| line.chars().count() <= 81), "{}", ended.text);
    }
}

#[test]
fn what_was_learned_is_told_with_how() {
    let documented = ["--dialect", "documented"];
    let off = ["--introspection", "off"];
    for (options, learned) in [
        (documented.to_vec(), "schema"),
        ([documented, off].concat(), "refusal"),
        ([&documented[..], &off, &["--words", "own"]].concat(), "assumption"),
        (
            [&documented[..], &off, &["--validation-code", "GRAPHQL_VALIDATION_FAILED", "--suggestions", "off"]]
                .concat(),
            "refusal",
        ),
        ([&documented[..], &off, &["--lenient-status"]].concat(), "refusal"),
    ] {
        let (home, portal) = contract(&options);
        let checks = home.run("portal check -o json").ok().json();
        let found = verdicts(&checks);
        assert_eq!(found[0].0, "devices.list");
        assert_eq!((found[0].1, found[0].2), ("fewer", learned), "{options:?}");
        assert!(found[1..].iter().all(|found| found.1 == "cannot"), "{options:?} {found:?}");
        let asked = portal.operations();
        assert!(asked.iter().all(|name| name == "OptraProbe" || name == "Introspection"), "{asked:?}");
        assert_eq!(asked.iter().filter(|name| *name == "Introspection").count(), 1, "{asked:?}");
        // The result was cached: the listing is one request.
        home.run("devices list --allow-partial").ok();
        assert_eq!(portal.requests().len(), asked.len() + 1);
    }
}

#[test]
fn a_probe_could_not_run_even_if_a_server_chose_badly() {
    let mut home = Home::new();
    let script = MockServer::new()
        .answer("OptraProbe", Answer::data(json!({"__typename": "Query"})))
        .answer("Introspection", Answer::json(400, json!({"errors": [{"message": "no"}]})));
    home.portal(&script.url, "key-of-a-script");
    let checks = home.run("portal check -o json").ok().json();
    // This portal accepts a nonsense mutation, so its mutations cannot be checked.
    assert_eq!(check_of(&checks, "keys.generate")["missing"], json!(["Mutation"]));
    let requests: Vec<_> = script.requests().into_iter().filter(|one| one.operation() != "Introspection").collect();
    // One probe for each operation, and one with nonsense.
    assert_eq!(requests.len(), checks.as_array().unwrap().len() + 1);
    for request in &requests {
        assert_eq!((request.operation(), request.variables()), ("OptraProbe", &json!(null)));
        let bare: String = request.document().split_whitespace().collect();
        assert!(bare.starts_with("queryOptraProbe{__typename}"), "{bare}");
        let others = request.document().matches("mutation ").count() + request.document().matches("query ").count() - 1;
        assert_eq!((others, bare.matches("@skip(if:true)").count()), (1, 1), "{bare}");
    }
}

#[test]
fn a_lack_that_was_filled_is_noticed() {
    let (home, portal) = contract(&["--devices", "1"]);
    let (other, documented) = contract(&["--devices", "1", "--dialect", "documented"]);
    other.run("devices list").ok();
    let name = |url: &str| {
        let digest = Sha256::digest(format!("{url}/graphql\n{}", ReferenceServer::KEY));
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("cache/optra/fits/{hex}.json")
    };
    let remembered = std::fs::read_to_string(other.path(name(&documented.url))).unwrap();
    home.write(name(&portal.url), remembered);
    assert!(!home.run("devices list").ok().out().contains("status"));
    home.run("portal check --strict").ok();
    assert!(home.run("devices list").ok().out().contains("status"));
}

#[test]
fn a_key_that_is_refused_says_nothing_of_the_operations() {
    let (mut home, portal) = contract(&[]);
    home.portal(&portal.url, "another-key");
    assert!(home.run("portal check").exits(4).out().is_empty());
}

#[test]
fn a_portal_that_says_yes_to_nothing_is_told_as_it_is() {
    let mut home = Home::new();
    let failed =
        Answer::json(200, json!({"errors": [{"message": "the database is away", "extensions": {"code": "INTERNAL"}}]}));
    let script = MockServer::new().answer("OptraProbe", failed);
    home.portal(&script.url, "key-of-a-script");
    let session = home.run("portal check");
    assert!(session.exits(1).err().contains("the database is away"), "{session}");
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn the_sandbox_can_be_checked_too() {
    let home = Home::new();
    home.run("--sandbox portal check --strict").ok();
}

#[test]
fn what_may_mean_something_else_is_never_proposed() {
    for mutations in [
        "revokeAllApiKeys(id: ID!): R",
        "deleteUserApiKey(id: ID!): R",
        "deleteApiKeys(userId: ID!): R",
        "deleteApiKey(userId: ID!): R",
        "deleteApiKey(name: String): R",
        "undoDeleteApiKey(id: ID!): R",
        "deleteWebhookSecret(id: ID!): R",
        "deleteApiKey(id: ID!): R deleteApiToken(id: ID!): R",
        "createApiKey(name: String): [R]",
        "createApiKey(name: String, role: String!): R",
        "createApiKey(input: I!): R",
        "createApiSecret(name: String): Masked",
    ] {
        let schema = format!(
            "type Query {{ devices: P }} type P {{ data: [D] }} type D {{ id: ID! }} type R {{ id: ID! secret: String }} \
             type Masked {{ id: ID! secretId: ID maskedSecret: String value: Int }} input I {{ name: String role: String! }} \
             type Mutation {{ {mutations} }}"
        );
        let (home, _portal) = portal(&schema, &[]);
        let checks = home.run("portal check -o json").ok().json();
        for operation in ["keys.generate", "keys.revoke"] {
            assert_eq!(check_of(&checks, operation)["proposal"], json!(null), "{mutations}");
        }
    }
}

#[test]
fn an_object_that_the_portal_wants_is_given() {
    let (home, _portal) = portal(
        "type Query { devices: P } type P { data: [D] } type D { id: ID! } input I { label: String! } \
         type R { id: ID! token: String! } type Mutation { createApiToken(input: I!): R }",
        &[],
    );
    let checks = home.run("portal check -o json").ok().json();
    assert_eq!(
        check_of(&checks, "keys.generate")["proposal"],
        "mutation ($name: String!) { generateApiKey: createApiToken(input: {label: $name}) { id secret: token } }"
    );
}

#[test]
fn what_is_in_the_way_is_named() {
    for (field, why) in [
        ("generateApiKey(name: String, role: String!): R", "its mutation `generateApiKey` wants `role`"),
        ("generateApiKey(name: String): [R]", "its mutation `generateApiKey` gives `[R]`"),
    ] {
        let (home, _portal) = portal(
            &format!("type Query {{ a: Int }} type R {{ id: ID! secret: String! }} type Mutation {{ {field} }}"),
            &[],
        );
        let session = home.run("keys generate --name ci");
        assert!(session.exits(9).err().contains(why), "{session}");
    }
}
