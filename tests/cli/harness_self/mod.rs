//! Tests of the harness, with other programs than ours: a harness that cannot fail would prove nothing about `optra`.
//! It must not test a verb.

mod keyring;
mod portal_js;
mod runs;
mod scripted;
mod terminal;

use std::panic::{self, AssertUnwindSafe};

use serde_json::Value;

use crate::harness::{Home, Run};

/// Returns a curl request: `POST /graphql` with the portal's key and this body.
pub fn curl<'home>(home: &'home Home, url: &str, key: &str, body: &Value) -> Run<'home> {
    let (url, secret, body) = (format!("{url}/graphql"), format!("api-secret: {key}"), body.to_string());
    let json = "content-type: application/json";
    home.program("curl", ["-sS", "--compressed", &url, "-H", &secret, "-H", json, "--data-binary", &body])
}

/// Returns the panic message of a test that must fail.
#[track_caller]
pub fn failure_of(test: impl FnOnce()) -> String {
    let payload = panic::catch_unwind(AssertUnwindSafe(test)).expect_err("this should have failed");
    payload.downcast_ref::<String>().expect("a message with details").clone()
}
