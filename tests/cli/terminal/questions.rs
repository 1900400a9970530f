//! Questions: who is asked, on which stream, what counts as a yes, and the state of the terminal afterwards. It must
//! check at the portal that a no was a no.

use std::fs;

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::{Home, ReferenceServer};

const QUESTION: &str = "Type its name or id to revoke it";

fn portal_with(names: &[&str]) -> (Home, ReferenceServer) {
    portal(&names.iter().map(|name| json!({ "name": name })).collect())
}

fn has_revoked(portal: &ReferenceServer) -> bool {
    portal.operations().iter().any(|operation| operation == "KeysRevoke")
}

/// Returns the lines as a person sees them; of a question that was redrawn with its answer, only the last state.
///
/// The program redraws it, and the terminal itself echoes a key that comes too early.
fn seen(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().filter_map(|line| line.rsplit('\r').next()) {
        if line.starts_with("Type its") && lines.last().is_some_and(|last| last.starts_with("Type its")) {
            lines.pop();
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

#[test]
fn revoke_shows_the_key_and_takes_its_typed_name() {
    let (home, portal) = portal_with(&["ci"]);
    let mut terminal = home.terminal("keys revoke key-0002");
    terminal.expect(QUESTION);
    assert!(!has_revoked(&portal));
    terminal.send_line("ci");
    let ended = terminal.finish();
    assert_data_eq!(
        seen(&ended.text),
        str![[r#"
Revoke key `ci` (id key-0002), generated 2020-06-01T12:00:00Z by
  admin@example.com, last used: never.
What uses it stops working at once, and it cannot be brought back.
Type its name or id to revoke it: ci
Revoked key `ci` (id key-0002).

"#]]
    );
    assert_eq!(ended.code, Some(0));
    assert!(has_revoked(&portal));
}

#[test]
fn revoke_takes_a_typed_id() {
    let (home, portal) = portal_with(&["ci"]);
    let mut terminal = home.terminal("keys revoke ci");
    terminal.expect(QUESTION).send_line("key-0002");
    assert_eq!(terminal.finish().code, Some(0));
    assert!(has_revoked(&portal));
}

#[test]
fn revoke_takes_a_name_of_any_script_and_a_corrected_one() {
    let (home, portal) = portal_with(&["Zürich 倉庫"]);
    let mut terminal = home.terminal("keys revoke key-0002");
    terminal.expect(QUESTION).send("Zürichs\x7f 倉庫x").send("\x7f\r");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(has_revoked(&portal));
}

#[test]
fn revoke_wants_the_id_of_a_key_without_a_name() {
    let (home, portal) = portal(&json!([{ "name": null, "createdBy": null }]));
    let mut terminal = home.terminal("keys revoke key-0002");
    terminal.expect("Type its id").send_line("key-0002");
    let ended = terminal.finish();
    assert_data_eq!(
        seen(&ended.text),
        str![[r#"
Revoke key without a name (id key-0002), generated 2020-06-01T12:00:00Z by
  unknown, last used: never.
What uses it stops working at once, and it cannot be brought back.
Type its id to revoke it: key-0002
Revoked key without a name (id key-0002).

"#]]
    );
    assert!(has_revoked(&portal));
}

#[test]
fn revoke_takes_another_word_for_a_no() {
    let (home, portal) = portal_with(&["ci"]);
    let mut terminal = home.terminal("keys revoke ci");
    terminal.expect(QUESTION).send_line("yes");
    let ended = terminal.finish();
    assert_data_eq!(
        seen(&ended.text),
        str![[r#"
Revoke key `ci` (id key-0002), generated 2020-06-01T12:00:00Z by
  admin@example.com, last used: never.
What uses it stops working at once, and it cannot be brought back.
Type its name or id to revoke it: yes
error: that is neither its name nor its id; nothing was revoked

"#]]
    );
    assert_eq!(ended.code, Some(7));
    assert!(!has_revoked(&portal));
}

#[test]
fn revoke_takes_a_bare_enter_for_a_no() {
    let (home, portal) = portal_with(&["ci"]);
    let mut terminal = home.terminal("keys revoke ci");
    terminal.expect(QUESTION).send_line("");
    assert_eq!(terminal.finish().code, Some(7));
    assert!(!has_revoked(&portal));
}

#[test]
fn revoke_takes_the_end_of_input_for_a_no() {
    let (home, portal) = portal_with(&["ci"]);
    let mut terminal = home.terminal("keys revoke ci");
    terminal.expect(QUESTION).send("\x04");
    assert_eq!(terminal.finish().code, Some(7));
    assert!(!has_revoked(&portal));
}

#[test]
fn revoke_is_interrupted_and_leaves_the_terminal_as_it_was() {
    let (home, portal) = portal_with(&["ci"]);
    let script = "trap : INT; before=$(stty -g); optra keys revoke ci || echo exit $?
        test \"$(stty -g)\" = \"$before\" && echo as before";
    let mut terminal = home.script(script).on_terminal().start();
    terminal.expect(QUESTION).send("c").send_ctrl_c().expect("exit 130").expect("as before");
    let ended = terminal.finish();
    let (shown, hidden) = (ended.raw.rfind("\x1b[?25h"), ended.raw.rfind("\x1b[?25l"));
    assert!(shown >= hidden, "the cursor stays hidden: {:?}", ended.raw);
    assert!(!ended.text.contains("error:") && !ended.text.contains("Revoked"), "{}", ended.text);
    assert!(!has_revoked(&portal));
}

#[test]
fn revoke_asks_about_each_key_and_one_no_is_a_no_to_all() {
    let (home, portal) = portal_with(&["ci", "report"]);
    let mut terminal = home.terminal("keys revoke ci report");
    terminal.expect("`ci`").expect(QUESTION).send_line("ci");
    terminal.expect("`report`").expect(QUESTION).send_line("no");
    let ended = terminal.finish();
    assert_data_eq!(
        seen(&ended.text),
        str![[r#"
Revoke key `ci` (id key-0002), generated 2020-06-01T12:00:00Z by
  admin@example.com, last used: never.
What uses it stops working at once, and it cannot be brought back.
Type its name or id to revoke it: ci
Revoke key `report` (id key-0003), generated 2020-06-01T12:00:00Z by
  admin@example.com, last used: never.
What uses it stops working at once, and it cannot be brought back.
Type its name or id to revoke it: no
error: that is neither its name nor its id; nothing was revoked

"#]]
    );
    assert_eq!(ended.code, Some(7));
    assert!(!has_revoked(&portal));
}

#[test]
fn revoke_asks_about_each_key_and_revokes_all() {
    let (home, portal) = portal_with(&["ci", "report"]);
    let mut terminal = home.terminal("keys revoke ci report");
    terminal.expect("`ci`").expect(QUESTION).send_line("ci");
    terminal.expect("`report`").expect(QUESTION).send_line("report");
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!(portal.operations().iter().filter(|operation| *operation == "KeysRevoke").count(), 2);
}

#[test]
fn revoke_says_before_it_asks_that_a_key_is_not_there() {
    let (home, _portal) = portal_with(&["ci", "report"]);
    let mut terminal = home.terminal("keys revoke reprot ci");
    let ended = terminal.expect(QUESTION).send_line("ci").finish();
    let (missing, asked) = (ended.text.find("`reprot`"), ended.text.find(QUESTION));
    assert!(missing.is_some() && missing < asked, "{}", ended.text);
    assert_eq!(ended.code, Some(3));
}

#[test]
fn revoke_of_the_key_in_use_says_so_in_its_question() {
    let (home, portal) = portal_with(&[]);
    let mut terminal = home.terminal("keys revoke key-0001 --accept-risk lose-access");
    let ended = terminal.expect(QUESTION).send_line("first key").finish();
    assert_eq!(ended.code, Some(0));
    assert!(has_revoked(&portal));
    let before = ended.text.split(QUESTION).next().unwrap();
    assert!(before.contains("in use"), "{}", ended.text);
}

#[test]
fn revoke_asks_on_the_terminal_when_stdout_goes_elsewhere() {
    let (home, portal) = portal_with(&["ci"]);
    let out = home.path("out.txt");
    let mut terminal = home.line("keys revoke ci").on_terminal().stdout_to(&out).start();
    terminal.expect(QUESTION).send_line("ci");
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!(fs::read_to_string(out).unwrap(), "");
    assert!(has_revoked(&portal));
}

#[test]
fn revoke_asks_nobody_in_ci_even_on_a_terminal() {
    let (home, portal) = portal_with(&["ci"]);
    let ended = home.line("keys revoke ci").env("CI", "1").on_terminal().start().finish();
    assert_data_eq!(
        seen(&ended.text),
        str![[r#"
error: nothing was revoked
  because: this needs an answer, and `CI` is set, so nobody is there to give one
hint: In a script, confirm with: `optra keys revoke ci --yes`.

"#]]
    );
    assert_eq!(ended.code, Some(7));
    assert!(portal.requests().is_empty());
}

#[test]
fn revoke_asks_nobody_who_forbade_questions_or_wants_a_machine_format() {
    let (home, portal) = portal_with(&["ci"]);
    for (option, why) in [("--no-input", "`--no-input` forbids questions"), ("-o json", "the output is for a program")]
    {
        let ended = home.terminal(&format!("keys revoke ci {option}")).finish();
        assert_eq!(ended.code, Some(7), "{}", ended.text);
        assert!(
            ended.text.contains(why) && ended.text.contains(&format!("keys revoke ci {option} --yes")),
            "{}",
            ended.text
        );
    }
    assert!(portal.requests().is_empty());
}

#[test]
fn revoke_shows_what_a_name_would_do_to_the_terminal() {
    let name = "\u{1b}[2J\u{1b}]0;owned\u{7}harm\u{202e}less";
    let (home, portal) = portal_with(&[name]);
    let mut terminal = home.terminal("keys revoke key-0002");
    let ended = terminal.expect(QUESTION).send_line("key-0002").finish();
    assert_eq!(ended.code, Some(0));
    assert!(has_revoked(&portal));
    for harm in ["\x1b[2J", "\x1b]0", "\x07", "\u{202e}"] {
        assert!(!ended.raw.contains(harm), "{:?}", ended.raw);
    }
    assert!(ended.text.contains(r"\u{1b}[2J\u{1b}]0;owned\u{7}harm\u{202e}less"), "{}", ended.text);
}

#[test]
fn revoke_shows_a_name_with_line_breaks_on_one_line() {
    let (home, _portal) = portal_with(&["a` (id key-0001).\nRevoke key `harmless"]);
    let mut terminal = home.terminal("keys revoke key-0002");
    let ended = terminal.expect(QUESTION).send_line("no").finish();
    assert!(ended.text.contains(r"a` (id key-0001).\nRevoke key `harmless"), "{}", ended.text);
}

#[test]
fn generate_tells_a_person_what_the_line_is() {
    let (home, _portal) = portal_with(&[]);
    let mut terminal = home.terminal("keys generate --name ci");
    let ended = terminal.finish();
    let secret = ended.text.lines().nth(1).unwrap();
    assert_data_eq!(
        ended.text.replace(secret, "<secret>"),
        str![[r#"
This is the secret of the new key, shown once; keep it like a password:
<secret>
Generated API key `ci` (id key-0002).

"#]]
    );
    home.line("keys list").env("OPTRA_API_KEY", secret).run().ok();
}

#[test]
fn rotate_asks_nothing_about_what_the_portal_is_known_to_lack() {
    let contract = include_str!("../../../graphql/schema.graphql");
    let field = "  generateApiKey(name: String @assumed): GeneratedApiKey @assumed\n";
    let before = contract.find(field).expect("the contract has it");
    let comment = contract[..before].rfind("  \"").expect("a comment");
    let mut home = Home::new();
    let schema = home.write("schema.graphql", format!("{}{}", &contract[..comment], &contract[before + field.len()..]));
    let portal = ReferenceServer::start(&["--schema", schema.to_str().unwrap()]);
    home.portal(&portal.url, ReferenceServer::KEY);
    home.run("portal check").ok();
    let ended = home.terminal("keys rotate --to file:new.key --accept-risk lose-access").finish();
    assert!(ended.code == Some(9) && !ended.text.contains("Type its"), "{}", ended.text);
    assert!(ended.unbroken().contains("it has no mutation `generateApiKey`"), "{}", ended.text);
}
