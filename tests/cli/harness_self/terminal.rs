//! The pseudo-terminal: output, hidden input, Ctrl-C, and a redirected stdout. It must not wait for a fixed time.

use std::fs;

use crate::harness::Home;

#[test]
fn a_terminal_asks_hides_and_is_interrupted() {
    let home = Home::new();
    let script = r#"printf '\033[1mName?\033[0m '; read name; stty -echo; printf 'Secret? '; read secret; stty echo
        echo; echo "$name has ${#secret}"; trap 'exit 130' INT; stty size; while :; do sleep 0.05; done"#;
    let mut terminal = home.script(script).on_terminal().size(100, 30).start();
    terminal.expect("Name? ").send_line("Ada").expect_hidden("Secret? ").send_line("hush").expect("30 100");
    terminal.send_ctrl_c();
    let ended = terminal.finish();
    assert_eq!(ended.text, "Name? Ada\nSecret? \nAda has 4\n30 100\n^C");
    assert!(ended.raw.contains("\x1b[1mName?"));
    assert_eq!(ended.code, Some(130));
}

#[test]
fn a_terminals_stdout_can_go_elsewhere() {
    let home = Home::new();
    let out = home.path("out.txt");
    let script = "test -t 0; test ! -t 1; test -t 2; test -z \"${TEST_STDOUT-}\"; echo secret; echo done >&2; exit 3";
    let mut terminal = home.script(script).on_terminal().stdout_to(&out).start();
    terminal.expect("done").send("");
    let ended = terminal.finish();
    assert_eq!((ended.text.as_str(), ended.code), ("done\n", Some(3)));
    assert_eq!(fs::read_to_string(out).unwrap(), "secret\n");
}
