//! The faults of `optra sandbox --fail`, as a script sees them: over HTTP, with curl and with the client itself. It
//! must not measure time, except for a requested delay.

use std::time::{Duration, Instant};

use snapbox::{assert_data_eq, str};

use crate::harness::{Background, Home};

/// Sends a document as a script does, and prints the status or curl's own exit code.
const CURL: &str = "curl -sS -o body -D head -w '%{http_code}\\n' $OPTRA_PORTAL_URL/graphql \
                    -H \"api-secret: $OPTRA_API_KEY\" -H 'content-type: application/json' \
                    -d '{\"query\": \"{ devices { total } }\"}' 2>curl.err || echo \"curl $?\"";

fn serve(home: &mut Home, options: &str) -> Background {
    let serving = home.line(&format!("sandbox --fresh -o ndjson {options}")).start();
    let access: serde_json::Value = serde_json::from_str(&serving.first_line()).unwrap();
    home.portal(access["url"].as_str().unwrap(), access["apiKey"].as_str().unwrap());
    serving
}

/// Returns what a script sees of this many requests, one per line.
fn seen(options: &str, requests: usize) -> String {
    let mut home = Home::new();
    let _serving = serve(&mut home, options);
    home.script(&format!("for n in $(seq {requests}); do {CURL}; done")).run().ok().out()
}

#[test]
fn a_seed_gives_the_same_sequence_to_every_run() {
    let faults = "--fail 429:0.3,500:0.2,drop:0.2 --seed 7";
    let first = seen(faults, 12);
    assert_data_eq!(
        &first,
        str![[r#"
500
200
500
500
429
429
200
200
200
000
curl 52
000
curl 52
500

"#]]
    );
    assert_eq!(seen(&format!("{faults} --latency 1ms..3ms"), 12), first);
    assert_ne!(seen("--fail 429:0.3,500:0.2,drop:0.2 --seed 8", 12), first);
}

#[test]
fn a_sequence_without_a_seed_tells_its_own() {
    let mut home = Home::new();
    let serving = serve(&mut home, "--fail 500:0.5");
    serving.wait_for_stderr("--seed ");
    let requests = format!("for n in $(seq 8); do {CURL}; done");
    let first = home.script(&requests).run().ok().out();
    serving.signal(rustix::process::Signal::INT);
    let said: serde_json::Value = serde_json::from_str(serving.end().err().trim()).unwrap();
    let (_, seed) = said["status"].as_str().unwrap().split_once("--seed ").unwrap();
    assert_eq!(seen(&format!("--fail 500:0.5 --seed {}", seed.trim_end_matches("`.")), 8), first);
    // Without randomness there is no seed to repeat.
    let mut home = Home::new();
    let serving = serve(&mut home, "--latency 1ms");
    serving.signal(rustix::process::Signal::INT);
    assert_eq!(serving.end().err(), "");
}

#[test]
fn a_limited_rate_says_how_long_to_wait_and_an_error_has_a_code() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--fail 429:1");
    let session = home.script(&format!("{CURL}; grep -i '^retry-after' head | tr -d '\\r'; cat body")).run();
    assert_data_eq!(
        session.to_string(),
        str![[r#"
429
retry-after: 1
{"errors":[{"message":"This is a fault of `--fail 429`.","extensions":{"code":"RATE_LIMITED"}}]}
--- exit 0

"#]]
    );
    let error = home.run("devices list -o json").exits(8).error();
    assert_eq!((&error["code"], &error["retry_after_s"]), (&"rate_limited".into(), &1.into()));
    for (status, code, exit) in
        [(401, "unauthenticated", 4), (403, "forbidden", 5), (422, "failed", 1), (503, "unreachable", 8)]
    {
        let mut home = Home::new();
        let _serving = serve(&mut home, &format!("--fail {status}:1"));
        assert_eq!(home.run("devices list -o json").exits(exit).error()["code"], code, "{status}");
    }
}

#[test]
fn a_dropped_connection_ends_without_a_byte_and_nothing_was_done() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--fail drop:1");
    // curl exits with 52 for an empty reply.
    let session = home.script(&format!("{CURL}; cat curl.err; test ! -s head")).run();
    assert!(session.ok().out().starts_with("000\ncurl 52\ncurl: (52) Empty reply from server"), "{session}");
    assert_eq!(home.run("devices list -o json").exits(8).error()["code"], "unreachable");
}

#[test]
fn a_script_that_asks_again_survives() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--devices 3 --fail 502:0.3,drop:0.3 --seed 3");
    let with_retries = "for n in 1 2 3 4 5; do optra devices list --retries 9 -o ndjson --fields id | wc -l; done";
    let session = home.script(with_retries).run();
    assert_eq!(session.ok().out().split_whitespace().collect::<Vec<_>>(), ["3"; 5], "{session}");
    assert!(session.err().contains("retrying in"), "{session}");
    let mut home = Home::new();
    let _serving = serve(&mut home, "--devices 3 --fail 502:0.3,drop:0.3 --seed 3");
    let without = home.script("for n in 1 2 3 4 5; do optra devices list --retries 0 || echo failed; done").run();
    assert!(without.ok().out().contains("failed"), "{without}");
}

#[test]
fn a_mutation_whose_answer_is_dropped_has_taken_effect_and_a_query_is_answered() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--fail drop-after:1");
    let names = || home.run("keys list -o csv --fields name").ok().out();
    let session = home.run("keys generate --name ci -o json");
    let error = session.exits(8).error();
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("the answer was lost, and one named `ci` is there now (id "), "{message}");
    assert_eq!(names(), "name\nsandbox\nci\n");
    // A generated name is certainly ours, so that key is revoked; the answer to that is lost, too.
    let error = home.run("keys generate -o json").exits(8).error();
    assert!(error["message"].as_str().unwrap().ends_with("was found and revoked"), "{error}");
    assert_eq!(names(), "name\nsandbox\nci\n");
    let revoked = home.run("keys revoke ci --yes -o json").ok().json();
    assert_eq!((&revoked[0]["revoked"], names()), (&true.into(), "name\nsandbox\n".to_owned()));
    let ensured = home.script("optra keys ensure --name x || true; optra keys ensure --name x").run();
    assert!(ensured.exits(7).err().contains("its secret cannot be printed again"), "{ensured}");
    assert_eq!(names(), "name\nsandbox\nx\n");
}

#[test]
fn a_lost_answer_may_come_in_the_middle_of_a_rotation() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--fail drop-after:1");
    home.run("keys generate --name robot").exits(8);
    let file = home.path("robot.key");
    let session = home.run(&format!("keys rotate robot --yes --to 'file:{}'", file.display()));
    assert!(session.exits(8).err().contains("was found and revoked"), "{session}");
    assert_eq!(home.run("keys list -o csv --fields name").ok().out(), "name\nsandbox\nrobot\n");
    assert!(!file.exists());
}

#[test]
fn a_latency_is_waited_for_and_whoever_gives_up_does_not_know_what_was_done() {
    let mut home = Home::new();
    let _serving = serve(&mut home, "--latency 300ms..400ms");
    let start = Instant::now();
    home.run("keys list").ok();
    assert!(start.elapsed() >= Duration::from_millis(300));
    let gave_up = home.run("api --timeout 100ms 'mutation { generateApiKey(name: \"late\") { id } }' -o json");
    assert_eq!(gave_up.exits(8).error()["code"], "timeout");
    assert_eq!(home.run("keys list -o csv --fields name").ok().out(), "name\nsandbox\nlate\n");
}

#[test]
fn what_is_no_fault_is_refused_before_anything_is_served() {
    let home = Home::new();
    for (options, problem) in [
        ("--fail 429:0.8,500:0.3", "the probabilities add up to 1.1, which is more than 1"),
        ("--fail 429:10%", "`10%` is a percentage: write it as `0.1`"),
        ("--fail timeout:0.1", "`timeout` is no fault: it is an HTTP status from 400 to 599, `drop` or `drop-after`"),
        ("--fail drop", "`drop` has no probability: write it as `drop:0.1`"),
        ("--fail drop:often", "`often` is no probability: it is a number from 0 to 1, such as `0.1`"),
        ("--latency 300ms..50ms", "the range ends before it begins"),
        ("--latency fast", "`fast` is not a duration such as `30` (seconds), `500ms`, `10m`, `36h` or `90d`"),
        ("--seed -1", "unexpected argument `-1`"),
    ] {
        let session = home.run(&format!("sandbox --fresh {options}"));
        assert!(session.exits(2).err().contains(problem), "{session}");
    }
}
