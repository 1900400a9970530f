//! The sessions of the README and the book, run in order in one home per page, and the pages that are generated from
//! the help. `just update` rewrites them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::{Redactions, assert_data_eq};

use crate::harness::Home;

/// The pages that print a topic of `optra help`.
const TOPICS: [(&str, &str); 5] = [
    ("exit-codes", "Exit codes"),
    ("environment", "Settings"),
    ("filters", "Filters"),
    ("bindings", "Bindings"),
    ("formats", "Formats"),
];

fn root(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

fn overwrites() -> bool {
    env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite")
}

/// Returns all pages of the book.
fn pages() -> Vec<PathBuf> {
    let (mut folders, mut pages) = (vec![root("docs")], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "md" => pages.push(path),
                _ => {}
            }
        }
    }
    pages.sort();
    pages
}

/// Runs the sessions of a page, and returns the number of commands.
fn run(page: &Path) -> usize {
    let text = fs::read_to_string(page).unwrap();
    let home = Home::new();
    let (mut count, mut rewritten) = (0, text.clone());
    for block in text.split("```console\n").skip(1) {
        let told = block.split("```").next().unwrap();
        let mut seen = String::new();
        for line in told.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let session = home.script(&format!("{{ {line}; }} 2>&1 || true")).run();
            session.ok();
            let out = session.out().replace(&home.path("home").display().to_string(), "/home/you");
            seen.push_str(&format!("$ {line}\n{out}"));
            count += 1;
        }
        if overwrites() {
            if normal(&seen) != normal(told) {
                rewritten = rewritten.replace(&format!("```console\n{told}```"), &format!("```console\n{seen}```"));
            }
        } else {
            assert_data_eq!(normal(&seen), normal(told));
        }
    }
    if rewritten != text {
        fs::write(page, rewritten).unwrap();
    }
    count
}

#[test]
fn the_sessions_in_the_readme_are_true() {
    let count = run(&root("README.md"));
    assert!(count >= 6, "the README has only {count} commands that this test found");
}

#[test]
fn the_sessions_in_the_book_are_true() {
    let count: usize = pages().iter().map(|page| run(page)).sum();
    assert!(count >= 15, "the book has only {count} commands that this test found");
}

#[test]
fn the_first_command_of_the_readme_prints_a_table() {
    let readme = fs::read_to_string(root("README.md")).unwrap();
    let first = readme.lines().find_map(|line| line.strip_prefix("cargo run -- ")).unwrap();
    let session = Home::new().run(first);
    session.ok();
    assert_eq!(session.out().lines().count(), 26, "{session}");
}

#[test]
fn the_pictures_are_what_a_terminal_shows() {
    for (line, name) in [
        ("--sandbox devices list --fields id,name,model,status,tags,location --limit 6", "devices"),
        ("--sandbox portal check", "check"),
        ("explain keyring_locked", "explain"),
    ] {
        let home = Home::new();
        let told = home.script(&format!("COLUMNS=100 optra {line} --color always 2>&1")).run();
        let picture = format!("$ optra {line}\n{}", told.ok().out());
        let path = root(&format!("docs/images/{name}.term.svg"));
        assert_data_eq!(normal(&picture), snapbox::Data::read_from(&path, None));
    }
}

#[test]
fn the_reference_is_what_the_program_says() {
    for (topic, title) in TOPICS {
        let told = Home::new().run(&format!("help {topic}"));
        let page =
            format!("# {title}\n\nThis is what `optra help {topic}` prints.\n\n```text\n{}```\n", told.ok().out());
        assert_data_eq!(page, snapbox::Data::read_from(&root(&format!("docs/reference/{topic}.md")), None).raw());
    }
}

#[test]
fn every_page_is_in_the_summary_and_every_link_leads_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#]+)(#[^)]*)?\)").unwrap();
    let summary = fs::read_to_string(root("docs/SUMMARY.md")).unwrap();
    for page in pages().into_iter().chain([root("README.md")]) {
        let text = fs::read_to_string(&page).unwrap();
        for (_, [target]) in link.captures_iter(&text).map(|found| (0, [found.get(1).unwrap().as_str()])) {
            let is_there = target.contains("://") || page.parent().unwrap().join(target).exists();
            assert!(is_there, "{} links to {target}", page.display());
        }
        let name = page.strip_prefix(root("docs")).map(|path| path.to_string_lossy().into_owned());
        let is_listed =
            name.is_err() || name.is_ok_and(|name| name == "SUMMARY.md" || summary.contains(&format!("({name})")));
        assert!(is_listed, "{} is not in the summary", page.display());
    }
}

/// Replaces what differs between runs: secrets, nonces, and the ids and times of keys. (Devices are always the same.)
fn normal(text: &str) -> String {
    let mut patterns = Redactions::new();
    patterns.insert("[TIME]", regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap()).unwrap();
    patterns.insert("[SECRET]", regex::Regex::new(r"(?m)^(?<redacted>[\w-]{43})$").unwrap()).unwrap();
    patterns.insert("[HASH]", regex::Regex::new(r"\b(?<redacted>[0-9a-f]{64})\b").unwrap()).unwrap();
    patterns.insert("[MARK]", regex::Regex::new(r"#(?<redacted>[a-z2-9]{8})\b").unwrap()).unwrap();
    patterns.redact(text)
}
