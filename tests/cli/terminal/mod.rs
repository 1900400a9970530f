//! The program on a real terminal: its questions, its colours, and how it fits a table to the width. It must not test a
//! verb beyond what a terminal changes.

mod accessible;
mod lines;
mod pager;
mod questions;
mod tables;
mod watch;

use serde_json::Value;

use crate::harness::{Home, ReferenceServer};

/// The portal's clock: so far back that no time is shown as recent.
const LONG_AGO: &str = "2020-06-01T12:00:00.000Z";

/// Starts a reference server with these keys besides its first.
fn portal(keys: &Value) -> (Home, ReferenceServer) {
    let mut home = Home::new();
    let file = home.write("keys.json", keys.to_string());
    let portal = ReferenceServer::start(&["--keys-file", file.to_str().unwrap(), "--now", LONG_AGO]);
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}
