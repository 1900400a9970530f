//! `optra portal schema`: the portal's own schema, as introspection returns it.

use crate::harness::Home;

use super::{contract, portal};

/// A schema with every construct.
const WHOLE: &str = r#"
"Who may see it."
directive @secret(of: Level! = HIGH, to: [String!] = ["a", "b"]) on FIELD_DEFINITION | ENUM_VALUE

schema {
  query: Root
  mutation: Changes
}

"""
A moment,
in "text".
"""
scalar Moment

interface Node {
  id: ID!
}

type Root implements Node {
  id: ID!
  "All of them."
  devices(filter: Filter = {level: LOW, limit: 5}, tags: [[String!]!]! = []): [Thing!]!
  old: String @deprecated(reason: "Use `id`.")
}

type Changes {
  drop(id: ID!): Boolean
}

union Thing = Root | Changes

enum Level {
  LOW
  "The highest."
  HIGH
  NONE @deprecated
}

input Filter {
  level: Level
  limit: Int = 10
}
"#;

#[test]
fn a_schema_is_printed_as_it_can_be_served_again() {
    let (home, _portal) = portal(WHOLE, &[]);
    let printed = home.run("portal schema").ok().out();
    for part in [
        "query: Root",
        "directive @secret(",
        "of: Level! = HIGH",
        "to: [String!] = [\"a\", \"b\"]",
        "on FIELD_DEFINITION | ENUM_VALUE",
        "scalar Moment",
        "in \"text\".",
        "type Root implements Node {",
        "filter: Filter = {level: LOW, limit: 5}",
        "tags: [[String!]!]! = []): [Thing!]!",
        "@deprecated(reason: \"Use `id`.\")",
        "union Thing = Root | Changes",
        "limit: Int = 10",
    ] {
        assert!(printed.contains(part), "{part} is not in\n{printed}");
    }
    // graphql-js accepts the printed schema, and returns it unchanged.
    let (again, _portal) = portal(&printed, &[]);
    assert_eq!(again.run("portal schema").ok().out(), printed);
}

#[test]
fn json_is_what_introspection_gave() {
    let (home, _portal) = contract(&[]);
    for line in ["portal schema --json", "portal schema -o json"] {
        let told = home.run(line).ok().json();
        assert_eq!(told["__schema"]["queryType"]["name"], "Query", "{line}");
    }
}

#[test]
fn a_portal_that_does_not_tell_is_said_to() {
    let (home, _portal) = contract(&["--introspection", "off"]);
    let session = home.run("portal schema");
    assert!(session.exits(9).out().is_empty(), "{session}");
    assert!(session.err().starts_with("error: this portal refused introspection\n  because: "), "{session}");
    assert!(session.err().contains("`optra portal check`"), "{session}");
}

#[test]
fn the_sandbox_shows_the_contract() {
    let printed = Home::new().run("--sandbox portal schema").ok().out();
    assert!(printed.contains("generateApiKey(name: String): GeneratedApiKey"), "{printed}");
}
