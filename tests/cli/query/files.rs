//! Which documents there are, where they come from, and the messages about broken ones.

use std::fs;

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::{FLEET, keep, told};
use crate::harness::Home;

#[test]
fn documents_are_listed_with_what_is_wrong_with_them() {
    let home = Home::new();
    keep(&home, "fleet", FLEET);
    keep(&home, "cut", "query {\n  devices {\n");
    keep(&home, "two", "{ a }\nmutation { b }");
    keep(&home, "watch", "subscription { a }");
    keep(&home, "bad name", "{ a }");
    keep(&home, ".hidden", "{ a }");
    home.write("config/optra/queries/notes.txt", "no document");
    home.write("home/.optra/queries/make.graphql", "# Make a key\nmutation { generateApiKey { id } }");
    keep(&home, "same", "query ($aB: Int, $a_b: Int) { a }");
    assert_data_eq!(
        told(&home.run("query --list -o csv"), &home),
        str![[r#"
name,kind,description,from,file,problem
bad name,,,configuration,[HERE]/config/optra/queries/bad name.graphql,the name of the file cannot be typed as a command
cut,,,configuration,[HERE]/config/optra/queries/cut.graphql,line 3: syntax error: expected at least one Selection in Selection Set
fleet,query,"The fleet, a page at a time.",configuration,[HERE]/config/optra/queries/fleet.graphql,
make,mutation,Make a key,project,[HERE]/home/.optra/queries/make.graphql,
same,,,configuration,[HERE]/config/optra/queries/same.graphql,line 1: `$aB` and `$a_b` would both be `--a-b`
two,,,configuration,[HERE]/config/optra/queries/two.graphql,line 2: it has more than one operation
watch,,,configuration,[HERE]/config/optra/queries/watch.graphql,"line 1: it is a subscription, which has no end; there are queries and mutations here"
--- exit 0

"#]]
    );
    assert_eq!(home.run("query").ok().out(), home.run("query --list").ok().out());
    let listed = home.run("query --list -o json").ok().json();
    assert_eq!(listed.as_array().unwrap().len(), 7);
    let file = home.path("home/.optra/queries/make.graphql");
    assert_eq!(
        listed[3],
        json!({"name": "make", "kind": "mutation", "description": "Make a key", "from": "project",
               "file": file.to_str().unwrap(), "problem": null})
    );
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_line_and_the_way_out() {
    let home = Home::new();
    keep(&home, "cut", "query {\n  devices {\n");
    keep(&home, "two", "{ a }\n\nmutation { b }");
    keep(&home, "watch", "# x\nsubscription { a }");
    keep(&home, "schema", "type T { a: Int }");
    keep(&home, "twice", "query ($a: Int,\n  $a: Int) { a }");
    keep(&home, "same", "query (\n  $deviceId: Int\n  $device_id: Int) { a }");
    keep(&home, "bad name", "{ a }");
    keep(&home, "large", "#".repeat(300 * 1024).as_str());
    fs::write(home.path("config/optra/queries/latin.graphql"), b"# caf\xe9\n{ a }").unwrap();
    fs::create_dir(home.path("config/optra/queries/folder.graphql")).unwrap();
    let all: String = ["cut", "two", "watch", "schema", "twice", "same", "'bad name'", "large", "latin", "folder"]
        .iter()
        .map(|name| told(home.run(&format!("query {name}")).exits(11), &home))
        .collect();
    assert_data_eq!(
        all,
        str![[r#"
--- stderr
error: `[HERE]/config/optra/queries/cut.graphql`, line 3: syntax error: expected at least one Selection in Selection Set
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/cut.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/two.graphql`, line 3: it has more than one operation
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/two.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/watch.graphql`, line 2: it is a subscription, which has no end; there are queries and mutations here
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/watch.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/schema.graphql`, line 1: it contains a schema definition
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/schema.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/twice.graphql`, line 2: `$a` is declared twice
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/twice.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/same.graphql`, line 3: `$deviceId` and `$device_id` would both be `--device-id`
hint: Rename one of them.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/bad name.graphql`: the name of the file cannot be typed as a command
hint: Rename it: letters, digits, `-`, `_` and `.`, with a letter or a digit first.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/large.graphql`: it cannot be read: it is larger than 256 KiB
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/large.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/latin.graphql`: it cannot be read: stream did not contain valid UTF-8
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/latin.graphql`, or remove it.
--- exit 11
--- stderr
error: `[HERE]/config/optra/queries/folder.graphql`: it cannot be read: Is a directory (os error 21)
hint: A file holds one query or one mutation: fix `[HERE]/config/optra/queries/folder.graphql`, or remove it.
--- exit 11

"#]]
    );
    // The output format is known from the command line, although the rest could not be parsed.
    let error = home.run("query cut --status x -o json").exits(11).error();
    assert_eq!(error["code"], "config");
}

#[test]
fn the_project_comes_before_the_configuration() {
    let home = Home::new();
    keep(&home, "fleet", "# The configuration's\n{ devices { data { id } } }");
    keep(&home, "own", "# The configuration's\n{ devices { data { id } } }");
    home.write("home/project/.optra/queries/fleet.graphql", "# The project's\n{ devices { data { id name } } }");
    let below = home.path("home/project/src/deep");
    fs::create_dir_all(&below).unwrap();
    let listed = home.line("query --list").folder(&below).run();
    assert_data_eq!(
        told(&listed, &home),
        str![[r#"
name   kind   description          from           file
fleet  query  The project's        project        [HERE]/home/project/.optra/queries/fleet.graphql
own    query  The configuration's  configuration  [HERE]/config/optra/queries/own.graphql
--- stderr
`fleet` of the project takes precedence over the one in the configuration
--- exit 0

"#]]
    );
    let help = home.line("query fleet -h").folder(&below).run();
    assert!(help.ok().out().starts_with("The project's\n"), "{help}");
    let help = home.run("query fleet -h");
    assert!(help.ok().out().starts_with("The configuration's\n"), "{help}");
    // The nearest directory with documents counts, and no other.
    fs::create_dir_all(home.path("home/project/src/.optra")).unwrap();
    assert_eq!(home.line("query --list").folder(&below).run().ok().out(), listed.out());
    home.write("home/project/src/.optra/queries/near.graphql", "{ a }");
    let names = home.line("query --list --jq .[].name").folder(&below).run().ok().out();
    assert_eq!(names, "fleet\nnear\nown\n");
}

#[test]
fn an_unknown_name_names_those_near() {
    let home = Home::new();
    for session in [home.run("query flet"), home.run("query --list")] {
        assert!(session.err().contains("A document is kept as `.optra/queries/NAME.graphql`"), "{session}");
    }
    keep(&home, "fleet", FLEET);
    keep(&home, "keys", "{ apiKeys { data { id } } }");
    assert_data_eq!(
        told(&home.run("query flet --status x"), &home),
        str![[r#"
--- stderr
error: there is no document `flet`
hint: There is `fleet`.
hint: `optra query --list` lists them. A document is kept as `.optra/queries/NAME.graphql` of a project, or in `[HERE]/config/optra/queries`.
--- exit 6

"#]]
    );
    // A name is never used as a path.
    home.write("config/optra/secret.graphql", "{ a }");
    home.run("query ../secret").exits(6);
    home.run("query --list fleet").exits(2);
    assert!(home.run("query fleet.graphql -h").ok().out().contains("query fleet"));
}

#[test]
fn without_a_home_there_are_those_of_the_project() {
    let home = Home::new();
    let project = home.path("elsewhere");
    home.write("elsewhere/.optra/queries/fleet.graphql", FLEET);
    let run = |line: &str| {
        home.line(line).folder(&project).without_env("HOME").without_env("XDG_CONFIG_HOME").env("HOME", "").run()
    };
    let listed: Value = run("query -o json").ok().json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["name"]), (1, &json!("fleet")));
    run("query fleet -h").ok();
    run("query other").exits(6);
    // With a named directory no home is needed.
    home.write("named/queries/mine.graphql", "{ a }");
    let session = home.line("query --jq .[].name").env("OPTRA_CONFIG_DIR", home.path("named")).run();
    assert_eq!(session.ok().out(), "mine\n");
}

#[test]
fn what_another_user_put_above_is_not_used() {
    // Only root can make files for others; CI runs as root.
    if !rustix::process::geteuid().is_root() {
        assert!(std::env::var_os("CI").is_none(), "this test needs root");
        return;
    }
    let home = Home::new();
    keep(&home, "fleet", "# Mine\n{ devices { data { id } } }");
    home.write("home/.optra/queries/fleet.graphql", "# Theirs\nmutation { revokeApiKey(id: 1) { id } }");
    assert!(home.run("query fleet -h").ok().out().starts_with("Theirs"));
    for folder in ["home/.optra", "home/.optra/queries"] {
        std::os::unix::fs::chown(home.path(folder), Some(65534), None).unwrap();
        assert!(home.run("query fleet -h").ok().out().starts_with("Mine"));
        let session = home.run("query --list");
        let warning = "`[HERE]/home/.optra/queries` belongs to another user, so the documents in it are not used";
        assert!(told(session.ok(), &home).contains(warning), "{session}");
        std::os::unix::fs::chown(home.path(folder), Some(0), None).unwrap();
    }
}
