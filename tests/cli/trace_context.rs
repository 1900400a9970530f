//! `TRACEPARENT` and `TRACESTATE`: the trace of a run is sent to the portal, and to nobody else.

use serde_json::json;

use crate::harness::{Answer, Home, MockServer, ReferenceServer, Session};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const STATE: &str = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";

/// Runs a listing with these variables; returns the trace headers that the portal saw.
fn sent(variables: &[(&str, &str)], options: &str) -> (Option<String>, Option<String>, Session) {
    let portal = ReferenceServer::start(&[]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY).set_all(variables.iter().copied());
    let session = home.run(&format!("devices list {options}"));
    session.ok();
    let requests = portal.requests();
    let header = |name| requests[0].header(name).map(str::to_owned);
    (header("traceparent"), header("tracestate"), session)
}

#[test]
fn a_trace_is_sent_on_as_it_is() {
    let (parent, state, session) = sent(&[("TRACEPARENT", PARENT), ("TRACESTATE", STATE)], "-vv");
    assert_eq!((parent.as_deref(), state.as_deref()), (Some(PARENT), Some(STATE)));
    assert!(session.err().contains(&format!("> traceparent: {PARENT}\n")), "{session}");
    let (parent, state, _) = sent(&[("TRACEPARENT", PARENT)], "");
    assert_eq!((parent.as_deref(), state), (Some(PARENT), None));
    let (parent, state, session) = sent(&[("TRACESTATE", STATE)], "-v");
    assert_eq!((parent, state), (None, None), "{session}");
}

#[test]
fn what_is_not_well_formed_is_not_sent_and_v_says_so() {
    for wrong in ["nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", &format!("{PARENT}-more")] {
        let variables = [("TRACEPARENT", wrong), ("TRACESTATE", STATE)];
        let (parent, state, session) = sent(&variables, "-v");
        assert_eq!((parent, state), (None, None));
        assert!(session.err().starts_with("`TRACEPARENT` is not well-formed, and is not sent on\n"), "{session}");
        assert_eq!(sent(&variables, "").2.err(), "");
    }
    let (parent, state, session) = sent(&[("TRACEPARENT", PARENT), ("TRACESTATE", "no state")], "-v");
    assert_eq!((parent.as_deref(), state), (Some(PARENT), None));
    assert!(session.err().starts_with("`TRACESTATE` is not well-formed, and is not sent on\n"), "{session}");
}

#[test]
fn a_variable_that_is_no_text_stops_nothing() {
    let portal = ReferenceServer::start(&[]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    home.script("TRACEPARENT=$(printf '\\377') optra devices list").run().ok();
    assert_eq!(portal.requests()[0].header("traceparent"), None);
}

#[test]
fn a_trace_goes_to_no_other_address() {
    let other = MockServer::new().lenient().answer("*", Answer::data(json!({})));
    let script = MockServer::new().answer("DevicesList", Answer::redirect(&other.url));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script").set("TRACEPARENT", PARENT);
    home.run("devices list").exits(9);
    assert_eq!(script.requests()[0].header("traceparent"), Some(PARENT));
    assert!(other.requests().is_empty());
}
