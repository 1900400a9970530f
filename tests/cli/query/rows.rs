//! The answer to a document as rows: columns, formats, pages, and incomplete results.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{FLEET, at_fleet, at_script, told};

#[test]
fn the_list_becomes_a_table_of_what_is_asked_for() {
    let (home, _portal) = at_fleet("fleet", FLEET);
    assert_data_eq!(
        told(&home.run("query fleet"), &home),
        str![[r#"
id  name  status   location.name  location.latitude  tags.name     lastSeenAt
1   gate  ONLINE   -              -                  pilot, night  2020-01-01T00:00:00Z
2   dock  OFFLINE  Gdańsk         54.35              -             2999-01-01T00:00:00Z
--- stderr
there is more of `devices`; `--paginate` asks for all of it
--- exit 0

"#]]
    );
    // The message also says that the document cannot follow the cursor.
    let (other, _portal) = at_fleet("part", "query ($n: Int) { devices(first: $n) { data { id } after } }");
    let session = other.run("query part --n 1");
    let more = "there is more of `devices`, and the document takes no cursor for it\n";
    assert_eq!((session.ok().out().as_str(), session.err().as_str()), ("id\n1\n", more));
    let all = ["-o csv", "-o ndjson", "-o json --fields location.name,tags.name,id", "--fields name,tags"]
        .map(|options| home.run(&format!("query fleet --first 3 {options}")).ok().out());
    assert_data_eq!(
        all.concat(),
        str![[r#"
id,name,status,location.name,location.latitude,tags.name,lastSeenAt
1,gate,ONLINE,,,"pilot, night",2020-01-01T00:00:00Z
2,dock,OFFLINE,Gdańsk,54.35,,2999-01-01T00:00:00Z
3,belt,OFFLINE,,,,
{"id":"1","name":"gate","status":"ONLINE","location":null,"tags":[{"name":"pilot"},{"name":"night"}],"lastSeenAt":"2020-01-01T00:00:00Z"}
{"id":"2","name":"dock","status":"OFFLINE","location":{"name":"Gdańsk","latitude":54.35},"tags":null,"lastSeenAt":"2999-01-01T00:00:00Z"}
{"id":"3","name":"belt","status":"OFFLINE","location":null,"tags":null,"lastSeenAt":null}
[
  {"location.name":null,"tags.name":["pilot","night"],"id":"1"},
  {"location.name":"Gdańsk","tags.name":null,"id":"2"},
  {"location.name":null,"tags.name":null,"id":"3"}
]
name  tags
gate  [{"name":"pilot"},{"name":"night"}]
dock  -
belt  -

"#]]
    );
}

#[test]
fn pages_are_chosen_sorted_and_filtered_as_everywhere() {
    let (home, portal) = at_fleet("fleet", FLEET);
    let names = |options: &str| {
        let out = home.run(&format!("query fleet --paginate -o csv --fields name {options}")).ok().out();
        out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    for (options, expected) in [
        ("", "gate dock belt"),
        ("--sort name", "belt dock gate"),
        ("--sort name --reverse", "gate dock belt"),
        ("--sort lastSeenAt", "gate dock belt"),
        ("--where status=OFFLINE", "dock belt"),
        ("--where lastSeenAt>7d", "gate"),
        ("--where location.latitude>50", "dock"),
        ("--where tags.name=pilot", "gate"),
        ("--where location.name~G* --where status!=ONLINE", "dock"),
        ("--where status=NONE", ""),
    ] {
        assert_eq!(names(options), expected, "{options}");
    }
    assert_eq!(portal.requests().last().unwrap().variables(), &json!({"after": "Mg=="}));
    assert_eq!(
        home.run("query fleet --paginate --jq '[.[].name] | sort'").ok().out(),
        "[\"belt\",\"dock\",\"gate\"]\n"
    );
    let line = "query fleet --paginate --template '{{ name }} in {{ location.name }}'";
    assert_eq!(home.run(line).ok().out(), "gate in \ndock in Gdańsk\nbelt in \n");
    let session = home.run("query fleet --where status=OFLINE");
    assert!(session.ok().err().contains("No item has the status `OFLINE`; there is `OFFLINE`, `ONLINE`."), "{session}");
}

const LIST: &str =
    "query ($after: String) { things(after: $after) { nodes { id n sub { x } } pageInfo { endCursor } } }";

#[test]
fn an_empty_page_has_the_columns_of_the_document() {
    let (home, _script) = at_script(LIST, &[r#"{"data":{"things":{"nodes":[],"pageInfo":{"endCursor":null}}}}"#]);
    assert_eq!(home.run("query q -o csv").ok().out(), "id,n,sub.x\n");
    assert_eq!(home.run("query q -o json").ok().out(), "[]\n");
    let table = home.run("query q");
    assert_eq!((table.ok().out().as_str(), table.err().as_str()), ("", "no items\n"));
}

#[test]
fn digits_and_members_come_as_they_went() {
    let page = |items: &str, cursor: &str| {
        format!(r#"{{"data":{{"things":{{"nodes":[{items}],"pageInfo":{{"endCursor":{cursor}}}}}}}}}"#)
    };
    let first = page(r#"{"z":1,"id":"a","n":123456789012345678901234567890},{"id":"b","n":1.10}"#, "\"x\"");
    let last = page(r#"{"id":"c","n":-0},{"id":"d","n":9}"#, "null");
    let (home, script) = at_script(LIST, &[&first, &last, &first, &last, &first, &last]);
    assert_data_eq!(
        home.run("query q --paginate -o ndjson").to_string(),
        str![[r#"
{"z":1,"id":"a","n":123456789012345678901234567890}
{"id":"b","n":1.10}
{"id":"c","n":-0}
{"id":"d","n":9}
--- exit 0

"#]]
    );
    assert_eq!(script.requests()[1].variables(), &json!({"after": "x"}));
    let fields = home.run("query q --paginate -o ndjson --fields n --sort n").ok().out();
    assert_eq!(fields, "{\"n\":-0}\n{\"n\":1.10}\n{\"n\":9}\n{\"n\":123456789012345678901234567890}\n");
    let csv = home.run("query q --paginate -o csv --fields n --where n>2").ok().out();
    assert_eq!(csv, "n\n123456789012345678901234567890\n9\n");
}

#[test]
fn pages_that_break_off_are_never_the_whole() {
    let first = r#"{"data":{"things":{"nodes":[{"id":1}],"pageInfo":{"endCursor":"x"}}}}"#;
    let (home, _script) = at_script(LIST, &[first, r#"{"data":{"things":null},"errors":[{"message":"gone"}]}"#]);
    assert_data_eq!(
        told(&home.run("query q --paginate -o json").exits(3).clone(), &home),
        str![[r#"
[
  {"id":1}
--- stderr
{"error":{"code":"partial","exit":3,"message":"the listing stopped after 1 item","hints":[],"causes":["pagination failed; `$after` was `x`","the answer has errors beside its data","the portal refuses: gone"],"retryable":false,"retry_after_s":null,"request_id":null}}
--- exit 3

"#]]
    );
    let (home, _script) = at_script(LIST, &[first]);
    let session = home.run("query q --paginate");
    assert!(session.exits(3).err().contains("leads back to an earlier page"), "{session}");
    // A cursor without a variable, and several lists, are errors before or with the first page.
    let untaken = "{ things { nodes { id } after } }";
    let (home, script) = at_script(untaken, &[r#"{"data":{}}"#]);
    let _script = script.lenient();
    assert!(home.run("query q --paginate").exits(2).err().contains("needs a document that takes the cursor"));
    let several = "query ($a: Int) { a(after: $a) { data { id } after } b { data { id } after } }";
    let (home, script) = at_script(several, &[r#"{"data":{}}"#]);
    let script = script.lenient();
    let session = home.run("query q --paginate");
    assert!(session.exits(2).err().contains("`optra api --paginate -f "), "{session}");
    assert_eq!(script.requests().len(), 0);
}

#[test]
fn what_is_no_list_is_one_object() {
    let device = "query Device($id: ID!) { device(id: $id) { id name location { name latitude } tags { name } } }";
    let (home, _portal) = at_fleet("device", device);
    let all = ["", "-o json", "-o csv", "-o json --fields location.name", "--jq .location.latitude"]
        .map(|options| home.run(&format!("query device --id 2 {options}")).ok().out());
    assert_data_eq!(
        all.concat(),
        str![[r#"
id                 2
name               dock
location.name      Gdańsk
location.latitude  54.35
{
  "id": "2",
  "name": "dock",
  "location": {
    "name": "Gdańsk",
    "latitude": 54.35
  },
  "tags": null
}
id,name,location.name,location.latitude,tags.name
2,dock,Gdańsk,54.35,
{
  "location.name": "Gdańsk"
}
54.35

"#]]
    );
    let session = home.run("query device --id 2 --where name=x");
    assert!(session.ok().err().contains("`--where` and `--sort` are for lists"), "{session}");
    let none = home.run("query device --id nobody");
    assert_eq!((none.ok().out().as_str(), none.err().as_str()), ("", "`device` is null\n"));
    assert_eq!(home.run("query device --id nobody -o json").ok().out(), "null\n");
    let several = "{ a { id } b { id } }";
    let (home, _script) = at_script(several, &[r#"{"data":{"a":{"id":1},"b":null}}"#]);
    assert_eq!(home.run("query q -o ndjson").ok().out(), "{\"a\":{\"id\":1},\"b\":null}\n");
    assert_eq!(home.run("query q -o csv").ok().out(), "a.id,b.id\n1,\n");
}

#[test]
fn lists_are_found_wherever_they_stand() {
    for (document, data) in [
        (
            "{ d { edges { cursor node { id } } pageInfo { hasNextPage } } }",
            r#"{"d":{"edges":[{"cursor":"c","node":{"id":1}}]}}"#,
        ),
        ("{ d { id } }", r#"{"d":[{"id":1},null]}"#),
        ("{ o { d { data { id } total } } }", r#"{"o":{"d":{"data":[{"id":1}],"total":1}}}"#),
        ("{ who { id } d { items { id } after } }", r#"{"who":{"id":9},"d":{"items":[{"id":1}],"after":null}}"#),
    ] {
        let (home, _script) = at_script(document, &[&format!(r#"{{"data":{data}}}"#)]);
        assert_eq!(home.run("query q -o ndjson").ok().out(), "{\"id\":1}\n", "{document}");
    }
}

#[test]
fn errors_are_what_they_are_for_api() {
    for (body, exit, out) in [
        (
            r#"{"data":{"d":{"data":[{"id":1}]}},"errors":[{"message":"no","extensions":{"code":"ODD"}}]}"#,
            3,
            "[\n  {\"id\":1}\n]\n",
        ),
        (r#"{"data":{"d":null},"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}"#, 5, ""),
        (r#"{"data":null,"errors":[{"message":"no"}]}"#, 1, ""),
        (r#"{"errors":[{"message":"no","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}"#, 9, ""),
        (r#"{"data":{"d":null}}"#, 9, ""),
        ("<html>", 9, ""),
    ] {
        let (home, _script) = at_script("{ d { data { id } } }", &[body]);
        let (own, api) = (home.run("query q -o json"), home.run("api '{ d { data { id } } }' -o json"));
        assert_eq!(own.exits(exit).out(), out, "{body}");
        if body != r#"{"data":{"d":null}}"# {
            assert_eq!(api.exits(exit).err(), own.err(), "{body}");
        }
    }
}
