//! A request as a test server saw it, shared by both servers. It must show what came, even if that is not a proper
//! GraphQL request.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body, or a string if it is not JSON.
    pub body: Value,
    /// The text of the body; empty if the server did not keep it.
    pub text: String,
    /// The status of the answer, if the server knows it.
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
