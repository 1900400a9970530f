//! `optra run --only`: a program with a token, and a broker for as long as it runs.

use std::fs;

use rustix::process::Signal;
use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{at_portal, entries};
use crate::harness::{Certificates, Home, ReferenceServer};

#[test]
fn a_program_may_do_what_is_named_and_nothing_else() {
    let (home, portal) = at_portal(&[]);
    let script = "optra devices list --fields id,name; optra devices show device-0002 --fields name -o ndjson
                  optra keys list; echo \"exit $?\"; optra keys generate --name mine; echo \"exit $?\"; printenv OPTRA_API_KEY >token";
    let session = home.optra(["run", "--only", "devices.list,devices.show", "--", "sh", "-c", script]).run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
id           name
device-0001  Device 1
device-0002  Device 2
device-0003  Device 3
{"name":"Device 2"}
exit 5
exit 5
--- stderr
error: the broker refuses: this broker does not allow `query:apiKeys`
hint: `--only` and `--read-only` say what is allowed, where `optra run` or `optra broker` is started.
error: the broker refuses: this broker does not allow `mutation:generateApiKey`
hint: `--only` and `--read-only` say what is allowed, where `optra run` or `optra broker` is started.
--- exit 0

"#]]
    );
    let requests = portal.requests();
    assert!(requests.iter().all(|request| request.header("api-secret") == Some(ReferenceServer::KEY)));
    assert!(
        requests.iter().all(|request| ["DevicesList", "DevicesShow"].contains(&request.operation())),
        "{requests:?}"
    );
    assert_eq!(portal.keys().len(), 1);
    // The token is invalid afterwards, and the portal never knew it.
    let token = fs::read_to_string(home.path("home/token")).unwrap();
    assert_ne!(token.trim(), ReferenceServer::KEY);
    home.line("devices list").env("OPTRA_API_KEY", token.trim()).run().exits(4);
}

#[test]
fn a_key_that_is_generated_through_a_broker_of_the_sandbox_is_whole() {
    let home = Home::new();
    let script = "optra keys generate --name ci --to file:ci.key && optra devices list --count";
    let run = ["--sandbox", "run", "--only", "keys.generate,keys.list", "--", "sh", "-c", script];
    assert!(home.optra(run).run().err().contains("Generated API key"));
    assert_eq!(fs::read_to_string(home.path("home/ci.key")).unwrap().trim().len(), 43);
}

#[test]
fn the_key_and_the_way_to_the_portal_are_nowhere_in_the_program() {
    let (home, portal) = at_portal(&[]);
    let script = "env; tr '\\0' ' ' </proc/$PPID/cmdline; optra devices list -o csv --fields id";
    let run = home.optra(["run", "--only", "devices.list", "--", "sh", "-c", script]);
    let run = run.env("OPTRA_HEADERS", "X-Access=env:WAY").env("WAY", "through").env("OPTRA_API_KEY_ID", "key-0001");
    let session = run.run();
    assert!(session.ok().out().contains("device-0003"), "{session}");
    for word in [ReferenceServer::KEY, &portal.url, "X-Access", "OPTRA_API_KEY_ID"] {
        assert!(!session.to_string().contains(word), "{word}: {session}");
    }
    assert_eq!(portal.requests()[0].header("x-access"), Some("through"), "the broker goes the way that the user named");
}

#[test]
fn what_is_read_only_stays_so() {
    let (home, portal) = at_portal(&[]);
    let script = "optra --no-config keys revoke key-0001 --yes; echo \"exit $?\"; printenv OPTRA_READ_ONLY; unset OPTRA_READ_ONLY
                  optra api 'mutation { revokeApiKey(id: \"key-0001\") { id } }'; echo \"exit $?\"";
    let run = ["--read-only", "run", "--only", "queries,mutation:revokeApiKey", "--", "sh", "-c", script];
    let session = home.optra(run).run();
    assert!(session.ok().out().starts_with("exit 7\n1\n") && session.out().ends_with("exit 5\n"), "{session}");
    assert!(session.err().contains("does not allow the mutation `revokeApiKey`: nothing may be changed"), "{session}");
    assert!(portal.keys().iter().all(|key| key["revoked"] == false));
}

#[test]
fn a_key_of_its_own_can_have_less_power_too() {
    let (home, portal) = at_portal(&[]);
    let script = "optra devices list -o csv --fields id; optra keys list; printenv OPTRA_API_KEY_ID; printenv OPTRA_API_KEY >token";
    let run = ["run", "--ephemeral", "--name", "report", "--only", "devices.list", "--", "sh", "-c", script];
    let session = home.optra(run).run();
    assert!(session.out().contains("device-0003"), "{session}");
    let keys = portal.keys();
    let of_the_run = keys.iter().find(|key| key["name"].as_str().unwrap().starts_with("report (run ")).unwrap();
    assert_eq!(of_the_run["revoked"], true);
    let asked = portal.requests();
    let asked: Vec<_> = asked.iter().filter(|request| request.operation() == "DevicesList").collect();
    assert_eq!(asked[0].header("api-secret"), of_the_run["secret"].as_str());
    let token = fs::read_to_string(home.path("home/token")).unwrap();
    assert_ne!(Some(token.trim()), of_the_run["secret"].as_str());
}

#[test]
fn the_exit_code_and_the_signals_are_the_programs() {
    let (home, _portal) = at_portal(&[]);
    for code in [0, 7, 130] {
        let session = home.optra(["run", "--only", "queries", "--", "sh", "-c", &format!("exit {code}")]).run();
        assert_eq!(session.to_string(), format!("--- exit {code}\n"));
    }
    let script = "trap 'echo told; exit 9' TERM; echo ready; for n in $(seq 100); do sleep 0.05; done";
    let running = home.optra(["run", "--only", "queries", "--", "sh", "-c", script]).start();
    assert_eq!(running.first_line(), "ready");
    running.signal(Signal::TERM);
    assert_eq!(running.end().to_string(), "ready\ntold\n--- exit 9\n");
    let session = home.run("run --only queries -- no-such-program");
    assert!(session.exits(127).err().starts_with("error: cannot run `no-such-program`"), "{session}");
}

#[test]
fn a_binding_says_which_fields_an_operation_is() {
    let schema = "type Query { assets(first: Int, after: String): Page @is(field: \"devices\"), devices(first: Int, after: String): Page } \
                  type Page { data: [Device], after: String } type Device { id: ID!, name: String }";
    let mut home = Home::new();
    let file = home.write("schema.graphql", schema);
    let portal = ReferenceServer::start(&["--schema", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    home.write("home/assets.graphql", "query ($first: Int, $after: String) { devices: assets(first: $first, after: $after) { data { id name } after } }");
    home.run("portal bind devices.list -f assets.graphql").ok();
    let script = "optra api '{ assets { data { id } } }' && ! optra api '{ devices { data { id } } }'";
    let session = home.optra(["run", "--only", "devices.list", "--", "sh", "-c", script]).run();
    assert!(session.ok().err().contains("does not allow `query:devices`"), "{session}");
}

#[test]
fn the_log_says_what_was_asked_for_and_no_value() {
    let (home, _portal) = at_portal(&[]);
    let script = "optra devices show device-0002 --fields name >shown; optra api 'query A($n: String) { apiKeys(after: $n) { total } }' \
                  -F n=a-value-of-mine; \
                  curl -sS -H \"api-secret: $OPTRA_API_KEY\" -H 'content-type: application/json' -d a-value-of-mine $OPTRA_PORTAL_URL/graphql";
    let words = ["run", "--only", "devices.show", "--log", "asked.ndjson", "--", "sh", "-c", script];
    home.optra(words).run().ok();
    let log = home.path("home/asked.ndjson");
    let mut told = entries(&log);
    for entry in &mut told {
        let (time, bytes) = (entry["time"].take(), entry["bytes"].take());
        assert!(time.as_str().unwrap().ends_with('Z') && bytes.as_u64().unwrap() > 20, "{time} {bytes}");
    }
    let entry = |operation, fields, allowed, status| json!({ "time": null, "operation": operation, "fields": fields, "allowed": allowed, "status": status, "bytes": null });
    assert_eq!(
        told,
        [
            entry(json!("DevicesShow"), json!(["query:device"]), true, 200),
            entry(json!("A"), json!(["query:apiKeys"]), false, 403),
            entry(json!(null), json!([]), false, 400),
        ]
    );
    let text = fs::read_to_string(&log).unwrap();
    assert!(
        !text.contains("device-0002") && !text.contains("a-value-of-mine") && !text.contains(ReferenceServer::KEY),
        "{text}"
    );

    let session = home.run("-v run --only devices.list -- optra devices list --fields id -o csv");
    assert!(session.ok().err().contains(r#""fields":["query:devices"],"allowed":true,"status":200"#), "{session}");
    let session = home.optra(["run", "--only", "devices.list", "--log", ".", "--", "true"]).run();
    assert!(session.exits(2).err().starts_with("error: `.` cannot be written"), "{session}");
    let session = home.run("run --only devices.list --log none/x -- true");
    assert!(session.exits(2).err().contains("\nhint: Make it: `mkdir -p none`."), "{session}");
    assert!(!home.path("home/none").exists());
}

#[test]
fn read_only_without_less_power_is_warned_of() {
    let (home, _portal) = at_portal(&[]);
    let session = home.run("--read-only run -- true");
    assert_data_eq!(
        session.ok().err(),
        str![[r#"
warning: `--read-only` binds `optra` alone: the program gets a key that may change everything
hint: To take that from it: `optra run --only queries -- COMMAND`.

"#]]
    );
    assert_eq!(home.run("--read-only -q run -- true").ok().err(), "");
    assert_eq!(home.run("--read-only run --only queries -- true").ok().err(), "");
}

#[test]
fn a_second_request_needs_no_handshake() {
    let certificates = Certificates::new();
    let (cert, key) = (certificates.certificate(), certificates.key());
    let (mut home, portal) = (
        Home::new(),
        ReferenceServer::start(&["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]),
    );
    home.portal(&portal.url, ReferenceServer::KEY).set("OPTRA_CACERT", certificates.authority());
    let script = "for n in 1 2 3 4; do optra devices list -o csv --fields id >/dev/null || exit 1; sleep 0.4; done";
    home.optra(["run", "--only", "devices.list", "--", "sh", "-c", script]).run().ok();
    assert_eq!((portal.requests().len(), portal.handshakes()), (4, 1));
    // Without the broker each run opens its own connection.
    home.optra(["run", "--", "sh", "-c", script]).run().ok();
    assert_eq!((portal.requests().len(), portal.handshakes()), (8, 5));
}

#[test]
fn what_means_nothing_without_less_power_is_refused() {
    let (home, portal) = at_portal(&[]);
    for line in ["run --log x -- touch ran", "run --per-minute 5 -- touch ran", "run --introspection -- touch ran"] {
        let session = home.run(line);
        assert!(session.exits(2).err().contains("--only"), "{session}");
    }
    for grant in ["devices", "devices.lst", "", "devices(first<=100)", "subscription:x"] {
        let session = home.optra(["run", "--only", grant, "--", "touch", "ran"]).run();
        assert!(session.exits(2).err().contains("--only"), "{session}");
    }
    assert!(!home.path("home/ran").exists() && portal.requests().is_empty());
    for list in ["devices.list, devices.show", "devices.list,"] {
        home.optra(["run", "--only", list, "--", "optra", "devices", "list"]).run().ok();
    }
    let warned = home.run("run --only keys.generate -- true");
    assert_eq!(warned.ok().err(), "warning: whoever may generate a key has all the power of a key\n");
}
