//! The reference server: the contract, other schemas, what it refuses, TLS. It must use curl, not the program under
//! test.

use std::path::Path;

use serde_json::{Value, json};

use super::curl;
use crate::harness::{Certificates, Home, ReferenceServer, Request};

fn ask(home: &Home, portal: &ReferenceServer, query: &str) -> Value {
    curl(home, &portal.url, ReferenceServer::KEY, &json!({ "query": query })).run().json()
}

#[test]
fn the_other_portal_serves_the_contract() {
    let (home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "60"]));
    let page = ask(&home, &portal, "{ devices(first: 50) { data { id name } after total } }");
    assert_eq!(
        (page["data"]["devices"]["total"].as_u64(), page["data"]["devices"]["after"].is_string()),
        (Some(60), true)
    );
    let made = ask(&home, &portal, "mutation { generateApiKey(name: \"ci\") { id secret } }");
    let key = made["data"]["generateApiKey"].clone();
    let body = json!({ "query": "query Me { viewer { apiKey { id } } }", "operationName": "Me", "unknown": true });
    let secret = key["secret"].as_str().unwrap();
    let me = curl(&home, &portal.url, secret, &body).run().json();
    assert_eq!(me["data"]["viewer"]["apiKey"]["id"], key["id"]);
    ask(&home, &portal, &format!("mutation {{ revokeApiKey(id: {}) {{ id }} }}", key["id"]));
    let after = curl(&home, &portal.url, secret, &body).run().json();
    assert_eq!(after["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(portal.operations(), ["", "", "Me", "", "Me"]);
    let last: Request = portal.requests().pop().unwrap();
    assert_eq!((last.status, last.header("api-secret"), last.path.as_str()), (Some(401), Some(secret), "/graphql"));
    assert_eq!((last.method.as_str(), last.variables()), ("POST", &Value::Null));
    assert!(last.document().starts_with("query Me"));
}

#[test]
fn the_other_portal_refuses_what_is_no_graphql_over_http() {
    let (home, portal) = (Home::new(), ReferenceServer::start(&["--introspection", "off", "--role", "viewer"]));
    let status = |extra: &[&str], body: &str| {
        let (url, secret) = (format!("{}/graphql", portal.url), format!("api-secret: {}", ReferenceServer::KEY));
        let all = [&["-sS", "-o", "/dev/null", "-w", "%{http_code}", &url, "-H", &secret, "-d", body], extra].concat();
        home.program("curl", all).run().out()
    };
    let json = ["-H", "content-type: application/json"];
    let good = r#"{"query":"query A { devices { data { id } } }"}"#;
    assert_eq!(status(&json, good), "200");
    assert_eq!(status(&[], good), "415");
    assert_eq!(status(&[json.as_slice(), &["-H", "accept: text/html"]].concat(), good), "406");
    assert_eq!(status(&[json.as_slice(), &["-X", "PUT"]].concat(), good), "405");
    assert_eq!(status(&json, r#"{"query":"query A { viewer { apiKey { id } } }","operationName":"B"}"#), "400");
    assert_eq!(status(&json, r#"{"query":"{ devices { data { id } } }","variables":[]}"#), "400");
    assert_eq!(status(&json, "[]"), "400");
    let refused = ask(&home, &portal, "{ __schema { queryType { name } } devices { data { idd } } }");
    assert!(refused.get("data").is_none() && refused["errors"][0]["locations"][0]["line"] == 1, "{refused}");
    let forbidden = ask(&home, &portal, "{ apiKeys { data { id } } }");
    assert_eq!(forbidden["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[test]
fn the_other_portal_speaks_other_schemas() {
    let home = Home::new();
    let documented = ReferenceServer::start(&["--dialect", "documented", "--page", "2", "--suggestions", "off"]);
    let devices = ask(&home, &documented, "{ devices { data { id name } } }");
    assert_eq!(devices["data"]["devices"]["data"].as_array().unwrap().len(), 2);
    let own = home.write("own.graphql", {
        r#"type Query { hello: String }
        type Mutation { createApiSecret(label: String @is(field: "name")): ApiSecret @is(field: "generateApiKey") }
        type ApiSecret { id: ID!, name: String, value: String @is(field: "secret") }"#
    });
    let portal = ReferenceServer::start(&["--schema", own.to_str().unwrap()]);
    let made = ask(&home, &portal, "mutation { createApiSecret(label: \"ci\") { id name value } }");
    assert_eq!(made["data"]["createApiSecret"]["name"], "ci");
    assert!(made["data"]["createApiSecret"]["value"].is_string());
}

#[test]
fn the_other_portal_speaks_tls_for_who_trusts_it() {
    let (home, tls) = (Home::new(), Certificates::new());
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let portal = ReferenceServer::start(&["--tls-cert", &path(&tls.certificate()), "--tls-key", &path(&tls.key())]);
    assert!(portal.url.starts_with("https://127.0.0.1:"));
    let authority = path(&tls.authority());
    let status =
        home.program("curl", ["-sS", "--cacert", &authority, &portal.url, "-o", "/dev/null", "-w", "%{http_code}"]);
    assert_eq!(status.run().out(), "404");
    home.program("curl", ["-sS", &portal.url]).run().exits(60);
}
