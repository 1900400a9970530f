//! Each promise of the documents has a test that fails once it is broken: `tests/promises.toml` names the test, and for
//! a one-line change how to break it. A sentence with never, only, always, at once or no is a promise, unless the table
//! says why it is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use toml_edit::{DocumentMut, Table};

/// The documents whose every promise has a test.
const DOCUMENTS: [&str; 19] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/how-to/adapt.md",
    "docs/how-to/audit.md",
    "docs/how-to/ci.md",
    "docs/how-to/connect.md",
    "docs/how-to/doctor.md",
    "docs/how-to/fleet.md",
    "docs/how-to/keys-in-git.md",
    "docs/how-to/keys.md",
    "docs/how-to/leaked-keys.md",
    "docs/how-to/less-power.md",
    "docs/how-to/network.md",
    "docs/how-to/queries.md",
    "docs/how-to/rotate.md",
    "docs/how-to/scripts.md",
    "docs/how-to/terminal.md",
    "docs/how-to/test-scripts.md",
];

const TABLE: &str = "tests/promises.toml";

struct Promise {
    says: String,
    tests: Vec<String>,
    mutation: Option<Mutation>,
}

/// A change of one line that breaks a promise.
struct Mutation {
    file: String,
    from: String,
    to: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table() -> DocumentMut {
    fs::read_to_string(root().join(TABLE)).unwrap().parse().unwrap()
}

fn entries(document: &DocumentMut, name: &str) -> Vec<Table> {
    document[name].as_array_of_tables().unwrap().iter().cloned().collect()
}

fn text(table: &Table, name: &str) -> String {
    table[name].as_str().unwrap_or_else(|| panic!("`{name}` in {table}")).to_owned()
}

fn promises() -> Vec<Promise> {
    let read = |table: &Table| Promise {
        says: text(table, "says"),
        tests: table["tests"].as_array().unwrap().iter().map(|test| test.as_str().unwrap().to_owned()).collect(),
        mutation: table.get("break").and_then(|value| value.as_inline_table()).map(|broken| {
            let part = |name: &str| broken[name].as_str().unwrap().to_owned();
            Mutation { file: part("file"), from: part("from"), to: part("to") }
        }),
    };
    entries(&table(), "promise").iter().map(read).collect()
}

/// Returns the sentences of a document, each in one line, without code blocks.
fn sentences(text: &str) -> Vec<String> {
    let code = Regex::new(r"(?s)```.*?```").unwrap();
    let part = Regex::new(r"\n\s*\n|\n(?:[-#]|\d+\.) |\|").unwrap();
    let end = Regex::new(r"[.:;!?]\)?\s").unwrap();
    let promising = Regex::new(r"(?i)\b(never|only|always|at once|no)\b").unwrap();
    let prose = code.replace_all(text, "\n\n");
    let mut found = Vec::new();
    for part in part.split(&prose) {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(end.split(&part).filter(|sentence| promising.is_match(sentence)).map(str::to_owned));
    }
    found
}

#[test]
fn every_promise_of_the_documents_has_a_test() {
    let mut says: Vec<String> = promises().into_iter().map(|promise| promise.says).collect();
    says.extend(entries(&table(), "aside").iter().map(|aside| {
        assert!(!text(aside, "because").is_empty());
        text(aside, "says")
    }));
    let mut all = String::new();
    let mut forgotten = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).unwrap();
        all.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        all.push('\n');
        let of_it = sentences(&text).into_iter().filter(|sentence| !says.iter().any(|says| sentence.contains(says)));
        forgotten.extend(of_it.map(|sentence| format!("{document}: {sentence}")));
    }
    assert!(forgotten.is_empty(), "promised without a test in {TABLE}:\n{}", forgotten.join("\n"));
    let stale: Vec<&String> = says.iter().filter(|says| !all.contains(says.as_str())).collect();
    assert!(stale.is_empty(), "{TABLE} has what no document says: {stale:#?}");
}

#[test]
fn every_test_of_a_promise_is_there() {
    let missing = |test: &String| !is_there(test);
    let all: Vec<String> = promises().into_iter().flat_map(|promise| promise.tests).collect();
    let missing: Vec<&String> = all.iter().filter(|test| missing(test)).collect();
    assert!(!all.is_empty() && missing.is_empty(), "{missing:#?}");
}

/// Returns true if a test exists, given its path: `keys::revoke::name` in `tests/cli` or `lifecycle::model::name` in
/// `src`.
fn is_there(test: &str) -> bool {
    let (modules, name) = test.rsplit_once("::").unwrap();
    let (modules, indent) = modules.strip_suffix("::tests").map_or((modules, ""), |modules| (modules, "    "));
    let places = ["tests/cli", "src"].into_iter().flat_map(|top| {
        let file = root().join(top).join(modules.replace("::", "/"));
        [file.with_extension("rs"), file.join("mod.rs")]
    });
    let pattern = Regex::new(&format!(r"#\[test\]\n({indent}#\[[^\n]*\]\n)*{indent}fn {name}\(\)")).unwrap();
    places.filter_map(|file| fs::read_to_string(file).ok()).any(|text| pattern.is_match(&text))
}

#[test]
fn every_way_to_break_one_is_one_place_of_the_code() {
    for Mutation { file, from, to } in promises().into_iter().filter_map(|promise| promise.mutation) {
        let code = fs::read_to_string(root().join(&file)).unwrap();
        assert_eq!(code.matches(&from).count(), 1, "{file}: {from}");
        assert_ne!(from, to);
    }
}

/// Breaks each promise in a copy of the program and expects its tests to fail; that takes half an hour, so `just
/// broken-promises` enables it.
#[test]
fn a_broken_promise_is_seen() {
    if std::env::var_os("OPTRA_BREAK").is_none() {
        return;
    }
    let copy = tempfile::tempdir().unwrap();
    let tar = "git ls-files -z | tar --null -T - -c | tar -x -C \"$0\"";
    assert!(Command::new("sh").args(["-c", tar]).arg(copy.path()).current_dir(root()).status().unwrap().success());
    let target = root().join("target/broken");
    let mut kept = Vec::new();
    for promise in promises() {
        let Some(mutation) = &promise.mutation else { continue };
        let file = copy.path().join(&mutation.file);
        let whole = fs::read_to_string(&file).unwrap();
        fs::write(&file, whole.replace(&mutation.from, &mutation.to)).unwrap();
        let unseen: Vec<&String> = promise.tests.iter().filter(|test| !fails(copy.path(), &target, test)).collect();
        fs::write(&file, whole).unwrap();
        kept.extend(unseen.into_iter().map(|test| format!("{test} passes without: {}", promise.says)));
    }
    assert!(kept.is_empty(), "{kept:#?}");
}

/// Runs one test, and returns true if it ran and failed. A build error proves nothing.
fn fails(copy: &Path, target: &Path, test: &str) -> bool {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--offline", "--", "--exact", test]).current_dir(copy);
    let out = cargo.env("CARGO_TARGET_DIR", target).env_remove("OPTRA_BREAK").output().unwrap();
    let told = String::from_utf8_lossy(&out.stdout);
    let errors = String::from_utf8_lossy(&out.stderr);
    assert!(told.contains("running 1 test"), "{test} did not run: {errors}");
    !out.status.success()
}
