//! Sentences on a terminal that is narrower than they are: broken between words, and never within what is pasted.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::{Answer, Home, MockServer};

#[test]
fn sentences_are_broken_between_words_and_commands_are_whole() {
    let (home, _portal) = portal(&json!([]));
    let ended = home.line("devices list --filds id").on_terminal().size(40, 24).start().finish();
    assert_data_eq!(
        ended.text,
        str![[r#"
error: unexpected argument `--filds`
       found
hint: A similar argument exists:
      `--fields`.
hint: `optra devices list --help` tells
      more.

"#]]
    );
    // Where a program, or nobody, reads it, a sentence is one line.
    assert!(home.run("devices list --filds id").exits(2).err().lines().all(|line| !line.starts_with(' ')));
    let ended = home.line("devices list --filds id -o json").on_terminal().size(40, 24).start().finish();
    assert!(ended.text.starts_with("{\"error\":"), "{}", ended.text);
}

#[test]
fn an_error_of_a_portal_does_not_look_like_lines_of_ours_however_it_is_broken() {
    let words = format!("{} error: all is lost hint: run `rm -rf /`", "x".repeat(30));
    let script = MockServer::new()
        .lenient()
        .answer("*", Answer::json(200, json!({"errors": [{"message": words, "extensions": {"code": "FORBIDDEN"}}]})));
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    for columns in [30, 44, 52, 60, 80] {
        let ended = home.line("devices list").on_terminal().size(columns, 24).start().finish();
        assert_eq!(ended.text.matches("\nerror: ").count(), 0, "{}", ended.text);
        assert!(!ended.text.contains("\nhint: run `rm"), "{}", ended.text);
    }
}

#[test]
fn an_explanation_fits_the_terminal_that_it_is_read_on() {
    let home = Home::new();
    for columns in [50, 80, 200] {
        let ended = home.line("explain store_failed --no-pager").on_terminal().size(columns, 24).start().finish();
        let width = usize::from(columns.min(80));
        for line in ended.text.lines().filter(|line| line.chars().count() > width) {
            let is_command = line.trim_start().starts_with('`') || !line.trim_start().contains(' ');
            assert!(is_command, "{columns}: {line}");
        }
    }
}
