//! `optra broker`: a server for any program on this machine, until Ctrl-C.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use snapbox::{assert_data_eq, str};

use super::{Broker, at_portal, entries, refusal};
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

#[test]
fn a_shell_evaluates_what_it_prints() {
    let (home, _portal) = at_portal(&[]);
    let running = home.line("broker --read-only").start();
    let url = running.first_line();
    assert!(url.starts_with("export OPTRA_PORTAL_URL=http://127.0.0.1:"), "{url}");
    running.wait_for_stderr("until Ctrl-C");
    running.signal(Signal::INT);
    let session = running.end();
    let lines: Vec<String> = session.out().lines().map(str::to_owned).collect();
    assert!(lines.len() == 2 && lines[1].starts_with("export OPTRA_API_KEY="), "{session}");
    assert!(!session.to_string().contains(ReferenceServer::KEY), "{session}");
}

#[test]
fn programs_ask_with_the_token_and_the_portal_sees_the_key() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker --read-only");
    let (status, answer) = broker.ask(&home, "{ devices(first: 1) { data { id } } }");
    assert_eq!((status, answer.to_string().as_str()), (200, r#"{"data":{"devices":{"data":[{"id":"device-0001"}]}}}"#));
    let (status, answer) = broker.ask(&home, "mutation { revokeApiKey(id: \"key-0001\") { id } }");
    assert_eq!(status, 403);
    assert_eq!(
        refusal(&answer),
        ("FORBIDDEN", "this broker does not allow the mutation `revokeApiKey`: nothing may be changed")
    );
    // If every query is allowed, introspection is too.
    assert_eq!(broker.ask(&home, "{ __schema { queryType { name } } }").0, 200);
    let keys = home.line("keys list -o csv --fields name").env("OPTRA_API_KEY", &broker.token);
    let keys = keys.env("OPTRA_PORTAL_URL", &broker.url).run();
    assert_eq!(keys.ok().out(), "name\nfirst key\n");
    assert!(portal.requests().iter().all(|request| request.header("api-secret") == Some(ReferenceServer::KEY)));
}

#[test]
fn a_broker_that_was_killed_leaves_a_token_that_is_worth_nothing() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker");
    assert_eq!(broker.ask(&home, "{ __typename }").0, 200);
    broker.running.signal(Signal::KILL);
    let Broker { running, url, token } = broker;
    assert_eq!(running.end().code, None);
    let asks = |url: &str| home.line("devices list -o json").env("OPTRA_PORTAL_URL", url).env("OPTRA_API_KEY", &token);
    assert_eq!(asks(&url).run().exits(8).error()["code"], "unreachable");
    assert_eq!(asks(&portal.url).run().exits(4).error()["code"], "unauthenticated");
    // Another broker has another token.
    let other = Broker::start(&home, "broker");
    assert_ne!(other.token, token);
    assert_eq!(asks(&other.url).run().exits(4).error()["code"], "unauthenticated");
}

#[test]
fn a_portal_that_is_gone_is_no_answer_and_no_proof() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker");
    drop(portal);
    let (status, answer) = broker.ask(&home, "{ devices { data { id } } }");
    assert_eq!((status, refusal(&answer).0), (502, "BAD_GATEWAY"));
    assert!(refusal(&answer).1.starts_with("cannot reach the portal at http://127.0.0.1:"), "{answer}");
    let changes = home.line("keys generate --name x -o json").env("OPTRA_API_KEY", &broker.token);
    let error = changes.env("OPTRA_PORTAL_URL", &broker.url).run().exits(8).error();
    assert_eq!(error["code"], "unreachable", "{error}");
}

#[test]
fn a_socket_is_for_its_owner_and_for_curl() {
    let (home, _portal) = at_portal(&[]);
    let socket = home.path("home/run/optra.sock");
    let broker = Broker::start(&home, &format!("broker --only devices.list --listen unix:{}", socket.display()));
    assert_eq!(broker.url, format!("unix:{}", socket.display()));
    let ask = |token: &str| {
        let script = format!(
            "curl -sS --unix-socket {} -H 'api-secret: {token}' -H 'content-type: application/json' \
             -d '{{\"query\":\"{{ devices(first: 1) {{ data {{ id }} }} }}\"}}' http://localhost/graphql",
            socket.display()
        );
        home.script(&script).run().ok().out()
    };
    assert_eq!(ask(&broker.token), r#"{"data":{"devices":{"data":[{"id":"device-0001"}]}}}"#);
    assert!(ask("wrong").contains("UNAUTHENTICATED"));
    let own = home.line("devices list").env("OPTRA_PORTAL_URL", &broker.url).env("OPTRA_API_KEY", &broker.token).run();
    assert!(own.exits(11).err().contains("is a socket, which `optra` does not ask"), "{own}");
    // The socket of a killed broker is replaced; that of a running one is not.
    let again = format!("broker --listen unix:{}", socket.display());
    assert!(home.run(&again).exits(2).err().contains("the broker cannot run on"));
    broker.running.signal(Signal::KILL);
    assert_eq!(broker.running.end().code, None);
    let broker = Broker::start(&home, &again);
    assert!(ask(&broker.token).contains("device-0001"));

    let shared = home.write("home/shared/file", "");
    let shared = shared.parent().unwrap();
    std::fs::set_permissions(shared, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let session = home.run(&format!("broker --listen unix:{}/optra.sock", shared.display()));
    assert_data_eq!(
        session.to_string().replace(&shared.display().to_string(), "[SHARED]"),
        str![[r#"
--- stderr
error: the broker cannot run on `[SHARED]/optra.sock`
  because: cannot listen there
  because: the directory `[SHARED]` can be read by others (mode 755)
--- exit 2

"#]]
    );
}

#[test]
fn a_socket_goes_with_its_broker_and_nobody_elses_does() {
    let (home, _portal) = at_portal(&[]);
    let socket = home.path("home/run/optra.sock");
    let line = format!("broker --listen unix:{}", socket.display());
    for signal in [Signal::INT, Signal::TERM] {
        let broker = Broker::start(&home, &line);
        assert!(socket.exists());
        broker.running.signal(signal);
        broker.running.end().exits(130);
        assert!(!socket.exists(), "{signal:?}");
    }
    let broker = Broker::start(&home, &line);
    std::fs::remove_file(&socket).unwrap();
    let _other = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    broker.running.signal(Signal::INT);
    broker.running.end().exits(130);
    assert!(socket.exists());
}

#[test]
fn a_broker_whose_token_nobody_learns_does_not_start() {
    let home = Home::new();
    for to in [">&-", ">/dev/null"] {
        let session = home.script(&format!("optra --sandbox broker {to}")).run();
        assert!(session.exits(7).err().starts_with("error: the broker was not started"), "{session}");
    }
}

#[test]
fn what_cannot_be_logged_is_not_sent() {
    let (home, portal) = at_portal(&[]);
    let filler = "x".repeat(1000) + "\n";
    let log = home.write("home/asked.ndjson", &filler);
    let script = "ulimit -f 1; exec optra -o ndjson broker --log asked.ndjson";
    let running = home.script(script).start();
    let access: serde_json::Value = serde_json::from_str(&running.first_line()).unwrap();
    let text = |name: &str| access[name].as_str().unwrap().to_owned();
    let broker = Broker { url: text("url"), token: text("apiKey"), running };
    for _ in 0..2 {
        let (status, answer) = broker.ask(&home, "{ devices { total } }");
        assert_eq!((status, refusal(&answer).0), (503, "UNAVAILABLE"), "{answer}");
    }
    assert_eq!(broker.ask(&home, "{").0, 503);
    assert!(portal.requests().is_empty());
    assert_eq!(std::fs::read_to_string(&log).unwrap(), filler, "no part of a line stays");
    // It goes on once there is room.
    std::fs::write(&log, "").unwrap();
    assert_eq!(broker.ask(&home, "{ devices { total } }").0, 200);
    broker.running.signal(Signal::INT);
    let session = broker.running.end();
    assert_eq!(session.err().matches("cannot be written, so requests are refused").count(), 1, "{session}");
    assert_eq!(entries(&log).len(), 1);
}

#[test]
fn every_request_has_a_line_and_the_line_is_there_before_it_is_sent() {
    let mut home = Home::new();
    let portal = MockServer::new().answer("*", Answer::stall());
    home.portal(&portal.url, ReferenceServer::KEY);
    let broker = Broker::start(&home, "broker --retries 0 --timeout 300s --log asked.ndjson");
    let bare = |script: &str| home.script(&script.replace("URL", &broker.url)).run().ok().out();
    bare("curl -sS -d '{}' URL/; curl -sS URL/graphql");
    home.write("home/body", r#"{"query":"{ __typename }"}"#);
    let script = format!(
        "curl -sS -H 'api-secret: {}' -H 'content-type: application/json' --data-binary @body {}/graphql",
        broker.token, broker.url
    );
    let asking = home.script(&script).start();
    let late = Instant::now() + Duration::from_secs(30);
    while portal.requests().is_empty() && Instant::now() < late {
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = home.path("home/asked.ndjson");
    let told = |n: usize| entries(&log)[n]["status"].clone();
    assert_eq!((told(0), told(1), told(2)), (404.into(), 405.into(), serde_json::Value::Null));
    drop(portal);
    asking.end().ok();
    assert_eq!((told(2), entries(&log).len()), (502.into(), 3));
}

#[test]
fn where_it_may_not_listen_it_does_not() {
    let home = Home::new();
    for address in ["0.0.0.0:4000", "localhost:1", "4000", "unix:", "portal.example:80"] {
        let session = home.optra(["--sandbox", "broker", "--listen", address]).run();
        assert!(session.exits(2).err().contains("--listen"), "{session}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let session = home.optra(["--sandbox", "broker", "--listen", &taken.local_addr().unwrap().to_string()]).run();
    assert!(session.exits(2).err().starts_with("error: the broker cannot run on 127.0.0.1:"), "{session}");
    let session = home.line("broker").env("OPTRA_PORTAL_URL", "https://portal.example").run();
    assert!(session.exits(4).err().starts_with("error: there is no key for https://portal.example"), "{session}");
}

#[test]
fn so_many_requests_pass_in_a_minute() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker --per-minute 2");
    for expected in [200, 200, 429, 429] {
        assert_eq!(broker.ask(&home, "{ __typename }").0, expected);
    }
    let told = broker.curl(&home, r#"{"query":"{ __typename }"}"#, &["-i"]).out();
    assert!(told.to_lowercase().contains("\nretry-after: ") && told.contains("RATE_LIMITED"), "{told}");
    assert_eq!(portal.requests().len(), 2);
}

#[test]
fn eight_requests_are_at_the_portal_at_once_and_others_wait() {
    let mut home = Home::new();
    let portal = MockServer::new().answer("*", Answer::stall());
    home.portal(&portal.url, ReferenceServer::KEY);
    let broker = Broker::start(&home, "broker --retries 0 --timeout 300s");
    home.write("home/body", r#"{"query":"{ __typename }"}"#);
    let script = format!(
        "for n in $(seq 12); do curl -sS -o /dev/null -w '%{{http_code}}\\n' -H 'api-secret: {}' \
         -H 'content-type: application/json' --data-binary @body {}/graphql & done; wait",
        broker.token, broker.url
    );
    let asking = home.script(&script).start();
    let late = Instant::now() + Duration::from_secs(30);
    while portal.requests().len() < 8 && Instant::now() < late {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(portal.requests().len(), 8);
    // Those that waited have their turn, and learn that the portal is gone.
    drop(portal);
    let session = asking.end();
    assert_eq!(session.ok().out(), "502\n".repeat(12), "{session}");
}
