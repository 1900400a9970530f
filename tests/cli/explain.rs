//! `optra explain`: a text about one code, and the table of all.

use snapbox::{assert_data_eq, str};

use crate::harness::Home;

#[test]
fn a_code_is_explained_on_one_screen() {
    assert_data_eq!(
        Home::new().run("explain unauthenticated").to_string(),
        str![[r#"
unauthenticated: there is no key, or the portal rejects it
Exit code 4.

Why it usually happens:
  - nobody has logged in on this machine, or `optra auth logout` was run
  - somebody revoked the key, or a rotation replaced it
  - `OPTRA_API_KEY` holds an old key, and goes before the key of the profile

What to do:
  - See which key was used: `optra auth status`.
  - Log in with a new one: `optra auth login`.
  - If a rotation broke off: `optra keys rotate --resume`.
--- exit 0

"#]]
    );
}

#[test]
fn every_code_has_its_screen_and_is_known_by_each_of_its_names() {
    let home = Home::new();
    let all = home.run("explain -o json").ok().json();
    let all = all.as_array().unwrap();
    let codes = home.run("help exit-codes").ok().out();
    let is_first = |line: &&str| line.starts_with("  ") && line[..6].trim().parse::<u8>().is_ok();
    assert_eq!(all.len(), codes.lines().filter(is_first).count() - 1);
    for one in all {
        let (code, exit) = (one["code"].as_str().unwrap(), &one["exit"]);
        let screen = home.run(&format!("explain {code}")).ok().out();
        assert!(screen.starts_with(&format!("{code}: ")) && screen.lines().count() <= 24, "{screen}");
        assert!(screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
        let by_exit = home.run(&format!("explain {exit} -o json")).ok().json();
        assert!(by_exit.as_array().unwrap().contains(one), "{by_exit}");
        assert_eq!(home.run(&format!("explain {} -o json", code.to_uppercase())).ok().json()[0], *one);
    }
}

#[test]
fn a_code_with_several_kinds_is_a_list_and_the_list_is_as_wide_as_a_terminal() {
    let home = Home::new();
    assert_data_eq!(
        home.run("explain 5").to_string(),
        str![[r#"
code              exit  meaning
forbidden         5     the key's role does not allow this; keys need Admin
feature_disabled  5     API keys are not enabled for the organization
--- stderr
What to do about one of them: `optra explain CODE`.
--- exit 0

"#]]
    );
    let all = home.run("explain").ok().out();
    assert!(all.lines().all(|line| line.chars().count() <= 80), "{all}");
    assert_eq!(home.run("explain 5 -o json").ok().err(), "");
}

#[test]
fn what_is_no_code_names_the_nearest_and_repeats_no_key() {
    let home = Home::new();
    let session = home.run("explain notfound");
    assert!(session.exits(6).err().contains("`optra explain not_found`"), "{session}");
    assert!(home.run("explain 42").exits(6).err().contains("List them all: `optra explain`"));
    let session = home.run("explain k7WqB3x-hunter2-PjR5vTn9-LmZx81");
    assert!(!session.exits(6).err().contains("hunter2"), "{session}");
    assert!(home.run("explain 0").ok().out().starts_with("0  success"));
}

#[cfg(unix)]
#[test]
fn all_codes_are_on_one_screen_with_the_prompt_below() {
    let ended = Home::new().terminal("explain").finish();
    assert_eq!(ended.text.lines().filter(|line| !line.is_empty()).count(), 23, "{}", ended.text);
    assert!(ended.text.contains("check_failed") && ended.text.contains("126, 127: `run`"), "{}", ended.text);
}
