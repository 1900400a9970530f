//! A mutation: it asks first, is refused if nobody can answer, and is sent once.

use snapbox::{assert_data_eq, str};

use super::{at_fleet, at_script, told};
use crate::harness::{Home, ReferenceServer};

const MAKE: &str = "# Make a key\nmutation Make($name: String!) { made: generateApiKey(name: $name) { id name } }";

fn at_make() -> (Home, ReferenceServer) {
    at_fleet("make", MAKE)
}

#[test]
fn a_mutation_takes_its_typed_name() {
    let (home, portal) = at_make();
    let mut terminal = home.terminal("query make --name ci");
    terminal.expect("it calls `generateApiKey`.").expect("Type make to send it");
    assert!(portal.operations().is_empty());
    terminal.send_line("make");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(ended.text.contains("name  ci"), "{}", ended.text);
    assert_eq!(portal.operations(), ["Make"]);
    for answer in ["yes", "", "mak"] {
        let mut terminal = home.terminal("query make --name ci");
        terminal.expect("Type make to send it").send_line(answer);
        let ended = terminal.finish();
        assert!(ended.text.contains("error: that is not its name; nothing was sent"), "{}", ended.text);
        assert_eq!(ended.code, Some(7));
    }
    assert_eq!(portal.operations(), ["Make"]);
}

#[test]
fn where_nobody_can_be_asked_it_is_refused_with_the_line_to_paste() {
    let (home, portal) = at_make();
    assert_data_eq!(
        told(&home.run("query make --name 'two words' --quiet"), &home),
        str![[r#"
--- stderr
error: nothing was sent
  because: this needs an answer, and stdin is not a terminal
hint: In a script, confirm with: `optra query make --name 'two words' --quiet --yes`.
--- exit 7

"#]]
    );
    home.run("query make --name x -o json").exits(7);
    assert!(portal.operations().is_empty());
    let pasted = home.script("optra query make --name 'two words' --quiet --yes -o ndjson --fields name").run();
    assert_eq!(pasted.ok().out(), "{\"name\":\"two words\"}\n");
    assert_eq!(portal.operations(), ["Make"]);
    home.run("query make -y --name x").ok();
    home.run("query make --name x --paginate --yes").exits(2);
}

#[test]
fn read_only_lets_none_out() {
    let (home, portal) = at_make();
    let option = home.run("query make --name x --yes --read-only");
    let variable = home.line("query make --name x --yes").env("OPTRA_READ_ONLY", "1").run();
    for session in [option, variable] {
        assert!(session.exits(7).err().starts_with("error: this run is read-only"), "{session}");
    }
    // With read-only, the question is not asked.
    let mut terminal = home.line("query make --name x").env("OPTRA_READ_ONLY", "1").on_terminal().start();
    let ended = terminal.finish();
    assert!(!ended.text.contains("Type make"), "{}", ended.text);
    assert_eq!(ended.code, Some(7));
    assert!(portal.operations().is_empty());
}

#[test]
fn a_mutation_is_never_sent_again() {
    let (home, script) = at_script(MAKE, &[]);
    let script = script.answer("*", crate::harness::Answer::new(503, "text/plain", "")).lenient();
    let session = home.line("query q --name x --yes -o json").env("OPTRA_RETRIES", "3").run();
    let error = session.exits(8).error();
    assert_eq!(error["retryable"], false);
    assert_eq!(error["hints"][0], "It may have been done all the same: look before you send it again.");
    assert_eq!(script.requests().len(), 1);
}
