//! A request as a test's server saw it. The two servers share this and nothing else.
//! It must show what came, also where it is no proper GraphQL request.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    /// What was sent, or a string where it is not JSON.
    pub body: Value,
    /// The same, digit for digit; empty where the server did not keep it.
    pub text: String,
    /// The status of the answer, where the server knows it.
    pub status: Option<u16>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Returns the name of the operation; empty without one.
    pub fn operation(&self) -> &str {
        self.body["operationName"].as_str().unwrap_or_default()
    }

    /// Returns the variables; null without them.
    pub fn variables(&self) -> &Value {
        &self.body["variables"]
    }

    /// Returns the GraphQL document; empty without one.
    pub fn document(&self) -> &str {
        self.body["query"].as_str().unwrap_or_default()
    }
}
