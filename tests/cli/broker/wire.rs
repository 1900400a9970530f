//! The wire on both sides of a broker: what it rejects, what it forwards, and what comes back.

use serde_json::{Value, json};

use super::{Broker, at_portal, refusal};
use crate::harness::{Answer, Home, MockServer};

#[test]
fn what_is_hidden_in_a_request_does_not_reach_the_portal() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker --only devices.list,devices.show");
    for document in [
        "{ apiKeys { total } }",
        "{ devices: apiKeys { total } }",
        "{ devices { total } ...F } fragment F on Query { ... on Query { ... { apiKeys { total } } } }",
        "query A { devices { total } } query B { apiKeys { total } }",
        "query A { devices { total } } mutation B { revokeApiKey(id: \"key-0001\") { id } }",
        "{ devices { total } apiKeys @skip(if: true) { total } }",
        "# { devices { total } }\n{ apiKeys { total } }",
        "{ devices(after: \"\"\"\n} # \\\"\"\" \"\"\") { total } apiKeys { total } }",
        "{ __schema { types { name } } }",
        "{ devices { total } __type(name: \"Query\") { name } }",
    ] {
        let (status, answer) = broker.ask(&home, document);
        assert_eq!((status, refusal(&answer).0), (403, "FORBIDDEN"), "{document}: {answer}");
    }
    for body in [
        r#"[{"query":"{ devices { total } }"}]"#,
        r#"{"query":"{ devices { total } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#,
        r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#,
        r#"{"query":"{ devices { total } }","id":"other"}"#,
        r#"{"query":"subscription { devices }"}"#,
        r#"{"query":"{ devices @live { total } }"}"#,
    ] {
        let (status, answer) = broker.post(&home, body);
        assert_eq!((status, refusal(&answer).0), (403, "FORBIDDEN"), "{body}: {answer}");
    }
    for body in [
        r#"{"query":"{ devices { total } }","query":"{ apiKeys { total } }"}"#,
        r#"{"query":"{ apiKeys { total } }","qu\u0065ry":"{ devices { total } }"}"#,
        "\u{feff}{\"query\":\"{ devices { total } }\"}",
        r#"{"query":"{ devices { total } }","variables":{"a":1,"a":2}}"#,
        r#"{"query":"{ devices { total } ...Nobody }"}"#,
        r#"{"query":"{ devices { total }"}"#,
        "query=%7B__typename%7D",
        "",
    ] {
        let (status, answer) = broker.post(&home, body);
        assert!(
            status == 400 && ["BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"].contains(&refusal(&answer).0),
            "{body}: {answer}"
        );
    }
    assert!(portal.requests().is_empty());
    assert!(portal.keys().iter().all(|key| key["revoked"] == false));
}

#[test]
fn what_is_sent_on_was_written_anew_and_nothing_else_goes_with_it() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker --only devices.list --introspection");
    let body = " {\"qu\\u0065ry\":\"# apiKeys\\nquery A($n:Int,){x:devices(first:$n){data{...F}}}fragment F on Device{id}\", \
                \"variables\" : {\"n\":\\u0031} }";
    assert_eq!(broker.post(&home, body).0, 400, "an escape is no number");
    let body = body.replace("\\u0031", "1");
    let told = broker
        .curl(&home, &body, &["-H", "Cookie: mine", "-H", "X-Mine: 1", "-H", "Authorization: Bearer mine", "-i"])
        .out();
    assert!(told.contains(r#"{"data":{"x":{"data":[{"id":"device-0001"}]}}}"#), "{told}");
    let asked = &portal.requests()[0];
    assert_eq!(
        asked.document(),
        "query A($n: Int) {\n  x: devices(first: $n) {\n    data {\n      ...F\n    }\n  }\n}\n\nfragment F on Device {\n  id\n}\n"
    );
    assert_eq!(asked.body, json!({ "variables": { "n": 1 }, "query": asked.document() }));
    for header in ["cookie", "x-mine", "authorization"] {
        assert_eq!(asked.header(header), None);
    }
    assert!(asked.header("user-agent").unwrap().starts_with("optra/"));
    assert_eq!(broker.ask(&home, "{ __schema { queryType { name } } }").0, 200);
}

#[test]
fn the_answer_comes_back_as_it_came_but_for_the_key() {
    let body = r#"{"data" : {"echo":"admin-key-0123456789abcdef","n":1.10,"n":2}}"#;
    let answer = Answer::new(418, "application/json; odd=1", body)
        .header("Retry-After", "7")
        .header("X-Request-Id", "request-7")
        .header("Set-Cookie", "a=b")
        .header("X-Secret", "s");
    let portal = MockServer::new().answer("*", answer);
    let mut home = Home::new();
    home.portal(&portal.url, "admin-key-0123456789abcdef");
    let broker = Broker::start(&home, "broker");
    let told = broker.curl(&home, r#"{"query":"{ echo }"}"#, &["-i"]).out();
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "{\"data\" : {\"echo\":\"[secret]\",\"n\":1.10,\"n\":2}}\n418");
    let mut names: Vec<String> =
        head.lines().skip(1).map(|line| line.split_once(':').unwrap().0.to_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["content-length", "content-type", "date", "retry-after", "x-request-id"]);
    assert!(head.contains("application/json; odd=1") && head.contains("request-7"), "{head}");
}

#[test]
fn who_is_no_program_of_this_machine_with_the_token_is_not_read() {
    let (home, portal) = at_portal(&[]);
    let broker = Broker::start(&home, "broker");
    let status = |options: &[&str]| {
        let told = broker.curl(&home, r#"{"query":"{ __typename }"}"#, options).out();
        told.rsplit_once('\n').unwrap().1.parse::<u16>().unwrap()
    };
    assert_eq!(status(&["-H", "Origin: http://localhost:3000"]), 200);
    for (options, expected) in [
        (["-H", "Host: evil.example"], 403),
        (["-H", "Origin: https://evil.example"], 403),
        (["-H", "Origin: null"], 403),
        (["-H", "api-secret: another"], 401),
        (["-H", "content-type: text/plain"], 415),
        (["-X", "PUT"], 405),
        (["-X", "GET"], 405),
    ] {
        // curl sends both content types, and the broker reads the first.
        let expected = if options[1].starts_with("content-type") { 200 } else { expected };
        assert_eq!(status(&options), expected, "{options:?}");
    }
    let bare = |script: &str| home.script(&script.replace("URL", &broker.url)).run().ok().out();
    assert!(bare("curl -sS -d '{}' URL/graphql").contains("UNAUTHENTICATED"));
    let typed = format!("curl -sS -H 'api-secret: {}' -d '{{\"query\":\"{{a}}\"}}' URL/graphql", broker.token);
    assert!(bare(&typed).contains("the content type has to be application/json"));
    assert_eq!(bare("curl -sS -o /dev/null -w '%{http_code}' -d '{}' URL/"), "404");
    let before = portal.requests().len();
    let large = format!(r#"{{"query":"{{ __typename }}","variables":{{"x":"{}"}}}}"#, "x".repeat(1 << 20));
    assert_eq!(broker.post(&home, &large).0, 413);
    assert_eq!(portal.requests().len(), before);
}

#[test]
fn a_program_learns_what_a_portal_lacks_through_a_broker_too() {
    let (home, _portal) = at_portal(&["--dialect", "documented"]);
    let session = home.run("run --only devices.list -- optra devices list -o json --allow-partial");
    let devices: Value = session.ok().json();
    assert_eq!(devices[0]["name"], "Device 1", "{session}");
}
