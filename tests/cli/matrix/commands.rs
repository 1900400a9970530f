//! Every command that sends requests, as rows: its line, its requests, and where a fault can strike. It must not know
//! any fault.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::portal::{KEY, Stage};
use crate::harness::{Home, Run};

/// One command.
pub struct Command {
    pub name: &'static str,
    pub line: &'static str,
    /// The source of its key.
    pub key: Key,
    /// The requests at which a fault can strike.
    pub stages: &'static [Stage],
    /// False for a command that runs forever if nothing fails.
    pub ends: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The environment.
    Environment,
    /// The key file of a profile.
    Stored,
    /// Stdin; the key is not stored yet.
    Given,
}

/// The first, or a later, request of an operation.
const fn at(operation: &'static str, nth: usize) -> Stage {
    Stage { operation, nth, lasts: false, done: false }
}

/// The same, after the portal has executed the request.
const fn done(operation: &'static str) -> Stage {
    Stage { operation, nth: 1, lasts: false, done: true }
}

/// The same, with every later request failing too.
const fn last(stage: Stage) -> Stage {
    Stage { lasts: true, ..stage }
}

const fn row(name: &'static str, line: &'static str, stages: &'static [Stage]) -> Command {
    Command { name, line, key: Key::Environment, stages, ends: true }
}

const FIRST_PAGE: &[Stage] = &[at("DevicesList", 1)];
const BOTH_PAGES: &[Stage] = &[at("DevicesList", 1), at("DevicesList", 2)];
const EVERY: &[Stage] = &[at("*", 1), last(at("*", 1))];
const GENERATE: Stage = at("KeysGenerate", 1);
const GENERATED: Stage = done("KeysGenerate");
const REVOKE: Stage = at("KeysRevoke", 1);
const REVOKED: Stage = done("KeysRevoke");

pub const ALL: &[Command] = &[
    Command {
        key: Key::Given,
        ..row("auth login", "auth login -o json --store file --key-file -", &[at("AuthViewer", 1), last(at("*", 1))])
    },
    row("auth status", "auth status -o json", &[at("AuthViewer", 1), last(at("*", 1))]),
    Command {
        key: Key::Stored,
        ..row(
            "auth logout --revoke",
            "auth logout -o json --revoke --yes --accept-risk lose-access",
            &[at("AuthViewer", 1), REVOKE, REVOKED, last(REVOKE), last(REVOKED)],
        )
    },
    row("keys generate", "keys generate -o json", &[GENERATE, GENERATED, last(GENERATE), last(GENERATED)]),
    row(
        "keys generate --name",
        "keys generate -o json --name new",
        &[at("KeysList", 1), GENERATE, GENERATED, last(GENERATE), last(GENERATED)],
    ),
    row("keys list", "keys list -o json", &[at("KeysList", 1)]),
    row(
        "keys ensure",
        "keys ensure -o json --name new --to file:new.key",
        &[at("KeysList", 1), GENERATE, GENERATED, last(GENERATED), at("KeysList", 2)],
    ),
    Command {
        key: Key::Stored,
        ..row(
            "keys rotate",
            "keys rotate -o json --yes",
            &[
                at("AuthViewer", 1),
                at("KeysList", 1),
                GENERATE,
                GENERATED,
                last(GENERATED),
                at("AuthViewer", 2),
                REVOKE,
                REVOKED,
                last(REVOKE),
                last(REVOKED),
            ],
        )
    },
    row(
        "keys revoke",
        "keys revoke -o json old --yes",
        &[at("KeysList", 1), REVOKE, REVOKED, last(REVOKE), last(REVOKED), at("KeysList", 2)],
    ),
    row("keys audit", "keys audit -o json", &[at("KeysList", 1)]),
    row("devices list -o json", "devices list -o json", BOTH_PAGES),
    row("devices list -o ndjson", "devices list -o ndjson", BOTH_PAGES),
    row("devices list -o csv", "devices list -o csv", BOTH_PAGES),
    row("devices list", "devices list", BOTH_PAGES),
    row("devices list --count", "devices list --count -o json", FIRST_PAGE),
    row("devices show", "devices show -o json d1", &[at("DevicesShow", 1)]),
    Command { ends: false, ..row("devices watch", "devices watch -o ndjson", FIRST_PAGE) },
    row("api, a query", "api -o json 'query Fleet { devices { data { id name } } }'", &[at("Fleet", 1)]),
    row(
        "api --paginate",
        "api -o json --paginate 'query Fleet($after: String) { devices(after: $after) { data { id } after } }'",
        &[at("Fleet", 1), at("Fleet", 2)],
    ),
    row(
        "api, a mutation",
        "api -o json 'mutation Make { generateApiKey(name: \"new\") { id secret } }'",
        &[GENERATE, GENERATED],
    ),
    row("query NAME", "query fleet -o json", &[at("Fleet", 1)]),
    row("query NAME --paginate", "query fleet -o json --paginate", &[at("Fleet", 1), at("Fleet", 2)]),
    row("portal check", "portal check -o json", EVERY),
    row("portal adopt", "portal adopt -o json", EVERY),
    row("portal bind", "portal bind -o json devices.list --file list.graphql", EVERY),
    row("run", "run -- true", &[last(at("*", 1))]),
];

const FLEET: &str = "query Fleet($after: String) { devices(after: $after) { data { id name } after } }";

/// Prepares a home for a command at a portal, and the run.
pub fn prepare<'h>(command: &Command, home: &'h mut Home, url: &str) -> Run<'h> {
    home.set("OPTRA_PORTAL_URL", url);
    home.write("config/optra/queries/fleet.graphql", FLEET);
    home.write("home/list.graphql", "query L($after: String) { devices(after: $after) { data { id name } after } }");
    match command.key {
        Key::Environment => drop(home.set("OPTRA_API_KEY", KEY)),
        Key::Stored => {
            home.write(
                "config/optra/config.toml",
                format!("[profiles.default]\nportal = \"{url}\"\nstore = \"file\"\n"),
            );
            let key = home.write("config/optra/keys/default.key", format!("{KEY}\nportal {url}\n"));
            fs::set_permissions(key, fs::Permissions::from_mode(0o600)).expect("owner-only");
            let keys = home.path("config/optra/keys");
            fs::set_permissions(keys, fs::Permissions::from_mode(0o700)).expect("owner-only");
        }
        Key::Given => {}
    }
    let run = home.line(command.line);
    if command.key == Key::Given { run.stdin(KEY) } else { run }
}
