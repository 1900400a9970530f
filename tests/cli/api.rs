//! `optra api`: the document is sent unchanged, and the answer is printed byte for byte.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

const QUERY: &str = "query Some($v: String) { devices { total } }";

/// A home at a mock server with one answer for any document.
fn at(answer: Answer) -> (Home, MockServer) {
    let mut home = Home::new();
    let script = MockServer::new().answer("*", answer);
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

#[test]
fn a_document_comes_from_the_line_a_file_or_stdin() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "2"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let file = home.write("home/fleet.graphql", "{ devices { total } }");
    let answer = "{\"data\":{\"devices\":{\"total\":2}}}\n";
    assert_eq!(home.run("api '{ devices { total } }'").ok().out(), answer);
    assert_eq!(home.run("api -f fleet.graphql").ok().out(), answer);
    for line in ["api -", "api -f -"] {
        assert_eq!(home.line(line).stdin_file(&file).run().ok().out(), answer);
    }
    home.run("api").exits(2);
    home.run("api -f missing.graphql").exits(2);
    home.run("api '{ x }' -f fleet.graphql").exits(2);
}

#[test]
fn variables_are_typed() {
    let (home, script) = at(Answer::data(json!({})));
    home.write("home/text", "from a file\n");
    let args = [
        "api",
        QUERY,
        "-F",
        "a=5",
        "-F",
        "b=-1.5",
        "-F",
        "c=true",
        "-F",
        "d=null",
        "-F",
        "e=dock",
        "-F",
        "f=@text",
        "-F",
        "g=a=b",
        "--variables",
        r#"{"a": 1, "z": [1]}"#,
    ];
    home.optra(args).run().ok();
    home.optra(["api", QUERY, "-F", "v=@-"]).stdin("piped").run().ok();
    let requests = script.requests();
    let expected = json!({
        "a": 5, "b": -1.5, "c": true, "d": null, "e": "dock", "f": "from a file\n", "g": "a=b", "z": [1]
    });
    assert_eq!(requests[0].variables(), &expected);
    assert_eq!(requests[1].variables(), &json!({"v": "piped"}));
    assert_eq!(requests[0].document(), QUERY);
}

#[test]
fn variables_that_are_none_are_refused_without_repeating_them() {
    let (home, script) = at(Answer::data(json!({})));
    let script = script.lenient();
    let session = home.optra(["api", QUERY, "--variables", "{\"secret\": hunter2}"]).run();
    assert!(
        session.exits(2).err().starts_with("error: `--variables` is not a JSON object (line 1, column"),
        "{session}"
    );
    assert!(!session.err().contains("hunter2"));
    home.optra(["api", QUERY, "--variables", "[1]"]).run().exits(2);
    home.optra(["api", QUERY, "-F", "novalue"]).run().exits(2);
    home.optra(["api", QUERY, "-F", "v=@missing"]).run().exits(2);
    assert_eq!(script.requests().len(), 0);
}

#[test]
fn what_cannot_be_sent_is_refused_before_it_is() {
    let (home, script) = at(Answer::data(json!({})));
    let script = script.lenient();
    for line in ["api ''", "api '  '", "api - -F v=@-", "api '{ x }' -F a=@- -F b=@-"] {
        home.line(line).stdin("{ x }").run().exits(2);
    }
    assert_eq!(script.requests().len(), 0);
}

#[test]
fn one_of_several_operations_is_chosen() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--devices", "2"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    let document = "query A { devices { total } } query B { viewer { organization { name } } }";
    let answer = home.optra(["api", document, "--operation", "B"]).run();
    assert_eq!(answer.ok().json(), json!({"data": {"viewer": {"organization": {"name": "Example Organization"}}}}));
    home.optra(["api", document]).run().exits(1);
}

#[test]
fn an_answer_is_printed_as_it_came() {
    let body = "{ \"data\" : {\"n\": 1.50, \"text\": \"\\u00fc 🏭 ü\"} ,\n\"extensions\":{} }";
    let (home, _script) = at(Answer::new(200, "application/json", body));
    assert_eq!(home.run("api '{ n }'").ok().out(), format!("{body}\n"));
    assert_eq!(home.run("api '{ n }' -o csv").ok().out(), format!("{body}\n"));
}

#[test]
fn errors_are_a_failure_and_data_beside_them_is_kept() {
    let error = |code: &str| json!({"message": "no", "extensions": {"code": code}});
    for (body, exit) in [
        (json!({"data": {"devices": null}, "errors": [error("ODD")]}), 3),
        (json!({"data": null, "errors": [error("ODD")]}), 1),
        (json!({"data": {"devices": null}, "errors": [error("FORBIDDEN")]}), 5),
        (json!({"errors": [error("GRAPHQL_VALIDATION_FAILED")]}), 9),
        (json!({"errors": []}), 9),
    ] {
        let (home, _script) = at(Answer::json(200, body.clone()));
        let session = home.run("api '{ devices { total } }'");
        session.exits(exit);
        if exit != 9 || !body["errors"].as_array().unwrap().is_empty() {
            assert_eq!(session.json(), body);
        }
    }
}

#[test]
fn what_is_no_answer_is_not_printed() {
    let (home, _script) = at(Answer::new(200, "text/html", "<html>hunter2</html>"));
    assert_data_eq!(
        home.run("api '{ x }'").to_string().replace(&_script.url, "[PORTAL]"),
        str![[r#"
--- stderr
error: the answer of the portal at [PORTAL] cannot be understood: it is a web page, not JSON
hint: Check that the URL is the portal's API base URL, which is not the web page's.
--- exit 9

"#]]
    );
}

#[test]
fn a_mutation_of_ones_own_works_too() {
    let home = Home::new();
    let session = home.run("--sandbox api 'mutation { generateApiKey(name: \"raw\") { name } }'");
    assert_eq!(session.ok().out(), "{\"data\":{\"generateApiKey\":{\"name\":\"raw\"}}}\n");
    assert!(home.run("--sandbox keys list").ok().out().contains("raw"));
}
