//! Rules that a reviewer would otherwise have to remember: layers, names, sizes, and where a secret may be exposed. It
//! reads the sources as text and runs nothing.

mod graph;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use graph::{Graph, circle};

/// The floors, highest first; a module may use only floors below its own.
const FLOORS: [&[&str]; 10] = [
    &["main"],
    &["fuzz"],
    &["cli"],
    &["commands"],
    &["context"],
    &["broker", "lifecycle"],
    &["error"],
    &["config", "credentials", "journal", "output", "portal", "prompt", "sandbox", "scan"],
    &["disk", "interrupt", "jq", "loopback", "secret", "shells", "text"],
    &["draw"],
];

/// The one exception: the settings of the output are options too, and `config` reads them.
const BESIDE: [(&str, &str); 1] = [("config", "output")];

/// Module names that say nothing about the content.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "handler"];

/// Where a secret is exposed: the header, the stores, the destinations that the user named.
const EXPOSING: [&str; 16] = [
    "src/commands/auth/login.rs",
    "src/commands/auth/token.rs",
    "src/commands/broker.rs",
    "src/commands/keys/issuing.rs",
    "src/commands/run/program.rs",
    "src/commands/sandbox.rs",
    "src/context/mod.rs",
    "src/credentials/command.rs",
    "src/credentials/file.rs",
    "src/credentials/keyring.rs",
    "src/lifecycle/delivery.rs",
    "src/lifecycle/issue.rs",
    "src/output/reveal.rs",
    "src/portal/handle.rs",
    "src/portal/http.rs",
    "src/secret/value.rs",
];

#[test]
fn every_module_uses_only_the_floors_below() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let own = top(&path);
        for used in text.split("crate::").skip(1).flat_map(first_segments) {
            if !is_module(&used) || used == own || BESIDE.contains(&(&*own, &*used)) {
                continue;
            }
            if floor(&used) <= floor(&own) {
                wrong.push(format!("{path} uses crate::{used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "a floor uses what is not below it:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_of_a_floor_use_each_other_in_a_circle() {
    let graph = Graph::read();
    let uses = graph.uses();
    let mut circles = Vec::new();
    for floor in FLOORS.concat() {
        let is_own = |file: &&str| top(file) == floor;
        let own = uses.iter().filter(|(file, _)| is_own(file));
        let own = own.map(|(file, used)| (*file, used.iter().copied().filter(is_own).collect())).collect();
        circles.extend(circle(&own).map(|way| way.join(" uses ")));
    }
    assert!(circles.is_empty(), "who reads one of these has to read the others first:\n{}", circles.join("\n"));
}

#[test]
fn no_noun_uses_a_noun() {
    let graph = Graph::read();
    let mut wrong = Vec::new();
    for (file, used) in graph.uses() {
        let Some(own) = noun(file) else { continue };
        let other = |used: &&&str| top(used) == top(file) && noun(used).is_some_and(|other| other != own);
        wrong.extend(used.iter().filter(other).map(|used| format!("{file} uses {used}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the noun of a file, with its floor: `commands/keys`, `portal/keys`.
fn noun(file: &str) -> Option<String> {
    let (floor, below) = file.trim_start_matches("src/").split_once('/')?;
    let name = below.split('/').next()?.trim_end_matches(".rs");
    let is_noun = match floor {
        "commands" => root(&format!("src/commands/{name}")).is_dir(),
        "portal" => ["devices", "keys", "viewer"].contains(&name),
        _ => false,
    };
    is_noun.then(|| format!("{floor}/{name}"))
}

#[test]
fn every_module_has_a_floor() {
    let named: Vec<&str> = FLOORS.concat();
    for entry in fs::read_dir(root("src")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(named.contains(&&*name), "src/{name} is on no floor of this test and of ARCHITECTURE.md");
    }
}

#[test]
fn every_file_is_declared_and_says_what_it_is_for() {
    for folder in ["src", "tests/cli"] {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//! "), "{path} does not open with what it is for");
            let file = Path::new(&path);
            let (stem, parent) = (file.file_stem().unwrap().to_string_lossy(), file.parent().unwrap());
            let (name, declaring) = match &*stem {
                "main" => continue,
                "mod" => (parent.file_name().unwrap().to_string_lossy().into_owned(), parent.parent().unwrap()),
                stem => (stem.to_owned(), parent),
            };
            let declared = ["mod.rs", "main.rs"].iter().any(|file| {
                let text = fs::read_to_string(root("").join(declaring).join(file)).unwrap_or_default();
                text.lines().any(|line| line.trim_end_matches(';').ends_with(&format!("mod {name}")))
            });
            assert!(declared, "{path} is declared nowhere");
            assert!(!EMPTY_NAMES.contains(&&*name), "{path}: the name `{name}` says nothing");
        }
    }
}

#[test]
fn files_hold_one_thing() {
    for folder in ["src", "tests/cli"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            let verb = path.starts_with("src/commands/") && text.contains("pub fn run(args: &Args");
            let most = if verb { 160 } else { 400 };
            let counted = if verb { code(&text).lines().count() } else { lines };
            assert!(counted <= most, "{path} has {counted} lines, more than {most}: does it still hold one thing?");
        }
    }
}

#[test]
fn secrets_are_exposed_in_named_places_only() {
    let exposes = |text: &str| code(text).contains(".expose()");
    // The model has only made-up secrets.
    let own = |path: &str| path.starts_with("src/sandbox/") || path == "src/lifecycle/model.rs";
    let exposing = sources("src").into_iter().filter(|(path, text)| !own(path) && exposes(text)).map(|(path, _)| path);
    assert_eq!(exposing.collect::<Vec<_>>(), EXPOSING);
}

#[test]
fn every_document_is_named_after_its_place_and_compiled_once() {
    let portal: String = sources("src/portal").into_values().collect();
    for path in files("graphql", "graphql").into_iter().filter(|path| !path.ends_with("schema.graphql")) {
        let text = fs::read_to_string(root(&path)).unwrap();
        let name: String =
            path.trim_start_matches("graphql/").trim_end_matches(".graphql").split(['/', '_']).map(capital).collect();
        let operations =
            text.lines().filter(|line| line.starts_with("query ") || line.starts_with("mutation ")).count();
        assert_eq!(operations, 1, "{path} should hold one operation");
        assert!(text.contains(&format!(" {name}")), "the operation in {path} should be called {name}");
        let word = path.trim_start_matches("graphql/").trim_end_matches(".graphql").replace('/', ".");
        let declared = format!("{name} \"{word}\" \"{path}\";");
        assert_eq!(portal.matches(&declared).count(), 1, "an operation should be declared once as {declared}");
    }
}

#[test]
fn every_command_appears_in_a_test() {
    let tests: String = sources("tests/cli").into_values().collect();
    for (path, text) in sources("src/commands") {
        if !text.contains("pub fn run(") || path.ends_with("mod.rs") || !text.contains("clap::Args") {
            continue;
        }
        let words = path.trim_start_matches("src/commands/").trim_end_matches(".rs").replace('/', " ");
        // `where` is a keyword, so the module has another name.
        let words = words.replace("where_is", "where");
        assert!(tests.contains(&words), "no test runs `optra {words}`");
    }
}

#[test]
fn a_command_in_a_hint_can_be_pasted() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        for line in code(&text).lines().filter(|line| !line.trim_start().starts_with("//")) {
            let in_backticks = line.split('`').skip(1).step_by(2);
            wrong.extend(
                in_backticks
                    .filter(|text| text.contains("optra") && text.contains('…'))
                    .map(|text| format!("{path}: {text}")),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "write a value that is known, else a name in capitals as the help does:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_test_that_needs_something_says_so_instead_of_being_ignored() {
    for (path, text) in sources("tests/cli") {
        assert!(!text.contains(&["#[", "ignore"].concat()), "{path} ignores a test");
    }
}

/// Returns a source without its unit tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Returns the files below a folder with their text, by path from the project's root.
fn sources(folder: &str) -> BTreeMap<String, String> {
    files(folder, "rs").into_iter().map(|path| (path.clone(), fs::read_to_string(root(&path)).unwrap())).collect()
}

fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&path, ending));
        } else if path.ends_with(&format!(".{ending}")) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// Returns the top-level module of a file.
fn top(path: &str) -> String {
    let below = path.trim_start_matches("src/");
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs").to_owned()
}

/// Returns the modules that a path after `crate::` names: one, or several in braces.
fn first_segments(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    match rest.strip_prefix('{') {
        Some(several) => several.split('}').next().unwrap_or_default().split(',').map(word).collect(),
        None => vec![word(rest)],
    }
}

fn is_module(name: &str) -> bool {
    FLOORS.concat().contains(&name)
}

fn floor(module: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&module)).unwrap_or_else(|| panic!("{module} is on no floor"))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
