//! What a portal says is not what it did: resolvers of a real engine that throw after their effect, and proxies that
//! answer after the fact. Nothing is sent twice, and no key is left whose secret nobody has, unless it is named.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Home, ReferenceServer};

/// The codes that a server may give a resolver's failure; no code is the most common case.
const CODES: [Option<&str>; 5] =
    [None, Some("INTERNAL_SERVER_ERROR"), Some("FORBIDDEN"), Some("BAD_USER_INPUT"), Some("SOMETHING_NEW")];

/// What a proxy answers after it has forwarded the request.
const BETWEEN: [(&str, &str); 9] = [
    ("303", ""),
    ("408", "{\"message\":\"late\"}"),
    ("429", "{\"errors\":[{\"message\":\"slow down\"}]}"),
    ("499", "{\"errors\":[{\"message\":\"the client went away\"}]}"),
    ("403", "<html>Forbidden</html>"),
    ("400", "{\"errors\":{\"message\":\"no\"}}"),
    ("500", "{\"errors\":[{\"message\":\"no\"}]}"),
    ("502", "<html>Bad gateway</html>"),
    ("200", ""),
];

/// A reference server, and a user of it.
struct Portal {
    home: Home,
    js: ReferenceServer,
}

impl Portal {
    fn start(options: &[&str], non_null: bool) -> Portal {
        let mut home = Home::new();
        let keys = home.write("keys.json", json!([{ "name": "ci" }, { "name": "old" }]).to_string());
        let contract = fs::read_to_string("graphql/schema.graphql").unwrap();
        // A null in a non-null root field makes all of `data` null.
        let contract = match non_null {
            true => contract
                .replace("): GeneratedApiKey ", "): GeneratedApiKey! ")
                .replace("): RevokedApiKey ", "): RevokedApiKey! "),
            false => contract,
        };
        let schema = home.write("schema.graphql", contract);
        let (keys, schema) = (keys.to_str().unwrap(), schema.to_str().unwrap());
        let js = ReferenceServer::start(&[&["--schema", schema, "--keys-file", keys], options].concat());
        home.portal(&js.url, ReferenceServer::KEY);
        Portal { home, js }
    }

    /// Returns the names of all keys.
    fn names(&self) -> Vec<Value> {
        let keys = self.home.run("keys list -o ndjson --fields name").ok().ndjson();
        keys.iter().map(|key| key["name"].clone()).collect()
    }

    fn sent(&self, operation: &str) -> usize {
        self.js.operations().iter().filter(|name| *name == operation).count()
    }

    /// Asserts that a key whose name is certainly ours is found and revoked.
    fn has_no_stray_key(&self, what: &str) {
        let error = self.home.run("keys generate -o json").exits(8).error();
        assert!(error["message"].as_str().unwrap().contains("was found and revoked"), "{what}: {error}");
        assert_eq!(self.names(), ["first key", "ci", "old"], "{what}");
        assert_eq!((self.sent("KeysGenerate"), self.sent("KeysRevoke")), (1, 1), "{what}");
    }

    /// Asserts that a key which others may have made is named, and left to a person.
    fn names_the_stray_key(&self, what: &str) {
        let error = self.home.run("keys generate --name new -o json").exits(8).error();
        assert_eq!(error["retryable"], false, "{what}: {error}");
        assert!(error["hints"][0].as_str().unwrap().contains("keys revoke key-000"), "{what}: {error}");
        assert_eq!(self.sent("KeysGenerate"), 1, "{what}");
    }

    /// Asserts that a revocation is verified, and reported.
    fn says_what_is_gone(&self, what: &str) {
        let session = self.home.run("keys revoke old --yes");
        assert!(session.ok().err().contains("Revoked key `old`"), "{what}: {session}");
        assert_eq!((self.names(), self.sent("KeysRevoke")), (vec![json!("first key"), json!("ci")], 1), "{what}");
        let log = self.home.run("keys log -o json").ok().json();
        assert_eq!(log.as_array().unwrap().last().unwrap()["ids"], json!(["key-0003"]), "{what}");
    }
}

fn throwing(field: &str, code: Option<&str>, non_null: bool) -> Portal {
    let mut options = vec!["--throw-after", field];
    options.extend(code.iter().flat_map(|code| ["--throw-code", code]));
    Portal::start(&options, non_null)
}

#[test]
fn a_key_that_was_made_before_the_resolver_threw_is_not_left_behind() {
    for code in CODES {
        for non_null in [false, true] {
            let what = format!("{code:?} {non_null}");
            throwing("generateApiKey", code, non_null).has_no_stray_key(&what);
            throwing("generateApiKey", code, non_null).names_the_stray_key(&what);
        }
    }
}

#[test]
fn a_key_that_was_revoked_before_the_resolver_threw_is_gone() {
    for code in CODES {
        for non_null in [false, true] {
            throwing("revokeApiKey", code, non_null).says_what_is_gone(&format!("{code:?} {non_null}"));
        }
    }
}

#[test]
fn a_key_that_was_made_before_something_between_answered_is_named() {
    for (status, body) in BETWEEN {
        let portal = Portal::start(&["--instead", status, "--instead-body", body], false);
        portal.names_the_stray_key(&format!("{status} {body}"));
        assert_eq!(portal.names(), ["first key", "ci", "old", "new"]);
    }
}

#[test]
fn a_key_that_was_revoked_before_something_between_answered_is_gone() {
    for (status, body) in BETWEEN {
        let portal = Portal::start(&["--instead", status, "--instead-body", body], false);
        portal.says_what_is_gone(&format!("{status} {body}"));
    }
}

#[test]
fn whether_a_key_of_our_own_name_is_gone_again_is_looked_at() {
    // Its revocation is answered in the same way.
    for (status, body) in BETWEEN {
        let portal = Portal::start(&["--instead", status, "--instead-body", body], false);
        let error = portal.home.run("keys generate -o json").exits(8).error();
        assert_eq!((portal.sent("KeysGenerate"), portal.sent("KeysRevoke")), (1, 1), "{status} {body}: {error}");
        let is_told = error["message"].as_str().unwrap().contains("(id key-0004) was found and revoked");
        assert!(is_told && portal.names() == ["first key", "ci", "old"], "{status} {body}: {error}");
    }
}
