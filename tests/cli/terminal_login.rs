//! The login of a person: the prompt on a real terminal, typing, and Ctrl-C. A key must never be shown, neither while
//! it is typed nor afterwards.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use snapbox::{assert_data_eq, str};

use crate::auth::{KEY, LoggedInUser, portal};
use crate::harness::{Answer, Home, MockServer};

/// Returns what a person sees at the end, without overwritten or erased text. Long lines are not wrapped.
fn screen(raw: &str) -> String {
    let mut lines: Vec<Vec<char>> = vec![vec![]];
    let (mut row, mut column) = (0_usize, 0_usize);
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => column = 0,
            '\n' => row += 1,
            '\x1b' => {
                let mut count = String::new();
                let end = letters.by_ref().inspect(|letter| count.push(*letter)).find(char::is_ascii_alphabetic);
                let count: usize = count.trim_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap_or(1);
                match end {
                    Some('A') => row = row.saturating_sub(count),
                    Some('B') => row += count,
                    Some('K') => lines[row].clear(),
                    _ => {}
                }
            }
            letter => {
                let line = &mut lines[row];
                line.resize(line.len().max(column + 1), ' ');
                line[column] = letter;
                column += 1;
            }
        }
        lines.resize(lines.len().max(row + 1), vec![]);
    }
    let seen: String = lines.into_iter().map(|line| String::from_iter(line).trim_end().to_owned() + "\n").collect();
    seen.trim_end().to_owned() + "\n"
}

#[test]
fn a_key_is_typed_without_echo_and_proven_and_kept() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect_hidden(&format!("API key for {}: ", portal.url)).send_line(KEY);
    let ended = terminal.finish();
    assert_data_eq!(
        screen(&ended.raw).replace(&portal.url, "[PORTAL]"),
        str![[r#"
API key for [PORTAL]: [hidden]
Logged in to [PORTAL] as `Example Organization`, proven by
  `auth.viewer`; the key is in the keyring, profile `default`.

"#]]
    );
    assert_eq!(ended.code, Some(0));
    assert!(!ended.raw.contains("hunter2"), "{}", ended.text);
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
    assert_eq!(portal.requests()[0].header("api-secret"), Some(KEY));
}

#[test]
fn a_pasted_key_may_have_white_space_around_it() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect_hidden("API key for").send_line(&format!("  {KEY} "));
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY));
}

#[test]
fn ctrl_c_at_the_question_keeps_nothing_and_brings_the_echo_back() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let script = "trap : INT; code=0; optra auth login --portal \"$URL\" || code=$?; echo \"exit $code\"; read line";
    let run = user.home.script(script).env("URL", &portal.url);
    let mut terminal = run.on_terminal().start();
    terminal.expect_hidden("API key for").send("hunter2").send_ctrl_c();
    // The terminal's own echo shows what is typed now.
    terminal.expect("exit 130").send("seen").expect("seen").send_line("");
    let ended = terminal.finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(!ended.raw.contains("hunter2") && !ended.text.contains("error"), "{}", ended.text);
    assert_eq!((user.keyring.lookup("optra", "default"), user.config()), (None, None));
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn an_answer_of_nothing_is_no_answer() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    for (what, keys) in [("Enter", "\r"), ("spaces", "  \r"), ("the end of input", "\x04")] {
        let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
        terminal.expect_hidden("API key for").send(keys);
        let ended = terminal.finish();
        assert_eq!((user.keyring.lookup("optra", "default"), user.config()), (None, None), "{what}");
        assert!(ended.text.ends_with("error: no answer was given\n"), "{what}: {}", ended.text);
        assert_eq!(ended.code, Some(7), "{what}");
    }
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn whoever_stops_at_the_question_has_an_echo_again_and_whoever_comes_back_types_unseen() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect_hidden("API key for").send("\x1a").expect_echo(true);
    terminal.signal(Signal::CONT).expect_echo(false).send_line(KEY);
    let ended = terminal.finish();
    assert_eq!((ended.code, ended.raw.contains(KEY)), (Some(0), false), "{}", ended.text);
    // Ctrl-\\ ends it, and afterwards the terminal echoes.
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect_hidden("API key for").send("\x1c").expect_echo(true);
    assert_eq!(terminal.finish().code, None);
}

#[test]
fn ctrl_c_while_the_portal_is_asked_keeps_nothing() {
    let (user, silent) = (LoggedInUser::new(), MockServer::new().answer("*", Answer::stall()));
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", silent.url));
    terminal.expect_hidden("API key for").send_line(KEY).expect("[hidden]");
    while silent.requests().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    let ended = terminal.send_ctrl_c().finish();
    assert_eq!(ended.code, Some(130), "{}", ended.text);
    assert_eq!((user.keyring.lookup("optra", "default"), user.config()), (None, None));
}

#[test]
fn two_words_are_refused_and_not_shown() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect_hidden("API key for").send_line("hunter2 hunter2");
    let ended = terminal.finish();
    assert_data_eq!(
        screen(&ended.raw).replace(&portal.url, "[PORTAL]"),
        str![[r#"
API key for [PORTAL]: [hidden]
error: the key has white space in it, at character 8; a key is one word

"#]]
    );
    assert!(!ended.raw.contains("hunter2"));
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn a_wrong_key_is_refused_after_it_was_typed() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let mut terminal = user.home.terminal(&format!("auth login --portal {}", portal.url));
    terminal.expect_hidden("API key for").send_line("another-hunter2-key");
    let ended = terminal.finish();
    assert_data_eq!(
        screen(&ended.raw).replace(&portal.url, "[PORTAL]"),
        str![[r#"
API key for [PORTAL]: [hidden]
error: the key was not stored: the portal rejects it
  because: the portal refuses: the api-secret header holds no valid key
hint: [..]

"#]]
    );
    assert_eq!((ended.code, user.config()), (Some(4), None));
    assert!(!ended.raw.contains("hunter2"));
}

#[test]
fn the_question_does_not_go_into_a_file() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let out = user.home.path("out.txt");
    let run = user.home.line(&format!("auth login --portal {}", portal.url));
    let mut terminal = run.on_terminal().stdout_to(&out).start();
    terminal.expect_hidden("API key for").send_line(KEY);
    assert_eq!(terminal.finish().code, Some(0));
    assert_eq!(std::fs::read_to_string(out).unwrap(), "");
}

#[test]
fn in_ci_nobody_is_asked() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let run = user.home.line(&format!("auth login --portal {}", portal.url)).env("CI", "true");
    let ended = run.on_terminal().start().finish();
    assert_data_eq!(
        screen(&ended.raw).replace(&portal.url, "[PORTAL]"),
        str![[r#"
error: no key was given
  because: this needs an answer, and `CI` is set, so nobody is there to give one
hint: Name a file that holds the key with `--key-file PATH`, or `-` for stdin.

"#]]
    );
    assert_eq!(ended.code, Some(7));
}

#[test]
fn nobody_is_asked_for_a_key_of_a_portal_that_cannot_be_used() {
    let ended = Home::new().terminal("auth login --portal http://portal.example").finish();
    assert_eq!(ended.code, Some(2));
    assert!(!ended.text.contains("API key for"), "{}", ended.text);
}

#[test]
fn with_a_key_in_the_environment_nobody_is_asked() {
    let portal = portal(&[]);
    let mut home = Home::new();
    home.portal(&portal.url, KEY);
    let ended = home.terminal("auth login").finish();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(!ended.text.contains("API key for"), "{}", ended.text);
    assert_eq!(portal.operations(), ["AuthViewer"]);
}
