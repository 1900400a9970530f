//! `--where`, `--sort`, `--count`: which devices match, and what is reported when that cannot be known.

use serde_json::json;

use crate::harness::{Home, ReferenceServer};

#[test]
fn what_is_needed_and_not_given_is_an_error_and_no_empty_list() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&["--dialect", "documented"]));
    home.portal(&portal.url, ReferenceServer::KEY);
    for (options, lacks) in [
        ("--where status=OFFLINE", "status"),
        ("--where status!=OFFLINE --fields id", "status"),
        ("--fields id,location.name", "location.name"),
        ("--sort lastSeenAt --count --fields id", ""),
        ("--sort lastSeenAt", "lastSeenAt"),
        ("-o geojson", "location.latitude"),
    ] {
        if lacks.is_empty() {
            home.run(&format!("devices list {options}")).exits(2);
            continue;
        }
        let session = home.line(&format!("devices list {options}")).env("OPTRA_OUTPUT", "json").run();
        let error = session.exits(9).error();
        assert_eq!((&error["code"], &error["left_out"][0]), (&json!("unsupported"), &json!(lacks)), "{session}");
        assert_eq!(session.out(), "");
    }
    home.run("devices show device-0001 --fields location.name").exits(9);
    home.run("devices watch --where status=OFFLINE").exits(9);
}

#[test]
fn a_binding_has_the_portal_choose() {
    let schema = "type Query { devices(state: String, label: [String!] @is(field: \"tags\")): P } \
                  type P { data: [D!]! } type D { id: ID!, name: String, status: String }";
    let mut home = Home::new();
    let file = home.write("schema.graphql", schema);
    let portal = ReferenceServer::start(&["--schema", file.to_str().unwrap(), "--devices", "3"]);
    home.portal(&portal.url, ReferenceServer::KEY);
    let bind = |text: &str| home.line("portal bind devices.list -f -").stdin(text).run();
    bind(
        "# paging: none\nquery ($status: String, $tags: [String!]) \
          { devices(state: $status, label: $tags) { data { id name status } } }",
    )
    .ok();
    let session = home.run("devices list --where status=ONLINE --fields id");
    assert!(session.ok().err().contains("filtered by the portal, as the binding"), "{session}");
    assert_eq!(portal.requests().last().unwrap().variables(), &json!({ "status": "ONLINE" }));
    let session = home.run("devices list --where status=ONLINE --where name~'Dev*'");
    assert!(session.ok().err().contains("filtered here among 3 devices"), "{session}");
    assert_eq!(portal.requests().last().unwrap().variables(), &json!({ "status": "ONLINE" }));
    home.run("devices list").ok();
    assert_eq!(portal.requests().last().unwrap().variables(), &json!({}));
    // A field that the binding does not give cannot be compared.
    home.run("devices list --where tags=pilot").exits(9);
    let wrong = bind("query ($status: String!) { devices(state: $status) { data { id } } }");
    assert!(wrong.exits(2).err().contains("`$status` has to be optional, without `!`"), "{wrong}");
}

#[test]
fn devices_are_chosen_sorted_and_counted() {
    let devices = json!([
        {"id": "1", "name": "dock-1", "status": "ONLINE", "enabled": true, "lastSeenAt": "2020-01-01T00:00:00Z", "tags": [{"id": "t", "name": "pilot"}, {"id": "u", "name": "night"}]},
        {"id": "2", "name": "dock-2", "status": "OFFLINE", "enabled": false, "lastSeenAt": "2999-01-01T00:00:00Z", "location": {"id": "l", "name": "Gdańsk", "latitude": 54.35}},
        {"id": "3", "name": "gate-1", "status": null, "lastSeenAt": null, "location": {"id": "m", "name": null, "latitude": 9.5}},
    ]);
    let mut home = Home::new();
    let file = home.write("devices.json", devices.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    let ids = |conditions: &[&str], further: &[&str]| {
        let mut args = vec!["devices", "list", "-o", "csv", "--fields", "id"];
        conditions.iter().for_each(|condition| args.extend(["--where", condition]));
        args.extend(further);
        let out = home.optra(args).run().ok().out();
        out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    for (conditions, expected) in [
        (&["status=OFFLINE"][..], "2"),
        (&["status==OFFLINE"], "2"),
        (&["status!=OFFLINE"], "1 3"),
        (&["name~dock-*"], "1 2"),
        (&["name~\"dock-?\"", "enabled=true"], "1"),
        (&["tags=pilot"], "1"),
        (&["tags!=pilot"], "2 3"),
        (&["name=dock-*"], "1 2"),
        (&["name==dock-*"], ""),
        (&["name!=dock-*"], "3"),
        (&["tags=pil*"], "1"),
        (&["lastSeenAt older-than 7d"], "1"),
        (&["lastSeenAt newer-than 7d"], "2"),
        (&["lastSeenAt before 2020-01-02"], "1"),
        (&["lastSeenAt before 2020-01-01"], ""),
        (&["lastSeenAt after 2019-12-31"], "1 2"),
        (&["lastSeenAt after 2020-01-01"], "2"),
        (&["lastSeenAt>7d"], "1"),
        (&["lastSeenAt<7d"], "2"),
        (&["lastSeenAt>2021-01-01"], "2"),
        (&["lastSeenAt<2021-01-01T00:00:00Z"], "1"),
        (&["location=Gdańsk"], "2"),
        (&["location.name~G*"], "2"),
        (&["location.latitude>10"], "2"),
        (&["location.latitude<54.35"], "3"),
        (&["location.latitude<=54.35"], "2 3"),
        (&["location.latitude>=54.35"], "2"),
        (&["lastSeenAt="], "3"),
        (&["lastSeenAt!="], "1 2"),
        (&["tags="], "2 3"),
        (&["status=nothing"], ""),
    ] {
        assert_eq!(ids(conditions, &[]), expected, "{conditions:?}");
    }
    assert_eq!(ids(&[], &["--sort", "lastSeenAt"]), "1 2 3");
    assert_eq!(ids(&[], &["--sort", "lastSeenAt", "--reverse"]), "2 1 3");
    assert_eq!(ids(&[], &["--sort", "name", "--reverse", "--limit", "2"]), "3 2");
    assert_eq!(ids(&[], &["--sort", "location.latitude"]), "3 2 1");
    let session = home.run("devices list --where 'name<7d'");
    assert!(session.ok().err().contains("warning: `--where` cannot compare `name` of 3 devices"));
    assert_eq!(home.run("devices list --count").ok().out(), "3\n");
    let counted = home.run("devices list --count --where tags=pilot");
    assert_eq!(counted.ok().out(), "1\n");
    assert!(counted.err().contains("filtered here among 3 devices"), "{counted}");
    let session = home.run("devices list --where 'lastSeenAt before 7d'");
    let said = "`7d` is an age, not a date; write it as `older-than 7d`";
    assert!(session.exits(2).err().contains(said), "{session}");
    for wrong in ["nope=1", "status", "lastSeenAt>soon", "name~[", "nope before 2026-01-01", "lastSeenAt older-than"] {
        home.optra(["devices", "list", "--where", wrong]).run().exits(2);
    }
}

#[test]
fn a_word_that_no_device_has_is_told_with_those_that_there_are() {
    let home = Home::new();
    let session = home.run("--sandbox devices list --where status=OFLINE");
    let hint = "hint: No device has the status `OFLINE`; there is `ONLINE`, `UNHEALTHY`.";
    assert!(session.ok().err().contains(hint), "{session}");
    // Each condition is reported by itself: some devices are online, and some are in Newark.
    let session = home.run("--sandbox devices list --where status=ONLINE --where location=Nework");
    assert!(session.ok().err().contains("No device has the location `Nework`"), "{session}");
    assert!(!session.err().contains("has the status"), "{session}");
    // The note for an id does not list all others, and a match needs no hint.
    for condition in ["id=x", "status=ONLINE"] {
        let session = home.run(&format!("--sandbox devices list --where {condition}"));
        assert!(!session.ok().err().contains("hint:"), "{session}");
    }
    let help = home.run("help filters").ok().out();
    assert!(help.lines().all(|line| line.len() <= 80) && help.contains("'lastSeenAt older-than 7d' "), "{help}");
}

#[test]
fn a_template_that_asks_for_what_no_item_has_is_a_mistake() {
    let session = Home::new().run("--sandbox devices list --template '{{ name }} {{ nmae }}'");
    assert!(session.exits(1).err().contains("`--template` asks for `nmae`; there is id, name, "), "{session}");
    assert_eq!(session.out(), "");
}

#[test]
fn a_limit_that_cuts_a_filtered_list_says_so_once() {
    let home = Home::new();
    let status = |line: &str| {
        let err = home.run(&format!("--sandbox devices list --fields id {line} -o table")).ok().err();
        err.lines().filter(|line| line.contains("--limit")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(status("--where status=ONLINE --limit 2"), ["2 devices of more: `--limit` cut the list"]);
    assert_eq!(status("--where status=ONLINE --limit 2 --sort name"), ["2 devices of more: `--limit` cut the list"]);
    assert_eq!(status("--where status=UNHEALTHY --limit 2"), [""; 0]);
    assert_eq!(status("--where status=UNHEALTHY --limit 9"), [""; 0]);
}
