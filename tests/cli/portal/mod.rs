//! `optra portal`, and its purpose: portals whose schema is not the contract. It must not test what the commands do at
//! a portal that fits.

mod adopt;
mod bind;
mod check;
mod fit;
mod hostile;
mod schema;
mod shapes;
mod share;

use serde_json::Value;

use crate::harness::{Home, ReferenceServer};

/// A schema with other names for everything about keys, and its own pagination.
const RENAMED: &str = r#"
scalar DateTime
type Query {
  devices(limit: Int @is(field: "first"), cursor: String @is(field: "after")): Devices
  apiSecrets(limit: Int @is(field: "first"), cursor: String @is(field: "after")): Secrets @is(field: "apiKeys")
}
type Mutation {
  createApiSecret(label: String @is(field: "name")): NewSecret @is(field: "generateApiKey")
  deleteApiSecret(secretId: ID! @is(field: "id")): Gone @is(field: "revokeApiKey")
}
type Devices { data: [Device!]!, next: String @is(field: "after"), count: Int @is(field: "total") }
type Device { id: ID!, name: String, status: String }
type Secrets { items: [Secret] @is(field: "data"), next: String @is(field: "after") }
type Secret { id: ID!, label: String @is(field: "name"), created: DateTime @is(field: "createdAt") }
type NewSecret { id: ID!, value: String! @is(field: "secret"), label: String @is(field: "name") }
type Gone { id: ID! }
"#;

/// Starts a reference server with this schema and further options.
fn portal(schema: &str, options: &[&str]) -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let file = home.write("schema.graphql", schema);
    let portal = ReferenceServer::start(&[&["--schema", file.to_str().unwrap()], options].concat());
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// Starts a reference server with the contract and these options.
fn contract(options: &[&str]) -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(options));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// Returns the result for one operation.
pub fn check_of<'c>(checks: &'c Value, operation: &str) -> &'c Value {
    checks.as_array().unwrap().iter().find(|check| check["operation"] == operation).unwrap()
}

/// Returns the results of all operations.
fn verdicts(checks: &Value) -> Vec<(&str, &str, &str)> {
    let text = |check: &'static str, of: &'_ Value| of[check].as_str().unwrap_or("-").to_owned();
    let all = checks.as_array().unwrap();
    assert!(all.iter().all(|check| !text("operation", check).is_empty()));
    let word =
        |check: &'_ Value, name: &str| -> &str { check[name].as_str().map_or("-", |word| word.to_owned().leak()) };
    all.iter().map(|check| (word(check, "operation"), word(check, "verdict"), word(check, "learned"))).collect()
}

/// Returns the path of an operation's binding for a portal, below the configuration directory.
fn kept(url: &str, operation: &str) -> String {
    format!("config/optra/bindings/{}/{operation}.graphql", url.replace(':', "%3A").replace('/', "%2F"))
}
