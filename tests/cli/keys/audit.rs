//! `optra keys audit`: its findings, their formats, and when it fails.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::Home;

/// Keys of every kind, with times relative to now; the key in use was just used.
fn keys() -> Value {
    let ago = |days: i64| {
        let then = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
        then.to_string()
    };
    json!([
        { "name": "fine", "createdAt": ago(10), "lastUsedAt": ago(1) },
        { "name": "old", "createdAt": ago(100), "lastUsedAt": ago(1) },
        { "name": "idle", "createdAt": ago(60), "lastUsedAt": ago(40) },
        { "name": "never", "createdAt": ago(45), "lastUsedAt": null },
        { "name": null, "createdAt": ago(1), "lastUsedAt": null },
        { "name": "twin", "createdAt": ago(1), "lastUsedAt": null },
        { "name": "twin", "createdAt": ago(1), "lastUsedAt": null },
    ])
}

fn at_portal() -> (Home, crate::harness::ReferenceServer) {
    portal(&["--now", &jiff::Timestamp::now().to_string()], &keys())
}

#[test]
fn findings_are_a_table_and_a_failure() {
    let (home, _portal) = at_portal();
    let line = "keys audit --require-name --max-age 90d --max-unused 30d";
    assert_data_eq!(
        home.run(&format!("{line} --fields rule,keyId,keyName")).to_string(),
        str![[r#"
rule       keyId     keyName
old        key-0001  first key
old        key-0003  old
unused     key-0004  idle
unused     key-0005  never
unnamed    key-0006  -
same-name  key-0007  twin
same-name  key-0008  twin
--- stderr
error: 7 findings
--- exit 1

"#]]
    );
    let table = home.run(line).exits(1).out();
    for message in
        ["it is 100 days old, more than 90 days", "not used for 40 days", "never used since it was made 45 days"]
    {
        assert!(table.contains(message), "{table}");
    }
}

#[test]
fn programs_get_them_as_json_and_as_sarif() {
    let (home, portal) = at_portal();
    let session = home.run("keys audit --require-name -o json");
    let findings = session.exits(1).json();
    assert_eq!(session.error()["code"], "findings");
    assert_eq!((&findings[0]["rule"], &findings[0]["keyId"]), (&json!("old"), &json!("key-0001")));
    let sarif = home.run("keys audit --require-name -o sarif").exits(1).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!((&sarif["version"], results.len()), (&json!("2.1.0"), findings.as_array().unwrap().len()));
    let rules: Vec<&Value> =
        sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    for result in results {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
        assert!(result["message"]["text"].as_str().unwrap().contains(&portal.url), "{result}");
        assert!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].is_string(), "{result}");
    }
    assert!(home.run("keys list -o sarif").exits(2).error()["message"].as_str().unwrap().contains("only `keys audit`"));
}

#[test]
fn only_what_is_asked_for_fails() {
    let (home, _portal) = at_portal();
    home.run("keys audit --fail-on unknown-use").ok();
    home.run("keys audit --fail-on unnamed").exits(1);
    home.run("keys audit --fail-on unnamed --require-name").exits(1);
    home.run("keys audit --fail-on same-name,old --max-age 1000d").exits(1);
    home.run("keys audit --fail-on old --max-age 1000d").ok();
    home.run("keys audit --fail-on nonsense").exits(2);
    home.run("keys audit --max-age soon").exits(2);
}

#[test]
fn what_the_portal_does_not_tell_is_never_fine() {
    let contract = include_str!("../../../graphql/schema.graphql");
    let silent = contract.replace("  lastUsedAt: DateTime @assumed\n", "");
    assert_ne!(silent, contract);
    let file = Home::new();
    let schema = file.write("silent.graphql", silent);
    let (home, _portal) =
        portal(&["--schema", schema.to_str().unwrap(), "--now", &jiff::Timestamp::now().to_string()], &keys());
    let findings = home.run("keys audit -o json").exits(1).json();
    let unknown = findings.as_array().unwrap().iter().filter(|finding| finding["rule"] == "unknown-use").count();
    assert_eq!(unknown, 8, "{findings}");
    // A person is told so in the same word everywhere, and that a key was not used in another.
    assert!(home.run("keys show 'first key'").ok().out().contains("lastUsedAt  unknown\n"));
    let asked = home.terminal("keys revoke key-0002").expect("last used: unknown.").send_line("no").finish();
    assert_eq!(asked.code, Some(7));
    let (telling, _portal) = at_portal();
    assert!(telling.run("keys show key-0005").ok().out().contains("lastUsedAt  never\n"));
    assert_eq!(telling.run("keys show key-0005 -o json").ok().json()["lastUsedAt"], json!(null));
    assert!(telling.run("keys list -o csv --fields id,lastUsedAt").ok().out().contains("\nkey-0005,\n"));
    let listed = home.run("keys list --unused-for 30d -o json");
    assert_eq!(listed.ok().json(), json!([]));
    assert!(listed.err().contains("8 more may match") || listed.err().contains("does not give lastUsedAt"), "{listed}");
}
