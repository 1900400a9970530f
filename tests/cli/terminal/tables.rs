//! Tables: colour, width and times on a terminal, and none of the three in a pipe.
//! It must not depend on the time of day: times are far in the past, or counted back from now.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::{Home, PortalJs};

const ID: &str = "371650114937032704";

/// A portal whose second key has an id as long as the real ones.
fn portal_with_long_id(name: &str) -> (Home, PortalJs) {
    portal(&json!([{ "id": ID, "name": name, "createdAt": "2020-05-17T10:00:00Z" }]))
}

#[test]
fn a_header_is_bold_on_a_terminal() {
    let (home, _portal) = portal(&json!([]));
    let ended = home.terminal("keys list --fields id,name").finish();
    assert_data_eq!(
        ended.text,
        str![[r#"
id        name
key-0001  first key

"#]]
    );
    assert!(ended.raw.starts_with("\x1b[1mid"), "{:?}", ended.raw);
    assert!(ended.raw.contains("name\x1b[0m"), "{:?}", ended.raw);
}

#[test]
fn a_header_is_plain_where_colour_is_not_wanted() {
    let (home, _portal) = portal(&json!([]));
    for script in [
        "NO_COLOR=1 optra keys list",
        "TERM=dumb optra keys list",
        "optra keys list --color never",
        "optra keys list -o csv",
    ] {
        let ended = home.script(script).on_terminal().start().finish();
        assert_eq!(ended.code, Some(0), "{script}: {}", ended.text);
        assert!(ended.text.starts_with("id"), "{script}: {}", ended.text);
        assert!(!ended.raw.contains('\x1b'), "{script}: {:?}", ended.raw);
    }
}

#[test]
fn a_header_is_bold_in_a_pipe_only_on_request() {
    let (home, _portal) = portal(&json!([]));
    assert!(!home.run("keys list").ok().out().contains('\x1b'));
    assert!(home.run("keys list --color always").ok().out().starts_with("\x1b[1mid"));
    let colored = home.run("--color always keys revoke nobody --yes");
    assert!(colored.exits(6).err().starts_with("\x1b[1m\x1b[31merror:\x1b[0m "), "{colored}");
}

#[test]
fn a_narrow_terminal_drops_columns_and_keeps_ids() {
    let (home, _portal) = portal_with_long_id("warehouse dashboard");
    let ended = home.line("keys list").on_terminal().size(40, 24).start().finish();
    assert_data_eq!(
        ended.text.as_str(),
        str![[r#"
id                  name
key-0001            first key
371650114937032704  warehouse dashboard

"#]]
    );
    assert!(ended.text.lines().all(|line| line.chars().count() <= 40), "{}", ended.text);
}

#[test]
fn a_narrow_terminal_cuts_names_but_never_ids() {
    let (home, _portal) = portal_with_long_id("the dashboard that hangs in the warehouse");
    for columns in [60, 40] {
        let ended = home.line("keys list").on_terminal().size(columns, 24).start().finish();
        let row = ended.text.lines().find(|line| line.starts_with(ID)).unwrap();
        assert!(row.contains("  the dash") && row.ends_with('…'), "{}", ended.text);
        assert!(row.chars().count() <= usize::from(columns), "a row wraps at {columns} columns:\n{}", ended.text);
    }
    let ended = home.line("keys list").on_terminal().size(12, 24).start().finish();
    assert!(ended.text.contains(ID), "{}", ended.text);
}

#[test]
fn a_wide_terminal_shows_all_that_a_pipe_shows() {
    let (home, _portal) = portal_with_long_id("warehouse dashboard");
    let ended = home.line("keys list").on_terminal().size(160, 24).start().finish();
    assert_data_eq!(
        ended.text.as_str(),
        str![[r#"
id                  name                 createdAt   lastUsedAt  createdBy          inUse
key-0001            first key            2025-06-01  2020-06-01  admin@example.com  yes
371650114937032704  warehouse dashboard  2020-05-17  -           admin@example.com  no

"#]]
    );
    let piped = home.run("keys list").ok().out();
    assert_eq!(ended.text.lines().next().map(words), piped.lines().next().map(words));
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn times_are_told_to_people_as_a_distance_and_to_pipes_exactly() {
    let ago = |hours: i64| (Timestamp::now() - SignedDuration::from_mins(hours * 60 + 5)).to_string();
    let (three_hours, five_days) = (ago(3), ago(5 * 24));
    let (home, _portal) = portal(&json!([{ "name": "ci", "createdAt": five_days, "lastUsedAt": three_hours }]));
    let ended = home.terminal("keys list --fields name,createdAt,lastUsedAt").finish();
    let row = ended.text.lines().find(|line| line.starts_with("ci")).unwrap();
    assert_eq!(words(row).join(" "), "ci 5 days ago 3 hours ago");
    let piped = home.run("keys list -o csv --fields name,createdAt,lastUsedAt").ok().out();
    assert!(piped.contains(&format!("ci,{five_days},{three_hours}")), "{piped}");
    assert!(home.run("keys list").ok().out().contains(&five_days));
}
