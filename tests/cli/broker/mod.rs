//! `optra run --only` and `optra broker`, used by curl and by `optra` itself, in front of a reference server. No
//! program may see the key, and nothing may pass that was not allowed.

mod listening;
mod running;
mod wire;

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Background, Home, ReferenceServer, Session};

/// A reference server, and a user who has its key in the environment.
fn at_portal(options: &[&str]) -> (Home, ReferenceServer) {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(options));
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

/// A running broker, and what a program needs to use it.
struct Broker {
    running: Background,
    url: String,
    token: String,
}

impl Broker {
    /// Starts `optra … broker`.
    #[track_caller]
    fn start(home: &Home, line: &str) -> Broker {
        let running = home.line(&format!("-o ndjson {line}")).start();
        let access: Value = serde_json::from_str(&running.first_line()).unwrap();
        let text = |name: &str| access[name].as_str().unwrap().to_owned();
        Broker { url: text("url"), token: text("apiKey"), running }
    }

    /// Posts a body with curl; returns the status and the answer.
    #[track_caller]
    fn post(&self, home: &Home, body: &str) -> (u16, Value) {
        let session = self.curl(home, body, &[]);
        let (body, status) = session
            .ok()
            .out()
            .rsplit_once('\n')
            .map(|(body, status)| (body.to_owned(), status.parse().unwrap()))
            .unwrap();
        (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    fn curl(&self, home: &Home, body: &str, options: &[&str]) -> Session {
        home.write("home/body", body);
        let (secret, url) = (format!("api-secret: {}", self.token), format!("{}/graphql", self.url));
        let usual = ["-sS", "-w", "\n%{http_code}", "-H", "content-type: application/json", "--data-binary", "@body"];
        let args = [&usual[..], &["-H", &secret], options, &[&*url]].concat();
        home.program("curl", args).run()
    }

    /// Posts a document.
    #[track_caller]
    fn ask(&self, home: &Home, document: &str) -> (u16, Value) {
        self.post(home, &json!({ "query": document }).to_string())
    }
}

/// Returns `extensions.code` and the message of a refusal.
fn refusal(answer: &Value) -> (&str, &str) {
    let error = &answer["errors"][0];
    (error["extensions"]["code"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default())
}

/// Returns the entries of a log.
fn entries(file: &Path) -> Vec<Value> {
    std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
