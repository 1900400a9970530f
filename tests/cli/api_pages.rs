//! `optra api --paginate`: every list to its end with every digit, or an error that names what could not be followed.

use serde_json::{Value, json};

use crate::harness::{Answer, Home, MockServer, Session};

/// A home at a mock server with these answers, one after the other.
fn at(answers: &[&str]) -> (Home, MockServer) {
    let mut home = Home::new();
    let script = answers
        .iter()
        .fold(MockServer::new(), |script, body| script.answer("*", Answer::new(200, "application/json", *body)));
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

fn run(home: &Home, further: &[&str], document: &str) -> Session {
    home.optra([&["api"][..], further, &[document]].concat()).run()
}

const ONE: &str = "query ($after: String) { devices(after: $after) { data { n } after } }";

#[test]
fn digits_come_as_they_went() {
    let (home, script) = at(&[
        r#"{"data":{"devices":{"data":[{"n":123456789012345678901234567890},{"n":1.10}],"after":"x"}}}"#,
        r#"{"data":{"devices":{"data":[{"n":-0},{"n":1e400},{"n":0.1000000000000000055}],"after":null}}}"#,
    ]);
    let variables = r#"{"big":123456789012345678901234567890,"f":1.10}"#;
    let session = run(&home, &["--paginate", "-F", "price=2.50", "--variables", variables], ONE);
    assert_eq!(
        session.ok().out(),
        "{\"data\":{\"devices\":{\"data\":[{\"n\":123456789012345678901234567890},{\"n\":1.10},{\"n\":-0},{\"n\":1e400},\
         {\"n\":0.1000000000000000055}],\"after\":null}}}\n"
    );
    let sent = script.requests()[1].text.clone();
    assert!(sent.contains(r#""big":123456789012345678901234567890,"f":1.10,"price":2.50"#), "{sent}");
    assert!(sent.contains(r#""after":"x""#), "{sent}");
    let (home, _script) = at(&[r#"{"data":{"devices":{"data":[{"n":123456789012345678901234567890}],"after":null}}}"#]);
    let line = "{\"n\":123456789012345678901234567890}\n";
    assert_eq!(run(&home, &["--paginate", "-o", "ndjson"], ONE).ok().out(), line);
    let filter = ".data.devices.data[].n";
    assert_eq!(run(&home, &["--paginate", "--jq", filter], ONE).ok().out(), "123456789012345678901234567890\n");
    let template = ["--paginate", "-o", "ndjson", "--template", "{{ n }}"];
    assert_eq!(run(&home, &template, ONE).ok().out(), "123456789012345678901234567890\n");
}

#[test]
fn a_cursor_of_any_shape_is_followed_as_its_variable_wants_it() {
    for (first, last, document, sent) in [
        (
            r#"{"data":{"d":{"items":[1],"nextCursor":2}}}"#,
            r#"{"data":{"d":{"items":[2],"nextCursor":null}}}"#,
            "query ($after: Int) { d(after: $after) { items nextCursor } }",
            json!(2),
        ),
        (
            r#"{"data":{"d":{"items":[1],"nextCursor":2}}}"#,
            r#"{"data":{"d":{"items":[2],"nextCursor":null}}}"#,
            "query ($cursor: String) { d(cursor: $cursor) { items nextCursor } }",
            json!("2"),
        ),
        (
            r#"{"data":{"d":{"items":[1],"nextPage":"2"}}}"#,
            r#"{"data":{"d":{"items":[2],"nextPage":""}}}"#,
            "query ($page: Int) { d(page: $page) { items nextPage } }",
            json!(2),
        ),
        (
            r#"{"data":{"d":{"nodes":[1],"pageInfo":{"hasNextPage":true,"endCursor":"y"}}}}"#,
            r#"{"data":{"d":{"nodes":[2],"pageInfo":{"hasNextPage":false,"endCursor":"z"}}}}"#,
            "query ($c: String) { d(after: $c) { nodes pageInfo { hasNextPage endCursor } } }",
            json!("y"),
        ),
    ] {
        let (home, script) = at(&[first, last]);
        let session = run(&home, &["--paginate", "--jq", ".data.d | (.items // .nodes)"], document);
        assert_eq!(session.ok().out(), "[1,2]\n", "{document}");
        let variables = script.requests()[1].variables().as_object().unwrap().values().next().unwrap().clone();
        assert_eq!(variables, sent, "{document}");
    }
}

#[test]
fn what_cannot_be_followed_is_never_the_whole() {
    for (page, document, why) in [
        (r#"{"data":{"devices":{"data":[1],"hasMore":true}}}"#, ONE, "its `hasMore` says"),
        (
            r#"{"data":{"devices":{"data":[1],"pageInfo":{"hasNextPage":true}}}}"#,
            ONE,
            "its `pageInfo.hasNextPage` says",
        ),
        (r#"{"data":{"devices":{"data":[1],"total":60}}}"#, ONE, "its `total` says"),
        (r#"{"data":{"devices":{"data":[1],"next":true}}}"#, ONE, "its `next` says"),
        (r#"{"data":{"keys":{"data":[1],"after":"x"}}}"#, ONE, "the document takes no cursor for it"),
        (
            r#"{"data":{"devices":{"data":[{"tags":{"data":[],"after":"t"}}],"after":null}}}"#,
            ONE,
            "`devices.data.tags` continues inside items",
        ),
    ] {
        let (home, _script) = at(&[page]);
        let session = run(&home, &["--paginate"], document);
        assert!(session.exits(3).err().contains(why), "{page}: {session}");
        assert_eq!(session.out(), "", "{page}");
    }
    // A page that does not say whether it is the last is not taken as the last.
    for last in [r#"{"data":{"devices":null}}"#, r#"{"data":{"devices":{"data":[2]}}}"#] {
        let (home, _script) = at(&[r#"{"data":{"devices":{"data":[1],"after":"x"}}}"#, last]);
        let session = run(&home, &["--paginate"], ONE);
        assert!(session.exits(3).err().contains("a page has no list `devices`"), "{session}");
    }
}

const TWO: &str = "query ($d: String, $k: String) { devices(after: $d) { data { n } after } apiKeys(after: $k) { data { n } after } }";
const SHARED: &str = "query ($after: String) { devices(after: $after) { data { n } after } apiKeys(after: $after) { data { n } after } }";

fn two(devices: &str, d: &str, keys: &str, k: &str) -> String {
    format!(r#"{{"data":{{"devices":{{"data":[{devices}],"after":{d}}},"apiKeys":{{"data":[{keys}],"after":{k}}}}}}}"#)
}

#[test]
fn several_lists_are_followed_each_with_its_own_variable() {
    let pages = [two("1", "\"d1\"", "7", "\"k1\""), two("2", "null", "8", "\"k2\""), two("2", "null", "9", "null")];
    let (home, script) = at(&pages.each_ref().map(String::as_str));
    let whole: Value = run(&home, &["--paginate"], TWO).ok().json();
    assert_eq!(whole["data"]["devices"]["data"], json!([1, 2]));
    assert_eq!(whole["data"]["apiKeys"]["data"], json!([7, 8, 9]));
    assert_eq!(script.requests()[2].variables(), &json!({"d": "d1", "k": "k2"}));
    let session = run(&home, &["--paginate", "-o", "ndjson"], TWO);
    assert!(session.exits(2).err().contains("`--paginate=devices` or `--paginate=apiKeys`"), "{session}");
}

#[test]
fn lists_that_share_a_cursor_are_refused_with_the_list_to_name() {
    let page = two("1", "\"d1\"", "7", "\"k1\"");
    let (home, _script) = at(&[&page]);
    let session = run(&home, &["--paginate"], SHARED);
    assert!(
        session.exits(2).err().contains("Say which one: `--paginate=devices` or `--paginate=apiKeys`"),
        "{session}"
    );
    assert_eq!(session.out(), "");
    let (home, _script) = at(&[&page, &two("2", "null", "9", "null")]);
    let session = run(&home, &["--paginate=devices", "-o", "ndjson"], SHARED);
    assert_eq!(session.ok().out(), "1\n2\n");
    assert!(session.err().contains("there is more of `apiKeys`, which was not asked for"), "{session}");
    let session = run(&home, &["--paginate=nothing"], SHARED);
    assert!(session.exits(2).err().contains("no list `nothing`"), "{session}");
}

#[test]
fn an_end_that_does_not_come_is_an_error() {
    let page = r#"{"data":{"devices":{"data":[1],"after":"x"}}}"#;
    let (home, script) = at(&[page]);
    let session = run(&home, &["--paginate"], ONE);
    assert!(session.exits(3).err().contains("leads back to an earlier page"), "{session}");
    assert_eq!((session.out().as_str(), script.requests().len()), ("", 2));
}

#[test]
fn ever_new_cursors_with_nothing_new_behind_them_are_an_error() {
    for items in ["7", ""] {
        let page = |n: usize| format!(r#"{{"data":{{"devices":{{"data":[{items}],"after":"c{n}"}}}}}}"#);
        let pages: Vec<String> = (0..20).map(page).collect();
        let mut home = Home::new();
        let script = pages.iter().fold(MockServer::new(), |script, body| {
            script.answer("*", Answer::new(200, "application/json", body.as_str()))
        });
        let script = script.lenient();
        home.portal(&script.url, "key-of-a-script");
        let session = run(&home, &["--paginate"], ONE);
        assert!(session.exits(3).err().contains("10 pages of `devices` in a row had nothing new"), "{session}");
        assert!((12..=13).contains(&script.requests().len()), "{items}");
    }
}
