//! The owner of new files: running once as root with the user's HOME does not lock the user out.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::harness::{Home, ReferenceServer};

#[test]
fn what_an_administrator_makes_in_a_users_directories_is_the_users() {
    // Only root can make files for others; CI runs as root.
    if !rustix::process::geteuid().is_root() {
        assert!(std::env::var_os("CI").is_none(), "this test needs root");
        return;
    }
    let portal = ReferenceServer::start(&[]);
    let home = Home::new();
    let key = home.write("key.txt", ReferenceServer::KEY);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    for folder in ["", "home", "config", "state", "cache"] {
        fs::create_dir_all(home.path(folder)).unwrap();
        std::os::unix::fs::chown(home.path(folder), Some(65534), Some(65534)).unwrap();
    }
    // As root, but in the user's home.
    let login = format!("auth login --portal {} --store command --command 'cat {}'", portal.url, key.display());
    home.run(&login).ok();
    home.run("keys generate --name made-by-root --to file:k").ok();
    let owner = |path: &Path| fs::symlink_metadata(path).unwrap().uid();
    let mut folders = vec![home.path("config"), home.path("state"), home.path("cache"), home.path("home")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            assert_eq!(owner(&entry), 65534, "{}", entry.display());
            if entry.is_dir() {
                folders.push(entry);
            }
        }
    }
}
