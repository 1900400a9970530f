//! What must hold of the configuration for any file, and of the headers that a user names.

use std::path::Path;

use super::file::{ConfigFile, Profile, Store, contents, edited, saving, saving_variable};
use super::header::{Header, header as read_header};
use crate::draw::Draw;

/// Typical files to start from.
const FILES: [&str; 6] = [
    "",
    "# mine\nprofile = \"a\" # in use\n\n[profiles.a]\nportal = \"https://a.example\" # old\nread_only = true\n",
    "profiles = { a = { portal = \"https://a.example\", variables = { org = 7 } } }\n",
    "profiles.a.store = 'command'\nprofiles.a.command = 'pass show optra'\n",
    "[profiles.\"a b\".variables]\norg = \"x\"\nn = 3\n\n# the end\n",
    "\u{feff}[profiles]\n[profiles.a]\nkey_id='''x\ny'''\r\n",
];

/// Any file is either read or refused with a line number; what is written to a valid file is read back, and all other
/// entries and comments survive.
pub fn config(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let (name, other) = (draw.pick(&["a", "a b", "ü.x", "\"", "b"]).to_owned(), draw.text(6));
    let name = if draw.flag() { name } else { other };
    let profile = profile(&mut draw);
    let (variable, text) = (draw.pick(&["org", "n", "", "a.b"]), draw.text(8));
    let before = match draw.below(FILES.len() + 1) {
        own if own < FILES.len() => FILES[own].to_owned(),
        _ => draw.rest(),
    };
    let path = Path::new("config.toml");
    let Ok(read) = contents(path, &before) else { return };
    let after = edited(&before, saving(&name, &profile));
    let again = contents(path, &after).unwrap_or_default();
    let kept = read.profiles.get(&name).cloned().unwrap_or_default();
    let expected = Profile { read_only: kept.read_only, variables: kept.variables, ..profile };
    assert_eq!(again.profiles.get(&name), Some(&expected), "{before:?} became {after:?}");
    same_but_for(&name, &read, &again, (&before, &after));
    let last = edited(&after, saving_variable(&name, variable, Some(&text)));
    let again = contents(path, &last).unwrap_or_default();
    let given = again.profiles.get(&name).and_then(|profile| profile.variables.get(variable));
    assert_eq!(given, Some(&text), "{after:?} became {last:?}");
    same_but_for(&name, &read, &again, (&after, &last));
    let gone = edited(&last, saving_variable(&name, variable, None));
    let again = contents(path, &gone).unwrap_or_default();
    assert!(again.profiles.get(&name).is_some_and(|profile| !profile.variables.contains_key(variable)));
}

fn profile(draw: &mut Draw<'_>) -> Profile {
    let mut text = || (!draw.once_in(4)).then(|| draw.text(10));
    let (portal, key_id, words) = (text(), text(), text().unwrap_or_default());
    let store = match draw.below(4) {
        0 => Store::Keyring,
        1 => Store::File,
        2 => Store::None,
        _ => Store::Command(words),
    };
    Profile { portal, store, key_id, ..Profile::default() }
}

fn same_but_for(name: &str, before: &ConfigFile, after: &ConfigFile, (from, to): (&str, &str)) {
    let others = |contents: &ConfigFile| {
        let others = contents.profiles.iter().filter(|(other, _)| *other != name);
        others.map(|(name, profile)| (name.clone(), profile.clone())).collect::<Vec<_>>()
    };
    assert_eq!(before.profile, after.profile, "{from:?} became {to:?}");
    assert_eq!(others(before), others(after), "{from:?} became {to:?}");
    // A comment on a line of its own; in a multi-line string, `#` starts no comment.
    if !from.contains("\"\"\"") && !from.contains("'''") {
        for comment in from.lines().map(str::trim).filter(|line| line.starts_with('#')) {
            assert!(to.contains(comment), "{from:?} became {to:?}, without {comment:?}");
        }
    }
}

/// An error does not repeat the text that it refuses: it may be the value.
pub fn header(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let name = draw.joined(&["X-", "Api", "-Secret", "api-secret", "Cookie", " ", ":", "=", "é"], 3);
    let value = draw.pick(&["Zq7vN2xK9mB4tR6w", "env:A", "env:", "file:/etc/k", "file:", "stdin:", "env"]);
    let read = read_header(&format!("{name}={value}"));
    assert!(value.contains(':') || read.is_err_and(|problem| value == "env" || !problem.contains(value)));
    if let Ok(Header { name, .. }) = read_header(&draw.rest()) {
        assert!(reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_ok(), "{name:?}");
    }
}
