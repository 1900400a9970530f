//! `optra keys`: the life of a key, against a portal of other make and against the sandbox across runs.
//! What is shared here prepares a portal; what is expected stands in each test.

mod generate;
mod list;
mod revoke;

use crate::harness::{Home, PortalJs, Scripted};

/// A home that uses a portal of other make.
pub fn at_portal(options: &[&str]) -> (Home, PortalJs) {
    let (mut home, portal) = (Home::new(), PortalJs::start(options));
    home.portal(&portal.url, PortalJs::KEY);
    (home, portal)
}

/// A home that uses a portal which does as it is told.
pub fn at_script(script: Scripted) -> (Home, Scripted) {
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

/// The names that `keys list` tells.
pub fn names(home: &Home) -> Vec<String> {
    let keys = home.run("keys list -o ndjson --fields name");
    keys.ok().ndjson().iter().map(|key| key["name"].as_str().unwrap_or("-").to_owned()).collect()
}
