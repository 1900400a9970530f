//! What the leak hunt searches for: a key in every form in which a program or a portal may write it. An allowed place
//! must be in [`ALLOWED`], with the reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::harness::{Home, Run, Session};

/// It has every character that JSON, a URL or Base64 may encode; its last four may be shown.
pub const CANARY: &str = "cN4+rY/7=qW%Zx_9.pT~Kd-3?mH&6#uV:2;jB@8!g5LsEnd4";
/// The secret that a portal generates.
pub const NEW: &str = "nK9+hP/2=wB%Fy_7.tG~Rc-5?vX&1#sM:8;lD@4!z6QkTail";

/// Where a key may be found, and why.
const ALLOWED: [(&str, &str, &str); 5] = [
    (CANARY, "config/optra/keys/", "the store of this name is the file"),
    (CANARY, "stdout of `auth token`", "it is what that command is for"),
    (CANARY, "stdout of `run -- printenv OPTRA_API_KEY`", "the child has it, and this child tells it"),
    (NEW, "stdout of `keys generate", "a new secret goes to whoever asked for it"),
    (NEW, "stdout of `api", "whoever sends a document of their own gets its answer"),
];

/// The characters that `encodeURIComponent` does not escape.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// The characters that a form does not escape.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');
/// This many characters of a key are a leak; its last four are not.
const PIECE: usize = 10;

/// Returns the forms of a key, each with a name.
pub fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let lower = |text: &str| {
        let mut text = text.to_owned().into_bytes();
        for at in 0..text.len() {
            if text[at] == b'%' {
                text[at + 1..at + 3].make_ascii_lowercase();
            }
        }
        String::from_utf8(text).unwrap()
    };
    let escaped = |letters: &str| -> String {
        let escape = |letter: char| {
            if letters.contains(letter) { format!("\\u{:04x}", u32::from(letter)) } else { letter.into() }
        };
        secret.chars().map(escape).collect()
    };
    let mut forms = vec![("as it is", secret.to_owned())];
    for (name, in_lower, set) in [
        ("URL", "URL in lower case", NON_ALPHANUMERIC),
        ("URL component", "URL component in lower case", COMPONENT),
        ("form", "form in lower case", FORM),
    ] {
        let text = utf8_percent_encode(secret, set).to_string();
        forms.extend([(in_lower, lower(&text)), (name, text)]);
    }
    forms.push(("JSON with escaped slashes", secret.replace('/', "\\/")));
    forms.push(("JSON as Go writes it", escaped("&<>")));
    forms.push(("JSON with escaped marks", escaped("&<>+=/'")));
    forms.push((
        "JSON in JSON",
        serde_json::to_string(&secret.replace('/', "\\/")).unwrap().trim_matches('"').to_owned(),
    ));
    for (before, names) in [
        ("", ["Base64", "Base64 for URLs"]),
        ("x", ["Base64 after 1", "Base64 for URLs after 1"]),
        ("xx", ["Base64 after 2", "Base64 for URLs after 2"]),
    ] {
        let text = format!("{before}{secret}");
        // The letters at both ends depend on the neighbours of the key.
        let (first, last) = ((before.len() * 8).div_ceil(6), text.len() * 8 / 6);
        forms.push((names[0], STANDARD.encode(&text)[first..last].to_owned()));
        forms.push((names[1], URL_SAFE.encode(&text)[first..last].to_owned()));
    }
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.push(("hexadecimal in upper case", hex.to_uppercase()));
    forms.push(("hexadecimal", hex));
    forms.push(("upper case", secret.to_uppercase()));
    forms.push(("lower case", secret.to_lowercase()));
    let spaced = |between: &str| secret.chars().map(String::from).collect::<Vec<_>>().join(between);
    forms.push(("spaced", spaced(" ")));
    forms.push(("with dashes", spaced("-")));
    forms
}

/// Names each form and each piece of a key in these bytes.
fn found_in(bytes: &[u8], secret: &str) -> Vec<&'static str> {
    let has = |text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
    let mut found: Vec<_> = forms(secret).into_iter().filter(|(_, text)| has(text)).map(|(name, _)| name).collect();
    if found.is_empty() && secret.as_bytes().windows(PIECE).any(|piece| has(std::str::from_utf8(piece).unwrap())) {
        found.push("a piece");
    }
    found
}

/// All finds: where each form was found, and in which situation it was first.
#[derive(Default)]
pub struct Hunt(BTreeMap<String, BTreeMap<String, String>>);

impl Hunt {
    pub fn search(&mut self, place: &str, said: &str, bytes: &[u8]) {
        for secret in [CANARY, NEW] {
            if ALLOWED.iter().any(|(allowed, at, _)| *allowed == secret && place.starts_with(at)) {
                continue;
            }
            for form in found_in(bytes, secret) {
                let whose = if secret == NEW { "the new secret" } else { "the key in use" };
                let places = self.0.entry(format!("{whose}, {form}")).or_default();
                places.entry(place.to_owned()).or_insert_with(|| said.to_owned());
            }
        }
    }

    /// Runs a command and searches its output; `said` describes the situation.
    pub fn run(&mut self, line: &str, said: &str, run: Run<'_>) -> Session {
        let session = run.run();
        self.search(&format!("stdout of `{line}`"), said, &session.stdout);
        self.search(&format!("stderr of `{line}`"), said, &session.stderr);
        session
    }

    /// Searches every file below a home, except those that the test itself wrote.
    pub fn files(&mut self, home: &Home) {
        for folder in ["config", "state", "cache", "runtime"] {
            self.folder(&home.path(folder), folder);
        }
    }

    fn folder(&mut self, folder: &Path, name: &str) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{name}/{}", path.file_name().unwrap().to_string_lossy());
            self.search("the name of a file", &format!(" ({name})"), name.as_bytes());
            if path.is_dir() {
                self.folder(&path, &name);
            } else if path.is_file() {
                self.search(&name, "", &fs::read(&path).unwrap());
            }
        }
    }

    /// Fails with all finds.
    #[track_caller]
    pub fn end(self) {
        let mut report = String::new();
        for (form, places) in &self.0 {
            report.push_str(&format!("\n{form}:\n"));
            places.iter().for_each(|(place, said)| report.push_str(&format!("  {place}{said}\n")));
        }
        assert!(report.is_empty(), "the key leaks, written in these ways:\n{report}");
    }
}

#[test]
fn the_hunt_finds_each_form_and_each_piece() {
    for (name, text) in forms(CANARY) {
        assert!(found_in(format!("…{text}…").as_bytes(), CANARY).contains(&name), "{name}");
        assert!(found_in(format!("…{text}…").as_bytes(), NEW).is_empty(), "{name}");
    }
    for before in ["", "a", "ab", "user:"] {
        for encoded in [STANDARD.encode(format!("{before}{CANARY}:x")), URL_SAFE.encode(format!("{before}{CANARY}:x"))]
        {
            assert!(!found_in(encoded.as_bytes(), CANARY).is_empty(), "{before}");
        }
    }
    assert_eq!(found_in(&CANARY.as_bytes()[5..15], CANARY), ["a piece"]);
    assert_eq!(found_in(&CANARY.as_bytes()[CANARY.len() - 4..], CANARY), [""; 0]);
}
