//! The man pages: one for every command and topic, without errors in man's eyes, from the texts of the help.

use std::fs;

use crate::harness::Home;

/// Writes all pages into a directory of the home, and returns them.
fn pages(home: &Home) -> Vec<String> {
    fs::create_dir(home.path("man")).unwrap();
    let session = home.script("optra man --dir ../man").run();
    let mut names: Vec<String> = fs::read_dir(home.path("man"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(session.ok().err(), format!("Wrote {} pages to `../man`.\n", names.len()));
    names
}

#[test]
fn every_page_is_one_that_man_has_nothing_to_say_of() {
    let home = Home::new();
    let names = pages(&home);
    for expected in ["optra.1", "optra-keys.1", "optra-keys-rotate.1", "optra-exit-codes.7", "optra-environment.7"] {
        assert!(names.iter().any(|name| name == expected), "{expected}: {names:?}");
    }
    let lint = home.script("mandoc -Tlint -Wwarning ../man/*").run();
    assert_eq!(lint.to_string(), "--- exit 0\n");
    // This is `man --warnings`, with all pages at once.
    let groff = home.script("groff -man -Tutf8 -ww ../man/* > /dev/null").run();
    assert_eq!(groff.to_string(), "--- exit 0\n");
}

#[test]
fn an_example_is_broken_by_no_terminal_of_80_columns() {
    let home = Home::new();
    pages(&home);
    // A document in quotes is one word.
    let wide = "for page in ../man/*.1; do mandoc -Tutf8 -Owidth=80 $page | col -bx | \
                awk -v page=$page '/^[A-Z]/ {is_example = /^EXAMPLES/} is_example && length($0) > 80 && !/ [|]$/ {print page, $0}'; done";
    assert_eq!(home.script(wide).run().to_string(), "--- exit 0\n");
}

#[test]
fn a_page_says_what_the_help_says() {
    let home = Home::new();
    let rendered = |words: &str| {
        let session = home.script(&format!("optra man {words} | mandoc -Tutf8 -Owidth=400 | col -bx")).run();
        session.ok().out()
    };
    let page = rendered("keys revoke");
    for text in
        ["OPTRA-KEYS-REVOKE(1)", "optra keys revoke old-dashboard old-report", "-y, --yes", "Revoke without asking"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    for topic in ["exit-codes", "environment", "filters", "bindings", "formats"] {
        let page = rendered(topic);
        for line in home.run(&format!("help {topic}")).ok().out().lines() {
            assert!(page.contains(line.trim_end()), "{topic}: {line}\n{page}");
        }
    }
    assert!(rendered("").contains("--profile NAME"));
    assert!(home.run("man nosuch").exits(2).err().contains("there is no command or topic `nosuch`"));
}

#[test]
fn a_terminal_sees_the_page_where_there_is_man() {
    let mut home = Home::new();
    home.set("MANPAGER", "cat").set("PAGER", "cat").set("OPTRA_API_KEY", "a-key-that-man-does-not-get");
    let ended = home.terminal("man keys list").finish();
    assert!(ended.code == Some(0) && ended.text.contains("OPTRA-KEYS-LIST(1)"), "{}", ended.text);
    // Without man, the help is shown.
    let run = home.program("env", ["PATH=/nonexistent", env!("CARGO_BIN_EXE_optra"), "man", "keys", "list"]);
    let ended = run.on_terminal().start().finish();
    assert!(ended.text.contains("List the organization's API keys"), "{}", ended.text);
}

#[test]
fn a_directory_that_is_not_there_is_not_made() {
    let home = Home::new();
    let session = home.run("man --dir nowhere");
    assert!(session.exits(2).err().contains("hint: Make it: `mkdir -p nowhere`."), "{session}");
}
