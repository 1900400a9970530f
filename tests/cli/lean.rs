//! The client without the sandbox: `--no-default-features` builds, works against a portal, and has no `--sandbox`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::harness::{Home, ReferenceServer};

#[test]
fn a_client_without_the_sandbox_works() {
    let lean = build();
    let mut home = Home::new();
    let portal = ReferenceServer::start(&["--devices", "2"]);
    home.portal(&portal.url, ReferenceServer::KEY);
    let session = home.program(&lean, ["devices", "list", "-o", "json"]).run();
    session.ok();
    assert_eq!(session.json().as_array().unwrap().len(), 2);
    let session = home.program(&lean, ["--sandbox", "devices", "list"]).run();
    session.exits(2);
    assert!(session.err().contains("unexpected argument `--sandbox`"), "{session}");
    let session = home.program(&lean, ["run", "--only", "queries", "--", "true"]).run();
    assert!(session.exits(2).err().contains("unexpected argument `--only`"), "{session}");
    let session = home.program(&lean, ["broker"]).run();
    assert!(session.exits(2).err().contains("unrecognized subcommand `broker`"), "{session}");
}

/// Builds into a separate folder, because otherwise it would replace the binary of the other tests.
fn build() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_optra")).parent().unwrap().join("lean");
    let home = Home::new();
    let args = ["build", "--quiet", "--no-default-features", "--bin", "optra", "--target-dir"];
    let mut build = home
        .program(env!("CARGO"), args.iter().map(|arg| arg.as_ref()).chain([target.as_os_str()]))
        .folder(env!("CARGO_MANIFEST_DIR"))
        .time_limit(Duration::from_secs(1200));
    // The locations of the toolchain and the downloaded crates.
    for variable in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Some(value) = std::env::var_os(variable) {
            build = build.env(variable, value);
        }
    }
    build.run().ok();
    target.join("debug/optra")
}
