//! `docs/dependencies.md` has a line for each crate in Cargo.toml, in any table, and no other line. It must not judge
//! what a line says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Adds the crates of all dependency tables below a table, target-specific ones too.
fn named(table: &dyn TableLike, names: &mut BTreeSet<String>) {
    for (key, item) in table.iter() {
        match (key, item) {
            ("dependencies" | "dev-dependencies" | "build-dependencies", Item::Table(crates)) => {
                names.extend(crates.iter().map(|(name, _)| name.to_owned()));
            }
            ("target", Item::Table(targets)) => {
                targets.iter().filter_map(|(_, target)| target.as_table_like()).for_each(|target| named(target, names));
            }
            _ => {}
        }
    }
}

#[test]
fn every_direct_dependency_has_its_line_and_no_line_is_left_over() {
    let manifest: DocumentMut = read("Cargo.toml").parse().unwrap();
    let mut wanted = BTreeSet::new();
    named(manifest.as_table(), &mut wanted);
    assert!(wanted.contains("clap") && wanted.contains("ctrlc") && wanted.contains("snapbox"), "{wanted:?}");
    let text = read("docs/dependencies.md");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|row| row.trim_end_matches('|').split('|').map(|cell| cell.trim().trim_end_matches('`')).collect())
        .collect();
    let names: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), wanted);
    assert_eq!(names.len(), wanted.len(), "a crate has two lines");
    assert!(rows.iter().all(|row| row.len() >= 4 && row.iter().all(|cell| !cell.is_empty())), "{rows:#?}");
}
