//! Where verbs are tested: a portal whose keys are restored, and a home whose files are.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Home, ReferenceServer, Session};

/// The secret of the key that the home logs in with.
pub const SECRET: &str = "k7WqB3xNhunter2LPjR5vTn9cLmZx81w";

/// The secret of a key that it has not logged in with yet.
pub const OTHER: &str = "q2FhY8zTsecond4XGdK6mBv3rJpUe57s";

/// A reference server whose keys are restored between runs.
pub struct Portal {
    pub js: ReferenceServer,
}

impl Portal {
    /// Starts a portal; `shape` names another schema than the contract.
    pub fn new(shape: Option<&str>) -> Portal {
        let folder = tempfile::tempdir().expect("a directory");
        let file = folder.path().join("keys.json");
        let keys = json!([{ "name": "robot", "secret": SECRET }, { "name": "other", "secret": OTHER }]);
        fs::write(&file, keys.to_string()).expect("the keys");
        let mut options = vec!["--keys-file", file.to_str().expect("a name")];
        options.extend(shape.iter().flat_map(|shape| ["--shape", shape]));
        Portal { js: ReferenceServer::start(&options) }
    }

    /// Returns the keys of this portal.
    pub fn keys(&self) -> Vec<Key> {
        let text = |key: &Value, member: &str| key[member].as_str().unwrap_or_default().to_owned();
        let keys = self.js.keys().into_iter();
        keys.map(|key| Key {
            id: text(&key, "id"),
            name: text(&key, "name"),
            secret: text(&key, "secret"),
            is_live: key["revoked"] == false,
        })
        .collect()
    }
}

/// A key as the portal knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: String,
    pub name: String,
    pub secret: String,
    pub is_live: bool,
}

/// A file or directory below a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    Folder(u32),
    File(u32, Vec<u8>),
    Link(PathBuf),
}

/// Everything below a home, by path.
pub type Tree = BTreeMap<PathBuf, Thing>;

/// Reads everything below a home.
pub fn tree(home: &Home) -> Tree {
    let (root, mut tree) = (home.path(""), Tree::new());
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let about = fs::symlink_metadata(&path).expect("metadata");
            let mode = about.permissions().mode() & 0o7777;
            let thing = if about.is_dir() {
                folders.push(path.clone());
                Thing::Folder(mode)
            } else if about.is_symlink() {
                Thing::Link(fs::read_link(&path).expect("a link"))
            } else {
                Thing::File(mode, fs::read(&path).expect("a file"))
            };
            tree.insert(path.strip_prefix(&root).expect("below").to_owned(), thing);
        }
    }
    tree
}

/// Restores everything below a home.
pub fn restore(home: &Home, tree: &Tree) {
    for entry in fs::read_dir(home.path("")).expect("a home") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("room");
    }
    for (path, thing) in tree {
        let path = home.path(path);
        match thing {
            Thing::Folder(mode) => {
                fs::create_dir(&path).expect("a folder");
                set_mode(&path, *mode);
            }
            Thing::Link(to) => symlink(to, &path).expect("a link"),
            Thing::File(mode, bytes) => {
                fs::write(&path, bytes).expect("a file");
                set_mode(&path, *mode);
            }
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

/// A home that was prepared for a verb, and its content.
pub struct Place<'p> {
    pub portal: &'p Portal,
    pub home: Home,
    pub before: Tree,
    pub keys: Vec<Key>,
}

impl<'p> Place<'p> {
    /// Prepares a home: logged in if `logged_in` is true, and with these command lines run.
    pub fn new(portal: &'p Portal, logged_in: bool, files: &[(&str, &str)], lines: &[&str]) -> Place<'p> {
        portal.js.restore_keys(true);
        let mut home = Home::new();
        home.set("OPTRA_TIMEOUT", "4s");
        let url = &portal.js.url;
        if logged_in {
            let login =
                ["auth", "login", "--portal", url, "--store", "file", "--key-file", "-", "--key-id", "key-0002"];
            home.optra(login).stdin(SECRET).run().ok();
        }
        for (path, text) in files {
            set_mode(&home.write(path, text.replace("URL", url)), 0o600);
        }
        for line in lines {
            let (line, may_fail) = line.strip_prefix('-').map_or((*line, false), |line| (line, true));
            let session: Session = home.line(&line.replace("URL", url)).run();
            assert!(may_fail || session.code == Some(0), "{line}: {session}");
        }
        let (before, keys) = (tree(&home), portal.keys());
        portal.js.save_keys();
        Place { portal, home, before, keys }
    }
}
