//! Tables: colour, width and relative times on a terminal, and none of the three in a pipe. It must not depend on the
//! time of day: times are far in the past, or relative to now.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::portal;
use crate::harness::{Answer, Home, MockServer, ReferenceServer};

const ID: &str = "371650114937032704";

/// A reference server whose second key has an id as long as real ones.
fn portal_with_long_id(name: &str) -> (Home, ReferenceServer) {
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
fn a_terminal_shows_what_fits_and_says_what_does_not() {
    let (home, _portal) = portal_with_long_id("warehouse dashboard");
    let blocks = str![[r#"
id: key-0001
name: first key
createdAt: 2025-06-01T00:00:00Z
lastUsedAt: 2020-06-01T12:00:00Z
createdBy: admin@example.com
inUse: yes

id: 371650114937032704
name: warehouse dashboard
createdAt: 2020-05-17T10:00:00Z
lastUsedAt: never
createdBy: admin@example.com
inUse: no

"#]];
    for (columns, expected) in [
        (
            200,
            str![[r#"
id                  name                 createdAt             lastUsedAt            createdBy          inUse
key-0001            first key            2025-06-01T00:00:00Z  2020-06-01T12:00:00Z  admin@example.com  yes
371650114937032704  warehouse dashboard  2020-05-17T10:00:00Z  never                 admin@example.com  no

"#]],
        ),
        (
            103,
            str![[r#"
id                  name                 createdAt          lastUsedAt         createdBy          inUse
key-0001            first key            2025-06-01 00:00Z  2020-06-01 12:00Z  admin@example.com  yes
371650114937032704  warehouse dashboard  2020-05-17 10:00Z  never              admin@example.com  no

"#]],
        ),
        (
            80,
            str![[r#"
id                  name                 lastUsedAt            inUse
key-0001            first key            2020-06-01T12:00:00Z  yes
371650114937032704  warehouse dashboard  never                 no
not shown here: createdAt, createdBy (`--fields id,createdAt,createdBy` or
  `-o json` shows them)

"#]],
        ),
        (60, blocks.clone()),
        (40, blocks),
    ] {
        let ended = home.line("keys list").on_terminal().size(columns, 24).start().finish();
        assert_data_eq!(ended.text, expected);
    }
}

#[test]
fn a_long_name_is_cut_where_no_column_is_left_to_go_and_ids_never() {
    let name = "the dashboard that hangs in the old warehouse of the north";
    let (home, _portal) = portal_with_long_id(name);
    let ended = home.line("keys list").on_terminal().size(80, 24).start().finish();
    let row = ended.text.lines().find(|line| line.starts_with(ID)).unwrap();
    assert!(row.starts_with(&format!("{ID}  the dashboard that hangs")), "{row}");
    // What a person looks at before a key is revoked is whole.
    assert!(row.contains('…') && row.ends_with("  never  no"), "{row}");
    let ended = home.line("keys list --fields id,name").on_terminal().size(80, 24).start().finish();
    assert!(ended.text.contains(name), "{}", ended.text);
    for columns in [40, 12] {
        let ended = home.line("keys list --no-pager").on_terminal().size(columns, 24).start().finish();
        assert!(ended.text.contains(&format!("id: {ID}\nname: {name}\n")), "{}", ended.text);
    }
}

#[test]
fn a_table_that_fits_is_a_table_however_narrow_the_terminal() {
    let (home, _portal) = portal_with_long_id("warehouse dashboard");
    let ended = home.line("keys list --fields id,name").on_terminal().size(40, 24).start().finish();
    assert_data_eq!(
        ended.text,
        str![[r#"
id                  name
key-0001            first key
371650114937032704  warehouse dashboard

"#]]
    );
}

#[test]
fn an_audit_keeps_the_names_of_keys_and_what_is_wrong_with_them() {
    let (home, _portal) = portal_with_long_id("the dashboard in the hall");
    let ended = home.line("keys audit").on_terminal().size(80, 24).start().finish();
    assert_data_eq!(
        ended.text.as_str(),
        str![[r#"
rule         keyId               keyName
[..]
    it is [..] days old, more than 90 days
unknown-use  key-0001            first key
    the portal does not tell when it was last used
old          371650114937032704  the dashboard in the hall
    it is [..] days old, more than 90 days
unused       371650114937032704  the dashboard in the hall
    it was never used since it was made [..] days ago
error: 4 findings

"#]]
    );
    assert!(ended.text.lines().all(|line| line.chars().count() <= 80), "{}", ended.text);
    let narrow = home.line("keys audit").on_terminal().size(60, 24).start().finish();
    assert_eq!(narrow.text, ended.text);
    let blocks = home.line("keys audit").on_terminal().size(36, 80).start().finish();
    assert!(
        blocks.text.contains("\nmessage: the portal does not tell\n    when it was last used\n"),
        "{}",
        blocks.text
    );
    assert!(blocks.text.contains(&format!("\nkeyId: {ID}\n")), "{}", blocks.text);
    let wide = home.line("keys audit").on_terminal().size(120, 24).start().finish();
    assert!(wide.text.contains("the dashboard in the hall  it was never used since it was made"), "{}", wide.text);
}

#[test]
fn letters_are_as_wide_as_a_terminal_draws_them() {
    let names = ["倉庫の画面", "Zu\u{308}rich", "crew 👩\u{200d}🔧 2", "", "plain"];
    let (home, _portal) = portal(&names.iter().map(|name| json!({ "name": name })).collect());
    let ended = home.line("keys list --fields name,inUse").on_terminal().size(80, 24).start().finish();
    assert_data_eq!(
        ended.text,
        str![[r#"
name        inUse
first key   yes
倉庫の画面  no
Zürich      no
crew 👩‍🔧 2   no
            no
plain       no

"#]]
    );
}

#[test]
fn a_later_page_with_wider_cells_takes_the_room_that_its_row_has() {
    let page = |rows: Value, after: Option<&str>| Answer::data(json!({"devices": {"data": rows, "after": after}}));
    let long = "a name that is much longer than all names before it";
    let script = MockServer::new()
        .answer("DevicesList", page(json!([{"id": "1", "name": "dock", "status": "ONLINE"}]), Some("next")))
        .answer(
            "DevicesList",
            page(
                json!([
                    {"id": "2", "name": long, "status": "UNHEALTHY"},
                    {"id": "371650114937032704", "name": format!("{long} and more"), "status": "ONLINE", "model": "cx2000"},
                    {"id": "3", "name": "gate", "status": "OFFLINE"}
                ]),
                None,
            ),
        );
    let mut home = Home::new();
    home.portal(&script.url, "key-of-a-script");
    let ended = home.line("devices list").on_terminal().size(80, 24).start().finish();
    assert_data_eq!(
        ended.text,
        str![[r#"
id  name  status
1   dock  ONLINE
2   a name that is much longer than all names before it  UNHEALTHY
371650114937032704  a name that is much longer than all names before it…  ONLINE
3   gate  OFFLINE
not shown here: model (`--fields id,model` or `-o json` shows it)

"#]]
    );
}

#[test]
fn times_are_told_exactly_and_a_card_says_how_long_ago() {
    let ago = |hours: i64| (Timestamp::now() - SignedDuration::from_mins(hours * 60 + 5)).to_string();
    let (three_hours, five_days) = (ago(3), ago(5 * 24));
    let (home, _portal) = portal(&json!([{ "name": "ci", "createdAt": five_days, "lastUsedAt": three_hours }]));
    let ended = home.terminal("keys list --fields name,createdAt,lastUsedAt").finish();
    assert!(ended.text.contains(&format!("{five_days}  {three_hours}")), "{}", ended.text);
    let piped = home.run("keys list -o csv --fields name,createdAt,lastUsedAt").ok().out();
    assert!(piped.contains(&format!("ci,{five_days},{three_hours}")), "{piped}");
    assert!(home.run("keys list").ok().out().contains(&five_days));
    let seen = json!([{"id": "1", "name": "dock", "lastSeenAt": three_hours}]);
    let file = home.write("devices.json", seen.to_string());
    let portal = ReferenceServer::start(&["--devices-file", file.to_str().unwrap()]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    let ended = home.terminal("devices show dock").finish();
    assert!(ended.text.contains(&format!("{three_hours} (3 hours ago)\n")), "{}", ended.text);
}

#[test]
fn a_template_is_for_people_unless_a_format_is_asked_for() {
    let (home, _portal) = portal(&json!([]));
    let missing = "keys show nobody --template '{{ id }}'";
    let told = home.terminal(missing).finish();
    assert!(told.code == Some(6) && told.text.starts_with("error: there is no key"), "{}", told.text);
    for line in [format!("{missing} -o json"), "keys show nobody -o ndjson".to_owned()] {
        let told = home.terminal(&line).finish();
        assert!(told.code == Some(6) && told.text.contains("{\"error\":{\"code\":\"not_found\""), "{}", told.text);
    }
    // Without a person watching, the output may go to a program.
    assert_eq!(home.run(missing).exits(6).error()["code"], "not_found");
}
