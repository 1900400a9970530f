//! The import graph: the paths in every source, resolved to the file that defines the name.
//!
//! Unit tests may use anything, and a re-export is not a use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use regex::Regex;
use syn::visit::{self, Visit};
use syn::{Item, ItemMod, UseTree, Visibility};

use super::{root, sources};

/// The modules of the program by path, and what each uses.
pub struct Graph {
    /// By the path of a module: its file and re-exports.
    modules: BTreeMap<Vec<String>, Module>,
}

struct Module {
    file: String,
    syntax: syn::File,
    /// The re-exported names, with their paths.
    handed_on: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// Reads all sources.
    pub fn read() -> Graph {
        let mut modules = BTreeMap::new();
        for (file, text) in sources("src") {
            let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            let path = module_path(&file);
            let handed_on = handed_on(&syntax, &path);
            modules.insert(path, Module { file, syntax, handed_on });
        }
        Graph { modules }
    }

    /// Returns the files that each file uses.
    pub fn uses(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let of = |(path, module): (&Vec<String>, &Module)| {
            let mut paths = Paths { found: Vec::new() };
            paths.visit_file(&module.syntax);
            let absolute = paths.found.iter().filter_map(|found| self.absolute(path, found));
            absolute.filter_map(|path| self.file(&path)).filter(|used| *used != module.file).collect()
        };
        self.modules.iter().map(|entry| (&*entry.1.file, of(entry))).collect()
    }

    /// Returns the absolute path; `None` for a path out of the program, or to a name in the file itself.
    fn absolute(&self, from: &[String], path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.to_vec(),
            "super" => from.split_last()?.1.to_vec(),
            child => {
                let child = [from, &[child.to_owned()]].concat();
                return self.modules.contains_key(&child).then(|| [&child, rest].concat());
            }
        };
        for step in rest {
            match step.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                step => base.push(step.to_owned()),
            }
        }
        Some(base)
    }

    /// Returns the file that defines the name at the end of a path.
    fn file(&self, path: &[String]) -> Option<&str> {
        let known = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]))?;
        let module = &self.modules[&path[..known]];
        match path.get(known).and_then(|name| module.handed_on.get(name)) {
            Some(target) if target != path => self.file(target),
            _ => Some(&module.file),
        }
    }
}

/// Returns an import cycle, if there is one.
pub fn circle<'g>(uses: &BTreeMap<&'g str, BTreeSet<&'g str>>) -> Option<Vec<&'g str>> {
    let mut done = BTreeSet::new();
    uses.keys().find_map(|file| back_to_itself(file, uses, &mut Vec::new(), &mut done))
}

fn back_to_itself<'g>(
    file: &'g str,
    uses: &BTreeMap<&'g str, BTreeSet<&'g str>>,
    way: &mut Vec<&'g str>,
    done: &mut BTreeSet<&'g str>,
) -> Option<Vec<&'g str>> {
    if let Some(at) = way.iter().position(|step| *step == file) {
        return Some([&way[at..], &[file]].concat());
    }
    if !done.contains(file) {
        way.push(file);
        let found = uses.get(file)?.iter().find_map(|used| back_to_itself(used, uses, way, done));
        way.pop();
        done.insert(file);
        return found;
    }
    None
}

/// The paths in the tokens of a macro.
static PATHS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:crate|super|self)(?: :: \w+)+").unwrap());

/// Collects paths, except those in unit tests and in re-exports.
struct Paths {
    found: Vec<Vec<String>>,
}

impl<'s> Visit<'s> for Paths {
    fn visit_item(&mut self, item: &'s Item) {
        match item {
            Item::Use(used) if matches!(used.vis, Visibility::Inherited) => leaves(&used.tree, &[], &mut |path, _| {
                self.found.push(path);
            }),
            Item::Use(_) => {}
            other => visit::visit_item(self, other),
        }
    }

    fn visit_item_mod(&mut self, module: &'s ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }

    /// Tokens in a macro are not parsed syntax.
    fn visit_macro(&mut self, called: &'s syn::Macro) {
        let text = called.tokens.to_string();
        self.found.extend(PATHS.find_iter(&text).map(|path| path.as_str().split(" :: ").map(str::to_owned).collect()));
        visit::visit_macro(self, called);
    }

    /// `pub(super)` is not a use of `super`.
    fn visit_vis_restricted(&mut self, _: &'s syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'s syn::Path) {
        self.found.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// Returns the re-exports of a file: `pub use child::Name`.
fn handed_on(syntax: &syn::File, own: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut names = BTreeMap::new();
    for item in &syntax.items {
        if let Item::Use(used) = item
            && !matches!(used.vis, Visibility::Inherited)
        {
            leaves(&used.tree, &[], &mut |path, name| {
                let target = match path.split_first() {
                    Some((first, rest)) if first == "crate" => rest.to_vec(),
                    Some((first, rest)) if first == "self" => [own, rest].concat(),
                    Some((first, rest)) if first == "super" => [&own[..own.len() - 1], rest].concat(),
                    _ => [own, &path].concat(),
                };
                names.insert(name, target);
            });
        }
    }
    names
}

/// Calls `found` with each name that a `use` imports: its path, and its local name.
fn leaves(tree: &UseTree, before: &[String], found: &mut impl FnMut(Vec<String>, String)) {
    let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(&path.ident), found),
        UseTree::Name(name) if name.ident == "self" => {
            found(before.to_vec(), before.last().cloned().unwrap_or_default())
        }
        UseTree::Name(name) => found(with(&name.ident), name.ident.to_string()),
        UseTree::Rename(rename) => found(with(&rename.ident), rename.rename.to_string()),
        UseTree::Glob(_) => found(before.to_vec(), String::new()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, before, found)),
    }
}

/// Converts `src/portal/http.rs` to `portal::http`.
fn module_path(file: &str) -> Vec<String> {
    let below = file.trim_start_matches("src/").trim_end_matches(".rs");
    let below = below.strip_suffix("/mod").unwrap_or(below);
    if below == "main" { Vec::new() } else { below.split('/').map(str::to_owned).collect() }
}

#[test]
fn a_circle_is_found_whatever_leads_into_it() {
    let uses = |pairs: &[(&'static str, &'static str)]| {
        let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (user, used) in pairs {
            uses.entry(user).or_default().insert(used);
            uses.entry(used).or_default();
        }
        uses
    };
    assert_eq!(circle(&uses(&[("a", "b"), ("b", "c"), ("c", "b")])), Some(vec!["b", "c", "b"]));
    assert_eq!(circle(&uses(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])), None);
}

#[test]
fn a_name_is_followed_to_where_it_is_written_down() {
    let graph = Graph::read();
    let uses = graph.uses();
    assert!(uses["src/main.rs"].contains("src/error/failure.rs"), "{:?}", uses["src/main.rs"]);
    assert!(uses["src/portal/graphql/client.rs"].contains("src/portal/http.rs"));
    assert!(fs::metadata(root("src/portal/graphql/client.rs")).is_ok());
}
